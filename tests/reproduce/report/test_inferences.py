"""The report's inferences are judged by the same rule on both sets of numbers."""

from dataclasses import replace

import pytest

from reproduce.report.claims import CLAIMS, Numbers
from reproduce.report.inferences import inferences_table, printed, verdict
from reproduce.report.statistics import compare

BATCH, ACCURACY, MOMENTUM, ADAGRAD, ADAPTIVE, WELL, MEMORY = CLAIMS


def in_report(claim, architecture):
    rows = [row for row in compare([]) if row.architecture == architecture]
    return verdict(claim, printed(rows))


@pytest.mark.parametrize("architecture", [1, 2, 3])
def test_on_three_hidden_layers_the_reports_tables_bear_out_its_inferences(
    architecture,
):
    own = CLAIMS[:-1]
    assert all(in_report(claim, architecture) for claim in own)


def test_the_reports_batch_rows_of_4_and_5_contradict_its_inference():
    assert in_report(BATCH, 4) is False and in_report(BATCH, 5) is False


def test_a_claim_about_an_illegible_row_is_not_judged():
    assert in_report(ADAPTIVE, 4) is None
    assert in_report(MOMENTUM, 4) is None


def test_a_claim_holds_only_if_it_holds_against_every_rival():
    fast, slow = Numbers(10, 1, 0.9), Numbers(20, 1, 0.9)
    numbers = {"rmsprop": fast, "adam": fast, "sgd": slow}
    assert verdict(ADAPTIVE, numbers) is True
    assert verdict(ADAPTIVE, {**numbers, "nag": fast}) is False
    assert verdict(ADAPTIVE, {"rmsprop": fast, "adam": fast}) is None


def test_the_table_follows_the_records(grid_of_records):
    def rerun(records):
        return inferences_table(compare(records)).rows[CLAIMS.index(MOMENTUM)][-1]

    assert rerun(grid_of_records) == "holds on 4 of 5, not on 4"
    slow = [
        replace(r, status="epoch_limit") if r.cell.method == "nag" else r
        for r in grid_of_records
    ]
    assert rerun(slow).startswith("holds on 0 of 5")
    assert rerun([]) == "not judged"
