"""Models are loaded from files that may be damaged or hostile."""

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest

from reproduce.predict import ModelFileError, load_model
from reproduce.predict.archive import members

from .samples import refuse, rezip, run_python


def put(name, content=b"x"):
    return lambda parts: parts.update({name: content})


def drop(name):
    return lambda parts: parts.pop(name)


def flip(content, position):
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


def twice(content):
    """The archive with a second config.json."""
    archive = io.BytesIO(content)
    with zipfile.ZipFile(archive, "a") as file, pytest.warns(UserWarning):
        file.writestr("config.json", b"{}")
    return archive.getvalue()


def bomb(content):
    return rezip(content, put("model.weights.h5", bytes(10**8)), zipfile.ZIP_DEFLATED)


def lying_bomb(content):
    """A bomb whose headers say that it is small."""
    packed, true = bomb(content), (10**8).to_bytes(4, "little")
    return packed.replace(true, (10**5).to_bytes(4, "little"))


FILES = {
    "empty": (lambda c: b"", "empty"),
    "not an archive": (lambda c: b"<html>404", "not a .keras file"),
    "HDF5": (lambda c: b"\x89HDF\r\n\x1a\n" + c, "HDF5"),
    "cut": (lambda c: c[: len(c) // 2], "truncated"),
    "cut to two bytes": (lambda c: c[:2], "truncated"),
    "last byte missing": (lambda c: c[:-1], "truncated|damaged"),
    "a bit flipped in the weights": (lambda c: flip(c, len(c) // 2), "damaged"),
    "a path upwards": (lambda c: rezip(c, put("../../evil.py")), "do not trust"),
    "an absolute path": (lambda c: rezip(c, put("/tmp/evil.py")), "do not trust"),
    "an extra member": (lambda c: rezip(c, put("assets/a.txt")), "do not trust"),
    "a member missing": (lambda c: rezip(c, drop("config.json")), "config.json"),
    "a member twice": (twice, "do not trust"),
    "a bomb": (bomb, "do not trust"),
    "a lying bomb": (lying_bomb, "damaged"),
    "no JSON": (lambda c: rezip(c, put("config.json", b"{")), "cannot be read"),
    "no model": (lambda c: rezip(c, put("config.json", b"[1]")), "describes no model"),
    "deep JSON": (lambda c: rezip(c, put("config.json", b"[" * 10**5)), "cannot be"),
    "no HDF5": (lambda c: rezip(c, put("model.weights.h5", b"x")), "weights are"),
    "empty HDF5": (
        lambda c: rezip(c, put("model.weights.h5", b"\x89HDF\r\n\x1a\n")),
        "Keras cannot load it",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_bad_files_are_told_apart(kind, model_bytes, tmp_path):
    make, message = FILES[kind]
    refuse(tmp_path, make(model_bytes), message)


def test_a_file_cut_anywhere_is_refused(model_bytes):
    ends = np.linspace(0, len(model_bytes) - 1, 200).astype(int)
    for end in [*ends, *range(len(model_bytes) - 60, len(model_bytes))]:
        with pytest.raises(ModelFileError):
            members(model_bytes[:end], "model.keras")


def test_a_flipped_bit_is_refused_or_changes_no_member(model_bytes):
    whole = members(model_bytes, "model.keras")
    places = range(len(model_bytes) - 300, len(model_bytes))
    for place in [*range(0, 400, 7), *places]:
        try:
            assert members(flip(model_bytes, place), "model.keras") == whole
        except ModelFileError as error:
            assert "\n" not in str(error)


def test_where_there_is_no_model_it_says_what_to_do(tmp_path):
    for name, message in (
        ("none.keras", "no such file.*reproduce run"),
        ("model.h5", "HDF5"),
        (".", "a folder"),
    ):
        with pytest.raises(ModelFileError, match=message):
            load_model(tmp_path / name)


def test_the_published_model_must_be_the_one_on_its_card(model_bytes, tmp_path):
    path, card = tmp_path / "best_model.keras", tmp_path / "best_model.json"
    path.write_bytes(model_bytes)
    load_model(path)
    card.write_text(json.dumps({"sha256": hashlib.sha256(model_bytes).hexdigest()}))
    load_model(path)
    for text, message in (('{"sha256": "0"}', "SHA-256 differs"), ("{", "damaged")):
        card.write_text(text)
        with pytest.raises(ModelFileError, match=message):
            load_model(path)


@pytest.mark.parametrize("architecture", [1, 5])
@pytest.mark.parametrize("num_classes", [5, 10])
def test_models_of_this_project_come_back_as_they_were(
    architecture, num_classes, tmp_path, digits
):
    from models import build_model
    from reproduce.training.cell import archive_bytes

    model = build_model(architecture, num_classes, "he_normal", seed=1)
    (tmp_path / "model.keras").write_bytes(archive_bytes(model))
    images = digits.images.astype("float32")
    loaded = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(images), model(images))


def functional(size, units):
    import keras

    image = keras.Input((size, size))
    x = keras.layers.Dropout(0.1)(keras.layers.Flatten()(image))
    model = keras.Model(image, keras.layers.Dense(units, activation="softmax")(x))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_a_compiled_functional_model_is_welcome(tmp_path):
    functional(28, 10).save(tmp_path / "model.keras")
    assert load_model(tmp_path / "model.keras").output_shape == (None, 10)


@pytest.mark.parametrize("size, units", [(32, 10), (28, 7)])
def test_models_of_other_shapes_are_refused(size, units, tmp_path):
    functional(size, units).save(tmp_path / "model.keras")
    with pytest.raises(ModelFileError, match=f"{size}, {size}.*{units}.*give one"):
        load_model(tmp_path / "model.keras")


def test_importing_the_package_leaves_tensorflow_alone():
    code = "import sys, reproduce.predict; sys.exit('tensorflow' in sys.modules)"
    assert run_python("-c", code).returncode == 0
