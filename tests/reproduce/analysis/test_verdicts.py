"""A number of the original agrees, is close, differs, or the runs cannot tell."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.tests import accuracy_interval, epochs_interval
from reproduce.analysis.verdicts import (
    ACCURACY_LIMIT,
    AGREES,
    CANNOT_TELL,
    CLOSE,
    DIFFERS,
    NOT_JUDGED,
    SLACK,
    Verdict,
    changed_settings,
    count,
    judge,
    missed,
    sensitivity,
)
from reproduce.experiment.protocol import Protocol
from reproduce.original import RESULTS

from .runs import cut_off, diverged, run

SGD_1 = RESULTS[1, "sgd"]  # 153 epochs, training 0.9987, validation 0.9568


def verdict(records, quantity="epochs", architecture=1, method="sgd"):
    (result,) = (v for v in judge(records) if v.key == (architecture, method, quantity))
    return result


def epochs(*numbers, **changes):
    return [run(seed=i, epochs=n, **changes) for i, n in enumerate(numbers)]


def test_every_number_of_the_35_cells_has_a_verdict_in_table_order():
    verdicts = judge([])
    assert len(verdicts) == 105
    assert [v.key for v in verdicts[:4]] == [
        (1, "sgd", "epochs"),
        (1, "sgd", "train"),
        (1, "sgd", "validation"),
        (1, "batch_gd", "epochs"),
    ]
    assert {v.label for v in verdicts} == {NOT_JUDGED}
    reasons = [v.reason for v in verdicts]
    assert reasons.count("illegible") == 6 and reasons.count("no runs") == 99


@pytest.mark.parametrize(
    ("numbers", "label"),
    [
        ((150, 155, 158), AGREES),  # inside, within 15 %
        ((140, 141, 142), CLOSE),  # outside, within 15 %
        ((60, 120, 240), CANNOT_TELL),  # inside, beyond 15 %
        ((100, 101, 102), DIFFERS),  # outside, beyond 15 %
    ],
)
def test_a_label_follows_from_interval_and_limit(numbers, label):
    assert verdict(epochs(*numbers)).label == label


@pytest.mark.parametrize(
    ("numbers", "label"),
    [
        ((130.05, 130.05, 130.05), CLOSE),  # 153 less 15 %, exactly at the limit
        ((130.04, 130.04, 130.04), DIFFERS),
        ((175.95, 175.95, 175.95), CLOSE),
        ((175.96, 175.96, 175.96), DIFFERS),
    ],
)
def test_the_limit_of_effect_is_15_percent_of_the_originals_epochs(numbers, label):
    records = [replace(run(seed=i), epochs=n) for i, n in enumerate(numbers)]
    assert verdict(records).label == label


@pytest.mark.parametrize(
    ("right", "label"),
    [(3594, CLOSE), (3593, DIFFERS), (3631, AGREES)],  # 0.9468, 0.9467 and 0.9568
)
def test_the_limit_of_effect_is_a_percentage_point_of_accuracy(right, label):
    # 0.9568 printed: 0.0098 and 0.0101 below it.
    accuracy = right / 3795
    records = [run(seed=i, validation=accuracy) for i in range(3)]
    assert verdict(records, "validation").label == label


def test_the_interval_is_where_one_more_run_would_print_its_number():
    result = verdict(epochs(150, 155, 158))
    assert (result.low, result.high) == epochs_interval([150, 155, 158])
    assert result.limit == 0.15 * 153
    records = [run(seed=i, validation=0.95 + i / 1000) for i in range(3)]
    result = verdict(records, "validation")
    # Printed as 0.9568: half of the last digit is 0.00005.
    assert (result.low, result.high) == accuracy_interval(result.values, 3795, 0.00005)
    assert result.limit == 0.01
    result = verdict(records, "train", 3, "nag")
    assert result.original == 1.0 and result.values == ()
    assert verdict([], "epochs", 4, "adam").limit == 0


def judged(original, values, low, high, limit=ACCURACY_LIMIT):
    """Counts at the limit itself, and whether the number is outside its interval."""
    result = Verdict(1, "sgd", "train", "sgd", original, values, low, high, limit, "")
    (label,) = (k for k, n in sensitivity([result])[1.0].items() if n)
    return label, missed([result], "train") == (1, 1)


@pytest.mark.parametrize(
    ("original", "value", "low", "high", "expected"),
    [
        (0.0, 0.0, SLACK, 1.0, (AGREES, False)),  # rounding makes no difference
        (0.0, 0.0, 2 * SLACK, 1.0, (CLOSE, True)),
        (0.0, 0.0, -1.0, -SLACK, (AGREES, False)),
        (0.0, 0.0, -1.0, -2 * SLACK, (CLOSE, True)),
        (0.0, 0.01 + SLACK, -1.0, 1.0, (AGREES, False)),
        (0.0, 0.01 + 2 * SLACK, -1.0, 1.0, (CANNOT_TELL, False)),
        (0.96, 0.95, 0.0, 1.0, (AGREES, False)),
        (0.0, 0.01 + 2 * SLACK, 0.01, 1.0, (DIFFERS, True)),
    ],
)
def test_bounds_and_limit_belong_to_what_they_bound(
    original, value, low, high, expected
):
    assert judged(original, (value,), low, high) == expected


def test_the_centre_is_the_median_and_one_far_run_moves_it_little():
    result = verdict(epochs(150, 153, 1000))
    assert result.centre == 153 and result.label == AGREES
    assert verdict([]).centre is None


def test_fewer_than_three_seeds_are_not_judged():
    result = verdict(epochs(153, 153))
    assert (result.label, result.reason) == (NOT_JUDGED, "few seeds")
    assert verdict(epochs(153, 153, 153)).label == AGREES


def test_a_run_that_did_not_end_leaves_no_interval_but_a_median():
    records = epochs(150, 153, 155)
    result = verdict([*records[:2], cut_off(records[2])])
    assert result.values[2] == math.inf
    assert (result.low, result.high, result.label) == (None, None, CLOSE)
    assert verdict([records[0], *map(cut_off, records[1:])]).label == DIFFERS


def test_a_diverged_run_has_no_accuracy():
    records = [*epochs(153, 153, 153), diverged(run(seed=3))]
    assert len(verdict(records, "validation").values) == 3
    assert math.inf in verdict(records).values


def test_intervals_stay_where_numbers_can_be():
    low = verdict(epochs(2, 30, 300)).low
    assert low > -0.5
    high = verdict([run(seed=i, train=1 - i / 5000) for i in range(3)], "train").high
    assert high <= 1.0


@pytest.mark.parametrize("architecture", [4, 5])
def test_the_mislabelled_rows_are_judged_as_the_sgd_they_are(architecture):
    records = [run(architecture, "sgd", seed, 140 + 8 * seed) for seed in range(3)]
    wrong = [run(architecture, "batch_gd", seed, 5000) for seed in range(3)]
    result = verdict([*records, *wrong], "epochs", architecture, "batch_gd")
    assert (result.judged_as, result.label) == ("sgd", AGREES)
    assert verdict([*records, *wrong], "epochs", 1, "batch_gd").judged_as == "batch_gd"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"data_sha256": "a", "num_examples": 9}, "other data"),
        ({"learning_rate": 0.01}, "other settings"),
        ({"threshold": 5e-5}, "other settings"),
        ({"batch_size": 32}, "other settings"),
        ({"subset": 100}, "subset"),
        ({"max_epochs": 152}, "cut short"),
        ({"max_epochs": 153}, ""),
        ({"patience": 2}, ""),
        ({"mode": "absolute"}, ""),
        ({"kernel_initializer": "glorot_uniform"}, ""),
        ({"num_classes": 5}, ""),
    ],
)
def test_runs_that_are_no_rerun_are_not_judged(changes, reason):
    protocol = replace(Protocol(), **changes)
    result = verdict(epochs(153, 153, 153, protocol=protocol))
    assert result.reason == reason
    assert (result.label == NOT_JUDGED) == bool(reason)


def test_the_changed_settings_are_named():
    protocol = Protocol(learning_rate=0.5, patience=3, batch_size=8)
    assert changed_settings(protocol) == ["learning_rate", "batch_size"]


def test_labels_are_counted_at_narrower_and_wider_limits():
    verdicts = judge(epochs(140, 141, 142))  # 12 apart: 0.52 of the limit of 22.95
    counted = sensitivity([v for v in verdicts if v.key == (1, "sgd", "epochs")])
    assert list(counted) == [0.25, 0.5, 1.0, 2.0]
    assert [counted[f][CLOSE] for f in counted] == [0, 0, 1, 1]
    assert [counted[f][DIFFERS] for f in counted] == [1, 1, 0, 0]
    verdicts = judge(epochs(60, 120, 240))  # 33 apart: 1.44 of the limit
    counted = sensitivity([v for v in verdicts if v.key == (1, "sgd", "epochs")])
    assert [counted[f][CANNOT_TELL] for f in counted] == [1, 1, 1, 0]
    assert [counted[f][AGREES] for f in counted] == [0, 0, 0, 1]
    assert count([AGREES, AGREES, DIFFERS, NOT_JUDGED]) == {
        AGREES: 2,
        CLOSE: 0,
        CANNOT_TELL: 0,
        DIFFERS: 1,
    }


def test_numbers_outside_their_interval_are_counted():
    assert missed(judge(epochs(140, 141, 142)), "epochs") == (1, 1)
    assert missed(judge(epochs(150, 155, 158)), "epochs") == (0, 1)
    assert missed(judge(epochs(150, 155)), "epochs") == (0, 0)
