"""Whether an exported model says what Keras's says, on the embedded test images."""

import numpy as np

from reproduce.data import load_digits
from reproduce.errors import ExportError
from reproduce.files import write_atomically
from reproduce.predict.model_files import load_model

OUTPUTS = ("probabilities", "logits")
# What single precision leaves of sums over a layer, taken in another order.
TOLERANCE = 1e-4


def write_checked(source, target, convert, run):
    """Convert a model, compare what both say, and write it only if they agree.

    Args:
        source: the `.keras` file.
        target: the file to write.
        convert: from the model, whose outputs are `OUTPUTS`, to a file's bytes.
        run: from these bytes and images to {output: array}.

    Returns:
        Lines that say what was written, and the largest differences.

    Raises:
        ExportError: an output differs by more than `TOLERANCE`.
    """
    original = load_model(source)
    model = two_outputs(original, source)
    images = load_digits().test.images.astype(np.float32)
    expected = {name: np.asarray(x) for name, x in model(images).items()}
    expected["probabilities"] = np.asarray(original(images))
    content = convert(model)
    outputs = run(content, images)
    lines = [f"{target}: {len(content) / 1e6:.1f} MB, float32"]
    for name in OUTPUTS:
        difference = float(np.abs(outputs[name] - expected[name]).max())
        if not difference <= TOLERANCE:  # nor is a NaN
            raise ExportError(
                f"{target}: not written, as its {name} differ from Keras's by up to "
                f"{difference:.1e} ({TOLERANCE:g} is allowed); please report it"
            )
        lines.append(
            f"{name}: differ from Keras's by at most {difference:.1e} on "
            f"{len(images):,} test images ({TOLERANCE:g} is allowed)"
        )
    write_atomically(target, content)
    return lines


def two_outputs(model, source):
    """The same layers with two outputs: probabilities, and logits before softmax.

    Raises:
        ExportError: it does not end in a dense softmax layer.
    """
    import keras

    *_, last = model.layers
    ends = isinstance(last, keras.layers.Dense)
    if not ends or last.activation is not keras.activations.softmax:
        raise ExportError(
            f"{source}: does not end in a dense softmax layer, as models that can be "
            "exported do"
        )
    config = {**last.get_config(), "activation": "linear", "name": "logits"}
    dense = keras.layers.Dense.from_config(config)
    logits = dense(last.input)
    dense.set_weights(last.get_weights())
    probabilities = keras.layers.Softmax(name="probabilities")(logits)
    outputs = {"probabilities": probabilities, "logits": logits}
    return keras.Model(model.inputs[0], outputs, name=model.name)
