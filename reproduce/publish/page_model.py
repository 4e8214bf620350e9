"""The best model as the page has it: its network, its doubts, its mistakes.

The weights are read and applied without TensorFlow, as float16: that halves the page,
and what the page's numbers say is measured with the same rounded weights.
"""

import base64
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from reproduce.data import (
    DIGITS,
    DataError,
    Split,
    load_digits,
    load_foreign,
    load_user_data,
)
from reproduce.data.familiar import Shapes, training_shapes
from reproduce.errors import ModelFileError
from reproduce.experiment.record import SPLITS
from reproduce.experiment.store import BEST_MODEL, Store
from reproduce.model_file import parse_model, read_content

WHITE = 255
CHUNK = 1024  # images at a time
STRANGERS = (4, 7)  # examples of digits that the model does not know
MOST_IMAGES = 24  # of a cell of a matrix
GREYS = 16  # of an image of MNIST, which tell as much at its size


@dataclass(frozen=True)
class Network:
    """A fully connected network on images of 0 to 255, scaled to [0, 1].

    Attributes:
        kernels: (inputs, units) of each layer; float16 in the page.
        biases: (units,) of each.
        digits: what the outputs stand for.
    """

    kernels: tuple
    biases: tuple
    digits: tuple

    def logits(self, images):
        """What softmax is given, in double precision: (num_images, outputs)."""
        parts = np.array_split(images, max(1, len(images) // CHUNK))
        return np.concatenate([self._logits(part) for part in parts])

    def _logits(self, images):
        values = images.reshape(len(images), -1) / WHITE
        layers = [
            (kernel.astype(float), bias.astype(float))
            for kernel, bias in zip(self.kernels, self.biases, strict=True)
        ]
        for kernel, bias in layers[:-1]:
            values = 1 / (1 + np.exp(-(values @ kernel + bias)))
        return values @ layers[-1][0] + layers[-1][1]

    def predict(self, images):
        """The most probable digit of each image."""
        return np.array(self.digits)[self.logits(images).argmax(axis=1)]

    def base64(self):
        """All weights, kernel and bias in turn, as little-endian float16."""
        pairs = zip(self.kernels, self.biases, strict=True)
        parts = [part.astype("<f2").tobytes() for pair in pairs for part in pair]
        return base64.b64encode(b"".join(parts)).decode()


def read_network(content, name, known, precision=np.float16):
    """The network in a `.keras` file.

    Args:
        content: bytes of the file.
        name: of the file, for messages.
        known: the digits of a model with as many outputs as these.
        precision: of the weights.

    Raises:
        ModelFileError: damaged, not safe to load, or not logistic layers before a
            softmax, on images scaled to [0, 1].
    """
    scaling, flat, *dense = parse_model(content, name).layers
    kinds = [(layer.kind, layer.settings.get("activation")) for layer in dense]
    scaled = {"scale": 1 / WHITE, "offset": 0.0}
    if (
        (scaling.kind, scaling.settings, flat.kind) != ("Rescaling", scaled, "Flatten")
        or kinds != [*[("Dense", "sigmoid")] * (len(dense) - 1), ("Dense", "softmax")]
        or not all(layer.settings["use_bias"] for layer in dense)
    ):
        raise ModelFileError(f"{name}: not logistic layers before a softmax")
    kernels, biases = zip(
        *([array.astype(precision) for array in layer.weights] for layer in dense),
        strict=True,
    )
    outputs = len(biases[-1])
    digits = tuple(known) if outputs == len(known) else tuple(range(outputs))
    return Network(kernels, biases, digits)


# Doubt ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubt:
    """What `predict`'s rule does to images that gave it no shape.

    Attributes:
        shapes: those that drawings are compared with.
        refused: share of the test images of the known digits taken for none.
        caught: share of images of other digits taken for none; None: not measured.
        by_digit: the same for each other digit.
    """

    shapes: Shapes
    refused: float
    caught: float | None = None
    by_digit: dict = field(default_factory=dict)


def measure_doubt(network, shapes, test, foreign=None):
    """How often a drawing would be taken for none of the known digits.

    Args:
        network: a `Network`.
        shapes: `familiar.Shapes`.
        test: a `Split` of known digits.
        foreign: a `Split` of digits that it does not know; None: there are none.
    """
    refused = ~shapes.familiar(test.images, network.predict(test.images))
    if foreign is None:
        return Doubt(shapes, float(refused.mean()))
    caught = ~shapes.familiar(foreign.images, network.predict(foreign.images))
    by_digit = {
        digit: float(caught[foreign.labels == digit].mean())
        for digit in sorted(set(foreign.labels.tolist()))
    }
    return Doubt(shapes, float(refused.mean()), float(caught.mean()), by_digit)


def _unseen(test, train):
    """The test images that are not among these training images.

    The shapes are those of one draw of the digits, the best run may be of another.
    """
    seen = {image.tobytes() for image in train.images}
    indices = [i for i, image in enumerate(test.images) if image.tobytes() not in seen]
    return Split(test.images[indices], test.labels[indices])


# The model --------------------------------------------------------------------------


@dataclass(frozen=True)
class Model:
    """The best run's trained model, or why there is none.

    Attributes:
        record: of the best run, or None.
        missing: why the page has no network: `no run`, `no file`, `other file`,
            `no data` or `unreadable`; empty if it has.
        why: what is wrong with an unreadable file.
        network: its weights, or None.
        splits: name to `Split` of the run's images; empty without a network.
        foreign: a `Split` of other digits, or None.
        doubt: a `Doubt`, or None.
    """

    record: object = None
    missing: str = ""
    why: str = ""
    network: Network | None = None
    splits: dict = field(default_factory=dict)
    foreign: Split | None = None
    doubt: Doubt | None = None

    @property
    def mistaken(self):
        """Split to {(true digit, predicted digit): indices in the split}."""
        mistakes = {}
        for name, split in self.splits.items():
            predicted = self.network.predict(split.images)
            cells = mistakes.setdefault(name, {})
            for index in np.flatnonzero(predicted != split.labels):
                pair = int(split.labels[index]), int(predicted[index])
                cells.setdefault(pair, []).append(int(index))
        return mistakes

    def images(self):
        """Split to {`true-predicted`: [[index, address of an image], …]}."""
        return {
            name: {
                f"{true}-{predicted}": [
                    [index, data_uri(png(self.splits[name].images[index]))]
                    for index in indices[:MOST_IMAGES]
                ]
                for (true, predicted), indices in sorted(cells.items())
            }
            for name, cells in self.mistaken.items()
        }

    def samples(self, digits):
        """An image of each digit, and of strangers, as grey levels.

        The first test image of a digit that is read right without a doubt, or else
        the first; of strangers the first.
        """
        test = self.splits["test"]
        by_digit = {digit: test.images[test.labels == digit] for digit in digits}
        if self.foreign:
            by_digit |= {
                digit: self.foreign.images[self.foreign.labels == digit][:1]
                for digit in STRANGERS
            }
        return {
            str(digit): images[self._plain(images, digit).argmax()].ravel().tolist()
            for digit, images in by_digit.items()
            if len(images)
        }

    def _plain(self, images, digit):
        """Which images of a digit are taken for it without a doubt."""
        predicted = self.network.predict(images)
        return (predicted == digit) & self.doubt.shapes.familiar(images, predicted)


def read_model(record, folder, digits):
    """The best run's model, if the output folder has it.

    Args:
        record: of the best run, or None.
        folder: the output folder, or None.
        digits: the digits of the data.
    """
    if record is None:
        return Model(missing="no run")
    path = Path(folder or ".") / BEST_MODEL
    if folder is None or not path.is_file():
        return Model(record, "no file")
    try:
        content = read_content(path)
        if hashlib.sha256(content).hexdigest() != record.model_sha256:
            return Model(record, "other file")
        network = read_network(content, BEST_MODEL, digits)
        data = _digits(record, folder)
    except ModelFileError as error:
        return Model(record, "unreadable", str(error))
    except DataError:
        return Model(record, "no data")
    size = record.protocol.subset
    splits = {name: getattr(data, name).head(size) for name in SPLITS}
    foreign = load_foreign() if set(digits) == set(DIGITS) else None
    if record.protocol.data_sha256 is None:
        shapes, test = training_shapes(), _unseen(data.test, load_digits().train)
    else:
        train, test = splits["train"], splits["test"]
        shapes = Shapes.of(train.images, train.labels)
    doubt = measure_doubt(network, shapes, test, foreign)
    return Model(record, "", "", network, splits, foreign, doubt)


def _digits(record, folder):
    sha256 = record.protocol.data_sha256
    if sha256 is None:
        return load_digits(record.cell.seed)
    return load_user_data(Store(folder).data_path, sha256)


def png(image):
    """One image of MNIST as a file."""
    content = io.BytesIO()
    grey = Image.fromarray(WHITE - image)
    grey.quantize(GREYS).save(content, format="png", optimize=True)
    return content.getvalue()


def data_uri(content):
    """Bytes of a PNG image as an address."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
