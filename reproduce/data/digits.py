"""Draw the digits of a run from the embedded images of 1, 2, 3, 6, 9 (original, 1.4).

All 35,842 images of the five digits in MNIST are embedded. A seed draws 3,795 of each
digit and splits them 2,277 / 759 / 759, the numbers of the original's confusion
matrices; which images the original drew is unknown.
"""

import hashlib
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from reproduce.errors import DataError
from reproduce.files import open_regular

DIGITS = (1, 2, 3, 6, 9)
PER_DIGIT = {"train": 2277, "validation": 759, "test": 759}
RECIPE = 671  # the course's number, CS-671: part of every draw
FILE = Path(__file__).with_name("digits.npz")
FOREIGN = Path(__file__).with_name("foreign.npz")
REMEDY = (
    "Restore it with `git checkout -- reproduce/data`, or rebuild it with "
    "`python -m reproduce.data.build MNIST_FOLDER_OR_NPZ`."
)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, MemoryError, RuntimeError)
# … is what damaged archives, or those of other kinds, make NumPy raise
SIZE = (28, 28)
SHA256 = "c3b94be36148a88b4e2e95063a1ac82e106258426b05bfe02fc2e5a763569b60"
FOREIGN_SHA256 = "1d1a0afaec267cc8191acc004356d458505db3356f83f05749af83b8fc858b84"


@dataclass(frozen=True)
class Split:
    """Images and their labels.

    Attributes:
        images: uint8, (num_examples, 28, 28), 0 (background) to 255 (ink).
        labels: uint8, (num_examples,), the true digit.
    """

    images: np.ndarray
    labels: np.ndarray

    @classmethod
    def checked(cls, images, labels, place):
        """Images and labels of whatever origin, if they are like MNIST's.

        Args:
            images, labels: arrays.
            place: where they are from, for the message.

        Raises:
            DataError: what they are, and what is expected.
        """
        if labels.ndim != 1 or labels.dtype.kind not in "iu":
            raise DataError(
                f"{place}: labels are {labels.dtype} {labels.shape}; expected the "
                "digit of each image, as whole numbers of the shape (n,): NumPy's "
                "ravel() and astype(int) make them"
            )
        bad_labels = np.setdiff1d(labels, range(10))
        if bad_labels.size:
            raise DataError(f"{place}: a label is {bad_labels[0]}; expected 0 to 9")
        if images.dtype != np.uint8 or images.shape != (len(labels), *SIZE):
            raise DataError(
                f"{place}: images are {images.dtype} {images.shape}; expected uint8 "
                f"{(len(labels), *SIZE)}, as there are labels"
            )
        return cls(images, labels.astype(np.uint8))

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

    Attributes:
        train, validation, test: disjoint `Split`s.
        unused: the embedded images that are in none of the three, 16,867 of them;
            None with data of the user's own.
    """

    train: Split
    validation: Split
    test: Split
    unused: Split | None = None

    @property
    def sha256(self):
        """Hex digest of the three splits' digests."""
        parts = (self.train.sha256, self.validation.sha256, self.test.sha256)
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()

    @property
    def classes(self):
        """The digits in the data, in order."""
        return tuple(np.unique(self.train.labels).tolist())


def load_digits(seed=0):
    """Draw the three splits of a seed from the embedded images.

    Args:
        seed: of the draw; the same seed gives the same images in the same order.

    Returns:
        `Digits`; images as raw uint8, labels as true digits.

    Raises:
        DataError: the embedded file is missing, damaged or holds other data.
    """
    embedded = load_embedded()
    return draw(embedded.images, embedded.labels, seed)


def draw(images, labels, seed):
    """Draw a seed's splits, with equally many of each digit, in random order.

    Args:
        images: uint8, (num_images, 28, 28).
        labels: uint8, (num_images,); at least 3,795 of each of the five digits.
        seed: of the draw.
    """
    rng = np.random.default_rng(np.random.SeedSequence(RECIPE, spawn_key=(seed,)))
    ends = np.cumsum(list(PER_DIGIT.values()))
    parts = [
        np.split(rng.permutation(np.flatnonzero(labels == digit)), ends)
        for digit in DIGITS
    ]
    *chosen, unused = (np.concatenate(indices) for indices in zip(*parts, strict=True))
    orders = [*map(rng.permutation, chosen), np.sort(unused)]
    return Digits(*(Split(images[order], labels[order]) for order in orders))


@cache
def load_embedded(path=FILE):
    """All embedded images as one `Split`, in MNIST's order, checked by SHA-256.

    Args:
        path: an `.npz` written by `reproduce.data.build`.

    Raises:
        DataError: the file is missing, damaged or holds other data.
    """
    return _published(path, SHA256)


def load_foreign():
    """Digits that the original left out, to see what a model makes of them.

    Returns:
        The first 200 test images of MNIST of each of 0, 4, 5, 7 and 8, as a `Split`.

    Raises:
        DataError: as `load_embedded`.
    """
    return _published(FOREIGN, FOREIGN_SHA256)


def _published(path, sha256):
    with _readable(path, REMEDY) as file:
        split = Split(file["images"], file["labels"])
    if split.sha256 != sha256:
        raise DataError(
            f"{path}: not the published images (its SHA-256 differs). {REMEDY}"
        )
    return split


def load_user_data(path, sha256):
    """Read other data, as `write_npz` stored it, and check it.

    Raises:
        DataError: the file is missing, damaged or holds other data.
    """
    remedy = "Start the run again with --data, which stores it anew."
    with _readable(path, remedy) as file:
        digits = Digits(
            *(
                Split.checked(file[f"{name}_images"], file[f"{name}_labels"], name)
                for name in PER_DIGIT
            )
        )
    if digits.sha256 != sha256:
        raise DataError(f"{path}: not the data of these runs. {remedy}")
    return digits


@contextmanager
def _readable(path, remedy):
    """The open `.npz`; whatever is wrong with it is a `DataError`."""
    try:
        with open_regular(path) as opened, np.load(opened, allow_pickle=False) as file:
            yield file
    except FileNotFoundError:
        raise DataError(f"{path}: no such file. {remedy}") from None
    except (OSError, ValueError, KeyError, *DAMAGED) as error:
        raise DataError(
            f"{path}: damaged or not the digits ({error}). {remedy}"
        ) from None
