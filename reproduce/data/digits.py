"""Load the embedded digits: 3,795 images of each of 1, 2, 3, 6, 9 (report, 1.4)."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reproduce.errors import DataError

DIGITS = (1, 2, 3, 6, 9)
PER_DIGIT = {"train": 2277, "validation": 759, "test": 759}
FILE = Path(__file__).with_name("digits.npz")
REMEDY = (
    "Restore it with `git checkout -- reproduce/data/digits.npz`, or rebuild it "
    "with `python -m reproduce.data.build MNIST_FOLDER_OR_NPZ`."
)
SHA256 = {
    "train": "3ea02dab25ea509c82fb3041859e2743950f1612a2d0298c75980023f0ae36b8",
    "validation": "58610c2761719ffe7bc2aeea5a934023a2fd0f4ac2e4bb3787873a6dd60ed241",
    "test": "058c976de1dbc23d0fb48dd6e1feef38f3026af7ea40471bcf1c29279e71da57",
}


@dataclass(frozen=True)
class Split:
    """One split of the data.

    Attributes:
        images: uint8, (num_examples, 28, 28), 0 (background) to 255 (ink).
        labels: uint8, (num_examples,), the true digit, one of 1, 2, 3, 6, 9.
    """

    images: np.ndarray
    labels: np.ndarray

    @property
    def sha256(self):
        """Hex digest of the shapes and bytes of images and labels."""
        digest = hashlib.sha256()
        for array in (self.images, self.labels):
            digest.update(f"{array.dtype}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def head(self, num_examples):
        """The first `num_examples` examples (the order is already random)."""
        return Split(self.images[:num_examples], self.labels[:num_examples])


@dataclass(frozen=True)
class Digits:
    """The three splits: 11,385 train, 3,795 validation and 3,795 test images.

    Of data of the user's own: as many as there are.
    """

    train: Split
    validation: Split
    test: Split

    @property
    def sha256(self):
        """Hex digest of the three splits' own."""
        parts = (self.train.sha256, self.validation.sha256, self.test.sha256)
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()

    @property
    def classes(self):
        """The digits there are, in order."""
        return tuple(np.unique(self.train.labels).tolist())


def load_digits(path=FILE):
    """Read the three splits and check each against its SHA-256.

    Args:
        path: an `.npz` written by `reproduce.data.build`.

    Returns:
        `Digits`; images as raw uint8, labels as true digits.

    Raises:
        DataError: the file is missing, damaged or holds other data.
    """
    digits = Digits(**_read(Path(path), REMEDY))
    for name, expected in SHA256.items():
        if getattr(digits, name).sha256 != expected:
            raise DataError(
                f"{path}: the {name} split is not the published one (its SHA-256 "
                f"differs). {REMEDY}"
            )
    return digits


def load_other(path, sha256):
    """Read other data, as `write_npz` stored it, and check it.

    Raises:
        DataError: the file is missing, damaged or holds other data.
    """
    remedy = "Start the run again with --data, which stores it anew."
    digits = Digits(**_read(Path(path), remedy))
    if digits.sha256 != sha256:
        raise DataError(f"{path}: not the data of these runs. {remedy}")
    return digits


def _read(path, remedy):
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            return {
                name: Split(file[f"{name}_images"], file[f"{name}_labels"])
                for name in PER_DIGIT
            }
    except FileNotFoundError:
        raise DataError(f"{path}: no such file. {remedy}") from None
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path}: damaged or not the digits ({error}). {remedy}"
        ) from None
