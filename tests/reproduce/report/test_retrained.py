"""A published cell trained again is the same, within the spread, or neither."""

from dataclasses import replace

import pytest

from reproduce.report.retrained import NEITHER, SAME, WITHIN, judge_again, sample


@pytest.fixture
def published(record):
    return [record(1, "sgd", seed) for seed in range(3)]


def costing(record, seconds):
    return replace(record, seconds={"setup": 0.0, "training": seconds})


def test_the_sample_is_the_cheapest_of_different_cells(record):
    cells = [(1, "sgd", 0), (1, "sgd", 1), (2, "sgd", 0), (1, "nag", 0)]
    records = [costing(record(*c), s) for c, s in zip(cells, (2, 1, 9, 5), strict=True)]
    assert [one.cell for one in sample(records, 2)] == [
        records[1].cell,
        records[3].cell,
    ]
    assert len(sample(records, 99)) == 3


def test_other_times_and_provenance_are_still_the_same_bytes(published):
    again = costing(replace(published[1], provenance={"cpu": "other"}), 99.0)
    judged = judge_again(published[1], again, published)
    assert (judged.found, str(judged)) == (SAME, "arch1 sgd seed 1: same bytes")


def test_another_run_like_the_published_ones_is_within_their_spread(published):
    again = replace(published[0], epochs=published[1].epochs)
    assert judge_again(published[0], again, published).found == WITHIN


def test_a_run_unlike_them_is_neither_and_says_in_what(published):
    again = replace(published[0], epochs=9 * published[0].epochs)
    judged = judge_again(published[0], again, published)
    assert judged.found == NEITHER
    assert judged.why.startswith(f"epochs {again.epochs}, not ")


def test_a_run_that_did_not_converge_or_train_is_neither(published):
    for again in (None, replace(published[0], ending="diverged", splits={})):
        assert judge_again(published[0], again, published).found == NEITHER


def test_one_published_seed_has_no_spread(published):
    again = replace(published[0], epochs=published[0].epochs + 1)
    judged = judge_again(published[0], again, published[:1])
    assert (judged.found, "no spread" in judged.why) == (NEITHER, True)


def test_what_is_other_on_this_machine_is_told(published):
    changed = {**published[0].provenance, "cpu": "mine", "commit": "mine"}
    again = replace(published[0], epochs=published[1].epochs, provenance=changed)
    why = judge_again(published[0], again, published).why
    assert "cpu mine, not a processor" in why and "commit" not in why
