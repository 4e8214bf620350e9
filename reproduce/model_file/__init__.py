"""Read a `.keras` file that may come from anywhere: plain layers and their weights.

Keras builds what such a file says, and a file can say what fills the memory, takes
hours or runs code. Nothing of it reaches Keras: the archive is taken apart, its
description must be a chain of plain layers, and the weights are read by a child
process that can do little else. What is left are names, numbers and arrays, of which
`predict` and the page make their networks. No Keras and no TensorFlow is needed.
"""

from dataclasses import replace

from reproduce.errors import ModelFileError
from reproduce.files import read_regular

from .archive import MAX_BYTES, members
from .description import INPUT, Layer, ModelFile, describe
from .weights import read_weights

__all__ = ["INPUT", "Layer", "ModelFile", "parse_model", "read_content"]


def read_content(path):
    """The bytes of a file, if it can be a `.keras` file.

    Raises:
        ModelFileError: missing, no regular file, or too large.
    """
    try:
        content = read_regular(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise ModelFileError(
            f"{path}: no such file; `python -m reproduce run` and then `report` make "
            "one, or give another with --model"
        ) from None
    except IsADirectoryError:
        raise ModelFileError(f"{path}: a folder; give a .keras file") from None
    except OSError as error:
        raise ModelFileError(
            f"{path}: cannot be read ({error.strerror}); give a .keras file"
        ) from None
    if len(content) > MAX_BYTES:
        raise ModelFileError(
            f"{path}: larger than {MAX_BYTES // 10**6} MB; give a model of digits"
        )
    return content


def parse_model(content, name):
    """The model in a `.keras` file.

    Args:
        content: bytes of the file.
        name: of the file, for messages.

    Returns:
        A `ModelFile`.

    Raises:
        ModelFileError: damaged, not safe to load, or another kind of model.
    """
    try:
        parts = members(content)
        model = describe(parts["config.json"])
        shapes = [layer.shapes for layer in model.layers if layer.kind == "Dense"]
        weights = iter(read_weights(parts["model.weights.h5"], shapes))
    except ModelFileError as error:
        raise ModelFileError(f"{name}: {error}") from None
    layers = (
        replace(layer, weights=next(weights)) if layer.kind == "Dense" else layer
        for layer in model.layers
    )
    return replace(model, layers=tuple(layers))
