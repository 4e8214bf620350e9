"""A published cell trained again is the same, within the seed spread, or neither."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.tests import accuracy_interval, epochs_interval
from reproduce.analysis.verdicts import judge
from reproduce.analysis.verification import (
    DISAGREE,
    FAILED,
    NEITHER,
    SAME_BYTES,
    UNKNOWN,
    WITHIN,
    Retraining,
    compare,
    judged,
    sample,
    turned,
)
from reproduce.original import EXAMPLES

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
    rerun = costing(replace(published[1], provenance={"cpu": "other"}), 99.0)
    retraining = compare(published[1], rerun, published)
    assert retraining == Retraining(published[1].cell, SAME_BYTES, 4)


def test_another_run_like_the_published_ones_is_within_their_spread(published):
    rerun = replace(published[0], epochs=published[1].epochs)
    retraining = compare(published[0], rerun, published)
    assert retraining == Retraining(published[0].cell, WITHIN, 4)


def test_the_spread_covers_19_of_20_samples_of_four_quantities_a_run(published):
    rerun = replace(published[0], epochs=400)
    far = replace(rerun, splits=run(validation=0.6, train=0.6, test=0.6).splits)
    for runs in (1, 3):
        level = 1 - 0.05 / (4 * runs)
        expected = [("epochs", epochs_interval([150, 153, 156, 159], level))]
        for split, images in EXAMPLES.items():
            known = [record.splits[split]["accuracy"] for record in published]
            interval = accuracy_interval(known, images, 0.0, level)
            expected.append((f"{split} accuracy", interval))
        outside = compare(published[0], far, published, runs).outside
        assert [(name, (low, high)) for name, _, low, high in outside] == expected
    assert compare(published[0], far, published) == compare(
        published[0], far, published, 1
    )


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_run_unlike_them_is_outside_and_says_in_what(published, factor):
    rerun = replace(published[0], epochs=round(factor * published[0].epochs))
    retraining = compare(published[0], rerun, published)
    assert retraining.outcome == NEITHER
    ((quantity, value, low, high),) = retraining.outside
    assert (quantity, value) == ("epochs", rerun.epochs) and low < 150 < high


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_an_accuracy_out_of_the_spread_is_neither(published, split):
    far = run(1, "sgd", 0, 150, **{"validation": 0.95, split: 0.6})
    retraining = compare(published[0], far, published)
    assert [quantity for quantity, *_ in retraining.outside] == [f"{split} accuracy"]


def test_a_run_that_failed_was_cut_off_or_diverged_disagrees(published):
    first = published[0]
    for rerun in (cut_off(first), diverged(first)):
        retraining = compare(first, rerun, published)
        assert retraining.outcome == NEITHER and retraining.outcome in DISAGREE
        assert retraining.outside[0][:2] == ("epochs", math.inf)
    assert [name for name, *_ in retraining.outside] == [
        "epochs",
        "train accuracy",
        "validation accuracy",
        "test accuracy",
    ]
    assert all(value == -math.inf for _, value, *_ in retraining.outside[1:])
    assert compare(first, None, published) == Retraining(first.cell, FAILED, 4)
    assert FAILED in DISAGREE and not {SAME_BYTES, WITHIN, UNKNOWN} & set(DISAGREE)


def test_a_cell_that_need_not_end_may_be_cut_off_again(published):
    seeds = [cut_off(published[0]), *published[1:]]
    rerun = replace(cut_off(published[0]), parameters=7)
    assert compare(seeds[0], rerun, seeds).outcome == WITHIN
    early = replace(published[0], epochs=152)
    assert compare(seeds[0], early, seeds).outside == (("epochs", 152, 153, math.inf),)
    assert compare(seeds[0], replace(early, epochs=153), seeds).outcome == WITHIN


def test_three_published_accuracies_have_a_spread_and_two_have_none(published):
    far = run(1, "sgd", 0, 160, train=0.6)
    lost = [diverged(published[0]), *published[1:]]
    retraining = compare(published[0], far, lost)
    assert [name for name, *_ in retraining.outside] == ["train accuracy"]
    lost[1] = diverged(lost[1])
    assert compare(published[0], far, lost).outcome == WITHIN


def test_two_published_seeds_have_no_spread(published):
    mine = {**published[0].provenance, "cpu": "mine"}
    rerun = replace(published[0], epochs=151, provenance=mine)
    retraining = compare(published[0], rerun, published[:2])
    differences = (("cpu", "mine", "any"),)
    assert retraining == Retraining(published[0].cell, UNKNOWN, 2, (), differences)
    assert compare(published[0], rerun, published[:3]).outcome == WITHIN


def test_the_more_runs_are_compared_the_wider_the_spread(published):
    far = replace(published[0], epochs=195)
    low, high = (compare(published[0], far, published, n).outcome for n in (1, 9))
    assert (low, high) == (NEITHER, WITHIN)


def test_what_is_other_on_this_machine_is_told(published):
    theirs = {**published[0].provenance, "commit": "theirs"}
    first = replace(published[0], provenance=theirs)
    mine = {**theirs, "cpu": "mine", "commit": "mine", "gpu": "new"}
    rerun = replace(first, epochs=151, provenance=mine)
    assert compare(first, rerun, published).other == (("cpu", "mine", "any"),)


def test_only_numbers_that_agreed_and_now_differ_have_turned(published):
    before = judge(published)
    slow = [replace(r, epochs=400 + r.cell.seed) for r in published]
    ((old, new),) = turned(before, judge(slow))
    assert old.key == new.key == (1, "sgd", "epochs")
    assert turned(before, before) == []
    assert turned(judge(slow), judge(slow)) == []
    assert judged(before) == 3
