"""Load a model from a file that may come from anywhere.

Keras is not handed the file but asked for a new model, of the plain layers and the
weights that `reproduce.model_file` read from it.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from reproduce.errors import ModelFileError
from reproduce.experiment.store import BEST_MODEL, BEST_MODEL_CARD, parse
from reproduce.files import read_regular
from reproduce.model_file import INPUT, parse_model, read_content

from .quiet import quiet_keras

MAX_CARD = 100_000  # bytes; a card has about a thousand


def load_model(path):
    """A model for images of digits, uncompiled.

    Args:
        path: a `.keras` file; `best_model.keras` and the model of a run are also
            checked against the SHA-256 in the file beside them, see `read_card`.

    Returns:
        A Keras model from (num_images, 28, 28) to 10 or 5 probabilities.

    Raises:
        ModelFileError: missing, damaged, not safe to load, or another model.
    """
    path = Path(path)
    content = read_content(path)
    card = read_card(path)
    if card is not None and hashlib.sha256(content).hexdigest() != card.sha256:
        raise ModelFileError(
            f"{path}: not the model that {card.place.name} beside it describes (its "
            "SHA-256 differs); restore both, or rename the file"
        )
    return _built(parse_model(content, path))


@dataclass(frozen=True)
class Card:
    """What the file beside a model says of it.

    Attributes:
        place: of `best_model.json`, or of a run's record.
        sha256: of the model's file.
        digits: that it was trained on.
        data_sha256: of the user's own data; None: of this project's digits.
        subset: how many of the training images; None: all.
    """

    place: Path
    sha256: str
    digits: tuple
    data_sha256: str | None
    subset: int | None

    @property
    def folder(self):
        """The output folder that both are in."""
        return self.place.parents[0 if self.place.name == BEST_MODEL_CARD else 3]


def read_card(path):
    """The `Card` of a model; None: there is none beside it.

    It is made from `best_model.json`, or for the model of a run from its record.

    Raises:
        ModelFileError: `best_model.json` is damaged.
    """
    path = Path(path).absolute()
    if path.name != BEST_MODEL:
        return _from_record(path.with_suffix(".json"))
    place = path.with_name(BEST_MODEL_CARD)
    if not place.is_file():
        return None
    try:
        values = json.loads(read_regular(place, MAX_CARD))
        protocol = values["protocol"]
        card = Card(
            place,
            values["sha256"],
            tuple(values["digits"]),
            protocol["data_sha256"],
            protocol["subset"],
        )
        if any(type(d) is not int or not 0 <= d <= 9 for d in card.digits):
            raise ValueError(card.digits)
        if not isinstance(card.subset, int | None):
            raise TypeError(card.subset)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelFileError(
            f"{place}: damaged ({error!r}); make it again with "
            "`python -m reproduce report`"
        ) from None
    return card


def _from_record(place):
    """The `Card` of a run's model; None: there is no valid record of it."""
    try:
        record = parse(read_regular(place))
    except (OSError, ValueError, RecursionError):
        return None
    if place.parts[-4:] != Path(record.cell.path).parts:
        return None
    protocol = record.protocol
    return Card(
        place,
        record.model_sha256,
        record.digits,
        protocol.data_sha256,
        protocol.subset,
    )


def _built(model):
    """The Keras model that a `ModelFile` describes, with its weights."""
    keras = quiet_keras()
    layers = [
        getattr(keras.layers, layer.kind)(name=layer.name, **layer.settings)
        for layer in model.layers
    ]
    image = keras.Input(INPUT, name=model.input_name)
    built = keras.Sequential([image, *layers], name=model.name)
    for layer, described in zip(layers, model.layers, strict=True):
        layer.set_weights(described.weights)
    return built
