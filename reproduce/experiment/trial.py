"""Two updates with an optimizer, before it is trained in earnest."""

import tensorflow as tf

from reproduce.data import load_digits
from reproduce.errors import MethodError

from .cells import Cell
from .methods import METHODS
from .own import reason
from .training import make_model

EXAMPLES = 2


def try_out(method, protocol):
    """Train an epoch of two examples, in the very program of a run.

    Args:
        method: key.
        protocol: the settings.

    Raises:
        MethodError: the optimizer cannot be made, or not be trained this way.
    """
    examples = load_digits().train.head(EXAMPLES)
    model = make_model(Cell(1, method, 0), protocol, examples)
    order = tf.data.Dataset.from_tensors(tf.range(EXAMPLES))
    try:
        model.fit(order, steps_per_epoch=1, shuffle=False, verbose=0)
    except Exception as error:  # code of others may do anything
        raise MethodError(
            f"{METHODS[method].optimizer}: cannot be trained here: an epoch is one XLA "
            f"program ({type(error).__name__}: {reason(error)})"
        ) from None
