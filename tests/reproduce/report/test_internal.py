"""The report checked against itself: each check can pass and can fail."""

from dataclasses import replace

import pytest

from reproduce import original
from reproduce.report.attainable import attainable, counts
from reproduce.report.internal import CHECKS, failures, internal_table
from reproduce.report.internal_runs import own_batch_gd

EXPECTED = {
    "caption": (False, "2,277"),
    "accuracies": (True, "97.4440%"),
    "attainable": (False, "architecture 4, RMSProp, validation 98.36%"),
    "outputs": (False, "575,050"),
    "source": (True, "3,795"),
    "full-batch": (False, "153"),
}


@pytest.mark.parametrize("key", CHECKS)
def test_the_finding_and_its_numbers(key):
    answer, words = CHECKS[key].find()
    assert (answer, EXPECTED[key][1] in words) == (EXPECTED[key][0], True)


def test_an_accuracy_that_no_count_makes_is_told(monkeypatch):
    assert "5 of 66" in attainable()[1]
    row = replace(original.RESULTS[1, "sgd"], validation_accuracy=0.9567)
    assert not counts(0.9567, 4, 3795)
    monkeypatch.setitem(original.RESULTS, (1, "sgd"), row)
    assert "6 of 66" in attainable()[1]


def test_digits_cut_off_differ_from_rounded_ones():
    assert not counts(0.9836, 4, 3795)
    assert list(counts(0.9836, 4, 3795, cut=True)) == [3733]
    assert list(counts(0.9568, 4, 3795)) == [3631]


def test_a_changed_matrix_changes_the_answer(monkeypatch):
    matrix = [list(row) for row in original.CONFUSION["splits"]["test"]["matrix"]]
    matrix[0][0] -= 8
    monkeypatch.setitem(original.CONFUSION["splits"]["test"], "matrix", matrix)
    assert CHECKS["accuracies"].find()[0] is False


def test_the_table_has_every_check():
    assert [row["check"] for row in internal_table().data] == list(CHECKS)


def test_our_own_batch_gd_is_read_where_the_odd_rows_end(record):
    run = record(4, "batch_gd", epochs=200)
    losses = [9 - 0.01 * i for i in range(200)]
    run = replace(run, history={"loss": losses, "accuracy": [0.25] * 200})
    other = replace(run, cell=replace(run.cell, architecture=1))
    words = own_batch_gd([run, record(4, "sgd")])
    assert "on architecture 4 (1 run) has after 153 epochs an error of 7.48" in words
    assert "25.0% in training, where the report prints 99.99%" in words
    assert "Our SGD on architecture 4 (1 run) ends after 20 epochs" in words
    assert own_batch_gd([other]).startswith("Our batch GD on architecture 1 (1 run)")
    assert own_batch_gd([record(1, "adam")]) == ""
    assert words in internal_table([run, record(4, "sgd")]).data[-1]["finding"]


def test_what_fails_is_told_in_the_opening(monkeypatch):
    assert len(failures()) == 4
    fixed = [
        replace(row, epochs=6000) if row.method == "batch_gd" else row
        for row in original.RESULTS.values()
    ]
    for row in fixed:
        monkeypatch.setitem(original.RESULTS, (row.architecture, row.method), row)
    assert len(failures()) == 3
