"""The store of records: one JSON file a run, written whole or not at all."""

import errno
import hashlib
import json
import os
import re
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from reproduce.errors import InvalidRecord, NewerRecord, OtherProtocol, UserError
from reproduce.files import open_regular, read_regular, write_atomically

from .methods import METHODS
from .protocol import differences
from .record import Record, file_sha256

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None

BEST_MODEL, BEST_MODEL_CARD = "best_model.keras", "best_model.json"
# … of an output folder's best run: its model, and what that should score
HELD = ".training"  # a file in a folder while it is held
_RECORD = re.compile(r"runs/arch[0-9]+/[^/]+/seed-[0-9]+\.json")
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_CACHED_RECORDS = 2**16


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
        """Where the user's data is kept, for the runs to read."""
        return self.folder / "data.npz"

    @contextmanager
    def held(self, settings):
        """Keep the folder to runs of these settings as long as the block lasts.

        Any number of processes may hold it for the same settings. A process that ends,
        however it does, holds nothing any more. Where the file system knows no locks,
        only the check in `keep` protects the records.

        Args:
            settings: a table, as JSON has it.

        Yields:
            Whether another process holds it, too, as far as that can be told.

        Raises:
            OtherProtocol: another process holds it for other settings.
            OSError: nothing can be written to the folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / HELD
        try:
            file, is_shared = _take(path, settings)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            path.unlink(missing_ok=True)
            yield False
            return
        try:
            file.seek(0)
            held_settings = json.load(file)
            if held_settings != settings:
                changes = differences(held_settings, settings)
                raise OtherProtocol(
                    f"{self.folder}: another command trains there under other settings "
                    f"({changes}). Choose another --out for one of the two."
                )
            yield is_shared
        finally:
            _let_go(file, path)

    def read(self, cell):
        """The record of `cell`, or None where there is no file.

        Raises:
            InvalidRecord: the file is not a whole record of that cell.
            NewerRecord: a later version of this project wrote it.
            OtherProtocol: it is of another version of the cell's custom optimizer.
        """
        path = self.path(cell)
        try:
            record = parse(read_regular(path))
        except FileNotFoundError:
            return None
        except (InvalidRecord, NewerRecord) as error:
            raise type(error)(f"{path}: {error}") from None
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

    def finished(self, cell, protocol):
        """The record of the cell if it was trained under the protocol, or None.

        Raises:
            InvalidRecord, NewerRecord: as `read`.
            OtherProtocol: there is a record made under other settings.
        """
        record = self.read(cell)
        if record is None:
            return None
        self._compare(record, protocol, self.path(cell))
        return record

    def check(self, protocol):
        """Make sure that all records of the folder were made under a protocol.

        Raises:
            OtherProtocol: one was not.
        """
        for record in self.load():
            self._compare(record, protocol, self.folder)

    def _compare(self, record, protocol, place):
        """Raise `OtherProtocol`, naming the place, if it was made under another."""
        if record.protocol != protocol:
            changes = differences(record.protocol.to_dict(), protocol.to_dict())
            raise OtherProtocol.at(place, changes, self.folder)

    def model_is_damaged(self, record):
        """Whether the file of the run's model is there, but is not the record's."""
        if record.model_sha256 is None:
            return False
        try:
            with open_regular(self.model_path(record.cell)) as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return False
        return sha256 != record.model_sha256

    def write(self, record):
        """Write the record, whole or not at all.

        Raises:
            InvalidRecord: it is none that `read` would accept.
        """
        values = record.to_dict()
        values["file_sha256"] = file_sha256(values)
        lines = (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in values.items())
        content = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
        parse(content)
        write_atomically(self.path(record.cell), content)

    def keep(self, record, model):
        """Store a run's record and model, unless another process did meanwhile.

        A finished record is never replaced. Where its model is damaged, this run's
        takes the place of that, if it is the same.

        Args:
            record: of the run.
            model: the bytes of its `.keras` file, or None.

        Returns:
            The record that is stored now.

        Raises:
            OtherProtocol: there is a record made under other settings.
            UserError: the damaged model cannot be made again.
        """
        cell = record.cell
        try:
            stored = self.finished(cell, record.protocol)
        except InvalidRecord:
            self.set_aside(self.path(cell))
            stored = None
        if stored is not None and not self.model_is_damaged(stored):
            return stored
        if stored is not None and stored.model_sha256 != record.model_sha256:
            aside = self.set_aside(self.model_path(cell))
            raise UserError(
                f"{aside}: a damaged model, and trained again the run came out "
                "otherwise, as it may on another machine. Its record stands, without a "
                f"model; to have both of this machine, delete {self.path(cell)}."
            )
        if model is not None:
            write_atomically(self.model_path(cell), model)
        if stored is None:
            self.write(record)
        return stored or record

    def set_aside(self, path):
        """Move an invalid record or model out of the way, keeping it.

        What was set aside earlier stays as it is.

        Returns:
            The new path, or None: somebody else has moved the file meanwhile.
        """
        number = 1
        while True:
            counter = f".{number}" if number > 1 else ""
            aside = path.with_name(f"{path.stem}{counter}{path.suffix}.invalid")
            try:
                aside.touch(exist_ok=False)
                break
            except FileExistsError:
                number += 1
        try:
            os.replace(path, aside)
        except OSError as error:
            aside.unlink()
            if isinstance(error, FileNotFoundError):
                return None
            raise
        return aside

    def paths(self):
        """Of all records at their own places, whether they can be read or not."""
        paths = self.folder.glob("runs/arch*/*/seed-*.json")
        return sorted(
            path
            for path in paths
            if _RECORD.fullmatch(path.relative_to(self.folder).as_posix())
        )

    def count(self):
        """How many files of records there are, valid or not."""
        return len(self.paths())

    def load(self):
        """Every valid record, in table order; invalid files are left out.

        A copy of a record, in a place that is not its cell's, is none.

        Raises:
            NewerRecord: a later version of this project wrote one of them.
        """
        records = []
        for path in self.paths():
            with suppress(FileNotFoundError):  # it was set aside meanwhile
                status = path.stat()
                stamp = status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
                record = _parsed(path, stamp)
                if record is not None and self.path(record.cell) == path:
                    records.append(record)
        return sorted(records, key=lambda record: record.cell.rank)


@lru_cache(_CACHED_RECORDS)
def _parsed(path, stamp):
    """The record in a file that has not changed since it had this stamp, or None."""
    try:
        return parse(read_regular(path))
    except NewerRecord as error:
        raise NewerRecord(f"{path}: {error}") from None
    except (ValueError, RecursionError):
        return None


def parse(content):
    """The record in the bytes of its file.

    Raises:
        InvalidRecord: it is JSON, but not a whole record.
        NewerRecord: a later version of this project wrote it.
        ValueError, RecursionError: it is not JSON.
    """
    return Record.from_dict(json.loads(content))


def _take(path, settings):
    """The open file at `path`, locked, and saying for which settings it is held; and
    whether somebody else holds it, too.

    An exclusive lock is had where nobody else holds the file, which then may say
    something new. It makes way for a shared one at once.

    Raises:
        OSError: it cannot be opened, written or locked.
    """
    if fcntl is None:
        raise OSError(errno.ENOSYS, "no locks here")
    text = json.dumps(settings)
    while True:
        file, is_shared = open(path, "a+", encoding="utf-8"), True
        try:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_shared = False
                file.truncate(0)
                file.write(text)
                file.flush()
            fcntl.flock(file, fcntl.LOCK_SH)
            if _is_at(file, path):
                return file, is_shared
        except BaseException:
            file.close()
            raise
        file.close()  # who held it has just removed it


def _let_go(file, path):
    """Close the file; remove it if nobody else holds it."""
    with file, suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(file, path):
            path.unlink()


def _is_at(file, path):
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
