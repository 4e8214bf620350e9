"""Time to a target is the first epoch that meets it, and a miss is infinite."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.speed import (
    RATIOS,
    TARGETS,
    UNITS,
    Target,
    chances_to_win,
    dips,
    effort,
    medians,
    performance_profile,
    times,
    updates_per_epoch,
)
from reproduce.experiment.protocol import Protocol

from .runs import run

INF = math.inf
ERROR = Target("loss", 0.05)
RIGHT = Target("validation_accuracy", 0.95)


def test_the_targets_are_three_errors_and_two_accuracies():
    assert [(t.quantity, t.value) for t in TARGETS] == [
        ("loss", 0.05),
        ("loss", 0.02),
        ("loss", 0.01),
        ("validation_accuracy", 0.95),
        ("validation_accuracy", 0.97),
    ]


@pytest.mark.parametrize(
    ("errors", "epoch"),
    [
        ([1.0, 0.05, 0.01], 2),
        ([1.0, 0.0501, 0.01], 3),
        ([0.01, 1.0], 1),
        ([1.0, 0.06], INF),
        ([], INF),
    ],
)
def test_an_error_is_reached_at_most_at_its_value(errors, epoch):
    assert ERROR.reached(run(loss=errors)) == epoch


@pytest.mark.parametrize(
    ("accuracies", "epoch"),
    [
        ([0.9, 0.95, 0.9], 2),
        ([0.9, 0.9499, 0.96], 3),
        ([None, 0.99], 2),
        ([0.9, None], INF),
    ],
)
def test_an_accuracy_is_reached_at_least_at_its_value(accuracies, epoch):
    record = run(loss=[1.0] * len(accuracies), along=accuracies)
    assert RIGHT.reached(record) == epoch


def test_efforts_count_epochs_updates_gradients_and_seconds():
    sgd, full = run(epochs=10), run(method="batch_gd", epochs=10)
    batch = run(method="adagrad", epochs=10, protocol=Protocol(batch_size=32))
    assert [updates_per_epoch(r) for r in (sgd, full, batch)] == [11_385, 1, 356]
    efforts = {"epochs": 3, "updates": 3 * 11_385, "gradients": 3 * 11_385}
    efforts["seconds"] = pytest.approx(0.3)
    assert {unit: effort(sgd, 3, unit) for unit in UNITS} == efforts
    assert effort(full, 3, "updates") == 3
    assert effort(full, 3, "gradients") == 3 * 11_385
    slow = replace(sgd, seconds={"setup": 1.0, "training": 9.0, "cpu": 5.0})
    assert effort(slow, 3, "seconds") == pytest.approx(1.5)
    assert effort(sgd, INF, "seconds") == INF


def test_half_the_runs_must_arrive_for_a_finite_median():
    never = [0.5, 0.4]
    runs = [
        run(seed=0, loss=[0.5, 0.04]),
        run(seed=1, loss=[0.04]),
        run(seed=2, loss=never),
    ]
    assert times(runs, ERROR) == {(1, "sgd"): [2, 1, INF]}
    assert medians(runs, ERROR) == {(1, "sgd"): 2}
    assert times(runs, ERROR, "updates") == {(1, "sgd"): [2 * 11_385, 11_385, INF]}
    assert medians(runs, ERROR, "updates") == {(1, "sgd"): 2 * 11_385}
    runs.append(run(seed=3, loss=never))
    assert medians(runs, ERROR) == {(1, "sgd"): INF}


def test_a_profile_is_the_share_of_architectures_within_a_ratio_of_the_fastest():
    profile = performance_profile(
        {
            (1, "sgd"): 10, (1, "adam"): 5,
            (2, "sgd"): 4, (2, "adam"): INF,
            (3, "sgd"): INF, (3, "adam"): INF,
        },
        ratios=(1.0, 1.99, 2.0, 100.0),
    )  # fmt: skip
    assert profile["sgd"] == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])
    assert profile["adam"] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1 / 3])


def test_the_ratios_double_in_four_steps_from_1_to_16():
    assert RATIOS[0] == 1 and RATIOS[-1] == 16
    assert [b / a for a, b in zip(RATIOS, RATIOS[4:], strict=False)] == pytest.approx(
        [2] * 13
    )


def test_a_method_that_was_not_run_is_within_no_ratio_and_rounding_makes_none():
    profile = performance_profile(
        {
            (1, "sgd"): 1 + 1e-9,
            (1, "adam"): 1.0,
            (2, "adam"): 1 + 2e-9,
            (2, "nag"): 1.0,
        },
        ratios=(1.0,),
    )
    assert profile == {"sgd": [0.5], "adam": [0.5], "nag": [0.5]}


def test_the_chance_to_win_is_a_mean_over_architectures():
    chances = chances_to_win(
        {
            (1, "sgd"): [1, 2], (1, "adam"): [3, 4],
            (2, "sgd"): [INF, INF], (2, "adam"): [INF, 5],
            (3, "sgd"): [1],
        }
    )  # fmt: skip
    assert chances["sgd", "adam"] == pytest.approx((1.0 + 0.25) / 2)
    assert chances["adam", "sgd"] == pytest.approx(1 - chances["sgd", "adam"])
    assert set(chances) == {("sgd", "adam"), ("adam", "sgd")}


def test_the_stopping_rule_cannot_make_a_run_arrive():
    long = run(loss=[0.5, 0.2, 0.01])
    assert ERROR.reached(long) == 3
    assert ERROR.reached(replace(long, history={"loss": [0.5, 0.2]})) == INF
    assert Target("evaluated_loss", 0.05).reached(long) == INF


@pytest.mark.parametrize(
    ("loss", "number"),
    [
        ([1.0, 0.5, 0.4], 0),
        ([1.0, 0.5, 0.6], 0),  # the end
        ([1.0, 0.5, 0.7, 0.5], 0),  # no better than before
        ([1.0, 0.5, 0.7, 0.6, 0.4], 1),
        ([1.0, 1.5, 0.9, 1.2, 0.8], 2),
        ([], 0),
    ],
)
def test_a_dip_is_a_rise_after_which_the_error_falls_below_all_before(loss, number):
    assert dips(run(loss=loss)) == number
