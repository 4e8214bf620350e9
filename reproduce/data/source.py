"""Data of the user's own: a folder of images, or an `.npz` like MNIST's."""

from pathlib import Path

import numpy as np

from .build import read_mnist, write_npz
from .digits import DAMAGED, PER_DIGIT, DataError, Digits, Split, load_user_data
from .folder import SEED, read_folder

VALIDATION = 4  # of the training images of an `.npz`, every fourth, as the original has
BRIGHT = 128  # of 255; MNIST's own mean is 33


def read_data(source):
    """Read `--data`, all of it.

    Args:
        source: a folder for `read_folder`, or an `.npz` as Keras hands out MNIST
            (`x_train`, `y_train`, `x_test`, `y_test`), a quarter of whose training
            images of each digit are for validation.

    Returns:
        `Digits`, of whichever digits there are.

    Raises:
        DataError: it is neither, or unlike MNIST, or its splits do not have the same
            digits, at least two.
    """
    source = Path(source)
    if source.is_dir():
        digits = read_folder(source)
    elif source.is_file():
        digits = _read_npz(source)
    else:
        raise DataError(
            f"{source}: no such folder or file; give a folder of images, or MNIST's "
            "mnist.npz"
        )
    _check(source, digits)
    return digits


def store(digits, path):
    """Keep data where runs read it, unless the file has it; the file has no date."""
    try:
        load_user_data(path, digits.sha256)
    except DataError:
        splits = {name: getattr(digits, name) for name in PER_DIGIT}
        write_npz(
            path,
            {
                f"{name}_{field}": getattr(split, field)
                for name, split in splits.items()
                for field in ("images", "labels")
            },
        )


def _read_npz(source):
    try:
        train, test = read_mnist(source)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError, *DAMAGED) as error:
        missing = isinstance(error, KeyError)  # other messages advise on other files
        reason = str(error).strip("'\"") if missing else "damaged, or of another format"
        raise DataError(
            f"{source}: neither a folder of images nor MNIST's mnist.npz ({reason})"
        ) from None
    rng = np.random.default_rng(SEED)
    mixed = [rng.permutation(len(split.labels)) for split in (train, test)]
    train, test = (
        Split(split.images[order], split.labels[order])
        for split, order in zip((train, test), mixed, strict=True)
    )
    held_out = np.zeros(len(train.labels), bool)
    for digit in range(10):
        held_out[np.flatnonzero(train.labels == digit)[::VALIDATION]] = True
    return Digits(
        Split(train.images[~held_out], train.labels[~held_out]),
        Split(train.images[held_out], train.labels[held_out]),
        test,
    )


def _check(source, digits):
    splits = {name: getattr(digits, name) for name in PER_DIGIT}
    classes = {name: np.unique(split.labels) for name, split in splits.items()}
    for name, labels in classes.items():
        if not np.array_equal(labels, classes["train"]):
            raise DataError(
                f"{source}: train has the digits {_listed(classes['train'])}, {name} "
                f"has {_listed(labels)}; expected the same in every split"
            )
    if len(classes["train"]) < 2:
        raise DataError(f"{source}: only one digit; expected at least two")
    for name, split in splits.items():
        if (mean := split.images.mean()) > BRIGHT:
            raise DataError(
                f"{source}: {name}: dark on light (mean {mean:.0f} of 255); MNIST is "
                "light on dark: invert the images first"
            )


def _listed(digits):
    return ", ".join(map(str, digits)) or "none"
