"""A rate is chosen by validation loss or by a target, and methods compared fairly."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.speed import TARGETS, Target
from reproduce.analysis.sweeps import (
    ORIGINAL_RATE,
    RANKED_BY,
    Ranking,
    Tenfold,
    at_edges,
    gather,
    guesses,
    spread,
    tenfold,
)
from reproduce.experiment.methods import at_rate
from reproduce.experiment.studies import RATES, SINGLE

from .runs import cut_off, diverged, run, split

INF = math.inf
ERROR = Target("loss", 0.02)


def swept(method="sgd", rate=0.001, seed=0, loss=0.5, accuracy=0.9, **changes):
    """A run at a rate.

    `reach` is the epoch of its first error of at most 0.02, or None: no such epoch.
    """
    reach = changes.pop("reach", 2)
    errors = [1.0] * (reach - 1) + [0.02] if reach else [1.0, 0.5]
    architecture = changes.pop("architecture", 1)
    test = changes.pop("test", 0.9)
    record = run(
        architecture, at_rate(method, rate), seed, **({"loss": errors} | changes)
    )
    splits = record.splits | {
        "validation": split("validation", accuracy, loss),
        "test": split("test", test),
    }
    return replace(record, splits=splits)


def line(records):
    ((curve,),) = (sweep.lines for sweep in gather(records))
    return curve


def losses(*values, method="sgd", rate=0.001):
    return [swept(method, rate, seed, loss) for seed, loss in enumerate(values)]


# Points -----------------------------------------------------------------------------


def test_the_originals_rate_is_among_those_of_the_sweep():
    assert ORIGINAL_RATE == 0.001 and ORIGINAL_RATE in RATES


def test_lines_are_methods_by_table_order_and_points_rates_in_ascending_order():
    methods = ("keras:Lion", "adam", 'adam {"beta_2": 0.99}', "sgd")
    records = [
        swept(method, rate, seed, architecture=a)
        for a in (4, 1)
        for method in methods
        for rate in (0.1, 0.001, 0.01)
        for seed in (1, 0)
    ]
    first, second = gather(records)
    assert (first.architecture, second.architecture) == (1, 4)
    assert [curve.method for curve in first.lines] == [
        "sgd",
        "adam",
        'adam {"beta_2": 0.99}',
        "keras:Lion",
    ]
    for curve in (*first.lines, *second.lines):
        assert [point.rate for point in curve.points] == [0.001, 0.01, 0.1]
        assert [[r.cell.seed for r in p.runs] for p in curve.points] == [[0, 1]] * 3
    assert {r.cell.architecture for p in second.lines[0].points for r in p.runs} == {4}


def test_a_run_without_a_rate_of_its_own_is_on_no_line():
    assert gather([run(1, "sgd")]) == ()


def test_a_point_has_the_medians_of_its_runs():
    records = [
        swept(seed=0, loss=0.1, accuracy=0.5, reach=9),
        swept(seed=1, loss=0.2, accuracy=0.9, reach=3),
        swept(seed=2, loss=0.9, accuracy=0.8, reach=4),
    ]
    (point,) = line(records).points
    assert point.loss == 0.2
    assert point.accuracy == pytest.approx(0.8)
    assert point.epochs_to(ERROR) == 4


def test_epochs_to_each_target_are_medians_and_infinite_where_half_never_arrive():
    history = {
        "loss": [0.05, 0.03, 0.02, 0.01],
        "validation_accuracy": [0.0, 0.95, 0.96, 0.97],
    }
    arrives = [replace(swept(seed=s), history=history) for s in (0, 1)]
    (point,) = line(arrives).points
    assert [point.epochs_to(target) for target in TARGETS] == [1, 3, 4, 2, 4]
    never = [swept(seed=s, reach=None) for s in (2, 3)]
    (point,) = line([*arrives, never[0]]).points
    assert point.epochs_to(ERROR) == 3
    (point,) = line([*arrives, *never]).points
    assert point.epochs_to(ERROR) == INF


def test_a_diverged_run_counts_as_infinite_loss_and_no_accuracy():
    lost = [diverged(swept(seed=s)) for s in (1, 2)]
    (point,) = line([swept(loss=0.3), lost[0]]).points
    assert point.loss == INF and point.accuracy == pytest.approx(0.45, abs=1e-3)
    (point,) = line([swept(loss=0.3), *lost]).points
    assert point.loss == INF and point.accuracy == 0
    (point,) = line([swept(loss=None, accuracy=0.9)]).points
    assert point.loss == INF and point.accuracy == pytest.approx(0.9, abs=1e-3)


def test_runs_are_counted_by_how_they_end():
    records = [swept(seed=0), swept(seed=1), cut_off(swept(seed=2))]
    records += [diverged(swept(seed=3)), replace(swept(seed=4), ending="rose")]
    (point,) = line(records).points
    assert point.endings == {
        "threshold": 2,
        "rose": 1,
        "epoch_limit": 1,
        "diverged": 1,
    }


def test_a_run_rises_whose_error_is_higher_than_the_epoch_before():
    shapes = ([1.0, 0.5, 0.6, 0.1], [1.0, 0.5, 0.5], [1.0, 0.9, 1.0, 1.1], [])
    records = [
        replace(swept(seed=s), history={"loss": shape})
        for s, shape in enumerate(shapes)
    ]
    (point,) = line(records).points
    assert point.rising == 2


def test_better_than_guessing_is_three_standard_errors_above_the_largest_share():
    bound = 0.2 + 3 * math.sqrt(0.2 * 0.8 / 3795)  # five digits, as many of each
    right = math.floor(bound * 3795)
    assert guesses(swept(accuracy=right / 3795))
    assert not guesses(swept(accuracy=(right + 1) / 3795))
    assert guesses(swept(accuracy=0.0))
    assert not guesses(diverged(swept(accuracy=0.2)))


def test_the_share_to_beat_is_that_of_the_most_frequent_digit():
    record = swept(accuracy=0.5)
    validation = record.splits["validation"]
    confusion = [[0] * 10 for _ in range(10)]
    confusion[0][0], confusion[1][1] = 500, 500
    splits = record.splits | {"validation": validation | {"confusion": confusion}}
    assert guesses(replace(record, splits=splits))
    assert not guesses(record)
    confusion[1][1] = 0  # one digit: its share, 1, is the bound itself
    splits["validation"]["accuracy"] = 1.0
    assert guesses(replace(record, splits=splits))


def test_a_point_is_guessing_where_more_than_half_of_its_runs_are():
    bad = [swept(seed=s, accuracy=0.2) for s in (0, 1)]
    good = [swept(seed=s, accuracy=0.9) for s in (2, 3)]
    (point,) = line([*bad, *good[:1]]).points
    assert point.guessing == 2 and point.is_guessing
    (point,) = line([*bad, *good]).points
    assert point.guessing == 2 and not point.is_guessing


# The best rate ----------------------------------------------------------------------


def test_the_best_rate_has_the_lowest_median_validation_loss():
    records = losses(0.1, 0.5, 0.5, rate=0.001)  # the lowest single loss and mean
    records += losses(0.4, 0.4, 2.0, rate=0.01) + losses(0.6, 0.6, 0.6, rate=0.1)
    assert line(records).best.rate == 0.01


def test_a_diverged_run_counts_against_its_rate():
    records = losses(0.4, 0.4, rate=0.001) + losses(0.1, 0.1, rate=0.01)
    assert line(records).best.rate == 0.01
    records[-1] = diverged(records[-1])
    assert line(records).best.rate == 0.001


@pytest.mark.parametrize("order", [(0.01, 0.001, 0.1), (0.1, 0.001, 0.01)])
def test_of_rates_as_good_the_lower_one_is_best(order):
    records = [swept(rate=rate, loss=0.3, reach=4) for rate in order]
    records.append(swept(rate=1e-4, loss=0.4, reach=5))
    assert line(records).best.rate == 0.001
    assert line(records).soonest(ERROR).rate == 0.001


def test_neither_accuracy_nor_test_images_have_a_say():
    records = [
        swept(rate=0.001, loss=0.3, accuracy=0.8, test=0.1),
        swept(rate=0.01, loss=0.4, accuracy=0.9, test=1.0),
    ]
    assert line(records).best.rate == 0.001


@pytest.mark.parametrize(
    ("best", "at_edge"), [(0.001, True), (0.01, False), (0.1, True)]
)
def test_the_lowest_and_the_highest_rate_are_the_edges(best, at_edge):
    records = [
        swept(rate=rate, loss=0.1 if rate == best else 0.5)
        for rate in (0.001, 0.01, 0.1)
    ]
    assert line(records).at_edge == at_edge


def test_the_best_rate_for_a_target_is_the_one_with_the_soonest_median():
    records = [swept(rate=0.01, seed=s, reach=r) for s, r in enumerate((5, 5, 30))]
    records += [swept(rate=0.1, seed=s, reach=r) for s, r in enumerate((1, 6, 6))]
    point = line(records).soonest(ERROR)
    assert point.rate == 0.01 and point.epochs_to(ERROR) == 5
    assert line(records).soonest(Target("loss", 1.0)).rate == 0.01


def test_methods_are_named_whose_fewest_epochs_are_at_an_edge_of_the_rates():
    records = [
        swept(method, rate, reach=reach, architecture=a)
        for a, method, reaches in (
            (1, "sgd", (9, 5, 9)),
            (2, "sgd", (9, 9, 5)),
            (1, "adam", (5, 5, 9)),  # the lower of two as good
            (3, "adam", (5, 6, 9)),
            (1, "nag", (None, None, None)),
            (1, "batch_gd", (5, 9, 9)),
        )
        for rate, reach in zip((0.001, 0.01, 0.1), reaches, strict=True)
    ]
    assert at_edges(gather(records)) == {"sgd": [2], "adam": [1, 3]}


def test_momentum_is_held_against_sgd_at_ten_times_its_rate():
    records = [
        swept(method, rate, seed, reach=reach)
        for method, rate, seed, reach in (
            ("sgd", 0.03, 0, 10),
            ("sgd", 0.3, 0, 20),
            ("sgd", 0.01, 1, 10),
            ("sgd", 0.1, 1, None),
            ("momentum", 0.003, 0, 11),
            ("momentum", 0.03, 0, 40),
            ("momentum", 0.001, 1, 5),
            ("momentum", 0.01, 1, 5),  # SGD never gets there
            ("momentum", 0.1, 0, 5),  # no run of SGD at 1
            ("nag", 0.003, 0, 1),
        )
    ]
    assert tenfold(gather(records)) == Tenfold(1.1, 1, 3)
    assert tenfold(gather(records[:4])) is None


def test_a_target_that_no_rate_reaches_has_no_best_rate():
    curve = line([swept(rate=rate, reach=None) for rate in (0.001, 0.01)])
    assert curve.soonest(ERROR) is None


def test_the_originals_rate_is_shown_where_it_was_tried():
    curve = line([swept(rate=rate) for rate in (1e-4, 0.001, 0.01)])
    assert curve.at_original_rate.rate == 0.001
    assert line([swept(rate=0.01)]).at_original_rate is None


# Comparisons ------------------------------------------------------------------------

AT_ORIGINAL = {
    "sgd": (0.8, 0.90, 20),
    "momentum": (0.2, 0.95, 8),
    "nag": (0.4, 0.94, 9),
    "adagrad": (0.9, 0.80, None),
    "rmsprop": (0.3, 0.96, None),
    "adam": (0.1, 0.97, 6),
}  # validation loss, validation accuracy, epochs to error 0.02
AT_BEST = {
    "sgd": (0.05, 0.96, 7),
    "momentum": (0.06, 0.95, 8),
    "nag": (0.07, 0.94, 9),
    "adagrad": (0.08, 0.93, 4),
    "rmsprop": (0.09, 0.97, 5),
    "adam": (0.10, 0.98, 6),
}


def six(**changes):
    """Two rates of every method; `changes` replace what one has at its best."""
    return [
        swept(method, rate, 0, loss, accuracy, reach=reach)
        for rate, table in ((0.001, AT_ORIGINAL), (0.01, AT_BEST | changes))
        for method, (loss, accuracy, reach) in table.items()
    ]


def comparison(records):
    (sweep,) = gather(records)
    return sweep.comparison


def test_methods_are_ranked_at_the_originals_rate_and_at_their_best():
    result = comparison(six())
    assert list(result.loss.at_original_rate) == [
        "adam", "momentum", "rmsprop", "nag", "sgd", "adagrad",
    ]  # fmt: skip
    assert list(result.loss.at_best_rate) == [
        "sgd", "momentum", "nag", "adagrad", "rmsprop", "adam",
    ]  # fmt: skip
    assert list(result.accuracy.at_original_rate) == [
        "adam", "rmsprop", "momentum", "nag", "sgd", "adagrad",
    ]  # fmt: skip
    # Adam's loss is as low at both rates: the lower one is its best.
    assert result.accuracy.at_best_rate["adam"] == pytest.approx(0.97, abs=1e-3)
    assert list(result.epochs.at_original_rate.items()) == [
        ("adam", 6),
        ("momentum", 8),
        ("nag", 9),
        ("sgd", 20),
        ("adagrad", INF),
        ("rmsprop", INF),
    ]
    assert list(result.epochs.at_best_rate.items()) == [
        ("adagrad", 4),
        ("rmsprop", 5),
        ("adam", 6),
        ("sgd", 7),
        ("momentum", 8),
        ("nag", 9),
    ]


def test_epochs_are_compared_at_the_rate_that_is_best_for_them():
    assert RANKED_BY == ERROR
    result = comparison(six(sgd=(0.9, 0.5, 3)))  # its loss is lower at 0.001
    assert result.epochs.at_best_rate["sgd"] == 3
    assert result.loss.at_best_rate["sgd"] == 0.8
    assert result.accuracy.at_best_rate["sgd"] == pytest.approx(0.90, abs=1e-3)


def test_a_method_that_no_rate_brings_to_the_target_is_last():
    result = comparison(six(adagrad=(0.08, 0.93, None)))
    assert list(result.epochs.at_best_rate)[-1] == "adagrad"
    assert result.epochs.at_best_rate["adagrad"] == INF


def test_the_spread_is_the_largest_loss_over_the_smallest():
    result = comparison(six())
    assert result.loss.spread_at_original_rate == pytest.approx(9)
    assert result.loss.spread_at_best_rate == pytest.approx(2)
    assert spread([0.0, 1.0]) is None and spread([INF, INF]) is None
    assert spread([0.5, INF]) == INF


def ranking(at_original, at_best):
    methods = "abcdef"[: len(at_original)]
    return Ranking(
        dict(zip(methods, at_original, strict=True)),
        dict(sorted(zip(methods, at_best, strict=True), key=lambda item: item[1])),
    )


def test_tau_says_whether_tuning_leaves_the_order_of_methods():
    assert ranking([1, 2, 3], [10, 20, 30]).tau == pytest.approx(1)
    assert ranking([1, 2, 3], [30, 20, 10]).tau == pytest.approx(-1)
    assert ranking([1, 2, 3], [10, 30, 20]).tau == pytest.approx(1 / 3)


def test_methods_that_never_arrive_are_equals_in_tau():
    assert ranking([1, 2, INF, INF], [1, 2, INF, INF]).tau == pytest.approx(1)
    assert ranking([1, 2, INF, INF], [1, 2, 3, 4]).tau == pytest.approx(5 / 30**0.5)
    assert ranking([INF] * 3, [1, 2, 3]).tau is None


def test_batch_gd_and_other_optimizers_have_no_part_in_the_comparison():
    extras = [
        swept(method, rate, 0, loss=1e-3, accuracy=1.0, reach=1)
        for rate in (0.001, 0.01)
        for method in ("batch_gd", "keras:Lion", 'adam {"beta_2": 0.99}')
    ]
    assert comparison([*extras, *six()]) == comparison(six())


@pytest.mark.parametrize("method", SINGLE)
def test_without_one_of_the_six_methods_there_is_no_comparison(method):
    records = [r for r in six() if not r.cell.method.startswith(f"{method} ")]
    assert comparison(records) is None


def test_methods_with_other_rates_or_fewer_runs_are_not_compared():
    assert comparison(six()) is not None
    assert comparison(six()[1:]) is None
    assert comparison([*six(), swept("sgd", 0.01, 1)]) is None
    assert comparison([*six(), swept("sgd", 0.1)]) is None
    elsewhere = [r for r in six() if r.cell.method != at_rate("sgd", 0.01)]
    assert comparison([*elsewhere, swept("sgd", 0.1)]) is None


def test_without_the_originals_rate_there_is_no_comparison():
    records = [r for r in six() if '"learning_rate": 0.01' in r.cell.method]
    assert len(records) == 6 and comparison(records) is None


def test_a_sweep_is_fair_if_all_but_batch_gd_have_the_same_rates_and_runs():
    (sweep,) = gather([*six(), swept("batch_gd", 1.0)])
    assert sweep.is_fair
    (sweep,) = gather([*six(), swept("keras:Lion", 0.001)])
    assert not sweep.is_fair and sweep.comparison is not None
