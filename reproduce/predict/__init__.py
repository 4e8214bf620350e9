"""Tell the digits in images with a trained model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reproduce.data import DIGITS, DataError, load_user_data
from reproduce.data.familiar import Shapes, training_shapes
from reproduce.errors import ImageError, ModelFileError
from reproduce.experiment.store import BEST_MODEL, Store
from reproduce.published import PUBLISHED

from .decoding import SUFFIXES
from .images import STDIN, read_image
from .model_files import load_model, read_card

__all__ = [
    "BEST",
    "ImageError",
    "ModelFileError",
    "Prediction",
    "load_model",
    "predict_files",
    "read_image",
]

BEST = PUBLISHED / BEST_MODEL


@dataclass(frozen=True)
class Prediction:
    """What a model makes of one image.

    Attributes:
        path: of the image, or `-`.
        digit: the most probable one.
        probability: the model's for it, 0 to 1.
        probabilities: the model's for 0 to 9.
        known: the digits that the model was trained on.
        sure: whether the image resembles that digit (`Shapes.familiar`); if not, it is
            probably none of `known`. None: nobody can tell, as the user's own data that
            the model was trained on is not beside it.
    """

    path: str
    digit: int
    probability: float
    probabilities: tuple
    known: tuple
    sure: bool | None

    @property
    def runner_up(self):
        """The second most probable digit."""
        return sorted(range(10), key=lambda d: (-self.probabilities[d], d))[1]


def predict_files(paths, model_path=BEST, on_error=None):
    """Tell the digit in each image.

    Args:
        paths: image files; folders, for the images in them in order of their
            names; `-` for an image on standard input.
        model_path: a `.keras` file.
        on_error: called with the ImageError of an image that cannot be read,
            which is then left out; None: it is raised.

    Returns:
        One `Prediction` an image.

    Raises:
        ModelFileError: the model cannot be loaded.
        ImageError: see `on_error`.
    """
    names, images = [], []
    for path in paths:
        try:
            files = _files(path)
        except ImageError as error:
            _report(error, on_error)
            continue
        for file in files:
            try:
                images.append(read_image(file))
                names.append(str(file))
            except ImageError as error:
                _report(error, on_error)
    if not images:
        return []
    return _predictions(names, np.stack(images), model_path)


def _report(error, on_error):
    if on_error is None:
        raise error
    on_error(error)


def _files(path):
    if str(path) == STDIN or not Path(path).is_dir():
        return [path]
    files = sorted(f for f in Path(path).iterdir() if f.suffix.lower() in SUFFIXES)
    if not files:
        raise ImageError(f"{path}: no image in this folder; give one with images in it")
    return files


def _predictions(names, images, model_path):
    model = load_model(model_path)
    outputs = np.asarray(model(images.astype(np.float32), training=False), np.float64)
    if not np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        raise ModelFileError(
            f"{model_path}: its outputs are not probabilities; give another model"
        )
    probabilities = np.zeros((len(images), 10))
    probabilities[:, DIGITS if outputs.shape[1] == len(DIGITS) else slice(10)] = outputs
    digits = probabilities.argmax(axis=1)
    known, shapes = _trained_on(model_path)
    sure = [None] * len(images)
    if shapes is not None:
        sure = shapes.familiar(images, digits).tolist()
    return [
        Prediction(name, digit, row[digit], tuple(row), known, is_sure)
        for name, digit, row, is_sure in zip(
            names, digits.tolist(), probabilities.tolist(), sure, strict=True
        )
    ]


def _trained_on(model_path):
    """The digits that a model was trained on, and the `Shapes` of their images.

    Of a file without a card they are taken to be this project's. The shapes are None
    where the user's own data is not at hand.
    """
    card = read_card(model_path)
    if card is None or card.data_sha256 is None:
        return DIGITS, training_shapes()
    try:
        data = load_user_data(Store(card.folder).data_path, card.data_sha256)
    except DataError:
        return card.digits, None
    train = data.train.head(card.subset)
    return card.digits, Shapes.of(train.images, train.labels)
