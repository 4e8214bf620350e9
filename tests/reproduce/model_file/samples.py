"""Model files as Keras writes them, and as attackers might change them."""

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from reproduce.errors import ModelFileError
from reproduce.model_file import parse_model

PUBLISHED = Path(__file__).parents[3] / "results" / "reference" / "best_model.keras"


def rezip(content, change, kind=zipfile.ZIP_STORED):
    """The archive with its members (name to bytes) changed by a function."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", kind) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return changed.getvalue()


def put(name, content=b"x"):
    """A change of the archive: a member more, or another one."""
    return lambda parts: parts.update({name: content})


def edit_config(content, change):
    """The archive with its description changed by a function."""

    def edit(parts):
        config = json.loads(parts["config.json"])
        change(config)
        parts["config.json"] = json.dumps(config).encode()

    return rezip(content, edit)


def edit_weights(content, change):
    """The archive with its weights, an open HDF5 file, changed by a function."""

    def edit(parts):
        file = io.BytesIO(parts["model.weights.h5"])
        with h5py.File(file, "r+") as weights:
            change(weights)
        parts["model.weights.h5"] = file.getvalue()

    return rezip(content, edit)


def small_model(units=8):
    """A network of one hidden layer, as Keras saves it: fixed, random weights."""
    rng = np.random.default_rng(0)

    def narrow(config):
        scaled, flat, hidden, *_, output = config["config"]["layers"][1:]
        hidden["config"]["units"] = units
        config["config"]["layers"][1:] = [scaled, flat, hidden, output]

    def fill(file):
        del file["layers"]
        for name, shape in (("dense", (784, units)), ("dense_1", (units, 10))):
            for key, size in (("0", shape), ("1", shape[1:])):
                values = rng.normal(0, 1, size).astype(np.float32)
                file[f"layers/{name}/vars/{key}"] = values

    return edit_weights(edit_config(PUBLISHED.read_bytes(), narrow), fill)


def refuse(content, message):
    """The file must be refused, in one line that names it."""
    with pytest.raises(ModelFileError, match=message) as raised:
        parse_model(content, "some.keras")
    assert str(raised.value).startswith("some.keras: ")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400
