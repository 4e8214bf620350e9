"""Data of the user's own: a folder of images, or MNIST's `mnist.npz`."""

from pathlib import Path

from .build import read_mnist, write_npz
from .digits import DAMAGED, DIGITS, PER_DIGIT, DataError, draw, load_digits, load_other
from .folder import read_folder

EACH = sum(PER_DIGIT.values())
_UNLIKE = (OSError, EOFError, ValueError, KeyError, TypeError, *DAMAGED)


def read_data(source):
    """Read `--data`.

    Args:
        source: a folder for `read_folder`, or an `.npz` as Keras hands out MNIST
            (`x_train`, `y_train`, `x_test`, `y_test`), of which the five digits are
            drawn and split as seed 0 draws the embedded ones.

    Raises:
        DataError: it is neither, or unlike MNIST.
    """
    source = Path(source)
    if source.is_dir():
        return read_folder(source)
    if not source.exists():
        raise DataError(f"{source}: no such folder or file")
    try:
        images, labels = read_mnist(source)
    except _UNLIKE as error:
        missing = isinstance(error, KeyError)  # others give advice not meant for this
        what = str(error).strip("'\"") if missing else "damaged, or of another format"
        raise DataError(
            f"{source}: neither a folder of images nor MNIST's mnist.npz ({what})"
        ) from None
    _check(source, images, labels)
    return draw(images, labels, seed=0)


def store(digits, path):
    """Keep data where runs find it, unless it is there; no date is in the file."""
    try:
        load_other(path, digits.sha256)
    except DataError:
        path.parent.mkdir(parents=True, exist_ok=True)
        splits = {name: getattr(digits, name) for name in PER_DIGIT}
        write_npz(
            path,
            {
                f"{name}_{field}": getattr(split, field)
                for name, split in splits.items()
                for field in ("images", "labels")
            },
        )


def is_embedded(digits):
    """Whether these are the embedded digits themselves."""
    return digits.sha256 == load_digits().sha256


def _check(source, images, labels):
    if images.dtype != "uint8" or images.shape != (len(labels), 28, 28):
        raise DataError(
            f"{source}: images are {images.dtype} {images.shape}; expected uint8 "
            f"({len(labels)}, 28, 28)"
        )
    for digit in DIGITS:
        number = int((labels == digit).sum())
        if number < EACH:
            raise DataError(
                f"{source}: {number:,} images of the digit {digit}; expected at least "
                f"{EACH:,}, as in MNIST"
            )
