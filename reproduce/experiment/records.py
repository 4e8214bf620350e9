"""The store of records: one JSON file a run, written whole or not at all."""

import json
import os
from pathlib import Path

from .record import SPLITS, STATUSES, InvalidRecord, Record, rounded

__all__ = [
    "SPLITS",
    "STATUSES",
    "InvalidRecord",
    "Record",
    "Store",
    "rounded",
    "write_atomically",
]


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

    def read(self, cell):
        """The record of `cell`, or None where there is no file.

        Raises:
            InvalidRecord: the file is not a whole record of that cell.
        """
        path = self.path(cell)
        try:
            record = Record.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except InvalidRecord as error:
            raise InvalidRecord(f"{path}: {error}") from None
        except (ValueError, RecursionError) as error:
            raise InvalidRecord(f"{path}: not JSON ({error})") from None
        if record.cell != cell:
            raise InvalidRecord(f"{path}: holds another cell ({record.cell})")
        return record

    def write(self, record):
        """Write the record, whole or not at all."""
        values = record.to_dict()
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

    def load(self):
        """Every valid record, in table order; invalid files are left out."""
        records = []
        for path in sorted(self.folder.glob("runs/arch*/*/seed-*.json")):
            try:
                records.append(
                    Record.from_dict(json.loads(path.read_text(encoding="utf-8")))
                )
            except (ValueError, RecursionError):
                continue
        return sorted(records, key=lambda record: record.cell.rank)


def write_atomically(path, content):
    """Write bytes to `path` so that no reader ever sees a part of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
