"""The checks of the original find what can be seen in it by hand."""

import pytest

from reproduce.analysis import consistency as subject
from reproduce.analysis.consistency import Check, check, possible_counts
from reproduce.original import AXIS_TICKS, CONFUSION, RESULTS, SUMMARIES

from .runs import run


def checked(key, records=()):
    (result,) = (c for c in check(records) if c.key == key)
    return result


def test_the_original_by_itself_fails_four_checks_and_passes_two():
    accuracy = {"train": 11309 / 11385, "validation": 3701 / 3795, "test": 3698 / 3795}
    printed = {"train": 0.9933, "validation": 0.9752, "test": 0.9744}
    steps = {"train": 356, "validation": 119, "test": 119}  # of 32, rounded up
    assert check() == [
        Check(
            "outputs",
            "1.4, 1.5",
            False,
            {
                "stated": 10,
                "other": {4: (5, 574_725, 575_050), 5: (5, 576_645, 576_810)},
            },
        ),
        Check(
            "accuracies-possible",
            "1.5",
            False,
            {
                "printed": 66,
                "odd": [
                    (4, "batch_gd", "validation", 0.9277),
                    (4, "rmsprop", "validation", 0.9836),
                    (5, "sgd", "validation", 0.9256),
                    (5, "batch_gd", "validation", 0.9251),
                    (5, "adagrad", "validation", 0.9264),
                ],
                "architectures": [4, 5],
                "possible_if_cut": 5,
                "others_impossible_if_cut": 10,
            },
        ),
        Check(
            "full-batch",
            "1.5.4, 1.5.5",
            False,
            {
                "fewest_updates": 5005,
                "best_accuracy": 0.7053,
                "odd": [(4, 153, 0.9999), (5, 143, 0.9997)],
                "ours": [],
                "sgd": [],
            },
        ),
        Check("axis-ticks", "1.5.3 to 1.5.5", None, {"plots": []}),
        Check(
            "prediction-steps",
            "1.7",
            True,
            {"printed": steps, "expected": steps, "batch": 32},
        ),
        Check(
            "row-sums",
            "1.7",
            False,
            {
                "rows": {"train": [2277], "validation": [759], "test": [759]},
                "columns": {
                    "train": [2257, 2259, 2279, 2288, 2302],
                    "validation": [738, 755, 759, 766, 777],
                    "test": [747, 749, 752, 764, 783],
                },
            },
        ),
        Check(
            "matrix-accuracies",
            "1.7",
            True,
            {"splits": {name: (accuracy[name], printed[name]) for name in printed}},
        ),
        Check("filled-in", "1.7", None, {"cells": [("validation", 2, 3, 4)]}),
        Check(
            "images-per-digit",
            "1.7",
            None,
            {"each": 3795, "kaggle": True, "mnist": True},
        ),
    ]


# Had the original printed something else --------------------------------------------


def test_summaries_of_ten_outputs_would_pass(monkeypatch):
    sound = {number: SUMMARIES[number] for number in (1, 2, 3)}
    monkeypatch.setattr(subject, "SUMMARIES", sound)
    assert checked("outputs") == Check(
        "outputs", "1.4, 1.5", True, {"stated": 10, "other": {}}
    )


def test_possible_accuracies_and_known_rows_would_pass(monkeypatch):
    sound = {key: row for key, row in RESULTS.items() if row.architecture < 4}
    monkeypatch.setattr(subject, "RESULTS", sound)
    monkeypatch.setattr(subject, "AXIS_TICKS", ())
    assert checked("accuracies-possible").passes and checked("full-batch").passes


def test_other_progress_bars_would_not_pass(monkeypatch):
    monkeypatch.setattr(subject, "PREDICTION_BATCH", 64)
    assert not checked("prediction-steps").passes


def with_split(monkeypatch, name, **changes):
    splits = CONFUSION["splits"]
    variant = splits | {name: splits[name] | changes}
    monkeypatch.setattr(subject, "SPLITS", variant)


def test_one_matrix_of_predicted_labels_in_its_rows_would_pass(monkeypatch):
    matrix = CONFUSION["splits"]["test"]["matrix"]
    with_split(monkeypatch, "test", matrix=list(zip(*matrix, strict=True)))
    assert checked("row-sums").passes


@pytest.mark.parametrize(
    ("accuracy", "passes"), [(0.97444, True), (0.97446, False), (0.97434, False)]
)
def test_accuracies_are_compared_as_printed(accuracy, passes, monkeypatch):
    with_split(monkeypatch, "test", accuracy=accuracy)
    assert checked("matrix-accuracies").passes == passes


@pytest.mark.parametrize(
    ("constant", "fives", "matches"),
    [
        ("KAGGLE_FIVES", 3796, {"kaggle": False, "mnist": True}),
        ("MNIST_FIVES", 5420, {"kaggle": True, "mnist": False}),
    ],
)
def test_each_count_of_fives_may_be_another(constant, fives, matches, monkeypatch):
    monkeypatch.setattr(subject, constant, fives)
    assert checked("images-per-digit").found == {"each": 3795, **matches}


# Right answers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "examples", "rounded", "cut"),
    [
        (("0.5", 1), 10, [5], [5]),
        (("0.5", 1), 100, range(45, 56), range(50, 60)),
        (("0.33", 2), 3, [1], [1]),
        (("0.34", 2), 3, [], []),
        (("0.66", 2), 3, [], [2]),
        (("0.67", 2), 3, [2], []),
        (("1.0", 2), 1000, range(995, 1001), [1000]),
        (("0.3", 1), 20, [5, 6, 7], [6, 7]),  # 0.25 and 0.35 themselves; 0.4 not
    ],
)
def test_an_accuracy_is_possible_if_a_whole_number_prints_as_it(
    printed, examples, rounded, cut
):
    value, decimals = float(printed[0]), printed[1]
    assert list(possible_counts(value, decimals, examples)) == list(rounded)
    assert list(possible_counts(value, decimals, examples, cut=True)) == list(cut)


# Against our runs -------------------------------------------------------------------


def test_the_mislabelled_rows_are_held_against_our_runs():
    long = [0.5 - 0.001 * epoch for epoch in range(200)]
    records = [run(4, "batch_gd", s, loss=[x + s / 100 for x in long]) for s in (0, 1)]
    records += [run(4, "batch_gd", 2, loss=long[:153]), run(5, "batch_gd", 0, epochs=9)]
    records += [run(4, "batch_gd", 3, loss=[0.0] * 152), run(1, "batch_gd", 0)]
    records += [run(4, "sgd", s, epochs=150 + s**2) for s in range(3)]
    details = checked("full-batch", records).found
    error = long[152]
    assert details["ours"] == [(4, error, 1 - error, 3)]
    assert details["sgd"] == [(4, 151, 3)]


LOW, HIGH = 0.6 / 1.05, 0.7 / 1.05  # momentum's axis on 4 ends between 0.6 and 0.7


@pytest.mark.parametrize(
    ("first", "fits"),
    [(0.6, True), (LOW, True), (0.571, False), (HIGH, False), (0.666, True)],
)
def test_the_first_error_must_draw_the_printed_axis(first, fits):
    firsts = (first, 0.1, 3.0)  # of which the median counts
    records = [run(4, "momentum", s, loss=[x, 0.01]) for s, x in enumerate(firsts)]
    records.append(run(4, "momentum", 3, loss=[]))
    result = checked("axis-ticks", records)
    bounds = pytest.approx(LOW), pytest.approx(HIGH)
    assert result.found == {"plots": [(4, "momentum", *bounds, first, fits)]}
    assert result.passes == fits


def test_every_axis_must_fit_and_that_of_a_mislabelled_row_is_sgds():
    fitting = {
        (tick.architecture, "sgd" if "batch_gd" in tick.method else tick.method): (
            tick.highest + tick.step / 2
        )
        / 1.05
        for tick in AXIS_TICKS
    } | {(5, "sgd"): 1.59 / 1.05}
    records = [run(*cell, loss=[first]) for cell, first in fitting.items()]
    records += [run(a, "batch_gd", loss=[9.0]) for a in (4, 5)]
    result = checked("axis-ticks", records)
    fits = {plot[:2]: plot[-1] for plot in result.found["plots"]}
    assert set(fits) == {(tick.architecture, tick.method) for tick in AXIS_TICKS}
    # No run can draw both of SGD's axes on 5: they end at 1.4 and at 1.6.
    assert [key for key, fit in fits.items() if not fit] == [(5, "batch_gd")]
    assert not result.passes
    records = [r for r in records if r.cell.architecture < 5]
    assert checked("axis-ticks", records).passes
