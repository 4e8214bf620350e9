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
    ("losses", "epoch", "ending"),
    [
        ([1.0, 0.5, 0.49999, 0.1], 3, "threshold"),
        ([1.0, 0.5, 0.6, 0.1], 3, "rose"),
        ([0.5, 0.25, 0.125], None, "epoch_limit"),
        ([], None, "epoch_limit"),
        ([1.0, NAN, 0.5], None, "diverged"),
    ],
)
def test_the_epoch_and_the_ending_are_recorded(losses, epoch, ending):
    callback = run(losses)
    assert (callback.stopped_epoch, callback.ending) == (epoch, ending)


def test_its_arguments_reach_the_rule():
    losses = [1.0, 0.5, 0.6, 0.55, 0.54]
    assert run(losses, mode="absolute", threshold=0.1).stopped_epoch == 3
    assert run(losses, patience=2).stopped_epoch == 4
    assert run(losses, patience=3).stopped_epoch == 5
    assert run(losses, threshold=0.5).stopped_epoch == 2


def test_it_goes_on_from_the_epochs_before_a_checkpoint():
    losses = [1.0, 0.5, 0.6, 0.55]
    assert run(losses[3:], patience=2, past=losses[:3]).ending == "rose"
    assert run(losses[3:], patience=2).ending == "epoch_limit"


def test_a_second_fit_starts_afresh():
    callback = run([1.0, 0.5, 0.5])
    feed(callback, [0.5, 0.25])
    assert (callback.stopped_epoch, callback.ending) == (None, "epoch_limit")


def test_a_bad_argument_is_named_at_once():
    with pytest.raises(ValueError, match="decrease, absolute"):
        ConvergenceThreshold(mode="signed")


def test_a_monitor_that_is_not_logged_is_answered_with_what_is():
    with pytest.raises(ValueError, match="'val_loss'.*loss"):
        run([1.0], monitor="val_loss")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("patience", [0, 2])
def test_it_ends_a_real_fit_where_keras_early_stopping_does(seed, patience):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(64, 4)).astype("float32")
    y = (x @ rng.normal(size=(4, 1)) + rng.normal(size=(64, 1))).astype("float32")

    def epochs(callback):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.3), "mse")
        history = model.fit(
            x, y, batch_size=8, epochs=60, callbacks=[callback], verbose=0
        )
        return len(history.history["loss"])

    ours = ConvergenceThreshold(1e-3, patience=patience)
    keras_own = keras.callbacks.EarlyStopping("loss", min_delta=1e-3, patience=patience)
    assert epochs(ours) == epochs(keras_own) == ours.stopped_epoch
