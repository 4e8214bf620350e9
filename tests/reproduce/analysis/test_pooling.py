"""One seed of one's own is judged together with the published ones."""

from dataclasses import replace

from reproduce.analysis.pooling import pool
from reproduce.analysis.verdicts import NOT_JUDGED, judge
from reproduce.experiment.protocol import Protocol

from .runs import diverged, run

PUBLISHED = [
    run(1, "sgd", seed, epochs=150 + seed, validation=0.95 + 0.001 * seed)
    for seed in range(5)
]


def test_equal_runs_count_once_and_are_told_to_be_equal():
    result = pool(PUBLISHED[:1], PUBLISHED)
    assert len(result.records) == 5 and result.published == 4
    (standing,) = result.standings
    assert standing.same_bytes and standing.seeds == 5


def test_other_seconds_are_the_same_bytes_and_another_number_is_not():
    slow = replace(PUBLISHED[0], seconds={"setup": 9, "training": 9, "cpu": 9})
    assert pool([slow], PUBLISHED).standings[0].same_bytes
    variant = replace(PUBLISHED[0], epochs=151)
    result = pool([variant], PUBLISHED)
    assert result.standings[0].same_bytes is False
    assert variant in result.records and PUBLISHED[0] not in result.records


def test_a_seed_that_is_not_published_has_no_twin():
    result = pool([run(1, "sgd", 9, epochs=152, validation=0.9525)], PUBLISHED)
    (standing,) = result.standings
    assert standing.same_bytes is None
    assert (standing.fewer_epochs, standing.more_epochs) == (2, 2)
    assert standing.less_accurate == 3 and not standing.is_outside
    assert len(result.records) == 6


def test_an_equal_number_is_neither_more_nor_less():
    mine = run(1, "sgd", 9, epochs=152, validation=0.952)
    (standing,) = pool([mine], PUBLISHED).standings
    assert standing.record == mine and standing.less_accurate == 2
    assert (standing.fewer_epochs, standing.more_epochs) == (2, 2)


def test_a_run_beyond_the_published_range_is_outside_it():
    fast = pool([run(1, "sgd", 9, epochs=100)], PUBLISHED).standings[0]
    slow = pool([run(1, "sgd", 9, epochs=300)], PUBLISHED).standings[0]
    assert fast.is_outside and slow.is_outside
    edges = [run(1, "sgd", 9, epochs=n) for n in (150, 154)]
    assert not any(s.is_outside for s in pool(edges[:1], PUBLISHED).standings)
    assert not any(s.is_outside for s in pool(edges[1:], PUBLISHED).standings)
    two = [run(1, "sgd", 0, epochs=100), run(1, "sgd", 9, epochs=99)]
    assert pool(two[1:], two[:1]).standings[0].is_outside
    alone = pool([run(2, "sgd", 9)], PUBLISHED).standings[0]
    assert not alone.is_outside and alone.seeds == 0
    lost = pool([diverged(run(1, "sgd", 9))], PUBLISHED).standings[0]
    assert lost.less_accurate == 0


def test_records_of_another_protocol_are_left_out():
    variants = [replace(r, protocol=Protocol(patience=2)) for r in PUBLISHED]
    result = pool(PUBLISHED[:1], variants)
    assert result.records == (PUBLISHED[0],) and result.published == 0


def test_one_seed_is_judged_in_full_with_the_published_ones():
    records = PUBLISHED[:1]
    alone = [v for v in judge(records) if v.key == (1, "sgd", "epochs")]
    pooled = [
        v for v in judge(pool(records, PUBLISHED).records) if v.key == alone[0].key
    ]
    assert alone[0].label == NOT_JUDGED and pooled[0].label != NOT_JUDGED


def test_the_records_are_in_table_order():
    result = pool([run(2, "adam", 0), run(1, "adam", 0)], PUBLISHED)
    assert [r.cell.rank for r in result.records] == sorted(
        r.cell.rank for r in result.records
    )
