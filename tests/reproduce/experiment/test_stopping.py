"""A run ends where the criterion says, which is where Keras's EarlyStopping ends it."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from reproduce.experiment.stopping import StoppingRule, find_stop

NAN = math.nan


@pytest.mark.parametrize(
    ("errors", "mode", "stop"),
    [
        ([1.0, 0.5, 0.49999, 0.1], "decrease", (3, "threshold")),
        ([1.0, 0.5, 0.5, 0.1], "decrease", (3, "threshold")),
        ([1.0, 0.5, 0.50001, 0.1], "decrease", (3, "rose")),
        ([1.0, 0.5, 0.6, 0.59999], "absolute", (4, "threshold")),
        ([1.0, 1.0], "absolute", (2, "threshold")),
        ([0.5, 0.50001], "absolute", (2, "threshold")),
        ([0.5, 0.25, 0.125], "decrease", None),
        ([0.0], "decrease", None),
        ([0.0], "absolute", None),
        ([], "decrease", None),
        ([1.0, NAN, 0.5], "decrease", (2, "diverged")),
        ([math.inf], "absolute", (1, "diverged")),
    ],
)
def test_the_first_epoch_that_meets_the_criterion_ends_the_run(errors, mode, stop):
    assert find_stop(errors, 1e-4, mode) == stop


def test_the_criterion_is_the_originals_unless_said_otherwise():
    rule = StoppingRule()
    assert (rule.threshold, rule.mode, rule.patience) == (1e-4, "decrease", 0)
    assert find_stop([1.0, 0.5, 0.6], 1e-4) == (3, "rose")
    assert StoppingRule(threshold=0).threshold == 0


@pytest.mark.parametrize("mode", ["decrease", "absolute"])
def test_a_difference_equal_to_the_threshold_counts(mode):
    assert find_stop([1.0, 0.75], 0.25, mode) == (2, "threshold")
    assert find_stop([1.0, 0.75], 0.249, mode) is None


@pytest.mark.parametrize(
    ("errors", "patience", "stop"),
    [
        ([1.0, 0.5, 0.6, 0.4, 0.6, 0.6], 1, (3, "rose")),
        ([1.0, 0.5, 0.6, 0.4, 0.6, 0.6], 2, (6, "rose")),
        ([1.0, 0.5, 0.6, 0.5, 0.5], 2, (4, "threshold")),
        ([1.0, 0.5, 0.6, 0.6, 0.6], 3, (5, "rose")),
        ([1.0, 0.5, 0.6], 2, None),
    ],
)
def test_patience_counts_epochs_in_a_row(errors, patience, stop):
    assert find_stop(errors, 1e-4, "decrease", patience) == stop


def test_with_patience_an_error_is_compared_with_the_best_before_it():
    # Each is lower than the one before by 0.5, and none betters the best by 1.
    assert find_stop([5.0, 9.0, 8.5, 8.0], 1.0, "decrease", 3) == (4, "rose")


def test_absolute_differences_are_of_successive_epochs():
    errors = [1.0, 0.5, 0.505, 0.8, 0.805, 0.81]
    assert find_stop(errors, 0.01, "absolute", 2) == (6, "threshold")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"threshold": -1e-4}, "threshold"),
        ({"threshold": NAN}, "threshold"),
        ({"threshold": math.inf}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"mode": "signed"}, "decrease, absolute"),
        ({"patience": -1}, "patience"),
        ({"patience": 1.5}, "patience"),
        ({"patience": True}, "patience"),
    ],
)
def test_a_bad_argument_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        StoppingRule(**arguments)


def early_stopping(errors, threshold, patience):
    """The epoch (from 1) at which Keras's own callback ends, or None."""
    import keras  # takes seconds, which `make mutate` has no use for

    callback = keras.callbacks.EarlyStopping(
        monitor="loss", mode="min", min_delta=threshold, patience=patience
    )
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    for epoch, error in enumerate(errors):
        callback.on_epoch_end(epoch, {"loss": error})
        if callback.model.stop_training:
            return epoch + 1
    return None


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 5])
def test_it_is_keras_early_stopping_on_a_thousand_random_runs(patience):
    rng = np.random.default_rng(patience)
    stops = []
    for _ in range(1000):
        threshold = float(rng.choice([0.0, 1e-4, 0.03125, 0.25]))
        # Steps of 1/32 make ties and equal differences common.
        steps = rng.integers(-16, 24, rng.integers(1, 40)) / 32
        scale = float(rng.choice([1.0, 1e-3]))
        errors = [float(x) for x in scale * np.abs(4 - np.cumsum(steps))]
        stop = find_stop(errors, threshold, "decrease", patience)
        assert (stop and stop[0]) == early_stopping(errors, threshold, patience)
        stops.append(stop)
    assert {stop and stop[1] for stop in stops} == {None, "threshold", "rose"}
