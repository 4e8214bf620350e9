"""Training ends at the epoch the criterion names, and says why."""

import math
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from callbacks import ConvergenceThreshold

NAN = math.nan


def run(losses, **arguments):
    """Feed losses, one an epoch, until the callback stops; return it."""
    callback = ConvergenceThreshold(**arguments)
    feed(callback, losses)
    return callback


def feed(callback, losses):
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"loss": loss})
        if callback.model.stop_training:
            return


@pytest.mark.parametrize(
    ("losses", "mode", "epoch", "status"),
    [
        ([1.0, 0.5, 0.49999, 0.1], "decrease", 3, "converged"),
        ([1.0, 0.5, 0.6, 0.1], "decrease", 3, "converged"),
        ([1.0, 0.5, 0.6, 0.59999], "absolute", 4, "converged"),
        ([0.5, 0.25, 0.125], "decrease", None, "epoch_limit"),
        ([0.0], "decrease", None, "epoch_limit"),
        ([1.0, 1.0], "absolute", 2, "converged"),
        ([1.0, NAN, 0.5], "decrease", None, "diverged"),
        ([math.inf], "decrease", None, "diverged"),
        ([], "decrease", None, "epoch_limit"),
    ],
)
def test_the_epoch_and_the_reason_are_recorded(losses, mode, epoch, status):
    callback = run(losses, mode=mode)
    assert (callback.stopped_epoch, callback.status) == (epoch, status)


@pytest.mark.parametrize("mode", ["decrease", "absolute"])
def test_a_difference_equal_to_the_threshold_counts(mode):
    assert run([1.0, 0.75], threshold=0.25, mode=mode).stopped_epoch == 2
    assert run([1.0, 0.75], threshold=0.249, mode=mode).stopped_epoch is None


def test_a_second_fit_starts_afresh():
    callback = run([1.0, 0.5, 0.5])
    feed(callback, [0.5, 0.25])
    assert (callback.stopped_epoch, callback.status) == (None, "epoch_limit")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"threshold": -1e-4}, "threshold"),
        ({"threshold": NAN}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"mode": "signed"}, "decrease, absolute"),
    ],
)
def test_a_bad_argument_is_named(arguments, said):
    with pytest.raises(ValueError, match=said):
        ConvergenceThreshold(**arguments)


def test_a_monitor_that_is_not_logged_is_answered_with_what_is():
    with pytest.raises(ValueError, match="'val_loss'.*loss"):
        run([1.0], monitor="val_loss")


def test_it_ends_a_real_fit():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    callback = ConvergenceThreshold()
    x = np.ones((8, 2), "float32")
    history = model.fit(x, x[:, :1], epochs=9, callbacks=[callback], verbose=0)
    assert callback.stopped_epoch == len(history.history["loss"]) == 2
