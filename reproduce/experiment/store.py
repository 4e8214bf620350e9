"""The store of records: one JSON file a run, written whole or not at all."""

import hashlib
import json
import os
from pathlib import Path

from reproduce.errors import OtherProtocol

from .methods import METHODS
from .record import InvalidRecord, Record

BEST_MODEL, BEST_MODEL_CARD = "best_model.keras", "best_model.json"
# … of an output folder's best run: its model, and what that should score


class Store:
    """The records below one output folder.

    Args:
        folder: the output folder; need not exist yet.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, cell):
        return self.folder / cell.path

    def model_path(self, cell):
        """Where the run's trained model is kept, beside its record."""
        return self.path(cell).with_suffix(".keras")

    def checkpoint_paths(self, cell):
        """Where a run that is not done keeps its two latest checkpoints."""
        return [self.path(cell).with_suffix(f".{i}.checkpoint") for i in range(2)]

    @property
    def data_path(self):
        """Where data of the user's own is kept, for the runs to read."""
        return self.folder / "data.npz"

    def read(self, cell):
        """The record of `cell`, or None where there is no file.

        Raises:
            InvalidRecord: the file is not a whole record of that cell.
            OtherProtocol: it is of another version of the cell's own optimizer.
        """
        path = self.path(cell)
        try:
            record = parse(path.read_bytes())
        except FileNotFoundError:
            return None
        except InvalidRecord as error:
            raise InvalidRecord(f"{path}: {error}") from None
        except (ValueError, RecursionError) as error:
            raise InvalidRecord(f"{path}: not JSON ({error})") from None
        if record.cell.path == cell.path and record.cell != cell:
            raise OtherProtocol(
                f"{path}: made with other code of {METHODS[cell.method].label}. Choose "
                f"another --out, or delete {path.parent}."
            )
        if record.cell != cell:
            raise InvalidRecord(f"{path}: holds another cell ({record.cell})")
        return record

    def write(self, record):
        """Write the record, whole or not at all."""
        values = record.to_dict()
        values["file_sha256"] = _sha256(values)
        lines = (
            f"{json.dumps(k)}: {json.dumps(v, allow_nan=False)}"
            for k, v in values.items()
        )
        write_atomically(
            self.path(record.cell), ("{\n" + ",\n".join(lines) + "\n}\n").encode()
        )

    def set_aside(self, cell):
        """Move an invalid record out of the way, keeping it; return its new path."""
        path = self.path(cell)
        aside = path.with_suffix(".json.invalid")
        os.replace(path, aside)
        return aside

    def _paths(self):
        return sorted(self.folder.glob("runs/arch*/*/seed-*.json"))

    def count(self):
        """How many files of records there are, valid or not."""
        return len(self._paths())

    def load(self):
        """Every valid record, in table order; invalid files are left out."""
        records = []
        for path in self._paths():
            try:
                records.append(parse(path.read_bytes()))
            except (ValueError, RecursionError):
                continue
        return sorted(records, key=lambda record: record.cell.rank)


def parse(content):
    """The record in the bytes of its file; older ones lack the file's checksum.

    Raises:
        InvalidRecord: it is JSON, but not a whole record.
        ValueError, RecursionError: it is not JSON.
    """
    values = json.loads(content)
    if isinstance(values, dict) and "file_sha256" in values:
        if values.pop("file_sha256") != _sha256(values):
            raise InvalidRecord("its contents do not match the file's SHA-256")
    return Record.from_dict(values)


def _sha256(values):
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def write_atomically(path, content):
    """Write bytes to `path` so that no reader ever sees a part of them.

    Raises:
        OSError: it could not be written; what was there before is unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if error.errno:  # which does not say of which file it is
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
