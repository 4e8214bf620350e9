"""Digits the models do not know, to measure how the page's doubt takes them.

`foreign.npz` holds the first 200 test images of MNIST of each of 0, 4, 5, 7 and 8
(CC BY-SA 3.0, see `reproduce/data/LICENSE`). It is rebuilt by
`python -m reproduce.webpage.foreign MNIST_FOLDER_OR_NPZ`.
"""

import sys
from pathlib import Path

import numpy as np

from reproduce.data import DIGITS, Split
from reproduce.data.build import read_mnist, write_npz

FILE = Path(__file__).parents[1] / "publish" / "static" / "foreign.npz"
PER_DIGIT = 200
TEST_IMAGES = 10_000  # the last of MNIST's 70,000
SHA256 = "1d1a0afaec267cc8191acc004356d458505db3356f83f05749af83b8fc858b84"


def load_foreign():
    """The images and their true digits, as a `Split`.

    Raises:
        ValueError: the file is not the published one.
    """
    with np.load(FILE, allow_pickle=False) as file:
        split = Split(file["foreign_images"], file["foreign_labels"])
    if split.sha256 != SHA256:
        raise ValueError(
            f"{FILE}: not the published file (its SHA-256 differs); restore it with "
            "`git checkout`"
        )
    return split


def draw_foreign(images, labels):
    """The chosen ones of all of MNIST, digit by digit."""
    images, labels = images[-TEST_IMAGES:], labels[-TEST_IMAGES:]
    chosen = [
        np.flatnonzero(labels == digit)[:PER_DIGIT]
        for digit in range(10)
        if digit not in DIGITS
    ]
    return Split(images[np.concatenate(chosen)], labels[np.concatenate(chosen)])


if __name__ == "__main__":
    split = draw_foreign(*read_mnist(sys.argv[1]))
    arrays = {"foreign_images": split.images, "foreign_labels": split.labels}
    write_npz(FILE, arrays)
    print(split.sha256)
