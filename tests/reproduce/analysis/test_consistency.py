"""The checks of the original find what can be seen in it by hand."""

import pytest

from reproduce.analysis.consistency import check, possible_counts

from .runs import run


@pytest.fixture(scope="module")
def checks():
    return {one.key: one for one in check()}


def test_what_the_original_fails_and_passes(checks):
    assert {key: one.passes for key, one in checks.items()} == {
        "outputs": False,
        "accuracies-possible": False,
        "full-batch": False,
        "axis-ticks": None,
        "prediction-steps": True,
        "row-sums": False,
        "matrix-accuracies": True,
        "filled-in": None,
        "images-per-digit": None,
    }


def test_two_summaries_have_five_outputs(checks):
    assert checks["outputs"].found["other"] == {
        4: (5, 574_725, 575_050),
        5: (5, 576_645, 576_810),
    }


def test_progress_bars_count_batches_of_32(checks):
    found = checks["prediction-steps"].found
    assert found["expected"] == {"train": 356, "validation": 119, "test": 119}


def test_rows_are_true_labels(checks):
    assert checks["row-sums"].found["rows"] == {
        "train": [2277],
        "validation": [759],
        "test": [759],
    }


def test_the_cell_that_the_document_does_not_show_is_named(checks):
    assert checks["filled-in"].found["cells"] == [("validation", 2, 3, 4)]


def test_the_number_of_images_has_two_explanations(checks):
    assert checks["images-per-digit"].found == {
        "each": 3795,
        "kaggle": True,
        "mnist": True,
    }


def test_an_accuracy_is_possible_if_a_whole_number_prints_as_it():
    assert list(possible_counts(0.5, 1, 10)) == [5]
    assert list(possible_counts(0.33, 2, 3)) == [1]
    assert list(possible_counts(0.34, 2, 3)) == []
    assert list(possible_counts(0.66, 2, 3)) == []
    assert list(possible_counts(0.66, 2, 3, cut=True)) == [2]
    assert list(possible_counts(1.0, 2, 1000)) == [995, 996, 997, 998, 999, 1000]


def test_accuracies_that_no_count_gives_are_those_of_cut_digits(checks):
    found = checks["accuracies-possible"].found
    assert found["printed"] == 66
    assert set(found["architectures"]) <= {3, 4, 5}
    assert found["possible_if_cut"] == len(found["odd"]) > 0


def test_the_mislabelled_rows_are_held_against_our_runs():
    errors = [1 / (1 + epoch) for epoch in range(200)]
    records = [run(4, "batch_gd", s, loss=errors) for s in range(3)]
    records += [run(4, "sgd", s, epochs=150 + s) for s in range(3)]
    found = {one.key: one for one in check(records)}["full-batch"].found
    assert found["odd"] == [(4, 153, 0.9999), (5, 143, 0.9997)]
    assert found["ours"] == [(4, 1 / 153, 1 - 1 / 153, 3)]
    assert found["sgd"] == [(4, 151, 3)]


@pytest.mark.parametrize(("first", "fits"), [(0.6, True), (0.56, False), (0.67, False)])
def test_the_first_error_must_draw_the_printed_axis(first, fits):
    records = [run(4, "momentum", s, loss=[first, 0.1]) for s in range(3)]
    one = {c.key: c for c in check(records)}["axis-ticks"]
    assert one.passes == fits
    ((architecture, method, low, high, ours, inside),) = one.found["plots"]
    assert (architecture, method, ours, inside) == (4, "momentum", first, fits)
    assert (low, high) == pytest.approx((0.6 / 1.05, 0.7 / 1.05))
