"""A claim is supported, contradicted or undecided by one standard of evidence."""

import math
from dataclasses import replace

import numpy as np
import pytest

from reproduce.analysis import claims as subject
from reproduce.analysis.claims import (
    CONTRADICTED,
    JUDGES,
    NOT_JUDGED,
    SUPPORTED,
    UNDECIDED,
    Finding,
    decide,
    held_out,
    images_outside,
    ledger,
    one_sample,
    sides,
    together,
    within,
)
from reproduce.analysis.speed import rises
from reproduce.experiment.methods import METHODS, at_rate
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.original import CLAIMS, SENTENCES, UNJUDGED

from .runs import run

INF = math.inf
LIMIT = math.log(1.15)


# The standard of evidence


def test_every_claim_has_words_and_a_judge():
    assert list(JUDGES) == list(CLAIMS)


def test_every_sentence_is_judged_or_says_why_not():
    judged = {key for s in SENTENCES for key in s.judged_by if key not in UNJUDGED}
    assert judged == set(CLAIMS)
    sections = {sentence.section for sentence in SENTENCES}
    assert {"1.1", "1.2", "1.3.7", "1.6"} <= sections


@pytest.mark.parametrize(
    ("p_for", "p_against", "p_holm", "verdict"),
    [
        (0.001, 0.999, 0.05, SUPPORTED),
        (0.999, 0.001, 0.05, CONTRADICTED),
        (0.001, 0.999, 0.0501, UNDECIDED),
        (0.999, 0.001, 0.0501, UNDECIDED),
    ],
)
def test_both_verdicts_need_the_same_adjusted_p(p_for, p_against, p_holm, verdict):
    assert decide(Finding(p_for, p_against), p_holm)[0] == verdict


def test_counted_claims_are_decided_by_what_is_counted():
    assert decide(Finding(holds=True), None) == (SUPPORTED, "")
    assert decide(Finding(holds=False), None) == (CONTRADICTED, "")
    needs = Finding(holds=True, needs=(("report", 1, "sgd"),))
    assert decide(needs, None) == (UNDECIDED, "runs")
    assert decide(Finding(0.4, 0.6), 0.8) == (UNDECIDED, "chance")


def test_sides_is_welchs_test_of_logarithms():
    from scipy import stats

    rng = np.random.default_rng(0)
    a, b = rng.lognormal(3, 0.1, 6), rng.lognormal(3.2, 0.3, 9)
    for boundary in (0.0, LIMIT):
        expected = stats.ttest_ind(
            np.log(b), np.log(a) + boundary, equal_var=False, alternative="greater"
        ).pvalue
        found = sides(a, b, boundary)
        assert found == pytest.approx((expected, 1 - expected))
    expected = stats.ttest_ind(
        b, a + 0.01, equal_var=False, alternative="greater"
    ).pvalue
    assert sides(a, b, 0.01, ratio=False)[0] == pytest.approx(expected)


def test_the_boundary_lies_between_the_two_sides():
    slow, fast = [100, 101, 99, 100], [88, 87.5, 88.5, 88]  # 1.136 times
    assert sides(fast, slow, LIMIT)[1] < 0.05 < 0.95 < sides(fast, slow, LIMIT)[0]
    assert sides(fast, slow, math.log(1.12))[0] < 0.05


def test_runs_that_never_arrive_are_last_and_p_is_no_less_than_counting_gives():
    above, below = sides([5, 6, 7, 8, 9], [INF] * 5, LIMIT)
    assert above == 1 / math.comb(10, 5) and below > 0.99
    assert sides([INF] * 3, [INF] * 3, 0.0) == (1.0, 1.0)


def test_equal_runs_leave_no_doubt_but_their_number():
    assert sides([41] * 5, [41] * 5, LIMIT) == (1.0, 1 / math.comb(10, 5))
    assert sides([41] * 5, [60] * 5, LIMIT)[0] == 1 / math.comb(10, 5)


def test_all_must_be_above_and_one_below_is_enough():
    above, below = together([(0.01, 0.99), (0.03, 0.97), (0.9, 0.1)])
    assert above == 0.9
    assert below == pytest.approx(0.3)


def test_two_are_within_the_limit_if_both_sides_are():
    rng = np.random.default_rng(1)
    near = rng.lognormal(3, 0.02, 10), rng.lognormal(3, 0.02, 10)
    far = near[0], 2 * near[1]
    p_within, p_apart = within(*near, LIMIT)
    assert p_within < 1e-4 and p_apart == 1.0
    p_within, p_apart = within(*far, LIMIT)
    assert p_within > 0.99 and p_apart < 1e-4
    assert within(far[1], far[0], LIMIT)[1] < 1e-4


def test_one_sample_lies_on_one_side():
    assert one_sample([0.3, 0.31, 0.32], 0.25)[0] < 0.01
    assert one_sample([0.2, 0.21, 0.22], 0.25)[1] < 0.02
    assert one_sample([0.3, 0.3], 0.25) == (0.0, 1.0)


# The claims


EPOCHS = {"sgd": 120, "batch_gd": 5000, "momentum": 35, "nag": 34, "adagrad": 600}
EPOCHS |= {"rmsprop": 15, "adam": 14}
ARRIVE = {"sgd": 40, "batch_gd": INF, "momentum": 8, "nag": 8, "adagrad": 300}
ARRIVE |= {"rmsprop": 9, "adam": 12}
RIGHT = {method: 0.95 for method in METHODS} | {"rmsprop": 0.98, "adam": 0.98}
RIGHT |= {"batch_gd": 0.6}


def losses(epochs, arrives, seed, rise=False):
    """Errors that fall to 0.05 at an epoch, with a little noise; maybe a last rise."""
    noise = np.random.default_rng((seed, epochs)).normal(0, 0.02)
    last = epochs + round(epochs * noise)
    arrives = arrives if math.isinf(arrives) else round(arrives * (1 + noise))
    found = [1 / (1 + 19 * e / arrives) if arrives < INF else 1.0 for e in range(last)]
    found = [error - 1e-6 * e for e, error in enumerate(found)]
    if arrives < last:
        found[arrives - 1] = min(0.05, found[arrives - 2])
    return [*found[:-1], found[-2] + 0.01] if rise else found


def world(seeds=10, **changes):
    """All cells: epochs to the stop, to error 0.05, and accuracies by method."""
    epochs = EPOCHS | changes.get("epochs", {})
    arrive = ARRIVE | changes.get("arrive", {})
    right = RIGHT | changes.get("right", {})
    rng = np.random.default_rng(7)
    return [
        run(
            a,
            method,
            seed,
            loss=losses(
                epochs[method], arrive[method], seed, method in ("rmsprop", "adam")
            ),
            validation=right[method] + rng.normal(0, 0.001),
            train=changes.get("train", 0.999),
        )
        for a in ARCHITECTURES
        for method in METHODS
        for seed in range(seeds)
    ]


@pytest.fixture(scope="module")
def usual():
    return verdicts({"report": world()})


def verdicts(studies):
    return {entry.key: entry for entry in ledger(studies)}


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("momentum-speeds-up", SUPPORTED),
        ("momentum-next", SUPPORTED),
        ("nag-faster", CONTRADICTED),
        ("adagrad-speeds-up", CONTRADICTED),
        ("adagrad-slowest", SUPPORTED),
        ("adam-cures-decay", SUPPORTED),
        ("adaptive-stop-first", SUPPORTED),
        ("adaptive-learn-first", CONTRADICTED),
        ("adaptive-well", SUPPORTED),
        ("adaptive-alike", SUPPORTED),
        ("adaptive-alike-fast", CONTRADICTED),
        ("adaptive-not-smooth", SUPPORTED),
        ("batch-gd-slow", SUPPORTED),
        ("batch-gd-costly", SUPPORTED),
        ("batch-gd-poor", SUPPORTED),
        ("batch-gd-oscillates", CONTRADICTED),
        ("times-differ", CONTRADICTED),
        ("models-perform-well", SUPPORTED),
        ("none-outside", SUPPORTED),
        ("four-layers-best", CONTRADICTED),
    ],
)
def test_a_world_like_the_originals_is_judged_so(usual, key, verdict):
    assert usual[key].verdict == verdict, usual[key]


@pytest.mark.parametrize(
    ("key", "changes", "verdict"),
    [
        ("momentum-speeds-up", {"arrive": {"nag": 39}}, CONTRADICTED),
        ("nag-faster", {"arrive": {"nag": 4}}, SUPPORTED),
        ("adagrad-speeds-up", {"arrive": {"adagrad": 20}}, SUPPORTED),
        ("adaptive-stop-first", {"epochs": {"adam": 40}}, CONTRADICTED),
        ("adaptive-learn-first", {"arrive": {"rmsprop": 5, "adam": 5}}, SUPPORTED),
        ("adaptive-well", {"right": {"adam": 0.955}}, CONTRADICTED),
        ("adaptive-alike", {"right": {"adam": 0.96}}, CONTRADICTED),
        ("adaptive-alike-fast", {"arrive": {"adam": 9}}, SUPPORTED),
        ("times-differ", {"epochs": {"nag": 60, "adam": 8}}, SUPPORTED),
        ("models-perform-well", {"right": {"adagrad": 0.8}}, CONTRADICTED),
        ("batch-gd-poor", {"right": {"batch_gd": 0.96}}, CONTRADICTED),
    ],
)
def test_another_world_turns_the_verdict(key, changes, verdict):
    assert verdicts({"report": world(**changes)})[key].verdict == verdict


def test_without_enough_seeds_a_claim_says_which_runs_it_needs():
    found = verdicts({"report": world(seeds=2)})
    entry = found["momentum-speeds-up"]
    assert (entry.verdict, entry.reason) == (UNDECIDED, "runs")
    assert ("report", 1, "momentum") in entry.finding.needs
    assert found["sgd-oscillates"].finding.needs == (("trace", 1, "sgd"),)


def test_runs_that_are_no_rerun_are_not_judged():
    short = Protocol(subset=300)
    records = [replace(r, protocol=short) for r in world(seeds=1)]
    assert {e.verdict for e in ledger({"report": records})} == {NOT_JUDGED}
    assert {e.reason for e in ledger({"report": records})} == {"subset"}


def test_p_is_adjusted_by_holm_over_the_tested_claims(usual):
    tested = [entry for entry in usual.values() if entry.p is not None]
    smallest = min(tested, key=lambda entry: entry.p)
    assert smallest.p_holm == pytest.approx(min(1.0, len(tested) * smallest.p))
    assert all(entry.p_holm >= entry.p for entry in tested)
    assert all(e.p_holm is None for e in usual.values() if e.finding.holds is not None)


def swept(method, rate, seeds=3, architectures=ARCHITECTURES, **changes):
    """Runs of the sweep, one a seed and architecture."""
    return [
        run(a, at_rate(method, rate), seed, **changes)
        for a in architectures
        for seed in range(seeds)
    ]


FALLING = [1.0, 0.5, 0.04, 0.02, 0.015]
RISING = [1.0, 0.5, 0.04, 0.6, 0.015]


def judged(key, **studies):
    """The entry of a claim, given the records of studies."""
    names = {name.replace("_", "-"): records for name, records in studies.items()}
    return verdicts({"report": [], **names})[key]


def test_batch_gd_descends_only_if_it_does_at_every_rate():
    own = [run(1, "batch_gd", seed, loss=FALLING) for seed in range(3)]
    low = swept("batch_gd", 0.001, loss=FALLING)
    high = swept("batch_gd", 0.3, loss=RISING)
    assert judged("batch-gd-descends", report=own, sweep=low).verdict == SUPPORTED
    entry = judged("batch-gd-descends", report=own, sweep=[*low, *high])
    assert entry.verdict == CONTRADICTED
    assert entry.finding.measured["lowest"] == 0.3
    assert entry.finding.measured["steps"] == 3 * 4
    assert judged("gd-overshoots", report=own, sweep=[*low, *high]).verdict == SUPPORTED
    assert judged("gd-overshoots", report=own, sweep=low).verdict == CONTRADICTED


def test_a_cause_is_refuted_by_the_effect_without_it():
    calm = swept("adam", 0.0001, loss=FALLING) + swept("momentum", 0.001, loss=FALLING)
    rough = swept("momentum", 0.01, loss=RISING)
    assert judged("adaptive-is-why", sweep=calm).verdict == SUPPORTED
    entry = judged("adaptive-is-why", sweep=[*calm, *rough])
    assert entry.verdict == CONTRADICTED
    assert entry.finding.measured["rate"] == 0.01
    never = swept("sgd", 0.01, loss=[1.0, 0.9, 0.95])  # rises, but does not learn
    assert judged("adaptive-is-why", sweep=[*calm, *never]).verdict == SUPPORTED


def falls(epoch):
    """Errors that reach 0.02 at this epoch."""
    return [1 / (1 + e) for e in range(epoch - 1)] + [0.015]


@pytest.mark.parametrize(("adagrad", "verdict"), [(6, CONTRADICTED), (20, SUPPORTED)])
def test_the_decay_is_judged_at_each_methods_best_rate(adagrad, verdict):
    records = [
        record
        for method, rate, epoch in [
            ("rmsprop", 0.001, 8),
            ("rmsprop", 0.01, 30),
            ("adagrad", 0.001, 40),
            ("adagrad", 0.1, adagrad),
        ]
        for a in ARCHITECTURES
        for seed in range(6)
        for record in [
            run(a, at_rate(method, rate), seed, loss=falls(epoch + seed % 2))
        ]
    ]
    assert judged("decay-is-why", sweep=records).verdict == verdict


def traced(method, rate, share, seeds=5):
    """Runs whose traced updates raise the error in this share of cases."""
    steps = [1 if i < share * 200 else -1 for i in range(200)]
    errors = np.cumsum([500.0, *steps]).tolist()
    return [
        replace(
            run(a, at_rate(method, rate), seed),
            trace={"1": errors[: 180 + seed], "10": errors},
        )
        for a in (1, 4)
        for seed in range(seeds)
    ]


def test_sgd_oscillates_if_a_quarter_of_its_updates_raise_the_error():
    assert (
        judged("sgd-oscillates", trace=traced("sgd", 0.001, 0.4)).verdict == SUPPORTED
    )
    few = judged("sgd-oscillates", trace=traced("sgd", 0.001, 0.1))
    assert few.verdict == CONTRADICTED
    other = judged("sgd-oscillates", trace=traced("sgd", 0.01, 0.4))
    assert other.reason == "runs"  # another rate than the original's


def test_nag_is_compared_with_momentum_from_the_same_weights():
    momentum = traced("momentum", 0.001, 0.4)
    less, same = traced("nag", 0.001, 0.3), traced("nag", 0.001, 0.4)
    assert judged("nag-oscillates-less", trace=momentum + less).verdict == SUPPORTED
    assert judged("nag-oscillates-less", trace=momentum + same).verdict == CONTRADICTED
    alone = judged("nag-oscillates-less", trace=momentum)
    assert alone.reason == "runs"


@pytest.mark.parametrize(
    ("last", "verdict"), [(0.01, SUPPORTED), (0.045, CONTRADICTED)]
)
def test_adagrad_stopped_short_if_its_error_still_halves(last, verdict):
    own = [run(1, "adagrad", s, loss=[1.0, 0.06 + 0.001 * s, 0.05]) for s in range(5)]
    long = [
        run(1, "adagrad", s, loss=[*r.history["loss"], 0.048, last + 0.0001 * s])
        for s, r in enumerate(own)
    ]
    entry = judged("adagrad-stops-short", report=own, past_stopping=long)
    assert entry.verdict == verdict


def test_mini_batches_are_judged_by_epochs_and_by_updates():
    own = [r for r in world() if r.cell.method == "adagrad"]
    batch = [
        replace(r, protocol=Protocol(batch_size=32), epochs=r.epochs + r.cell.seed % 2)
        for r in own
    ]
    by_epochs = judged("adagrad-mini-batch-epochs", report=own, mini_batch=batch)
    by_updates = judged("adagrad-mini-batch-updates", report=own, mini_batch=batch)
    assert (by_epochs.verdict, by_updates.verdict) == (CONTRADICTED, SUPPORTED)


@pytest.mark.parametrize(
    ("glorot", "verdict"), [(0.99, CONTRADICTED), (0.955, SUPPORTED)]
)
def test_a_gap_that_another_initializer_closes_calls_for_no_regularization(
    glorot, verdict
):
    own = [r for r in world(train=1.0) if r.cell.method in ("sgd", "momentum", "nag")]
    rng = np.random.default_rng(3)
    other = [
        run(r.cell.architecture, r.cell.method, r.cell.seed, train=1.0,
            validation=glorot + rng.normal(0, 0.0005), epochs=9)
        for r in own
    ]  # fmt: skip
    entry = judged("needs-regularization", report=own, glorot=other)
    assert entry.verdict == verdict
    assert judged("memorizes", report=own).verdict == SUPPORTED


def test_shares_of_runs_are_compared_by_fishers_test():
    good = swept("momentum", 0.001, loss=FALLING, seeds=5)
    bad = swept("sgd", 0.001, loss=[1.0, 0.9], seeds=5)
    assert judged("momentum-reliable", sweep=[*good, *bad]).verdict == SUPPORTED
    good = swept("sgd", 0.001, loss=FALLING, seeds=5)
    bad = swept("momentum", 0.001, loss=[1.0, 0.9], seeds=5)
    assert judged("momentum-reliable", sweep=[*good, *bad]).verdict == CONTRADICTED


def test_rises_and_images_are_counted():
    assert rises(run(loss=RISING)) == 1 and rises(run(loss=FALLING)) == 0
    record = run(validation=0.9, test=0.8)
    right, images = held_out(record)
    assert images == 2 * 3795 and right == round(0.9 * 3795) + round(0.8 * 3795)
    assert images_outside(record) == 0
    matrix = [list(row) for row in record.splits["test"]["confusion"]]
    matrix[1][7] += 2
    splits = record.splits | {"test": record.splits["test"] | {"confusion": matrix}}
    assert images_outside(replace(record, splits=splits)) == 2


def test_no_two_entries_of_one_quantity_contradict_each_other(usual):
    """NAG is not both faster than momentum and alike, and so on."""
    worlds = [usual, verdicts({"report": world(arrive={"nag": 4})})]
    for entries in worlds:
        faster = entries["nag-faster"].verdict == SUPPORTED
        differ = entries["times-differ"].verdict
        assert entries["nag-faster"].quantity != entries["times-differ"].quantity
        assert not (
            entries["adaptive-alike-fast"].verdict == SUPPORTED
            and entries["adaptive-learn-first"].verdict == UNDECIDED
            and faster
            and differ == CONTRADICTED
        )
        assert not {
            entries["adaptive-stop-first"].verdict,
            entries["momentum-next"].verdict,
        } == {SUPPORTED, CONTRADICTED}
    assert subject.ALPHA == 0.05
