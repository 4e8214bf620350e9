"""A short training with an optimizer of others, to find what is wrong with it."""

import numpy as np
import tensorflow as tf

from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell

from .cell import NO_CHANGE, fit_in_order, make_model, weights_sha256
from .evaluation import output_units
from .optimizer import mistake

EXAMPLES = 2
NOT_FINITE = (
    "makes the weights infinite, or no numbers at all, within two updates: its steps "
    "are too large"
)


def try_out(method, protocol):
    """Train an epoch of two examples, in the very program of a run.

    Where gradients are accumulated it is as many epochs, so that there is an update.

    Args:
        method: key.
        protocol: the settings.

    Raises:
        MethodError: the optimizer cannot be made or not be trained this way, changes
            no weight, or makes of them what is no number.
    """
    cell, examples = Cell(1, method, 0), load_digits().train.head(EXAMPLES)
    model = make_model(cell, protocol, examples)
    start = weights_sha256(model)
    epochs = model.optimizer.gradient_accumulation_steps or 1
    try:
        fit_in_order(model, cell, EXAMPLES, epochs)
    except (Exception, SystemExit) as error:  # code of others may do anything
        where = "build" if "Unknown variable" in str(error) else "update_step"
        raise mistake(method, error, where) from None
    if weights_sha256(model) == start:
        raise mistake(method, NO_CHANGE)
    if not _are_finite(model.get_weights()):
        raise _not_finite(method, make_model(cell, protocol, examples), examples)


def _are_finite(arrays):
    return all(np.isfinite(array).all() for array in arrays)


def _not_finite(method, model, examples):
    """The error to raise: of the operation that first gives what is no number.

    Found by updates outside XLA, where each operation is looked at. Where that is none
    in the user's own file, steps have only grown too large.
    """
    variables, optimizer = model.trainable_variables, model.optimizer
    optimizer.build(variables)
    units = output_units(examples.labels, model.output_shape[-1])
    for image, unit in zip(examples.images, units, strict=True):
        with tf.GradientTape() as tape:
            outputs = model(image[None].astype(np.float32))
            loss = model.compute_loss(None, unit[None], outputs)
        gradients = tape.gradient(loss, variables)
        if not (METHODS[method].sha256 and _are_finite(gradients)):
            break
        tf.debugging.enable_check_numerics()
        try:
            optimizer.apply(gradients, variables)
        except Exception as error:
            return mistake(method, error)
        finally:
            tf.debugging.disable_check_numerics()
    return mistake(method, NOT_FINITE)
