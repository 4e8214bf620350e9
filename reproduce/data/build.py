"""Rebuild the embedded images from MNIST: `python -m reproduce.data.build SOURCE`.

SOURCE is a folder with MNIST's four IDX files (gzipped or not) or Keras's
`mnist.npz`. `digits.npz` holds every image of the five digits, `foreign.npz` some of
the others. Both come out the same bit for bit wherever they are rebuilt.
"""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from reproduce.files import write_atomically

from .digits import DAMAGED, DIGITS, FILE, FOREIGN, DataError, Split

IDX_FILES = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)
IDX_UINT8 = 8
TEST_IMAGES = 10_000  # the last of MNIST's 70,000
PER_FOREIGN_DIGIT = 200


def five_digits(mnist):
    """The images of the five digits, in MNIST's order, as one `Split`."""
    chosen = np.isin(mnist.labels, DIGITS)
    return Split(mnist.images[chosen], mnist.labels[chosen])


def other_digits(mnist):
    """The first test images of each of the other five, as one `Split`."""
    images, labels = mnist.images[-TEST_IMAGES:], mnist.labels[-TEST_IMAGES:]
    chosen = np.concatenate(
        [
            np.flatnonzero(labels == digit)[:PER_FOREIGN_DIGIT]
            for digit in range(10)
            if digit not in DIGITS
        ]
    )
    return Split(images[chosen], labels[chosen])


def read_mnist(source):
    """MNIST's two parts, train and test, each as a `Split`."""
    source = Path(source)
    if source.is_dir():
        pairs = [[read_idx(source / name) for name in pair] for pair in IDX_FILES]
        return [Split.checked(*pair, source) for pair in pairs]
    with open(source, "rb") as opened, np.load(opened, allow_pickle=False) as file:
        return [
            Split.checked(file[f"x_{part}"], file[f"y_{part}"], f"{source}, {part}")
            for part in ("train", "test")
        ]


def whole_mnist(source):
    """All of MNIST, images (70000, 28, 28) and labels (70000,), as one `Split`.

    Whatever is wrong with `source` is a `DataError`.
    """
    try:
        train, test = read_mnist(source)
    except (DataError, OSError, KeyError, ValueError, *DAMAGED) as error:
        raise DataError(
            f"{source}: cannot read MNIST from it ({error}); give the folder of its "
            "four IDX files, or Keras's mnist.npz"
        ) from None
    return Split(
        np.concatenate([train.images, test.images]),
        np.concatenate([train.labels, test.labels]),
    )


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


def write_npz(path, arrays):
    """Write named arrays as a compressed `.npz` whose bytes carry no date."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array)
            member = zipfile.ZipInfo(f"{name}.npy")
            file.writestr(member, content.getvalue(), zipfile.ZIP_DEFLATED, 9)
    write_atomically(path, archive.getvalue())


def main(arguments):
    """Build the files next to this module and print their checksums."""
    if len(arguments) != 1:
        print(
            "usage: python -m reproduce.data.build MNIST_FOLDER_OR_NPZ", file=sys.stderr
        )
        return 2
    try:
        mnist = whole_mnist(arguments[0])
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    for path, split in ((FILE, five_digits(mnist)), (FOREIGN, other_digits(mnist))):
        write_npz(path, {"images": split.images, "labels": split.labels})
        print(f"{path.name}: {len(split.labels)} images  {split.sha256}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
