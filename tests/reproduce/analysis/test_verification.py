"""A published cell trained again is the same, within the seed spread, or neither."""

from dataclasses import replace

import pytest

from reproduce.analysis.verdicts import judge
from reproduce.analysis.verification import (
    FAILED,
    NEITHER,
    SAME,
    UNKNOWN,
    WITHIN,
    compare,
    judged,
    sample,
    turned,
)

from .runs import cut_off, diverged, run


@pytest.fixture
def published():
    return [
        run(1, "sgd", seed, 150 + 3 * seed, validation=0.95 + 0.002 * seed)
        for seed in range(4)
    ]


def costing(record, seconds):
    return replace(record, seconds={"setup": 0.0, "training": 1.0, "cpu": seconds})


def test_the_sample_is_the_cheapest_of_different_cells():
    cells = [(1, "sgd", 0), (1, "sgd", 1), (2, "sgd", 0), (1, "nag", 0)]
    records = [costing(run(*c), s) for c, s in zip(cells, (2, 1, 9, 5), strict=True)]
    assert sample(records, 2) == [records[1], records[3]]
    assert len(sample(records, 99)) == 3


def test_other_times_and_provenance_are_still_the_same_bytes(published):
    again = costing(replace(published[1], provenance={"cpu": "other"}), 99.0)
    assert compare(published[1], again, published).outcome == SAME


def test_another_run_like_the_published_ones_is_within_their_spread(published):
    again = replace(published[0], epochs=published[1].epochs)
    found = compare(published[0], again, published)
    assert (found.outcome, found.seeds, found.outside) == (WITHIN, 4, ())


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_run_unlike_them_is_outside_and_says_in_what(published, factor):
    again = replace(published[0], epochs=round(factor * published[0].epochs))
    found = compare(published[0], again, published)
    assert found.outcome == NEITHER
    ((quantity, value, low, high),) = found.outside
    assert (quantity, value) == ("epochs", again.epochs) and low < 150 < high


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_an_accuracy_out_of_the_spread_is_neither(published, split):
    far = run(1, "sgd", 0, 150, **{"validation": 0.95, split: 0.6})
    found = compare(published[0], far, published)
    assert [quantity for quantity, *_ in found.outside] == [f"{split} accuracy"]


def test_a_run_that_failed_was_cut_off_or_diverged_disagrees(published):
    first = published[0]
    for again in (cut_off(first), diverged(first)):
        assert compare(first, again, published).outcome == NEITHER
    assert compare(first, None, published).outcome == FAILED


def test_a_cell_that_need_not_end_may_be_cut_off_again(published):
    seeds = [cut_off(published[0]), *published[1:]]
    again = replace(cut_off(published[0]), parameters=7)
    assert compare(seeds[0], again, seeds).outcome == WITHIN


def test_two_published_seeds_have_no_spread(published):
    again = replace(published[0], epochs=151)
    assert compare(published[0], again, published[:2]).outcome == UNKNOWN
    assert compare(published[0], again, published[:3]).outcome == WITHIN


def test_the_more_runs_are_compared_the_wider_the_spread(published):
    far = replace(published[0], epochs=195)
    low, high = (compare(published[0], far, published, n).outcome for n in (1, 9))
    assert (low, high) == (NEITHER, WITHIN)


def test_what_is_other_on_this_machine_is_told(published):
    mine = {**published[0].provenance, "cpu": "mine", "commit": "mine"}
    again = replace(published[0], epochs=151, provenance=mine)
    assert compare(published[0], again, published).other == (("cpu", "mine", "any"),)


def test_only_numbers_that_agreed_and_now_differ_have_turned(published):
    before = judge(published)
    slow = [replace(r, epochs=400 + r.cell.seed) for r in published]
    ((old, new),) = turned(before, judge(slow))
    assert old.key == new.key == (1, "sgd", "epochs")
    assert turned(before, before) == []
    assert turned(judge(slow), judge(slow)) == []
    assert judged(before) == 3
