"""The report checked against itself: each check can pass and can fail."""

from dataclasses import replace

import pytest

from reproduce import reported
from reproduce.report.attainable import attainable, counts
from reproduce.report.internal import CHECKS, internal_table

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
    row = replace(reported.RESULTS[1, "sgd"], validation_accuracy=0.9567)
    assert not counts(0.9567, 4, 3795)
    monkeypatch.setitem(reported.RESULTS, (1, "sgd"), row)
    assert "6 of 66" in attainable()[1]


def test_digits_cut_off_differ_from_rounded_ones():
    assert not counts(0.9836, 4, 3795)
    assert list(counts(0.9836, 4, 3795, cut=True)) == [3733]
    assert list(counts(0.9568, 4, 3795)) == [3631]


def test_a_changed_matrix_changes_the_answer(monkeypatch):
    matrix = [list(row) for row in reported.CONFUSION["splits"]["test"]["matrix"]]
    matrix[0][0] -= 8
    monkeypatch.setitem(reported.CONFUSION["splits"]["test"], "matrix", matrix)
    assert CHECKS["accuracies"].find()[0] is False


def test_the_table_has_every_check():
    assert [row["check"] for row in internal_table().data] == list(CHECKS)
