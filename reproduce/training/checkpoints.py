"""Checkpoints of a long run, on disk: two files that take turns.

While one is replaced the other stays, so a damaged checkpoint costs the epochs
since the one before it, and two damaged ones the run from its start.
"""

import hashlib
import io
import json
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from reproduce.files import read_regular, write_atomically

EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stood after one of its epochs.

    Attributes:
        identity: what must be equal for a run to go on from here: cell, protocol,
            code, versions and processor, as JSON has them.
        epoch: epochs trained.
        history: name to one number an epoch, not rounded.
        seconds: spent so far, as in a record.
        arrays: the weights, then the optimizer's variables.
    """

    identity: dict
    epoch: int
    history: dict
    seconds: dict
    arrays: list

    def to_bytes(self):
        """A line of SHA-256, a line of JSON, and an `.npz` of the arrays."""
        names = ("identity", "epoch", "history", "seconds")
        header = json.dumps({name: getattr(self, name) for name in names})
        content = io.BytesIO()
        np.savez(content, *self.arrays)
        body = header.encode() + b"\n" + content.getvalue()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, content):
        """The checkpoint; whoever goes on from it looks first whether it fits.

        Raises:
            Exception: it is not what was written; NumPy raises whatever it likes.
        """
        digest, _, body = content.partition(b"\n")
        if digest.decode(errors="replace") != hashlib.sha256(body).hexdigest():
            raise ValueError("its contents do not match its SHA-256")
        header, _, arrays = body.partition(b"\n")
        with np.load(io.BytesIO(arrays), allow_pickle=False) as file:
            arrays = [file[name] for name in file.files]
        return cls(**json.loads(header), arrays=arrays)


def state_of(model):
    """The variables of a compiled model that training changes, in a fixed order.

    The orders of examples are not among them: they follow from the epoch.
    """
    return [*model.weights, *model.optimizer.variables]


def restore(model, arrays):
    """Give the variables of `state_of` these values."""
    for variable, array in zip(state_of(model), arrays, strict=True):
        variable.assign(array)


class Checkpoints:
    """The checkpoints of one cell.

    Args:
        paths: the two files.
        every: seconds between two checkpoints, at least.
        on_failure: called with the OSError when first none could be written.
    """

    def __init__(self, paths, every=EVERY_SECONDS, on_failure=lambda error: None):
        self.paths, self.every = list(paths), every
        self._on_failure, self._failed = on_failure, False

    def load(self, fits):
        """The latest checkpoint that fits, or None.

        Args:
            fits: function from a `Checkpoint` to whether the run can go on from it.
        """
        checkpoints = [(self._read(path, fits), path) for path in self.paths]
        valid = [
            (checkpoint, path)
            for checkpoint, path in checkpoints
            if checkpoint is not None
        ]
        if not valid:
            return None
        latest, path = max(valid, key=lambda pair: pair[0].epoch)
        self.paths.sort(
            key=lambda candidate: candidate == path
        )  # the next to be replaced
        return latest

    def write(self, checkpoint):
        """Replace the older of the two; where that fails, both are as they were."""
        try:
            write_atomically(self.paths[0], checkpoint.to_bytes())
        except OSError as error:  # a disk that is full now may have room at the end
            if not self._failed:
                self._on_failure(error)
            self._failed = True
        else:
            self.paths.reverse()

    def delete(self):
        """Remove both, once the run has its record, if they can be."""
        for path in self.paths:
            with suppress(OSError):
                path.unlink()

    @staticmethod
    def _read(path, fits):
        try:
            checkpoint = Checkpoint.from_bytes(read_regular(path))
            return checkpoint if fits(checkpoint) else None
        except Exception:  # damaged, or of another make: as good as none
            return None
