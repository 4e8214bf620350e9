"""An exported model says what Keras's says, or is not written."""

import importlib.util
import os
import sys

import keras
import numpy as np
import pytest

from reproduce.cli import main
from reproduce.data import load_digits
from reproduce.errors import ExportError
from reproduce.exports import comparing, export, litert_file

HAS_ONNX = all(map(importlib.util.find_spec, ("onnx", "onnxruntime")))
needs_onnx = pytest.mark.skipif(
    not HAS_ONNX and "REQUIRE_EXPORTERS" not in os.environ,  # CI sets it
    reason="ONNX is optional: make exporters",
)
FORMATS = ["litert", pytest.param("onnx", marks=needs_onnx)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("num_classes", [5, 10])
def test_the_largest_differences_are_told(form, num_classes, model_file, capsys):
    path = model_file(num_classes)
    assert main(["export", "--format", form, "--model", str(path)]) == 0
    message = capsys.readouterr().out
    written = path.with_suffix({"onnx": ".onnx", "litert": ".tflite"}[form])
    assert message.startswith(f"{written}: ")
    for output in ("probabilities", "logits"):
        assert f"{output}: differ from Keras's by at most " in message


@needs_onnx
def test_an_onnx_file_needs_nothing_of_this_project(model_file, tmp_path):
    import onnxruntime

    source, target = model_file(), tmp_path / "made" / "model.onnx"
    export("onnx", tmp_path, source, target)
    images = load_digits().test.head(50).images.astype(np.float32)
    session = onnxruntime.InferenceSession(target)
    assert [node.name for node in session.get_outputs()] == ["probabilities", "logits"]
    probabilities, _ = session.run(None, {"image": images})
    expected = keras.models.load_model(source)(images)
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)


@needs_onnx
def test_the_same_model_gives_the_same_onnx_bytes(model_file, tmp_path):
    source = model_file()
    for name in ("one.onnx", "two.onnx"):
        export("onnx", tmp_path, source, tmp_path / name)
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()


def test_a_file_that_says_something_else_is_not_written(model_file, monkeypatch):
    source, run = model_file(), litert_file._run

    def off(content, images):
        outputs = run(content, images)
        return {**outputs, "logits": outputs["logits"] + 2 * comparing.TOLERANCE}

    monkeypatch.setattr(litert_file, "_run", off)
    with pytest.raises(ExportError, match="not written, as its logits differ"):
        export("litert", source.parent, source)
    assert not source.with_suffix(".tflite").exists()


def test_a_missing_package_is_one_line(model_file, monkeypatch, capsys):
    path = model_file()
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert main(["export", "--format", "onnx", "--model", str(path)]) == 2
    message = capsys.readouterr().err
    assert "make exporters" in message and message.count("\n") == 1
    assert not path.with_suffix(".onnx").exists()


def test_a_model_without_softmax_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()])
    model.add(keras.layers.Dense(10, "sigmoid"))
    model.save(tmp_path / "other.keras")
    with pytest.raises(ExportError, match="does not end in a dense softmax layer"):
        export("litert", tmp_path, tmp_path / "other.keras")
