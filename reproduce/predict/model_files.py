"""Load a model from a file that may come from anywhere.

A `.keras` file can make Keras run code. What is handed to Keras here is not the
file but a new one, made of those of its parts that passed the checks.
"""

import hashlib
import json
import tempfile
import zipfile
from pathlib import Path

from reproduce.errors import ModelFileError
from reproduce.experiment.store import BEST_MODEL, BEST_MODEL_CARD

from .allowed import check_config
from .archive import HDF5, MAX_BYTES, REMEDY, members
from .quiet import quiet_keras

INPUT = (None, 28, 28)
OUTPUTS = ((None, 10), (None, 5))


def load_model(path):
    """A model for images of digits, uncompiled.

    Args:
        path: a `.keras` file; `best_model.keras` is also checked against the
            SHA-256 in the `best_model.json` beside it.

    Returns:
        A Keras model from (num_images, 28, 28) to 10 or 5 probabilities.

    Raises:
        ModelFileError: missing, damaged, not safe to load, or another model.
    """
    path = Path(path)
    content = _content(path)
    _check_card(path, content)
    parts = members(content, path)
    parts["config.json"] = json.dumps(check_config(parts["config.json"], path)).encode()
    if not parts["model.weights.h5"].startswith(HDF5):
        raise ModelFileError(f"{path}: its weights are damaged; {REMEDY}")
    model = _load(parts, path)
    shapes = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    if shapes[0] != INPUT or shapes[1] not in OUTPUTS:
        raise ModelFileError(
            f"{path}: a model from {shapes[0]} to {shapes[1]}; give one from {INPUT} "
            f"to {' or '.join(map(str, OUTPUTS))}"
        )
    return model


def _content(path):
    if path.suffix.lower() in (".h5", ".hdf5"):
        raise ModelFileError(
            f"{path}: HDF5 models can run code when loaded; give a .keras file"
        )
    if path.is_dir():
        raise ModelFileError(f"{path}: a folder; give a .keras file")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ModelFileError(
            f"{path}: no such file; `python -m reproduce run` and then `report` make "
            "one, or give another with --model"
        ) from None
    except OSError as error:
        raise ModelFileError(
            f"{path}: cannot be read ({error.strerror}); check the file"
        ) from None
    if len(content) > MAX_BYTES:
        raise ModelFileError(
            f"{path}: larger than {MAX_BYTES // 10**6} MB; give a model of digits"
        )
    return content


def _check_card(path, content):
    card = path.with_name(BEST_MODEL_CARD)
    if path.name != BEST_MODEL or not card.is_file():
        return
    try:
        expected = json.loads(card.read_bytes())["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"{card}: damaged, no SHA-256 of the model in it ({error!r}); make it "
            "again with `python -m reproduce report`"
        ) from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelFileError(
            f"{path}: not the model that {BEST_MODEL_CARD} beside it describes (its "
            "SHA-256 differs); restore both, or rename the file"
        )


def _load(parts, path):
    """Hand the checked parts to Keras, and only them."""
    keras = quiet_keras()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "model.keras"
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        try:
            return keras.models.load_model(copy, compile=False, safe_mode=True)
        # Keras raises whatever an odd description or other weights make it raise.
        except Exception as error:
            line = " ".join(str(error).split())[:160]
            raise ModelFileError(
                f"{path}: Keras cannot load it ({line}); {REMEDY}"
            ) from None
