"""What is handed to whoever trains a cell, and what comes back."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .cells import Cell
from .protocol import Protocol
from .records import InvalidRecord, parse, write_atomically

MARK = ".cluster"  # a file in the output folder while a cluster trains into it


@dataclass(frozen=True)
class Task:
    """A cell to train.

    Attributes:
        cell, protocol: what, under which settings.
        out: the output folder, absolute, where the driver runs.
        mark: content of the file `MARK` in it, by which another machine knows that
            it sees the same folder; None on the driver's own machine.
    """

    cell: Cell
    protocol: Protocol
    out: str
    mark: str | None = None

    def sees_folder(self):
        """Whether the output folder is there, and is the driver's."""
        if self.mark is None:
            return True
        try:
            return Path(self.out, MARK).read_text(encoding="utf-8") == self.mark
        except (OSError, UnicodeDecodeError):
            return False


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Attributes:
        event: `done` or `failed`, as progress displays hear it.
        record, model: bytes of both files, where they are not in their places yet.
    """

    event: dict
    record: bytes | None = None
    model: bytes | None = None

    def keep(self, cell, protocol, store):
        """Put files that were sent into their places, the record last.

        Raises:
            InvalidRecord: they are not what was asked for, or not whole.
            OSError: they cannot be written.
        """
        if self.record is None:
            return
        record = parse(self.record)
        sha256 = self.model and hashlib.sha256(self.model).hexdigest()
        if (record.cell, record.protocol) != (cell, protocol):
            raise InvalidRecord(f"a worker sent another run ({record.cell})")
        if record.model_sha256 != sha256:
            raise InvalidRecord("a worker sent a model that is not the record's")
        if self.model:
            write_atomically(store.model_path(cell), self.model)
        store.write(record)
