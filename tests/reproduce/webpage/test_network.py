"""Keras, NumPy and the page make the same of an image."""

import keras
import numpy as np
import pytest

from reproduce import original
from reproduce.data import load_digits
from reproduce.errors import ModelFileError
from reproduce.predict import load_model, predict_files
from reproduce.webpage.foreign import load_foreign
from reproduce.webpage.weights import read_network

from .conftest import REFERENCE, pad_box, settle

MODEL = REFERENCE / "best_model.keras"
LOGITS = """(images) => {
  const { shapes } = JSON.parse(document.getElementById("data").textContent).model;
  const layers = decodeLayers(document.getElementById("weights").textContent, shapes);
  return images.map((pixels) => logits(layers, pixels));
}"""


@pytest.fixture(scope="module")
def images():
    """Test images of the five digits, and strangers."""
    return np.concatenate([load_digits().test.images[:60], load_foreign().images[::50]])


@pytest.fixture(scope="module")
def network():
    return read_network(MODEL, original.DIGITS)


@pytest.fixture(scope="module")
def from_keras(images):
    """What the Keras model gives its softmax."""
    model = load_model(MODEL)
    last = model.layers[-1]
    hidden = keras.Model(model.inputs[0], model.layers[-2].output)
    values = np.asarray(hidden(images.astype(np.float32)), np.float64)
    return values @ np.asarray(last.kernel) + np.asarray(last.bias)


def test_numpy_gives_the_logits_of_keras(network, images, from_keras):
    np.testing.assert_allclose(network.logits(images), from_keras, atol=1e-5, rtol=1e-5)


def test_the_page_gives_the_logits_of_keras(page, images, from_keras):
    found = page.evaluate(LOGITS, images.reshape(len(images), -1).tolist())
    np.testing.assert_allclose(found, from_keras, atol=1e-5, rtol=1e-5)


def test_the_page_gives_the_logits_of_numpy(page, network, images):
    found = page.evaluate(LOGITS, images.reshape(len(images), -1).tolist())
    np.testing.assert_allclose(found, network.logits(images), atol=1e-9, rtol=1e-9)


def test_a_drawing_is_told_as_predict_tells_its_picture(page, tmp_path):
    box = pad_box(page)
    page.mouse.move(box["x"] + 85, box["y"] + 80)
    page.mouse.down()
    for x, y in [(140, 45), (190, 90), (80, 230), (205, 225)]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()
    settle(page)
    picture = tmp_path / "drawing.png"
    page.locator("#pad").screenshot(path=picture)
    (told,) = predict_files([picture], MODEL)
    assert page.locator("#bars tr.top th").inner_text() == str(told.digit)


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path):
    path = tmp_path / "best_model.keras"
    path.write_bytes(b"weights")
    with pytest.raises(ModelFileError) as error:
        read_network(path, original.DIGITS)
    assert "\n" not in str(error.value)
