"""Rebuild `digits.npz` from MNIST: `python -m reproduce.data.build SOURCE`.

SOURCE is a folder with MNIST's four IDX files (gzipped or not) or Keras's
`mnist.npz`. The recipe is fixed by one seed, so the file comes out the same
bit for bit wherever it is rebuilt.
"""

import gzip
import io
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

from .digits import DIGITS, FILE, PER_DIGIT, DataError, Split

SEED = 671  # the course's number, CS-671
IDX_FILES = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
IDX_UINT8 = 8


def draw_splits(images, labels):
    """Draw the three splits from all 70,000 MNIST images, train before test.

    Args:
        images: uint8, (70000, 28, 28).
        labels: uint8, (70000,).

    Returns:
        dict of name to `Split`, classes in random order within each.
    """
    return {
        name: Split(images[order], labels[order])
        for name, order in draw_orders(labels).items()
    }


def left_over(images, labels):
    """The images of the five digits that are in no split, as one `Split`."""
    drawn = np.concatenate(list(draw_orders(labels).values()))
    rest = np.setdiff1d(np.flatnonzero(np.isin(labels, DIGITS)), drawn)
    return Split(images[rest], labels[rest])


def draw_orders(labels):
    """Name of a split to the indices of its images, in order."""
    rng = np.random.default_rng(SEED)
    parts = {name: [] for name in PER_DIGIT}
    ends = np.cumsum(list(PER_DIGIT.values()))
    for digit in DIGITS:
        chosen = rng.permutation(np.flatnonzero(labels == digit))[: ends[-1]]
        for name, part in zip(parts, np.split(chosen, ends[:-1]), strict=True):
            parts[name].append(part)
    return {name: rng.permutation(np.concatenate(part)) for name, part in parts.items()}


def read_mnist(source):
    """All of MNIST from `source`: images (70000, 28, 28) and labels (70000,)."""
    source = Path(source)
    if source.is_dir():
        pairs = [[read_idx(source / name) for name in pair] for pair in IDX_FILES]
    else:
        with open(source, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            pairs = [[file[f"x_{s}"], file[f"y_{s}"]] for s in ("train", "test")]
    images, labels = (np.concatenate(arrays) for arrays in zip(*pairs, strict=True))
    return images, labels.astype(np.uint8)


def whole_mnist(source):
    """As `read_mnist`; whatever is wrong with `source` is a `DataError`."""
    try:
        return read_mnist(source)
    except (DataError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{source}: cannot read MNIST from it ({error}); give the folder of its "
            "four IDX files, or Keras's mnist.npz"
        ) from None


def read_idx(path):
    """One IDX file of unsigned bytes, gzipped (`.gz`) or plain, as an array."""
    zipped = path.with_name(path.name + ".gz")
    if zipped.exists():
        data = gzip.decompress(zipped.read_bytes())
    elif path.exists():
        data = path.read_bytes()
    else:
        raise DataError(f"{path}: no such file, with or without `.gz`.")
    if data[:3] != bytes((0, 0, IDX_UINT8)):
        raise DataError(f"{path}: not an IDX file of unsigned bytes.")
    ndim = data[3]
    shape = np.frombuffer(data, ">i4", ndim, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * ndim).reshape(shape)


def write_npz(path, splits):
    """Write the splits as a compressed `.npz` whose bytes carry no date."""
    temporary = Path(f"{path}.tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, split in splits.items():
            for field in ("images", "labels"):
                content = io.BytesIO()
                np.save(content, getattr(split, field))
                file.writestr(
                    zipfile.ZipInfo(f"{name}_{field}.npy"),
                    content.getvalue(),
                    zipfile.ZIP_DEFLATED,
                    9,
                )
    os.replace(temporary, path)


def main(arguments):
    """Build the file next to this module and print each split's checksum."""
    if len(arguments) != 1:
        print(
            "usage: python -m reproduce.data.build MNIST_FOLDER_OR_NPZ", file=sys.stderr
        )
        return 2
    try:
        splits = draw_splits(*whole_mnist(arguments[0]))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    write_npz(FILE, splits)
    for name, split in splits.items():
        print(f"{name:10} {len(split.labels):6} images  {split.sha256}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
