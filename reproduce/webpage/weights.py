"""The best model's weights, read and applied without TensorFlow."""

import base64
import io
import json
from dataclasses import dataclass

import h5py
import numpy as np

from reproduce.errors import ModelFileError
from reproduce.predict.archive import members

WHITE = 255
CHUNK = 1024  # images at a time


@dataclass(frozen=True)
class Network:
    """A fully connected network on images of 0 to 255, scaled to [0, 1].

    Attributes:
        kernels: float32, (inputs, units) of each layer.
        biases: float32, (units,) of each.
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
        for kernel, bias in zip(self.kernels[:-1], self.biases[:-1], strict=True):
            values = 1 / (1 + np.exp(-(values @ kernel + bias)))
        return values @ self.kernels[-1] + self.biases[-1]

    def predict(self, images):
        """The most probable digit of each image."""
        return np.array(self.digits)[self.logits(images).argmax(axis=1)]

    def base64(self):
        """All weights, kernel and bias in turn, as little-endian float32."""
        pairs = zip(self.kernels, self.biases, strict=True)
        parts = [part.astype("<f4").tobytes() for pair in pairs for part in pair]
        return base64.b64encode(b"".join(parts)).decode()


def read_network(path, five):
    """The network in a `.keras` file.

    Args:
        path: of the file.
        five: the digits of a model with as many outputs as these.

    Raises:
        ModelFileError: missing, damaged, or not logistic layers before a softmax.
    """
    try:
        parts = members(path.read_bytes(), path)
        layers = json.loads(parts["config.json"])["config"]["layers"]
        dense = [one["config"] for one in layers if one["class_name"] == "Dense"]
        _check(path, layers, dense)
        with h5py.File(io.BytesIO(parts["model.weights.h5"])) as file:
            weights = [_weights(file["layers"], i) for i in range(len(dense))]
    except (OSError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"{path}: its weights cannot be read ({error})") from None
    kernels, biases = zip(*weights, strict=True)
    outputs = len(biases[-1])
    return Network(kernels, biases, five if outputs == len(five) else tuple(range(10)))


def _check(path, layers, dense):
    activations = [config["activation"] for config in dense]
    kinds = {one["class_name"] for one in layers}
    known = {"InputLayer", "Rescaling", "Flatten", "Dense"}
    expected = ["sigmoid"] * (len(dense) - 1) + ["softmax"]
    if activations != expected or kinds - known:
        raise ModelFileError(f"{path}: not logistic layers before a softmax")


def _weights(layers, index):
    own = layers[f"dense_{index}" if index else "dense"]["vars"]
    return own["0"][()], own["1"][()]
