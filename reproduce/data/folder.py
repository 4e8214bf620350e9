"""Read digits that are handed out as image files: `train/3/0001.png` and so on."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from reproduce.files import open_regular

from .digits import SIZE, DataError, Digits, Split

SPLIT_NAMES = {
    "train": ("train",),
    "validation": ("val", "validation"),
    "test": ("test",),
}
DIGIT_NAMES = tuple("0123456789")
SUFFIXES = (".png", ".jpg", ".jpeg")
FORMATS = ("PNG", "JPEG")  # whatever the name: others may start other programs
SEED = 671  # of the order within a split, which folders do not have
EXPECTED = "expected train, val and test, each with a folder of .png or .jpg a digit"


def read_folder(folder):
    """The three splits below `folder`: `train|val|test/<digit>/*.png|jpg`.

    Images are 28 x 28, light on dark, as in MNIST; colour is turned to grey. Each
    split is put in a random order that the number of its images alone decides.

    Returns:
        `Digits`, of whichever digits there are.

    Raises:
        DataError: a folder is missing or empty, or an image unlike MNIST's.
    """
    folder = Path(folder)
    return Digits(**{name: _split(folder, name) for name in SPLIT_NAMES})


def _split(folder, name):
    folders = [
        folder / title for title in SPLIT_NAMES[name] if (folder / title).is_dir()
    ]
    if not folders:
        names = " or ".join(SPLIT_NAMES[name])
        raise DataError(f"{folder}: no folder {names}; {EXPECTED}")
    images, labels = [], []
    for place in sorted(folders[0].iterdir()):
        if place.is_dir() and not place.name.startswith("."):
            if place.name not in DIGIT_NAMES:
                raise DataError(f"{place}: not a digit's name; expected 0 to 9")
            digit_images = [
                _image(path) for path in sorted(place.iterdir()) if _counts(path)
            ]
            images += digit_images
            labels += [int(place.name)] * len(digit_images)
    if not images:
        raise DataError(f"{folders[0]}: no images in it; {EXPECTED}")
    order = np.random.default_rng(SEED).permutation(len(labels))
    return Split(np.stack(images)[order], np.array(labels, np.uint8)[order])


def _counts(path):
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _image(path):
    try:
        with open_regular(path) as file, Image.open(file, formats=FORMATS) as image:
            if image.size != SIZE:
                wide, high = image.size
                raise DataError(
                    f"{path}: {wide} x {high} pixels; expected 28 x 28, as in MNIST"
                )
            return np.asarray(image.convert("L"))
    except DataError:
        raise
    except UnidentifiedImageError:
        raise DataError(f"{path}: not a readable image; expected PNG or JPEG") from None
    # Pillow's decoders raise whatever damaged data makes them raise.
    except Exception as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:120]
        raise DataError(f"{path}: not a readable image ({reason})") from None
