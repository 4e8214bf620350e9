"""A model as a LiteRT (TensorFlow Lite) file, which TensorFlow itself writes."""

import contextlib
import io
import warnings

from .comparing import OUTPUTS, write_checked


def write(source, target):
    """See `export`."""
    return write_checked(source, target, _convert, _run)


def _convert(model):
    import tensorflow as tf

    with contextlib.redirect_stdout(io.StringIO()):  # it lists its captures
        return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def _run(content, images):
    import tensorflow as tf

    plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    with warnings.catch_warnings():  # it is to move to a package of its own
        warnings.filterwarnings("ignore", r"\s*Warning: tf.lite.Interpreter")
        interpreter = tf.lite.Interpreter(
            model_content=content, experimental_op_resolver_type=plain
        )
    outputs = interpreter.get_signature_runner()(image=images)
    return {name: outputs[name] for name in OUTPUTS}
