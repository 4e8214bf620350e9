"""A claim is supported, contradicted or undecided by one standard of evidence."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reproduce.analysis import claims as subject
from reproduce.analysis.claims import (
    CONTRADICTED,
    JUDGES,
    LEARNING,
    NOT_JUDGED,
    QUANTITIES,
    RATE,
    REPEATED,
    SUPPORTED,
    UNDECIDED,
    Entry,
    Evidence,
    Finding,
    Sample,
    ahead,
    at_best_rates,
    compared,
    decide,
    equivalent,
    held_out,
    images_outside,
    is_ratio,
    ledger,
    mini_batches,
    one_sample,
    sides,
    together,
    traced_rises,
    tuned,
    within,
)
from reproduce.analysis.tests import mean_interval, share_interval
from reproduce.experiment.methods import METHODS, at_rate, without_rate
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.studies import SINGLE, STUDIES, decayed
from reproduce.original import CLAIMS, SENTENCES, UNJUDGED

from .runs import FALLING, RISING, cut_off, diverged, run, swept, traced, world

INF = math.inf
LIMIT = math.log(1.15)


# The standard of evidence -----------------------------------------------------------


def test_every_claim_has_words_and_a_judge():
    assert list(JUDGES) == list(CLAIMS)


def test_every_sentence_is_judged_or_says_why_not():
    judged = {key for s in SENTENCES for key in s.judged_by if key not in UNJUDGED}
    assert judged == set(CLAIMS)
    sections = {sentence.section for sentence in SENTENCES}
    assert {"1.1", "1.2", "1.3.7", "1.6"} <= sections


@pytest.mark.parametrize(
    ("p_for", "p_against", "p_holm", "decided"),
    [
        (0.001, 0.999, 0.05, (SUPPORTED, "")),
        (0.999, 0.001, 0.05, (CONTRADICTED, "")),
        (0.001, 0.999, 0.0501, (UNDECIDED, "chance")),
        (0.999, 0.001, 0.0501, (UNDECIDED, "chance")),
        (0.01, 0.01, 0.02, (CONTRADICTED, "")),  # no evidence for it alone
    ],
)
def test_both_verdicts_need_the_same_adjusted_p(p_for, p_against, p_holm, decided):
    assert decide(Finding(p_for, p_against), p_holm) == decided


def test_counted_claims_are_decided_by_what_is_counted():
    assert decide(Finding(holds=True), None) == (SUPPORTED, "")
    assert decide(Finding(holds=False), None) == (CONTRADICTED, "")
    needs = Finding(holds=True, needs=(("report", 1, "sgd"),))
    assert decide(needs, None) == (UNDECIDED, "runs")


def test_p_is_two_sided_and_adjusted_by_holm_over_the_tested_claims(monkeypatch):
    needs = Finding(needs=(("trace", 1, "sgd"),))
    findings = {
        "for": Finding(0.004, 0.996),
        "counted": Finding(holds=True, measured={"runs": 3}),
        "against": Finding(0.99, 0.01),
        "chance": Finding(0.7, 0.6),
        "waiting": needs,
    }
    judges = {key: (f"{key}?", lambda _, f=f: f) for key, f in findings.items()}
    monkeypatch.setattr(subject, "JUDGES", judges)
    assert ledger({}) == [
        Entry("for", "for?", findings["for"], 0.008, 3 * 0.008, SUPPORTED),
        Entry("counted", "counted?", findings["counted"], None, None, SUPPORTED),
        Entry("against", "against?", findings["against"], 0.02, 0.04, CONTRADICTED),
        Entry("chance", "chance?", findings["chance"], 1.0, 1.0, UNDECIDED, "chance"),
        Entry("waiting", "waiting?", needs, None, None, UNDECIDED, "runs"),
    ]


def test_runs_that_are_no_rerun_are_not_judged(monkeypatch):
    monkeypatch.setattr(subject, "JUDGES", {"a": ("b", None)})
    records = [run(protocol=Protocol(subset=300))]
    assert ledger({"report": records}) == [
        Entry("a", "b", Finding(), None, None, NOT_JUDGED, "subset")
    ]


def test_without_runs_every_claim_waits_for_some():
    for entry in ledger({}):
        assert (entry.verdict, entry.reason) == (UNDECIDED, "runs"), entry.key
        assert all(a in ARCHITECTURES for _, a, _ in entry.finding.needs)
        assert all(METHODS[method] for *_, method in entry.finding.needs)


# Tests ------------------------------------------------------------------------------


def welch(values, rivals):
    """(p of "not above", p of "not below")."""
    return tuple(
        stats.ttest_ind(rivals, values, equal_var=False, alternative=side).pvalue
        for side in ("greater", "less")
    )


@pytest.mark.parametrize("boundary", [0.0, 0.01, LIMIT])
def test_sides_is_welchs_test_of_logarithms_or_of_differences(boundary):
    rng = np.random.default_rng(0)
    a, b = rng.lognormal(3, 0.1, 6), rng.lognormal(3.2, 0.3, 9)
    assert sides(a, b, boundary) == pytest.approx(
        welch(np.log(a) + boundary, np.log(b))
    )
    assert sides(a, b, boundary, False) == pytest.approx(welch(a + boundary, b))


def test_the_boundary_lies_between_the_two_sides():
    slow, fast = [100, 101, 99, 100], [88, 87.5, 88.5, 88]  # 1.136 times
    assert sides(fast, slow, LIMIT)[1] < 0.05 < 0.95 < sides(fast, slow, LIMIT)[0]
    assert sides(fast, slow, math.log(1.12))[0] < 0.05


def test_runs_that_never_arrive_are_last_and_p_is_no_less_than_counting_gives():
    fewest = 1 / math.comb(10, 4)
    above, below = sides([5, 6, 7, 8], [INF] * 6, LIMIT)
    assert above == fewest and below > 0.99
    above, below = sides([INF] * 6, [5, 6, 7, 8], LIMIT)
    assert below == fewest and above > 0.99
    assert sides([5, INF, 9], [6, INF, INF], 0.0) == pytest.approx(
        welch([1, 5, 3], [2, 5, 5])
    )
    assert sides([INF] * 3, [INF] * 3, 0.0) == (1.0, 1.0)
    # Ranks count from the boundary on: 10 is not below 11 by 15 %.
    assert sides([10, 20, 30], [11, 21, INF], LIMIT) == pytest.approx(
        welch([2, 4, 5], [1, 3, 6])
    )


def test_equal_runs_leave_no_doubt_but_their_number():
    fewest = 1 / math.comb(7, 3)
    assert sides([41] * 3, [41] * 4, LIMIT) == (1.0, fewest)
    assert sides([41] * 3, [60] * 4, LIMIT) == (fewest, 1.0)
    assert sides([0.5] * 3, [0.75] * 4, 0.25, ratio=False) == (1.0, 1.0)
    one_varies = sides([41] * 3, [60, 61, 62, 63], LIMIT)
    assert one_varies[0] < fewest / 10


def test_all_must_be_above_and_one_below_is_enough():
    above, below = together([(0.01, 0.99), (0.03, 0.97), (0.9, 0.1)])
    assert above == 0.9
    assert below == pytest.approx(0.3)
    assert together([(0.1, 0.6), (0.2, 0.8)]) == (0.2, 1.0)


def test_two_are_within_the_limit_if_both_sides_are():
    near, far = [10, 11, 12, 13], [11, 12, 13, 15]
    for first, second in ((near, far), (far, near)):
        not_above, not_below = sides(first, second, LIMIT)
        not_below_less, below_less = sides(first, second, -LIMIT)
        assert within(first, second, LIMIT) == (
            max(not_below, not_below_less),
            min(1.0, 2 * min(not_above, below_less)),
        )
    accuracies = [0.95, 0.951, 0.953], [0.954, 0.956, 0.957]
    assert within(*accuracies, 0.01, ratio=False) == pytest.approx(
        (sides(*accuracies, 0.01, ratio=False)[1], 1.0)
    )
    twice = [2 * value for value in near]
    p_within, p_apart = within(near, twice, LIMIT)
    assert p_within > 0.99 and p_apart < 0.01
    assert p_apart == 2 * sides(near, twice, LIMIT)[0]


def test_one_sample_lies_on_one_side():
    values = [0.3, 0.31, 0.35]
    t = stats.ttest_1samp(values, 0.25, alternative="greater").pvalue
    assert one_sample(values, 0.25) == pytest.approx((t, 1 - t))
    assert t < 0.05
    assert one_sample([0.3, 0.3], 0.25) == (0.25, 1.0)  # half to the power of two
    assert one_sample([0.2, 0.2], 0.25) == (1.0, 0.25)
    assert one_sample([0.25, 0.25], 0.25) == (1.0, 1.0)


# Quantities -------------------------------------------------------------------------


def quantity(name, record):
    return QUANTITIES[name](record)


def test_only_what_the_criterion_ended_has_stopped():
    record = run(loss=[1.0, 0.2, 0.05, 0.01], method="batch_gd")
    stop = {"epochs": 4, "seconds": 0.4, "updates": 4}
    for unit, value in stop.items():
        assert quantity(f"{unit} to the stop", record) == pytest.approx(value)
        assert quantity(f"{unit} to the stop", cut_off(record)) == INF
    assert quantity("epochs to error 0.05", cut_off(record)) == 3
    assert quantity("updates to the stop", replace(record, cell=run().cell)) == 45_540


def test_a_diverged_run_has_no_accuracy():
    record = run(train=0.9, validation=0.8)
    assert quantity("validation accuracy", record) == pytest.approx(0.8, abs=1e-3)
    assert quantity("validation accuracy", diverged(record)) is None


def test_accuracies_are_compared_by_differences_and_all_else_by_ratios():
    assert {name for name in QUANTITIES if not is_ratio(name)} == {
        "validation accuracy",
        "late gain",
    }


def test_the_late_gain_is_that_of_the_last_tenth_of_the_epochs():
    def gain(epochs, *last):
        loss = [0.9] * (epochs - len(last)) + list(last)
        return quantity("late gain", run(loss=loss))

    assert gain(20, 0.7, 0.5, 0.4) == pytest.approx(0.3)  # of epochs 19 and 20
    assert gain(14, 0.7, 0.5) == pytest.approx(0.2)  # of epoch 14
    assert gain(2, 0.7) == pytest.approx(0.2)
    assert gain(1) is None


def test_a_sample_has_one_number_a_seed_and_says_where_it_is_from():
    records = [run(seed=0, loss=FALLING), diverged(run(seed=1)), run(seed=2)]
    evidence = Evidence({"report": records, "glorot": records[:1]})
    source, values = evidence.sample(1, "sgd", "validation accuracy")
    assert source == ("report", 1, "sgd") and len(values) == 2
    assert evidence.sample(1, "sgd", "epochs to the stop", "glorot") == (
        ("glorot", 1, "sgd"),
        [5],
    )
    assert evidence.sample(2, "sgd", "epochs to the stop").values == []
    assert evidence.sample(1, "sgd", "epochs to the stop", "sweep").values == []


# Comparisons ------------------------------------------------------------------------


def pairs_of(*samples, methods=("nag", "sgd")):
    """Pairs of samples, one an architecture."""
    return {
        (a, *methods): [
            Sample(("report", a, method), list(values))
            for method, values in zip(methods, pair, strict=True)
        ]
        for a, pair in enumerate(samples, start=1)
    }


def test_ratios_are_compared_by_logarithms_and_the_worst_counts():
    samples = (
        ([10, 11, 12], [20, 22, 25]),
        ([10, 11, 12], [11, 12, 13]),
        ([9, 10, 12], [12, INF, INF]),
    )
    result = compared(pairs_of(*samples))
    p = [sides(*pair, LIMIT) for pair in samples]
    assert result.p_for == max(above for above, _ in p)
    assert result.p_against == min(1.0, 3 * min(below for _, below in p))
    assert result.measured == {
        "comparisons": 3,
        "above": 2,
        "middle": pytest.approx(math.log(2)),
        "least": pytest.approx(math.log(12 / 11)),
        "least_where": (2, "nag", "sgd"),
        "never": None,
        "most": INF,
        "ratio": True,
        "weakest": (2, "nag", "sgd"),
        "missed": (0, 3),
        "misses": "nag",
    }


def test_accuracies_are_compared_by_differences():
    samples = (
        ([0.0, 0.0, 0.02], [0.01, 0.01, 0.02]),  # the limit itself is not above it
        ([0.5, 0.5, 0.6], [0.75, 0.75, 0.8]),
    )
    result = compared(pairs_of(*samples), ratio=False)
    assert result.p_for == max(sides(*pair, 0.01, ratio=False)[0] for pair in samples)
    assert result.measured == {
        "comparisons": 2,
        "above": 1,
        "middle": pytest.approx(0.13),
        "least": pytest.approx(0.01),
        "least_where": (1, "nag", "sgd"),
        "never": None,
        "most": 0.25,
        "ratio": False,
        "weakest": (1, "nag", "sgd"),
        "missed": (0, 3),
        "misses": "nag",
    }


def test_two_that_never_arrive_are_equal():
    result = compared(pairs_of(([INF] * 3, [INF] * 3)))
    assert result.measured["least"] == 0.0
    result = compared(pairs_of(([1, 2, 2], [1, 2, 3]), ([1, 1, 2], [1, 1, 3])))
    assert result.measured["least_where"][0] == 1  # of equal ones the first


def test_of_two_the_one_that_never_arrives_is_named():
    result = compared(pairs_of(([1, INF, INF], [1, 2, 3])))
    assert result.measured["never"] == "nag"
    assert result.measured["least"] == -INF


def test_a_sample_of_less_than_three_is_missing():
    pairs = pairs_of(([1, 2], [1, 2, 3]), ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], []))
    needs = (("report", 1, "nag"), ("report", 3, "sgd"))
    assert compared(pairs) == Finding(needs=needs)


def stopping(architecture, method, *epochs):
    """Runs that the criterion ended after so many epochs, one a seed."""
    return [
        replace(run(architecture, method, seed, loss=[1.0]), epochs=n)
        for seed, n in enumerate(epochs)
    ]


def right(architecture, method, *accuracies):
    return [
        run(architecture, method, seed, loss=[1.0], validation=accuracy)
        for seed, accuracy in enumerate(accuracies)
    ]


def values(records, name="epochs to the stop"):
    return [QUANTITIES[name](record) for record in records]


STOPS = {
    "nag": (10, 11, 12), "sgd": (20, 22, 25), "adam": (11, 12, 13),
}  # fmt: skip


def test_each_is_compared_with_every_rival_but_not_with_its_own_kind():
    cells = {
        (a, method): stopping(a, method, *(a * n for n in numbers))
        for a in (1, 2)
        for method, numbers in STOPS.items()
    }
    evidence = Evidence({"report": sum(cells.values(), [])})
    expected = {
        (a, "nag", rival): [
            Sample(("report", a, method), values(cells[a, method]))
            for method in ("nag", rival)
        ]
        for a in (1, 2)
        for rival in ("sgd", "adam")
    }
    name, judge = ahead(
        ["nag"], ["sgd", "nag", "adam"], "epochs to the stop", architectures=(1, 2)
    )
    assert name == "epochs to the stop"
    assert judge(evidence) == compared(expected)
    assert judge(evidence).measured["comparisons"] == 4
    more = ahead(
        ["nag"], ["sgd", "adam"], "epochs to the stop", more=True, architectures=(1, 2)
    )[1]
    turned = {key: pair[::-1] for key, pair in expected.items()}
    assert more(evidence) == compared(turned)
    everywhere = ahead(["nag"], ["sgd"], "epochs to the stop")[1](evidence)
    assert everywhere == Finding(
        needs=tuple(("report", a, m) for a in (3, 4, 5) for m in ("nag", "sgd"))
    )


def test_more_accurate_means_by_a_difference():
    records = right(1, "adam", 0.97, 0.975, 0.98) + right(1, "sgd", 0.95, 0.951, 0.953)
    judge = ahead(
        ["adam"], ["sgd"], "validation accuracy", more=True, architectures=(1,)
    )[1]
    result = judge(Evidence({"report": records}))
    assert not result.measured["ratio"]
    assert result.measured["least"] == pytest.approx(0.024, abs=1e-3)


def test_two_are_alike_if_they_are_on_every_architecture():
    cells = {
        (a, method): stopping(a, method, *numbers)
        for a in ARCHITECTURES
        for method, numbers in (("nag", (20, 21, 23)), ("adam", (20, 20 + a, 22 + a)))
    }
    pairs = [
        [values(cells[a, method]) for method in ("nag", "adam")] for a in ARCHITECTURES
    ]
    name, judge = equivalent("nag", "adam", "epochs to the stop")
    result = judge(Evidence({"report": sum(cells.values(), [])}))
    assert name == "epochs to the stop"
    p = [within(*pair, LIMIT) for pair in pairs]
    assert result.p_for == max(p_within for p_within, _ in p)
    assert result.p_against == min(1.0, 5 * min(p_apart for _, p_apart in p))
    assert result.measured == {
        "comparisons": 5,
        "within": 4,  # 25 is above 21 by 19 %, 24 by 14 %
        "widest": pytest.approx(math.log(25 / 21)),
        "widest_where": 5,
        "ratio": True,
    }


def test_accuracies_are_alike_within_a_percentage_point():
    numbers = {"nag": (0.95, 0.951, 0.953), "adam": (0.94, 0.942, 0.943)}
    cells = {
        (a, method): right(a, method, *accuracies)
        for a in ARCHITECTURES
        for method, accuracies in numbers.items()
    }
    result = equivalent("nag", "adam", "validation accuracy")[1](
        Evidence({"report": sum(cells.values(), [])})
    )
    pair = [values(cells[1, m], "validation accuracy") for m in ("nag", "adam")]
    assert result.p_for == within(*pair, 0.01, ratio=False)[0]
    assert result.measured["within"] == 5 and not result.measured["ratio"]
    assert result.measured["widest"] == pytest.approx(-0.009, abs=5e-4)
    assert result.measured["widest_where"] == 1


def test_a_gap_as_wide_as_the_limit_is_not_within_it():
    pair = (0.0, 0.0, 0.02), (0.01, 0.01, 0.02)

    class Stub:
        def sample(self, architecture, method, _):
            return Sample(("report", architecture, method), pair[method == "adam"])

    result = equivalent("nag", "adam", "validation accuracy")[1](Stub())
    assert result.measured["within"] == 0


def test_likeness_waits_for_what_is_missing():
    evidence = Evidence({"report": stopping(1, "nag", 1, 2, 3)})
    result = equivalent("nag", "adam", "epochs to the stop")[1](evidence)
    cells = [("report", a, m) for a in (2, 3, 4, 5) for m in ("adam", "nag")]
    assert result == Finding(needs=(("report", 1, "adam"), *cells))


def test_mini_batches_are_held_against_single_examples():
    records = [r for a in ARCHITECTURES for r in stopping(a, "adagrad", 40, 44, 50 + a)]
    batch = [
        replace(r, protocol=Protocol(batch_size=32), epochs=r.epochs + 1)
        for r in records
    ]
    evidence = Evidence({"report": records, "mini-batch": batch})
    for name in ("epochs to the stop", "updates to the stop"):
        expected = {
            (a, "mini-batch", "adagrad"): [
                Sample(
                    (study, a, "adagrad"),
                    values([r for r in runs if r.cell.architecture == a], name),
                )
                for study, runs in (("mini-batch", batch), ("report", records))
            ]
            for a in ARCHITECTURES
        }
        quantity, judge = mini_batches(name)
        assert quantity == name
        assert judge(evidence) == compared(expected)


def reaching(architecture, method, rate, *epochs):
    """Runs of the sweep, one a seed, whose error is 0.02 at this epoch; None: never."""
    return [
        run(architecture, at_rate(method, rate), seed, loss=[1.0] * ((n or 9) - 1)
            + [0.02 if n else 0.5])
        for seed, n in enumerate(epochs)
    ]  # fmt: skip


def test_each_method_is_taken_at_its_soonest_rate_or_else_at_its_lowest():
    records = [
        r
        for a in ARCHITECTURES
        for r in (
            reaching(a, "sgd", 0.01, 5, 6, 7)
            + reaching(a, "sgd", 0.1, 4, 9, 9)
            + reaching(a, "adagrad", 0.001, 8, None, None)
            + reaching(a, "adagrad", 0.1, None, None, None)
            + reaching(a, "adam", 0.1, 1, 1, 1)
        )
    ]
    evidence = Evidence({"sweep": records})
    quantity, judge = tuned("sgd", "adagrad")
    assert quantity == "epochs to error 0.02, tuned"
    result = judge(evidence)
    assert result.measured.pop("rates") == {"sgd": [0.01], "adagrad": [0.001]}
    assert result == compared(
        {
            (a, "sgd", "adagrad"): [
                Sample(("sweep", a, "sgd"), [5, 6, 7]),
                Sample(("sweep", a, "adagrad"), [8, INF, INF]),
            ]
            for a in REPEATED
        }
    )
    assert len(judge(Evidence({})).needs) == 4
    subset = [r for r in records if r.cell.architecture != 2]
    result = judge(Evidence({"sweep": subset}))
    assert result.needs == (("sweep", 2, "adagrad"), ("sweep", 2, "sgd"))


def test_methods_are_compared_at_their_best_rates_where_the_sweep_has_seeds_enough():
    seeds = Counter(
        (cell.architecture, cell.method)
        for cell in STUDIES["sweep"].cells()
        if without_rate(cell.method)[0] in SINGLE
    )
    enough = {
        a for a, _ in seeds if all(n >= 3 for (b, _), n in seeds.items() if b == a)
    }
    assert enough == set(REPEATED) == {1, 2}


def sweep_of(architecture, **soonest):
    """A complete sweep: at 0.1 each method's error is 0.02 at its epoch, else never."""
    return [
        r
        for method in SINGLE
        for r in reaching(architecture, method, 0.1, soonest.get(method))
        + reaching(architecture, method, RATE, None)
    ]


def test_claims_of_speed_say_what_holds_at_each_methods_best_rate():
    swept = sweep_of(1, sgd=8, nag=7, momentum=6) + sweep_of(2, sgd=8, nag=4)
    evidence = Evidence({"sweep": swept})
    pairs = [(a, m, "sgd") for a in (1, 2, 3) for m in ("nag", "momentum", "batch_gd")]
    # Architecture 1: nag is ahead by less than 15 %. On 2 momentum never gets there, on
    # 3 there is no sweep, and batch GD has other epochs than the rest.
    assert at_best_rates(evidence, pairs) == (2, 4)
    assert at_best_rates(evidence, [(1, "batch_gd", "sgd")]) is None
    unfair = swept + reaching(1, "sgd", 0.3, 2)
    assert at_best_rates(Evidence({"sweep": unfair}), pairs) == (1, 2)
    assert at_best_rates(Evidence({}), pairs) is None


def test_only_what_is_learned_first_is_asked_at_the_best_rates():
    records = [
        r
        for a in ARCHITECTURES
        for m in ("nag", "sgd")
        for r in (run(a, m, seed, loss=[1.0, 0.05 + seed / 1e4]) for seed in range(3))
    ]
    studies = {"report": records, "sweep": sweep_of(1, sgd=8, nag=4)}
    for quantity, counted in ((LEARNING, (1, 1)), ("epochs to the stop", None)):
        judge = ahead(["nag"], ["sgd"], quantity)[1]
        assert judge(Evidence(studies)).measured.get("tuned") == counted
        assert judge(Evidence({"sweep": studies["sweep"]})).measured == {}


# Single claims ----------------------------------------------------------------------


def finding(key, **studies):
    """What a claim's judge finds in the records of studies."""
    names = {name.replace("_", "-"): records for name, records in studies.items()}
    return JUDGES[key][1](Evidence(names))


def verdict(key, **studies):
    """The verdict on one claim, were it the only one."""
    result = finding(key, **studies)
    counted = result.p_for is None
    p = None if counted else min(1.0, 2 * min(result.p_for, result.p_against))
    return decide(result, p)[0]


def gd(rate, *losses):
    """Runs of batch GD in the sweep, one a seed."""
    return [
        run(1, at_rate("batch_gd", rate), s, loss=loss) for s, loss in enumerate(losses)
    ]


TWO_RISES = [1.0, 1.1, 0.04, 0.6, 0.015]
OVERSHOT = (
    gd(1.0, FALLING, FALLING)
    + gd(0.3, RISING, RISING, FALLING)
    + gd(0.1, RISING, FALLING)  # half is not most
    + gd(0.001, FALLING, FALLING, FALLING)
)
OVERSHOT[:2] = map(diverged, OVERSHOT[:2])


def test_gd_overshoots_where_most_runs_of_a_rate_rise_or_diverge():
    result = finding("gd-overshoots", sweep=OVERSHOT + swept("sgd", 0.5, loss=RISING))
    measured = {"rates": 4, "over": 2, "lowest": 0.3, "runs": 10, "diverged": 2}
    assert result == Finding(holds=True, by_one=True, measured=measured)
    result = finding("gd-overshoots", sweep=OVERSHOT[5:])
    measured = {"rates": 2, "over": 0, "lowest": None, "runs": 5, "diverged": 0}
    assert result == Finding(holds=False, by_one=True, measured=measured)
    assert finding("gd-overshoots").needs == (("sweep", 1, "batch_gd"),)


def test_batch_gd_descends_only_if_it_does_at_every_rate():
    records = [run(a, "batch_gd", s, loss=FALLING) for a in (1, 5) for s in (0, 1)]
    calm = OVERSHOT[7:]
    key = "batch-gd-descends"
    assert finding(key, report=records, sweep=calm) == Finding(
        holds=True,
        measured={
            "steps": 4 * 4,
            "raised_at_own_rate": 0,
            "swept": 3,
            "raised": 0,
            "lowest": None,
        },
    )
    rough = [run(2, "batch_gd", 0, loss=TWO_RISES)]
    assert finding(key, report=records + rough, sweep=OVERSHOT[2:]) == Finding(
        holds=False,
        measured={
            "steps": 5 * 4,
            "raised_at_own_rate": 2,
            "swept": 8,
            "raised": 3,
            "lowest": 0.1,
        },
    )
    assert not finding(key, report=records + rough, sweep=calm).holds
    assert not finding(key, report=records, sweep=OVERSHOT[2:]).holds
    assert finding(key, report=records).needs == (("sweep", 1, "batch_gd"),)
    assert finding(key, sweep=calm).needs == (("report", 1, "batch_gd"),)


def test_batch_gd_oscillates_if_any_step_raises_its_error():
    records = [run(a, "batch_gd", 0, loss=FALLING) for a in ARCHITECTURES]
    key = "batch-gd-oscillates"
    measured = {"steps": 20, "raised": 0, "runs": 5}
    assert finding(key, report=records) == Finding(
        holds=False, by_one=True, measured=measured
    )
    rough = [run(5, "batch_gd", 1, loss=RISING)]
    measured = {"steps": 24, "raised": 1, "runs": 6}
    assert finding(key, report=records + rough) == Finding(
        holds=True, by_one=True, measured=measured
    )
    assert finding(key).needs == (("report", 1, "batch_gd"),)


@pytest.mark.parametrize(
    ("gains", "decided"),
    [((0.002, 0.004, 0.0), SUPPORTED), ((0.1, 0.11, 0.12), CONTRADICTED)],
)
def test_batch_gd_is_stuck_if_it_gains_less_than_a_percentage_point(gains, decided):
    records = [
        run(a, "batch_gd", 0, loss=[0.9, 0.5, 0.5 - gain])
        for a, gain in zip((1, 2, 3), gains, strict=True)
    ]
    result = finding("batch-gd-stuck", report=records)
    above, below = one_sample(values(records, "late gain"), 0.01)
    middle = pytest.approx(sorted(gains)[1])
    assert result == Finding(below, above, measured={"gain": middle, "runs": 3})
    assert verdict("batch-gd-stuck", report=records) == decided
    far = run(4, "batch_gd", 0, loss=[0.9, 0.1])
    assert finding("batch-gd-stuck", report=[*records, far]) == result
    shortage = finding("batch-gd-stuck", report=[*records[:2], far])
    assert shortage.needs == (("report", 1, "batch_gd"),)


def updates(method, rate, seed, *errors, architecture=1, loss=FALLING):
    """A run whose traced updates of epochs 1 and 10 have these errors."""
    epochs = zip(("1", "10"), errors, strict=False)
    key = at_rate(method, rate)
    return replace(run(architecture, key, seed, loss=loss), trace=dict(epochs))


def test_a_traced_update_rises_if_its_error_is_higher_than_the_one_before():
    record = updates("sgd", 0.001, 0, [1, 2, 2, 1, 3], [3, 2, 1])
    assert traced_rises(record) == {"1": 0.5, "10": 0.0}


def test_sgd_oscillates_if_a_quarter_of_its_updates_raise_the_error():
    rough = [
        updates("sgd", 0.001, 0, [1, 2, 1], [1, 2, 3, 2, 1], loss=TWO_RISES),
        updates("sgd", 0.001, 1, [1, 2, 1, 2, 1], [2, 3, 2, 3, 4]),
        updates("sgd", 0.001, 2, [1, 2, 1], [2, 3, 2], architecture=4, loss=RISING),
    ]
    extras = [updates("sgd", 0.01, 0, [3, 2, 1]), updates("nag", 0.001, 0, [3, 2, 1])]
    result = finding("sgd-oscillates", trace=rough + extras)
    measured = {"share": 0.5, "runs": 3, "epoch_rises": 3}
    assert result == Finding(*one_sample([0.5, 0.625, 0.5], 0.25), measured=measured)
    shortage = finding("sgd-oscillates", trace=rough[:2] + extras)
    assert shortage.needs == (("trace", 1, "sgd"),)


@pytest.mark.parametrize(
    ("share", "decided"),
    [(0.4, SUPPORTED), (0.27, SUPPORTED), (0.23, CONTRADICTED), (0.1, CONTRADICTED)],
)
def test_a_quarter_is_the_boundary_of_oscillation(share, decided):
    assert verdict("sgd-oscillates", trace=traced("sgd", 0.001, share)) == decided


def test_nag_is_compared_with_momentum_from_the_same_weights():
    def both(momentum, nag, *cell, **changes):
        return [
            updates(method, *cell, *errors, **changes)
            for method, errors in (("momentum", momentum), ("nag", nag))
        ]

    rises, half, falls = [1, 2, 3], [1, 2, 1], [3, 2, 1]
    records = [
        *both((rises, half), (half, falls), 0.001, 0),
        *both((half,), (half, rises), 0.01, 0),  # epoch 10 of one alone
        *both((rises,), (falls,), 0.001, 1, architecture=4),
        updates("nag", 0.001, 7, rises),
        updates("momentum", 0.001, 8, rises),
        updates("sgd", 0.001, 0, rises),
    ]
    result = finding("nag-oscillates-less", trace=records)
    low, high = mean_interval([0.5, 0.0, 1.0])
    assert result == Finding(
        *one_sample([0.5, 0.0, 1.0], 0.01),
        measured={"pairs": 3, "gain": 0.5, "low": low, "high": high},
    )
    shortage = finding("nag-oscillates-less", trace=records[2:])
    assert shortage.needs == (("trace", 1, "nag"),)


def test_traced_epochs_are_taken_in_their_order():
    """Any other order of the same numbers has other last digits."""
    rises = {str(n): [0] * (n + 1) + [1] for n in range(20)}  # 1 of n + 1 updates
    calm = {epoch: [1, 0] for epoch in reversed(rises)}
    records = [
        replace(run(1, at_rate(method, 0.001), seed), trace=trace)
        for method, trace in (("momentum", rises), ("nag", calm))
        for seed in range(3)
    ]
    result = finding("nag-oscillates-less", trace=records)
    assert result.measured["gain"] == np.mean([1 / (n + 1) for n in range(20)])


@pytest.mark.parametrize(
    ("share", "decided"), [(0.38, SUPPORTED), (0.395, CONTRADICTED)]
)
def test_nag_oscillates_less_by_a_percentage_point(share, decided):
    records = traced("momentum", 0.001, 0.4) + traced("nag", 0.001, share)
    assert verdict("nag-oscillates-less", trace=records) == decided


def fisher(first, first_runs, second, second_runs):
    """The finding of "the first share is larger"."""
    cases = [[first, first_runs - first], [second, second_runs - second]]
    p = [
        stats.fisher_exact(cases, alternative=side).pvalue
        for side in ("greater", "less")
    ]
    return Finding(
        *p,
        measured={
            "own": first / first_runs,
            "other": second / second_runs,
            "runs": first_runs,
        },
    )


ONE, TWO = (1,), (1, 2)  # architectures


def test_momentum_is_more_reliable_if_it_learns_at_more_rates():
    stays = [1.0, 0.9]
    runs = swept("momentum", 0.001, loss=FALLING, architectures=TWO)
    runs += swept("momentum", 0.1, loss=stays, architectures=TWO)
    runs += swept("sgd", 0.001, loss=stays, architectures=TWO)
    runs += swept("sgd", 0.1, loss=stays, architectures=TWO)[1:]
    runs += swept("sgd", 0.01, loss=FALLING, architectures=ONE)  # has no counterpart
    runs += swept("nag", 0.1, loss=FALLING, architectures=TWO)
    key = "momentum-reliable"
    pairs = {"momentum": 1.0, "sgd": 0.0, "rates": 2, "pairs": 5}
    assert finding(key, sweep=runs) == Finding(2**-5, 1.0, measured=pairs)
    worse = [r for r in runs if "sgd" not in r.cell.method]
    worse += swept("sgd", 0.001, loss=FALLING, architectures=TWO)
    worse += swept("sgd", 0.1, seeds=2, loss=FALLING, architectures=TWO)
    worse += swept("sgd", 0.1, seeds=3, loss=stays, architectures=TWO)[2::3]
    gains = [-1, -1, 0, -1, -1, 0]
    result = finding(key, sweep=worse)
    assert (result.p_for, result.p_against) == pytest.approx(one_sample(gains, 0.5))
    assert result.measured["sgd"] == pytest.approx(10 / 6)
    for subset in (runs[:2], [r for r in runs if r.cell.architecture == 1][:4]):
        assert finding(key, sweep=subset).needs == (("sweep", 1, "momentum"),)


def test_adaptive_methods_avoid_rises_if_fewer_of_their_runs_have_one():
    calm = swept("adagrad", 0.1, loss=FALLING, architectures=TWO)
    calm += swept("rmsprop", 0.1, seeds=1, loss=TWO_RISES, architectures=ONE)
    calm += swept("adam", 0.1, seeds=1, loss=FALLING, architectures=ONE)
    rough = swept("sgd", 0.1, seeds=2, loss=RISING, architectures=ONE)
    rough += swept("momentum", 0.1, seeds=1, loss=RISING, architectures=ONE)
    rough += swept("nag", 0.1, seeds=1, loss=FALLING, architectures=ONE)
    extras = swept("batch_gd", 0.1, loss=RISING)
    key = "adaptive-avoids"
    result = finding(key, sweep=calm + rough + extras)
    by_method = {"sgd": 1.0, "momentum": 1.0, "nag": 0.0}
    by_method |= {"adagrad": 0.0, "rmsprop": 1.0, "adam": 0.0}
    expected = fisher(3, 4, 1, 8)
    measured = expected.measured | {"by_method": by_method}
    assert result == replace(expected, measured=measured)
    for subset in (calm[:7] + rough, calm + rough[:3]):
        assert finding(key, sweep=subset).needs == (("sweep", 1, "adam"),)


def test_adaptive_methods_are_not_smooth_if_more_of_their_runs_have_a_dip():
    rough = [run(a, "rmsprop", 0, loss=RISING) for a in ARCHITECTURES]
    rough += [run(1, "adam", 0, loss=FALLING), run(2, "adam", 0, loss=TWO_RISES)]
    calm = [
        run(5, method, 0, loss=loss)
        for method, loss in (
            ("sgd", [1.0, 0.5, 0.6]),  # it ends with a rise: no dip
            ("momentum", [1.0, 0.5, 0.7, 0.6]),
            ("nag", FALLING),
            ("adagrad", FALLING),
        )
    ]
    calm += [run(1, "sgd", 1, loss=RISING)]
    extras = [run(1, "batch_gd", s, loss=RISING) for s in range(3)]
    key = "adaptive-not-smooth"
    assert finding(key, patience_2=rough + calm + extras) == fisher(6, 7, 1, 5)
    for subset in (rough[:2] + calm, rough + calm[:2]):
        assert finding(key, patience_2=subset).needs == (("patience-2", 1, "adam"),)
    assert not finding(key, patience_2=rough[:3] + calm[:3]).needs
    assert finding(key, report=rough + calm).needs == (("patience-2", 1, "adam"),)


def test_a_cause_is_judged_at_each_methods_best_rate():
    rough = swept("adam", 0.1, loss=[1.0, 1.1, 0.02], architectures=ONE)
    rough += swept("adam", 0.01, loss=FALLING, architectures=ONE)  # an epoch later
    rough += swept("rmsprop", 0.001, loss=FALLING, architectures=ONE, seeds=1)
    calm = swept("momentum", 0.01, loss=FALLING)
    calm += swept("nag", 0.001, loss=RISING, architectures=ONE, seeds=1)
    never = swept("sgd", 0.01, loss=[1.0, 0.9, 0.95])  # it rises, and gets nowhere
    extras = swept("adagrad", 0.1, loss=RISING) + swept("batch_gd", 0.1, loss=RISING)
    key = "adaptive-is-why"
    result = finding(key, sweep=rough + calm + never + extras)
    assert result == fisher(3, 4, 1, 16)
    for subset in (rough, calm, never + rough, []):
        assert finding(key, sweep=subset).needs == (("sweep", 1, "adam"),)


@pytest.mark.parametrize(
    ("last", "decided"), [(0.0224, SUPPORTED), (0.0276, CONTRADICTED)]
)
def test_adagrad_stopped_short_if_its_error_still_halves(last, decided):
    records = [run(1, "adagrad", s, loss=[1.0, 0.06, 0.05]) for s in range(4)]
    lasts = [last + 0.0001 * s for s in range(4)]
    long = [
        run(1, "adagrad", s, loss=[*records[s].history["loss"], 0.048, end])
        for s, end in enumerate(lasts)
    ]
    extras = [run(1, "adam", 0), run(1, "adagrad", 9), run(3, "adagrad", 0)]
    key = "adagrad-stops-short"
    result = finding(
        key, report=records + [run(1, "adam", 0)], past_stopping=long + extras
    )
    falls = [math.log(0.05 / end) for end in lasts]
    times = pytest.approx(0.05 / np.sqrt(lasts[1] * lasts[2]))
    expected = one_sample(falls, math.log(2))
    assert (result.p_for, result.p_against) == pytest.approx(expected)
    assert result.measured == {"times": times, "runs": 4}
    assert verdict(key, report=records, past_stopping=long) == decided
    needs = (("past-stopping", 1, "adagrad"),)
    assert finding(key, report=records, past_stopping=long[:2]).needs == needs
    assert not finding(key, report=records, past_stopping=long[:3]).needs


def well(accuracy=0.96):
    """Three runs of each cell but batch GD's; half their images are held-out ones."""
    return [
        run(a, method, seed, loss=[1.0], validation=accuracy, test=accuracy)
        for a in ARCHITECTURES
        for method in SINGLE
        for seed in range(3)
    ]


def test_models_perform_well_if_the_worst_one_does():
    records = well()
    worst = run(2, "adagrad", 2, loss=[1.0], validation=0.91, test=0.93)
    records = [worst if r.cell == worst.cell else r for r in records]
    batch = run(1, "batch_gd", 0, loss=[1.0], validation=0.5)
    low, high = share_interval(*held_out(worst))
    measured = {"low": low, "high": high, "architecture": 2, "method": "adagrad"}
    key = "models-perform-well"
    expected = Finding(holds=True, measured=measured)
    assert finding(key, report=[*records, batch]) == expected
    equal = finding(key, report=well())
    assert (equal.measured["architecture"], equal.measured["method"]) == (1, "sgd")


@pytest.mark.parametrize(("right", "holds"), [(6915, True), (6875, False)])
def test_to_perform_well_is_to_have_90_percent_for_certain(right, holds):
    # 0.911 and 0.906 of 7,590: the lower bounds are 0.904 and 0.899.
    result = finding("models-perform-well", report=well(right / 7590))
    assert result.holds == holds


def test_the_bound_itself_is_well(monkeypatch):
    low = finding("models-perform-well", report=well()).measured["low"]
    monkeypatch.setattr(subject, "WELL", low)
    assert finding("models-perform-well", report=well()).holds


def test_every_cell_must_have_three_runs_that_did_not_diverge():
    records = well()
    records[-1] = diverged(records[-1])
    needs = (("report", 5, "adam"),)
    assert finding("models-perform-well", report=records).needs == needs
    assert finding("models-perform-well").needs == (("report", 1, "sgd"),)


def test_held_out_images_are_those_that_a_run_did_not_train_on():
    record = run(validation=0.9, test=0.8)
    right = round(0.9 * 3795) + round(0.8 * 3795)
    assert held_out(record) == (right, 2 * 3795)
    splits = record.splits | {"unused": record.splits["test"]}
    right += round(0.8 * 3795)
    assert held_out(replace(record, splits=splits)) == (right, 3 * 3795)
    matrix = [[0] * 10 for _ in range(10)]
    matrix[9][9] = 4
    splits = {"validation": {"confusion": matrix}}
    assert held_out(replace(record, splits=splits)) == (4, 4)


def differing(**factors):
    """Epochs of three seeds of every cell, each method twice as slow as the last."""
    return {
        (a, method): stopping(
            a,
            method,
            *(round(factors.get(method, 2**place) * n) for n in (1000 + a, 1002, 1003)),
        )
        for a in ARCHITECTURES
        for place, method in enumerate(METHODS)
    }


def test_times_differ_if_no_two_methods_are_alike():
    cells = differing(nag=4.4)  # momentum: 4
    result = finding("times-differ", report=sum(cells.values(), []))
    two = ("momentum", "nag")
    tests = [
        within(*(values(cells[a, method]) for method in two), LIMIT)
        for a in ARCHITECTURES
    ]
    assert result.p_for == min(1.0, 5 * min(apart for _, apart in tests))
    assert result.p_against == min(1.0, 21 * max(p_within for p_within, _ in tests))
    assert result.measured == {
        "methods": two,
        "gap": pytest.approx(math.log(1.1), abs=1e-3),
        "pairs": 21,
        "ties": ((4, "momentum", "nag", 38), (5, "rmsprop", "adam", 21)),
    }
    apart = finding("times-differ", report=sum(differing(nag=6).values(), []))
    assert apart.p_against == 1.0
    assert finding("times-differ").needs == (("report", 1, "batch_gd"),)
    cells[5, "adam"] = cells[5, "adam"][:2]
    result = finding("times-differ", report=sum(cells.values(), []))
    assert result.needs == (("report", 1, "batch_gd"),)


@pytest.mark.parametrize(
    ("factor", "decided"),
    [(4.0, CONTRADICTED), (4.5, CONTRADICTED), (4.7, SUPPORTED)],
)
def test_times_differ_by_15_percent(factor, decided):
    records = sum(differing(nag=factor).values(), [])
    assert verdict("times-differ", report=records) == decided


def accurate(train, validation, seed=0, method="sgd", architecture=1):
    record = run(architecture, method, seed, loss=[1.0])
    splits = {"train": {"accuracy": train}, "validation": {"accuracy": validation}}
    return replace(record, splits=splits)


@pytest.mark.parametrize(
    ("train", "validation", "holds"),
    [
        (1.0, 0.9699, True),
        (0.9995, 0.9694, True),
        (0.9994, 0.9, False),  # 99.9 % as rounded
        (1.0, 0.9701, False),
    ],
)
def test_a_run_memorizes_with_100_percent_and_a_gap_of_three_points(
    train, validation, holds
):
    records = [accurate(1.0, 0.98), accurate(0.9, 0.8), diverged(accurate(1.0, 0.5))]
    records.append(accurate(train, validation))
    result = finding("memorizes", report=records)
    measured = {"found": int(holds), "runs": 3}
    assert result == Finding(holds=holds, by_one=True, measured=measured)
    shortage = finding("memorizes", report=records[1:])
    assert shortage.needs == (("report", 1, "sgd"),)


def test_the_gap_itself_is_a_gap(monkeypatch):
    monkeypatch.setattr(subject, "GAP", 0.25)
    records = [accurate(1.0, 0.75, seed) for seed in range(3)]
    assert finding("memorizes", report=records).measured["found"] == 3


def decaying(train, validation, seed=0, method="momentum", architecture=1):
    return accurate(train, validation, seed, decayed(method), architecture)


def test_regularization_is_needed_if_weight_decay_makes_models_more_accurate():
    records = [
        accurate(1.0, 0.875, 0, "momentum"),
        accurate(1.0, 0.75, 1, "nag", 5),
        accurate(1.0, 0.75, 2, "momentum"),
    ]
    twins = [
        decaying(1.0, 0.9375),
        decaying(0.9, 0.75, 1, "nag", 5),
        decaying(0.875, 0.875, 2),
    ]
    glorot = [accurate(1.0, 0.9375, 0, "momentum"), accurate(1.0, 0.5, 9, "momentum")]
    left_out = [
        accurate(1.0, 0.1, 0, "adam"),
        accurate(1.0, 0.1, 4, "momentum"),  # of one study alone
        diverged(accurate(1.0, 0.1, 5, "nag")),
    ]
    key = "needs-regularization"
    result = finding(
        key, report=records + left_out, weight_decay=twins, glorot=glorot + left_out
    )
    expected = one_sample([0.0625, 0.0, 0.125], 0.01)
    assert (result.p_for, result.p_against) == pytest.approx(expected)
    measured = {"gain": 0.0625, "pairs": 3, "gap": 0.25, "decayed": 0.0625}
    assert result.measured == measured | {"glorot": 0.0625}
    result = finding(key, report=records, weight_decay=twins)
    assert result.measured == measured | {"glorot": None}
    assert finding(key, report=records, weight_decay=twins[:2]).needs == (
        ("weight-decay", 1, decayed("momentum")),
    )


@pytest.mark.parametrize(
    ("gain", "decided"), [(0.011, SUPPORTED), (0.009, CONTRADICTED)]
)
def test_a_percentage_point_is_the_boundary_of_regularization(gain, decided):
    accuracies = [0.95 + 0.001 * seed for seed in range(4)]
    gains = [gain + 0.0001 * (-1) ** seed for seed in range(4)]
    records = [accurate(1.0, a, s, "nag") for s, a in enumerate(accuracies)]
    twins = [
        decaying(1.0, a + g, s, "nag")
        for s, (a, g) in enumerate(zip(accuracies, gains, strict=True))
    ]
    assert verdict("needs-regularization", report=records, weight_decay=twins) == (
        decided
    )


def mistaken(record, split, digit, prediction, count):
    """The run as if it took so many more images of a digit for another."""
    matrix = [list(row) for row in record.splits[split]["confusion"]]
    matrix[digit][prediction] += count
    changed = record.splits[split] | {"confusion": matrix}
    return replace(record, splits=record.splits | {split: changed})


def test_images_are_outside_if_they_are_taken_for_a_digit_that_was_never_shown():
    record = run(loss=[1.0])
    assert images_outside(record) == 0
    wrong = mistaken(mistaken(record, "test", 1, 7, 2), "validation", 9, 0, 3)
    assert images_outside(wrong) == 5
    assert images_outside(mistaken(wrong, "train", 1, 7, 2)) == 5
    assert images_outside(mistaken(wrong, "test", 1, 6, 2)) == 5
    key = "none-outside"
    records = [wrong, mistaken(record, "test", 2, 5, 1), record, diverged(record)]
    measured = {"images": 6, "found": 2, "runs": 3, "methods": ["sgd"]}
    assert finding(key, report=records) == Finding(holds=False, measured=measured)
    measured = {"images": 0, "found": 0, "runs": 3, "methods": []}
    assert finding(key, report=[record] * 3) == Finding(holds=True, measured=measured)
    assert finding(key, report=records[1:]).needs == (("report", 1, "sgd"),)


def test_four_layers_are_best_if_the_best_of_them_beats_the_best_of_fewer():
    smaller = right(3, "nag", 0.95, 0.951, 0.954) + right(1, "sgd", 0.9, 0.91, 0.92)
    chosen = right(4, "adam", 0.97, 0.972, 0.976) + right(4, "sgd", 0.9, 0.91, 0.92)
    larger = right(5, "adam", 0.99, 0.991, 0.992)
    key = "four-layers-best"
    result = finding(key, report=smaller + chosen + larger)
    samples = [values(runs[:3], "validation accuracy") for runs in (smaller, chosen)]
    assert result == Finding(
        *sides(*samples, 0.01, ratio=False),
        measured={
            "gain": pytest.approx(np.mean(samples[1]) - np.mean(samples[0])),
            "rival": (3, "nag"),
            "own": (4, "adam"),
        },
    )
    needs = (("report", 4, "adam"),)
    pair = right(4, "adam", 0.97, 0.98)
    for records in (smaller, chosen, smaller + pair, []):
        assert finding(key, report=records).needs == needs


@pytest.mark.parametrize(
    ("gain", "decided"), [(0.011, SUPPORTED), (0.009, CONTRADICTED)]
)
def test_four_layers_are_best_by_a_percentage_point(gain, decided):
    accuracies = [0.95, 0.9501, 0.9499, 0.95]
    records = right(2, "adam", *accuracies)
    records += right(4, "adam", *(accuracy + gain for accuracy in accuracies))
    assert verdict("four-layers-best", report=records) == decided


# Worlds -----------------------------------------------------------------------------

USUAL = {
    "momentum-speeds-up": SUPPORTED,
    "nag-faster": CONTRADICTED,
    "adagrad-speeds-up": CONTRADICTED,
    "adagrad-slowest": SUPPORTED,
    "adam-cures-decay": SUPPORTED,
    "adaptive-stop-first": SUPPORTED,
    "adaptive-learn-first": CONTRADICTED,
    "adaptive-well": SUPPORTED,
    "adaptive-alike": SUPPORTED,
    "adaptive-alike-fast": CONTRADICTED,
    "batch-gd-slow": SUPPORTED,
    "batch-gd-costly": SUPPORTED,
    "batch-gd-poor": SUPPORTED,
    "batch-gd-oscillates": CONTRADICTED,
    "times-differ": CONTRADICTED,
    "models-perform-well": SUPPORTED,
    "none-outside": SUPPORTED,
    "four-layers-best": CONTRADICTED,
}  # in a world like the original's


def verdicts(studies):
    return {entry.key: entry for entry in ledger(studies)}


def test_a_world_like_the_originals_is_judged_so():
    entries = verdicts({"report": world()})
    assert {key: entries[key].verdict for key in USUAL} == USUAL
    contradict_each_other(entries)


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        (
            "momentum-speeds-up",
            {"arrive": {"nag": 44}, "epochs": {"nag": 60}},
            CONTRADICTED,
        ),
        (
            "momentum-speeds-up",
            {"arrive": {"momentum": 44}, "epochs": {"momentum": 60}},
            CONTRADICTED,
        ),
        ("nag-faster", {"arrive": {"nag": 4}}, SUPPORTED),
        ("adagrad-speeds-up", {"arrive": {"adagrad": 20}}, SUPPORTED),
        ("adagrad-slowest", {"epochs": {"rmsprop": 600}}, CONTRADICTED),
        ("adam-cures-decay", {"arrive": {"adagrad": 10}}, CONTRADICTED),
        ("adaptive-stop-first", {"epochs": {"adam": 40}}, CONTRADICTED),
        ("adaptive-stop-first", {"epochs": {"batch_gd": 10}}, CONTRADICTED),
        ("adaptive-learn-first", {"arrive": {"rmsprop": 5, "adam": 5}}, SUPPORTED),
        ("adaptive-well", {"right": {"adam": 0.85}}, CONTRADICTED),
        ("adaptive-alike", {"right": {"adam": 0.96}}, CONTRADICTED),
        ("adaptive-alike-fast", {"arrive": {"adam": 9}}, SUPPORTED),
        ("times-differ", {"epochs": {"nag": 60, "adam": 8}}, SUPPORTED),
        ("models-perform-well", {"right": {"adagrad": 0.8}}, CONTRADICTED),
        ("batch-gd-poor", {"right": {"batch_gd": 0.96}}, CONTRADICTED),
        ("batch-gd-slow", {"epochs": {"batch_gd": 600}}, CONTRADICTED),
        ("batch-gd-costly", {"epochs": {"batch_gd": 120}}, CONTRADICTED),
    ],
)
def test_another_world_turns_the_verdict(key, changes, expected):
    assert verdict(key, report=world(5, **changes)) == expected


def contradict_each_other(entries):
    """NAG is not both faster than momentum and alike, and so on."""
    faster = entries["nag-faster"].verdict == SUPPORTED
    differ = entries["times-differ"].verdict
    assert entries["nag-faster"].quantity != entries["times-differ"].quantity
    assert not (
        entries["adaptive-alike-fast"].verdict == SUPPORTED
        and entries["adaptive-learn-first"].verdict == UNDECIDED
        and faster
        and differ == CONTRADICTED
    )


def test_no_two_entries_of_one_quantity_contradict_each_other():
    contradict_each_other(verdicts({"report": world(5, arrive={"nag": 4})}))


@pytest.mark.parametrize(("adagrad", "expected"), [(6, CONTRADICTED), (20, SUPPORTED)])
@pytest.mark.parametrize(
    ("key", "method"), [("decay-is-why", "rmsprop"), ("adagrad-unsuitable", "sgd")]
)
def test_the_decay_is_judged_at_each_methods_best_rate(key, method, adagrad, expected):
    records = [
        record
        for a in ARCHITECTURES
        for record in reaching(a, method, 0.001, 8, 9, 8, 9, 8, 9)
        + reaching(a, method, 0.01, *[30] * 6)
        + reaching(a, "adagrad", 0.001, *[40] * 6)
        + reaching(a, "adagrad", 0.1, *(adagrad + s % 2 for s in range(6)))
    ]
    assert verdict(key, sweep=records) == expected


def test_mini_batches_are_judged_by_epochs_and_by_updates():
    records = [r for r in world(5) if r.cell.method == "adagrad"]
    batch = [
        replace(r, protocol=Protocol(batch_size=32), epochs=r.epochs + r.cell.seed % 2)
        for r in records
    ]
    by_epochs = verdict("adagrad-mini-batch-epochs", report=records, mini_batch=batch)
    by_updates = verdict("adagrad-mini-batch-updates", report=records, mini_batch=batch)
    assert (by_epochs, by_updates) == (CONTRADICTED, SUPPORTED)
