"""Keras models are built of what files hold, which may be damaged or hostile."""

import hashlib
import json
import os
from dataclasses import replace

import numpy as np
import pytest

from reproduce.experiment.methods import method_key
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.predict import BEST, ModelFileError, load_model

from ..model_file.samples import edit_config, put, rezip
from .samples import run_python

OURS = {"data_sha256": None, "subset": None}


def test_where_there_is_no_model_it_says_what_to_do(tmp_path):
    (tmp_path / "model.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    for name, message in (
        ("none.keras", "no such file.*reproduce run"),
        ("model.h5", "HDF5"),
        (".", "a folder"),
    ):
        with pytest.raises(ModelFileError, match=message):
            load_model(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_model_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "model.keras")
    with pytest.raises(ModelFileError, match="Not a regular file"):
        load_model(tmp_path / "model.keras")


def test_a_file_of_gigabytes_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "model.keras").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(ModelFileError, match="larger than 200 MB"):
        load_model(tmp_path / "model.keras")


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-1],
        lambda content: edit_config(content, lambda c: c.update(class_name="Lambda")),
        lambda content: rezip(content, put("model.weights.h5", b"x")),
    ],
)
def test_a_bad_file_is_refused_in_one_line_before_keras_is_asked(
    change, model_bytes, tmp_path, monkeypatch
):
    monkeypatch.setattr("reproduce.predict.model_files.quiet_keras", None)
    path = tmp_path / "model.keras"
    path.write_bytes(change(model_bytes))
    with pytest.raises(ModelFileError) as raised:
        load_model(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)


CARDS = {
    "another model's": ({"sha256": "0"}, "SHA-256 differs"),
    "no table": ([], "damaged"),
    "no digits": ({"digits": [1, 10]}, "damaged"),
    "digits in words": ({"digits": "12369"}, "damaged"),
    "no settings": ({"protocol": None}, "damaged"),
    "a part that is no number": ({"protocol": {**OURS, "subset": "9"}}, "damaged"),
    "endless": (" " * 10**6, "damaged"),
    "deep": ("[" * 90_000, "damaged"),
}


@pytest.mark.parametrize("kind", CARDS)
def test_the_best_model_must_be_the_one_on_its_card(kind, model_bytes, tmp_path):
    path, card = tmp_path / "best_model.keras", tmp_path / "best_model.json"
    path.write_bytes(model_bytes)
    load_model(path)
    digest = hashlib.sha256(model_bytes).hexdigest()
    right = {"sha256": digest, "digits": [3, 8], "protocol": OURS}
    card.write_text(json.dumps(right))
    load_model(path)
    wrong, message = CARDS[kind]
    wrong = {**right, **wrong} if isinstance(wrong, dict) else wrong
    card.write_text(wrong if isinstance(wrong, str) else json.dumps(wrong))
    with pytest.raises(ModelFileError, match=message):
        load_model(path)


@pytest.mark.parametrize("architecture", [1, 2, 3, 4, 5])
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
    assert [layer.name for layer in loaded.layers] == [la.name for la in model.layers]
    assert loaded.name == model.name and loaded.inputs[0].name == model.inputs[0].name


@pytest.mark.parametrize("num_classes", [5, 10])
def test_what_a_run_with_an_own_optimizer_keeps_can_be_loaded(num_classes, tmp_path):
    from reproduce.training.cell import train

    cell = Cell(1, method_key("keras:Lion", {"learning_rate": 0.01}), 0)
    short = replace(Protocol(), max_epochs=1, subset=20, num_classes=num_classes)
    _, content = train(cell, short)
    (tmp_path / "model.keras").write_bytes(content)
    assert load_model(tmp_path / "model.keras").output_shape == (None, num_classes)


def test_the_published_model_says_what_keras_itself_would_say(digits):
    import keras

    images = digits.images.astype("float32")
    expected = keras.models.load_model(BEST)(images)
    np.testing.assert_array_equal(load_model(BEST)(images), expected)


def functional(size, units, activation="softmax"):
    """Layers of every kind that may be in a file."""
    import keras

    image = keras.Input((size, size))
    x = keras.layers.Rescaling(1 / 255, -0.5)(image)
    x = keras.layers.Dropout(0.1)(keras.layers.Flatten()(x))
    x = keras.layers.Dense(16, activation="relu", use_bias=False)(x)
    x = keras.layers.Activation("tanh")(keras.layers.Dense(8)(x))
    x = keras.layers.Dense(units, activation=activation)(x)
    model = keras.Model(image, x)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_a_compiled_functional_model_is_welcome(tmp_path, digits):
    model, path = functional(28, 10), tmp_path / "model.keras"
    images = digits.images.astype("float32")
    model.fit(images, digits.labels, verbose=0)
    model.save(path)
    np.testing.assert_array_equal(load_model(path)(images), model(images))


def activations():
    from reproduce.model_file.description import ACTIVATIONS

    return sorted(ACTIVATIONS)


@pytest.mark.parametrize("activation", activations())
def test_every_activation_that_is_known_is_one_of_keras(activation, tmp_path, digits):
    model, path = functional(28, 10, activation), tmp_path / "model.keras"
    model.save(path)
    images = digits.images.astype("float32")
    np.testing.assert_array_equal(load_model(path)(images), model(images))


@pytest.mark.parametrize("size, units", [(32, 10), (28, 7)])
def test_models_of_other_shapes_are_refused(size, units, tmp_path):
    functional(size, units).save(tmp_path / "model.keras")
    with pytest.raises(ModelFileError, match=f"{size}, {size}.*{units}.*give one"):
        load_model(tmp_path / "model.keras")


def test_importing_the_package_leaves_tensorflow_alone():
    code = "import sys, reproduce.predict; sys.exit('tensorflow' in sys.modules)"
    assert run_python("-c", code).returncode == 0
