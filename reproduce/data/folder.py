"""Read digits that are handed out as image files: `train/3/0001.png` and so on."""

from pathlib import Path

import numpy as np
from PIL import Image

from .digits import DataError, Digits, Split

SPLIT_NAMES = {
    "train": ("train",),
    "validation": ("val", "validation"),
    "test": ("test",),
}
DIGIT_NAMES = tuple("0123456789")
SUFFIXES = (".png", ".jpg", ".jpeg")
SIZE = (28, 28)
SEED = 671  # of the order within a split, which folders do not have
BRIGHT = 128  # of 255; MNIST's own mean is 33
EXPECTED = "expected train, val and test, each with a folder of .png or .jpg a digit"


def read_folder(folder):
    """The three splits below `folder`: `train|val|test/<digit>/*.png|jpg`.

    Images are 28 x 28, light on dark, as in MNIST; colour is turned to grey. Each
    split is put in a random order that the number of its images alone decides.

    Returns:
        `Digits`, of whichever digits there are.

    Raises:
        DataError: a folder is missing, an image unlike MNIST's, or splits that do
            not have the same digits, at least two.
    """
    folder = Path(folder)
    splits = {name: _split(folder, name) for name in SPLIT_NAMES}
    classes = {name: set(split.labels.tolist()) for name, split in splits.items()}
    for name, own in classes.items():
        if own != classes["train"]:
            raise DataError(
                f"{folder}: train has the digits {_listed(classes['train'])}, {name} "
                f"has {_listed(own)}; expected the same in every split"
            )
    if len(classes["train"]) < 2:
        raise DataError(f"{folder}: only one digit; expected at least two")
    return Digits(**splits)


def _split(folder, name):
    there = [folder / own for own in SPLIT_NAMES[name] if (folder / own).is_dir()]
    if not there:
        own = " or ".join(SPLIT_NAMES[name])
        raise DataError(f"{folder}: no folder {own}; {EXPECTED}")
    images, labels = [], []
    for place in sorted(there[0].iterdir()):
        if place.is_dir() and not place.name.startswith("."):
            if place.name not in DIGIT_NAMES:
                raise DataError(f"{place}: not a digit's name; expected 0 to 9")
            own = [_image(path) for path in sorted(place.iterdir()) if _counts(path)]
            images += own
            labels += [int(place.name)] * len(own)
    if not images:
        raise DataError(f"{there[0]}: no images in it; {EXPECTED}")
    pixels = np.stack(images)
    if pixels.mean() > BRIGHT:
        raise DataError(
            f"{there[0]}: dark on light (mean {pixels.mean():.0f} of 255); MNIST is "
            "light on dark: invert the images first"
        )
    order = np.random.default_rng(SEED).permutation(len(labels))
    return Split(pixels[order], np.array(labels, np.uint8)[order])


def _counts(path):
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _image(path):
    try:
        with Image.open(path) as image:
            if image.size != SIZE:
                wide, high = image.size
                raise DataError(
                    f"{path}: {wide} x {high} pixels; expected 28 x 28, as in MNIST"
                )
            return np.asarray(image.convert("L"))
    except DataError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{path}: not a readable image ({error})") from None


def _listed(digits):
    return ", ".join(map(str, sorted(digits)))
