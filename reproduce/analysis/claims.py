"""The original's claims (1.2 to 1.7), each judged by one parameter and one boundary.

A claim is put as a parameter, the logarithm of a ratio or a difference, that is above a
boundary if the claim holds: the limit of effect that the verdicts use, unless said
otherwise. Two one-sided tests ask on which side of the boundary it lies; the smaller p,
doubled, is adjusted by Holm over all tested claims. SUPPORTED and CONTRADICTED need the
same: an adjusted p of at most ALPHA. A claim of all architectures, or of all rivals, is
SUPPORTED if each comparison is above the boundary (the largest p counts), CONTRADICTED
if one is below (the smallest counts, times their number). A few claims are counted: one
case proves or refutes them.

`original.CLAIMS` has their words.
"""

import math
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from statistics import median
from typing import NamedTuple

import numpy as np
from scipy import stats

from reproduce.experiment.methods import METHODS, rank, without_rate
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.studies import ADAPTIVE, PLAIN, SINGLE, SWEEP_SEEDS, decayed
from reproduce.original import CONFUSION, DIGITS, RESULTS

from .best_model import select
from .speed import Target, by_cell, dips, effort, rises
from .sweeps import RANKED_BY, gather
from .tests import ALPHA, FEWEST_SEEDS, holm, mean_interval, share_interval
from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT, not_comparable

SUPPORTED, CONTRADICTED, UNDECIDED = "SUPPORTED", "CONTRADICTED", "UNDECIDED"
NOT_JUDGED = "NOT JUDGED"
RATIO_LIMIT = math.log(1 + EPOCHS_LIMIT)
ALL = tuple(METHODS)
RATE = Protocol().learning_rate
CHOSEN = CONFUSION["architecture"]  # of the original's best model
OSCILLATES = 0.25  # share of updates that raise the error, from which on it oscillates
TWICE = math.log(2)
# Architectures where the sweep has seeds enough for a test:
REPEATED = tuple(a for a, seeds in SWEEP_SEEDS.items() if seeds >= FEWEST_SEEDS)
HALF_A_RATE = 0.5  # of the sweep's, more than another method learns at
LATE = 0.1  # of a run's epochs, at its end
WELL = 0.9  # accuracy; the original's lowest without batch GD is 0.9109
PERFECT, GAP = 0.9995, 0.03  # 100 % as rounded; training well above validation
LEARNED = Target("loss", 0.05)
LEARNING = "epochs to error 0.05"  # the quantity of `LEARNED`
EQUAL_EPOCHS = tuple(
    (one.architecture, one.method, other.method, one.epochs)
    for one, other in combinations(RESULTS.values(), 2)
    if one.architecture == other.architecture and one.epochs == other.epochs
    if one.epochs is not None
)  # (architecture, method, other method, epochs) in the original's own tables


# Evidence ---------------------------------------------------------------------------


class Sample(NamedTuple):
    """Numbers of a cell's runs.

    Attributes:
        source: (study, architecture, method) of the runs.
        values: one number a seed.
    """

    source: tuple
    values: list


class Evidence:
    """The records of every study, and the numbers they hold.

    Args:
        studies: name of a study to its records.
    """

    def __init__(self, studies):
        self._cells = {name: by_cell(records) for name, records in studies.items()}
        self.records = studies
        self.sweeps = gather(studies.get("sweep", []))

    def runs(self, architecture, method, study="report"):
        return self._cells.get(study, {}).get((architecture, method), [])

    def sample(self, architecture, method, quantity, study="report"):
        """The `Sample` of a quantity; runs without it are left out."""
        runs = self.runs(architecture, method, study)
        numbers = [QUANTITIES[quantity](run) for run in runs]
        values = [number for number in numbers if number is not None]
        return Sample((study, architecture, method), values)

    def swept(self, methods):
        """Records of the sweep, of some methods."""
        for record in self.records.get("sweep", []):
            if without_rate(record.cell.method)[0] in methods:
                yield record


def _stop(run):
    return run.epochs if run.stopped else math.inf


def _accuracy(run):
    return run.splits["validation"]["accuracy"] if run.splits else None


def _late_gain(run):
    """Training accuracy gained in the last tenth of a run's epochs."""
    right = run.history["accuracy"]
    late = max(1, round(LATE * len(right)))
    return right[-1] - right[-1 - late] if len(right) > late else None


QUANTITIES = {
    "epochs to the stop": _stop,
    "seconds to the stop": lambda run: effort(run, _stop(run), "seconds"),
    "updates to the stop": lambda run: effort(run, _stop(run), "updates"),
    LEARNING: LEARNED.reached,
    "validation accuracy": _accuracy,
    "late gain": _late_gain,
}


def is_ratio(quantity):
    """Whether it is compared by its logarithm, or else by differences."""
    return quantity not in ("validation accuracy", "late gain")


# Findings ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """The result for one claim.

    Attributes:
        p_for, p_against: one-sided p of the parameter being below, and above, the
            boundary: small ones speak for and against the claim. None: not tested.
        holds: of a claim that is counted, whether it does; None: not counted.
        by_one: of a claim that is counted, whether one case proves it; else one case
            refutes it.
        needs: what is missing, as (study, architecture, method); empty: nothing.
        measured: name to number, for the words.
    """

    p_for: float | None = None
    p_against: float | None = None
    holds: bool | None = None
    by_one: bool = False
    needs: tuple = ()
    measured: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A claim's finding and its verdict.

    Attributes:
        key: in `JUDGES`, and of `original.CLAIMS`.
        quantity: what was measured; two claims of the same methods and quantity
            cannot contradict each other.
        finding: the finding.
        p, p_holm: two-sided, before and after Holm; None: not tested.
        verdict: SUPPORTED, CONTRADICTED, UNDECIDED or NOT JUDGED.
        reason: of UNDECIDED: `runs` or `chance`; of NOT JUDGED: as
            `verdicts.not_comparable` has it; else empty.
    """

    key: str
    quantity: str
    finding: Finding
    p: float | None
    p_holm: float | None
    verdict: str
    reason: str = ""

    @property
    def alone(self):
        """The verdict that its own p gives, without Holm's adjustment."""
        return decide(self.finding, self.p)[0]


def ledger(studies):
    """An `Entry` for every claim.

    Args:
        studies: name of a study to its records; those of `report` decide whether the
            runs are a rerun at all.
    """
    runs = studies.get("report", [])
    if runs and (reason := not_comparable(runs[0].protocol)):
        return [
            Entry(key, quantity, Finding(), None, None, NOT_JUDGED, reason)
            for key, (quantity, _) in JUDGES.items()
        ]
    evidence = Evidence(studies)
    findings = {key: judge(evidence) for key, (_, judge) in JUDGES.items()}
    p = {
        key: min(1.0, 2 * min(finding.p_for, finding.p_against))
        for key, finding in findings.items()
        if finding.p_for is not None and not finding.needs
    }
    adjusted = dict(zip(p, holm(list(p.values())), strict=True))
    return [
        Entry(
            key,
            JUDGES[key][0],
            finding,
            p.get(key),
            adjusted.get(key),
            *decide(finding, adjusted.get(key)),
        )
        for key, finding in findings.items()
    ]


def decide(finding, p_holm):
    """(verdict, reason) of a finding with this adjusted p."""
    if finding.needs:
        return UNDECIDED, "runs"
    if p_holm is None:
        return (SUPPORTED if finding.holds else CONTRADICTED), ""
    if p_holm > ALPHA:
        return UNDECIDED, "chance"
    above = finding.p_for < finding.p_against
    return (SUPPORTED if above else CONTRADICTED), ""


# Tests ------------------------------------------------------------------------------


def sides(first, second, boundary, ratio=True):
    """On which side of a boundary the second sample lies above the first.

    Welch's t test of the difference of means, of logarithms for ratios. Where a value
    is infinite, ranks stand in for the numbers. With ranks, and where the values of
    each sample are all equal, p is at least the share of one order among all orders.

    Returns:
        (p of "not above", p of "not below").
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    lowest_p = 1 / math.comb(len(first) + len(second), len(first))
    if ratio:
        first, second = np.log(first), np.log(second)
    first, floor = first + boundary, 0.0
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        ranks, floor = stats.rankdata([*first, *second]), lowest_p
        first, second = ranks[: len(first)], ranks[len(first) :]
    difference = second.mean() - first.mean()
    if np.ptp(first) == np.ptp(second) == 0:
        return _without_scatter(difference, lowest_p)
    variances = [sample.var(ddof=1) / len(sample) for sample in (first, second)]
    freedom = sum(variances) ** 2 / sum(
        variance**2 / (len(sample) - 1)
        for variance, sample in zip(variances, (first, second), strict=True)
    )
    t = difference / math.sqrt(sum(variances))
    return (
        max(floor, float(stats.t.sf(t, freedom))),
        max(floor, float(stats.t.cdf(t, freedom))),
    )


def one_sample(values, boundary):
    """(p of "the mean is not above the boundary", p of "not below"), Student's t."""
    values = np.asarray(values, float)
    if np.ptp(values) == 0:  # no scatter: all signs are the same
        return _without_scatter(values[0] - boundary, 0.5 ** len(values))
    above = stats.ttest_1samp(values, boundary, alternative="greater").pvalue
    return above, 1 - above


def _without_scatter(difference, lowest_p):
    """Both p's where all values of a sample are equal: at least `lowest_p`."""
    return (1.0 if difference <= 0 else lowest_p, 1.0 if difference >= 0 else lowest_p)


def together(pairs):
    """p's of "all are above" and "one is below" from those of each comparison."""
    above, below = zip(*pairs, strict=True)
    return max(above), min(1.0, len(pairs) * min(below))


def centre(values):
    """The median; of infinite and finite ones too."""
    return float(median(values))


def ahead(methods, rivals, quantity, more=False, architectures=ARCHITECTURES):
    """A judge of "on every architecture each of `methods` has less than every rival".

    Args:
        methods, rivals: keys; a method that is in both is no rival.
        quantity: of `QUANTITIES`.
        more: whether more is claimed, not less.
        architectures: on which.
    """

    def judge(evidence):
        pairs = {}
        for a, method, rival in product(architectures, methods, rivals):
            if rival not in methods:
                pair = [evidence.sample(a, m, quantity) for m in (method, rival)]
                pairs[a, method, rival] = pair[::-1] if more else pair
        finding = compared(pairs, is_ratio(quantity))
        counted = at_best_rates(evidence, pairs) if quantity == LEARNING else None
        if counted and not finding.needs:
            finding.measured["tuned"] = counted
        return finding

    return quantity, judge


def at_best_rates(evidence, pairs):
    """(comparisons in which the first is ahead by the limit or more, comparisons).

    Each method has the learning rate at which it reaches an error of 0.02 in the fewest
    epochs; only comparisons that the sweep has are counted. None: it has none.

    Args:
        evidence: with the records of the sweep.
        pairs: (architecture, method, rival), as of `compared`.
    """
    epochs = {
        sweep.architecture: sweep.comparison.epochs.at_best_rate
        for sweep in evidence.sweeps
        if sweep.comparison
    }
    gains = [
        _gain([epochs[a][method]], [epochs[a][rival]], ratio=True)
        for a, method, rival in pairs
        if a in epochs and {method, rival} <= epochs[a].keys()
    ]
    return (sum(gain > RATIO_LIMIT for gain in gains), len(gains)) if gains else None


def mini_batches(quantity):
    """A judge of "AdaGrad needs less of the quantity with mini-batches", everywhere."""

    def judge(evidence):
        return compared(
            {
                (a, "mini-batch", "adagrad"): [
                    evidence.sample(a, "adagrad", quantity, study)
                    for study in ("mini-batch", "report")
                ]
                for a in ARCHITECTURES
            }
        )

    return quantity, judge


def tuned(faster, slower):
    """A judge of "each at its best rate, `faster` reaches an error of 0.02 sooner".

    On the architectures of `REPEATED`.
    """

    def judge(evidence):
        lines = {
            (sweep.architecture, line.method): line
            for sweep in evidence.sweeps
            for line in sweep.lines
        }

        def best(a, method):
            line = lines.get((a, method))
            return line and (line.soonest(RANKED_BY) or line.points[0])

        def sample(a, method):
            point = best(a, method)
            reached = [RANKED_BY.reached(run) for run in point.runs] if point else []
            return Sample(("sweep", a, method), reached)

        finding = compared(
            {
                (a, faster, slower): [sample(a, m) for m in (faster, slower)]
                for a in REPEATED
            }
        )
        if not finding.needs:
            finding.measured["rates"] = {
                method: sorted({best(a, method).rate for a in REPEATED})
                for method in (faster, slower)
            }
        return finding

    return "epochs to error 0.02, tuned", judge


def _missing(pairs):
    """Where the samples of pairs that are too small come from."""
    samples = [sample for pair in pairs.values() for sample in pair]
    sources = {sample.source for sample in samples if len(sample.values) < FEWEST_SEEDS}
    return tuple(sorted(sources))


def compared(pairs, ratio=True):
    """The finding of comparisons, each a pair of samples, the smaller one first.

    Args:
        pairs: (architecture, method, other method) to two samples.
        ratio: whether they are compared by their ratio, or else by their difference.
    """
    if needs := _missing(pairs):
        return Finding(needs=needs)
    limit = _limit(ratio)
    samples = {key: [sample.values for sample in pair] for key, pair in pairs.items()}
    gains = {key: _gain(*pair, ratio) for key, pair in samples.items()}
    p = {key: sides(*pair, limit, ratio) for key, pair in samples.items()}
    p_for, p_against = together(p.values())
    least = min(gains, key=gains.get)
    weakest = max(p, key=lambda key: p[key][0])
    first, _ = pairs[weakest]
    return Finding(
        p_for,
        p_against,
        measured={
            "comparisons": len(gains),
            "above": sum(gain > limit for gain in gains.values()),
            "middle": centre(gains.values()),
            "least": gains[least],
            "least_where": least,
            "never": pairs[least][0].source[2] if gains[least] == -math.inf else None,
            "most": max(gains.values()),
            "ratio": ratio,
            "weakest": weakest,
            "missed": (first.values.count(math.inf), len(first.values)),
            "misses": first.source[2],
        },
    )


def _limit(ratio):
    """The limit of effect of ratios, as their logarithm, or else of differences."""
    return RATIO_LIMIT if ratio else ACCURACY_LIMIT


def _gain(first, second, ratio):
    """By how much the second sample's median is above the first's."""
    low, high = centre(first), centre(second)
    if ratio:
        if math.isinf(low) and math.isinf(high):
            return 0.0
        return math.log(high) - math.log(low)
    return high - low


def equivalent(first, second, quantity):
    """A judge of "on every architecture the two are within the limit of effect"."""

    def judge(evidence):
        pairs = {
            a: [evidence.sample(a, m, quantity) for m in (first, second)]
            for a in ARCHITECTURES
        }
        if needs := _missing(pairs):
            return Finding(needs=needs)
        ratio = is_ratio(quantity)
        limit = _limit(ratio)
        samples = {a: [sample.values for sample in pair] for a, pair in pairs.items()}
        gaps = {a: _gain(*pair, ratio) for a, pair in samples.items()}
        p_for, p_against = together(
            [within(*pair, limit, ratio) for pair in samples.values()]
        )
        widest = max(gaps, key=lambda a: abs(gaps[a]))
        return Finding(
            p_for,
            p_against,
            measured={
                "comparisons": len(gaps),
                "within": sum(abs(gap) < limit for gap in gaps.values()),
                "widest": gaps[widest],
                "widest_where": widest,
                "ratio": ratio,
            },
        )

    return quantity, judge


def within(first, second, limit, ratio=True):
    """p of "apart by the limit or more" and of "apart by less": two one-sided tests."""
    not_above, not_below = sides(first, second, limit, ratio)
    below_not_above, below_not_below = sides(first, second, -limit, ratio)
    p_within = max(not_below, below_not_above)
    p_apart = min(1.0, 2 * min(not_above, below_not_below))
    return p_within, p_apart


# Single claims ----------------------------------------------------------------------


def gd_overshoots(evidence):
    """Whether batch GD raises its error, or diverges, at some rate in most runs."""
    rates, diverged = {}, 0
    for run in evidence.swept(["batch_gd"]):
        rate = without_rate(run.cell.method)[1]
        diverged += run.ending == "diverged"
        rates.setdefault(rate, []).append(bool(rises(run)) or run.ending == "diverged")
    if not rates:
        return Finding(needs=(("sweep", 1, "batch_gd"),))
    over = sorted(
        rate for rate, raised in rates.items() if sum(raised) > len(raised) / 2
    )
    return Finding(
        holds=bool(over),
        by_one=True,
        measured={
            "rates": len(rates),
            "over": len(over),
            "lowest": over[0] if over else None,
            "runs": sum(map(len, rates.values())),
            "diverged": diverged,
        },
    )


def each_step_descends(evidence):
    """Whether no full-batch step raised the error, at any learning rate."""
    runs = [run for a in ARCHITECTURES for run in evidence.runs(a, "batch_gd")]
    swept = list(evidence.swept(["batch_gd"]))
    if not runs or not swept:
        study = "sweep" if runs else "report"
        return Finding(needs=((study, 1, "batch_gd"),))
    raised = [run for run in swept if rises(run)]
    steps = sum(run.epochs - 1 for run in runs)
    lowest = min((without_rate(run.cell.method)[1] for run in raised), default=None)
    return Finding(
        holds=not raised and not any(map(rises, runs)),
        measured={
            "steps": steps,
            "raised_at_own_rate": sum(map(rises, runs)),
            "swept": len(swept),
            "raised": len(raised),
            "lowest": lowest,
        },
    )


def batch_gd_oscillates(evidence):
    """Whether batch GD's error rises at the original's rate."""
    runs = [run for a in ARCHITECTURES for run in evidence.runs(a, "batch_gd")]
    if not runs:
        return Finding(needs=(("report", 1, "batch_gd"),))
    raised = sum(map(rises, runs))
    steps = sum(run.epochs - 1 for run in runs)
    return Finding(
        holds=raised > 0,
        by_one=True,
        measured={"steps": steps, "raised": raised, "runs": len(runs)},
    )


def batch_gd_stuck(evidence):
    """Whether batch GD's accuracy stands still in the last tenth of its epochs."""
    samples = [evidence.sample(a, "batch_gd", "late gain") for a in (1, 2, 3)]
    gains = [gain for sample in samples for gain in sample.values]
    if len(gains) < FEWEST_SEEDS:
        return Finding(needs=(("report", 1, "batch_gd"),))
    not_above, not_below = one_sample(gains, ACCURACY_LIMIT)
    return Finding(
        not_below, not_above, measured={"gain": centre(gains), "runs": len(gains)}
    )


def traced_rises(run):
    """Epoch to the share of traced updates that raised the training error."""
    return {
        epoch: float((np.diff(errors) > 0).mean())
        for epoch, errors in run.trace.items()
    }


def sgd_oscillates(evidence):
    """Whether a quarter or more of SGD's updates raise the training error."""
    runs = [
        run
        for run in evidence.records.get("trace", [])
        if without_rate(run.cell.method) == ("sgd", RATE)
    ]
    if len(runs) < FEWEST_SEEDS:
        return Finding(needs=(("trace", 1, "sgd"),))
    shares = [np.mean(list(traced_rises(run).values())) for run in runs]
    p_for, p_against = one_sample(shares, OSCILLATES)
    return Finding(
        p_for,
        p_against,
        measured={
            "share": centre(shares),
            "runs": len(runs),
            "epoch_rises": sum(map(rises, runs)),
        },
    )


def nag_oscillates_less(evidence):
    """Whether NAG's updates raise the error less often than momentum's.

    A pair is one run of each, from the same weights, at the same rate: the mean over
    the epochs that both have traced.
    """
    traced = {
        (run.cell.architecture, run.cell.seed, *without_rate(run.cell.method)): run
        for run in evidence.records.get("trace", [])
    }
    gains = []
    for (a, seed, method, rate), run in traced.items():
        nag_run = traced.get((a, seed, "nag", rate))
        if method == "momentum" and nag_run is not None:
            momentum, nag = traced_rises(run), traced_rises(nag_run)
            epochs = [epoch for epoch in momentum if epoch in nag]  # a set has no order
            if epochs:
                shares = [[rise[e] for e in epochs] for rise in (momentum, nag)]
                gains.append(float(np.mean(shares[0]) - np.mean(shares[1])))
    if len(gains) < FEWEST_SEEDS:
        return Finding(needs=(("trace", 1, "nag"),))
    p_for, p_against = one_sample(gains, ACCURACY_LIMIT)
    low, high = mean_interval(gains)
    return Finding(
        p_for,
        p_against,
        measured={
            "pairs": len(gains),
            "gain": float(np.mean(gains)),
            "low": low,
            "high": high,
        },
    )


def momentum_reliable(evidence):
    """Whether momentum reaches an error of 0.05 at more rates than SGD.

    A pair is what the two reach on one architecture with one seed, which share images,
    initial weights and order. Pairs that lack a rate which other pairs have are
    left out.
    """
    learned = {}
    for run in evidence.swept(("momentum", "sgd")):
        method, rate = without_rate(run.cell.method)
        reached = math.isfinite(LEARNED.reached(run))
        place = learned.setdefault((run.cell.architecture, run.cell.seed), {})
        place.setdefault(rate, {})[method] = reached
    complete = [
        [outcome for outcome in rates.values() if len(outcome) == 2]
        for rates in learned.values()
    ]
    most = max(map(len, complete), default=0)
    pairs = [
        [sum(outcome[method] for outcome in outcomes) for method in ("momentum", "sgd")]
        for outcomes in complete
        if len(outcomes) == most > 0
    ]
    if len(pairs) < FEWEST_SEEDS:
        return Finding(needs=(("sweep", 1, "momentum"),))
    p_for, p_against = one_sample(
        [momentum - sgd for momentum, sgd in pairs], HALF_A_RATE
    )
    momentum, sgd = (float(np.mean(column)) for column in zip(*pairs, strict=True))
    return Finding(
        p_for,
        p_against,
        measured={"momentum": momentum, "sgd": sgd, "rates": most, "pairs": len(pairs)},
    )


def _shares(first, second):
    """The finding of "the first share is larger": Fisher's exact test."""
    cases = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    p_for = stats.fisher_exact(cases, alternative="greater").pvalue
    p_against = stats.fisher_exact(cases, alternative="less").pvalue
    return Finding(
        float(p_for),
        float(p_against),
        measured={
            "own": first[0] / first[1],
            "other": second[0] / second[1],
            "runs": first[1],
        },
    )


def adagrad_stops_short(evidence):
    """Whether AdaGrad's error halves in the five-fold of its epochs."""
    falls = []
    for long in evidence.records.get("past-stopping", []):
        cell = long.cell
        short = [
            run
            for run in evidence.runs(cell.architecture, "adagrad")
            if run.cell.seed == cell.seed
        ]
        if cell.method == "adagrad" and short:
            errors = long.history["loss"]
            falls.append(math.log(errors[short[0].epochs - 1] / errors[-1]))
    if len(falls) < FEWEST_SEEDS:
        return Finding(needs=(("past-stopping", 1, "adagrad"),))
    p_for, p_against = one_sample(falls, TWICE)
    return Finding(
        p_for,
        p_against,
        measured={"times": math.exp(centre(falls)), "runs": len(falls)},
    )


def _count(runs, feature=rises):
    """(runs that have a feature, runs)."""
    runs = list(runs)
    return sum(bool(feature(run)) for run in runs), len(runs)


def adaptive_avoids(evidence):
    """Whether at the sweep's rates fewer runs of adaptive methods have a rise."""
    counts = {method: _count(evidence.swept([method])) for method in SINGLE}
    if not all(total for _, total in counts.values()):
        return Finding(needs=(("sweep", 1, "adam"),))
    plain, adaptive = (
        [sum(column) for column in zip(*(counts[m] for m in methods), strict=True)]
        for methods in (PLAIN, ("adagrad", *ADAPTIVE))
    )
    finding = _shares(plain, adaptive)
    by_method = {method: risen / total for method, (risen, total) in counts.items()}
    return replace(finding, measured=finding.measured | {"by_method": by_method})


def adaptive_not_smooth(evidence):
    """Whether more runs of RMSProp and Adam have a dip, at the original's rate.

    In the study of a patience of 2: the stated rule ends a run at its first rise, so
    that no run of the study `report` can have a dip.
    """
    runs = evidence.records.get("patience-2", [])
    counts = [
        _count((run for run in runs if run.cell.method in methods), dips)
        for methods in (ADAPTIVE, (*PLAIN, "adagrad"))
    ]
    if min(total for _, total in counts) < FEWEST_SEEDS:
        return Finding(needs=(("patience-2", 1, "adam"),))
    return _shares(*counts)


def adaptive_is_why(evidence):
    """Whether, each at its best rate, more runs of RMSProp and Adam have a rise."""
    risen = {method: [] for method in (*ADAPTIVE, *PLAIN)}
    for sweep in evidence.sweeps:
        for line in sweep.lines:
            point = line.soonest(RANKED_BY)
            if point and line.method in risen:
                risen[line.method] += point.runs
    counts = [
        _count(run for method in methods for run in risen[method])
        for methods in (ADAPTIVE, PLAIN)
    ]
    if min(total for _, total in counts) < FEWEST_SEEDS:
        return Finding(needs=(("sweep", 1, "adam"),))
    return _shares(*counts)


def well(methods):
    """A judge of "the lowest run of these gets 90 % of its held-out images right"."""

    def judge(evidence):
        lowest = None
        for a, method in product(ARCHITECTURES, methods):
            runs = [run for run in evidence.runs(a, method) if run.splits]
            if len(runs) < FEWEST_SEEDS:
                return Finding(needs=(("report", a, method),))
            for run in runs:
                low, high = share_interval(*held_out(run))
                if lowest is None or low < lowest[0]:
                    lowest = low, high, a, method
        low, high, a, method = lowest
        return Finding(
            holds=low >= WELL,
            measured={"low": low, "high": high, "architecture": a, "method": method},
        )

    return "held-out accuracy", judge


def held_out(run):
    """(right, images) of all the images that a run did not train on."""
    matrices = [
        run.splits[name]["confusion"]
        for name in ("validation", "test", "unused")
        if name in run.splits
    ]
    right = sum(matrix[i][i] for matrix in matrices for i in range(10))
    return right, sum(sum(map(sum, matrix)) for matrix in matrices)


def times_differ(evidence):
    """Whether no two methods stop after the same number of epochs."""
    results = {}
    for methods in combinations(METHODS, 2):
        samples = [
            [evidence.sample(a, m, "epochs to the stop").values for m in methods]
            for a in ARCHITECTURES
        ]
        if all(min(map(len, pair)) >= FEWEST_SEEDS for pair in samples):
            tests = [within(*pair, RATIO_LIMIT) for pair in samples]
            # Refuted by every architecture within the limit, supported by one apart.
            p_within = max(p for p, _ in tests)
            p_apart = min(1.0, len(tests) * min(p for _, p in tests))
            gap = centre([_gain(*pair, True) for pair in samples])
            results[methods] = p_apart, p_within, gap
    if len(results) < len(list(combinations(METHODS, 2))):
        return Finding(needs=(("report", 1, "batch_gd"),))
    nearest = min(results, key=lambda methods: abs(results[methods][2]))
    return Finding(
        max(p for p, _, _ in results.values()),
        min(1.0, len(results) * min(p for _, p, _ in results.values())),
        measured={
            "methods": nearest,
            "gap": results[nearest][2],
            "pairs": len(results),
            "ties": EQUAL_EPOCHS,
        },
    )


def memorizes(evidence):
    """Whether some runs have 100 % in training and far less in validation."""
    runs = [run for run in evidence.records.get("report", []) if run.splits]
    if len(runs) < FEWEST_SEEDS:
        return Finding(needs=(("report", 1, "sgd"),))
    memorizing = [
        run
        for run in runs
        if run.splits["train"]["accuracy"] >= PERFECT
        and run.splits["train"]["accuracy"] - run.splits["validation"]["accuracy"]
        >= GAP
    ]
    return Finding(
        holds=bool(memorizing),
        by_one=True,
        measured={"found": len(memorizing), "runs": len(runs)},
    )


def needs_regularization(evidence):
    """Whether weight decay raises the validation accuracy, in pairs."""
    gains, gaps = [], {"report": [], "weight-decay": [], "glorot": []}
    for a, method in product(ARCHITECTURES, ("momentum", "nag")):
        runs = {
            "report": evidence.runs(a, method),
            "weight-decay": evidence.runs(a, decayed(method), "weight-decay"),
            "glorot": evidence.runs(a, method, "glorot"),
        }
        by_seed = {
            study: {run.cell.seed: run.splits for run in records if run.splits}
            for study, records in runs.items()
        }
        for seed in by_seed["report"].keys() & by_seed["weight-decay"].keys():
            splits = {study: by_seed[study].get(seed) for study in gaps}
            with_decay, without = (
                splits[study]["validation"]["accuracy"]
                for study in ("weight-decay", "report")
            )
            gains.append(with_decay - without)
            for study, values in splits.items():
                if values:
                    train = values["train"]["accuracy"]
                    gaps[study].append(train - values["validation"]["accuracy"])
    if len(gains) < FEWEST_SEEDS:
        return Finding(needs=(("weight-decay", 1, decayed("momentum")),))
    p_for, p_against = one_sample(gains, ACCURACY_LIMIT)
    return Finding(
        p_for,
        p_against,
        measured={
            "gain": centre(gains),
            "pairs": len(gains),
            "gap": centre(gaps["report"]),
            "decayed": centre(gaps["weight-decay"]),
            "glorot": centre(gaps["glorot"]) if gaps["glorot"] else None,
        },
    )


def none_outside(evidence):
    """Whether no validation or test image is taken for another digit."""
    runs = [run for run in evidence.records.get("report", []) if run.splits]
    if len(runs) < FEWEST_SEEDS:
        return Finding(needs=(("report", 1, "sgd"),))
    outside = [images_outside(run) for run in runs]
    methods = {run.cell.method for run, n in zip(runs, outside, strict=True) if n}
    return Finding(
        holds=not any(outside),
        measured={
            "images": sum(outside),
            "found": sum(map(bool, outside)),
            "runs": len(runs),
            "methods": sorted(methods, key=rank),
        },
    )


def images_outside(run):
    """Validation and test images that a run takes for a digit it was never shown."""
    return sum(
        count
        for split in ("validation", "test")
        for row in run.splits[split]["confusion"]
        for digit, count in enumerate(row)
        if digit not in DIGITS
    )


def four_layers_best(evidence):
    """Whether the best cell of architecture 4 is more accurate than any smaller's."""
    smaller, chosen = (
        select([r for r in evidence.records.get("report", []) if keep(r)]).ranking
        for keep in (
            lambda r: r.cell.architecture < CHOSEN,
            lambda r: r.cell.architecture == CHOSEN,
        )
    )
    if any(
        not ranking or len(ranking[0].runs) < FEWEST_SEEDS
        for ranking in (smaller, chosen)
    ):
        return Finding(needs=(("report", CHOSEN, "adam"),))
    rival, best = smaller[0], chosen[0]
    samples = [
        [run.splits["validation"]["accuracy"] for run in contender.runs]
        for contender in (rival, best)
    ]
    p_for, p_against = sides(*samples, ACCURACY_LIMIT, ratio=False)
    return Finding(
        p_for,
        p_against,
        measured={
            "gain": best.accuracy - rival.accuracy,
            "rival": (rival.architecture, rival.method),
            "own": (best.architecture, best.method),
        },
    )


JUDGES = {
    "gd-overshoots": ("rises of batch GD over rates", gd_overshoots),
    "batch-gd-costly": ahead(["batch_gd"], ["sgd"], "seconds to the stop", more=True),
    "sgd-oscillates": ("rises from update to update", sgd_oscillates),
    "batch-gd-descends": ("rises of batch GD over rates", each_step_descends),
    "batch-gd-slow": ahead(["batch_gd"], ALL, "epochs to the stop", more=True),
    "batch-gd-poor": ahead(
        ["batch_gd"], ALL, "validation accuracy", architectures=(1, 2, 3)
    ),
    "batch-gd-stuck": ("late gain", batch_gd_stuck),
    "batch-gd-oscillates": ("rises of batch GD", batch_gd_oscillates),
    "momentum-speeds-up": ahead(("momentum", "nag"), ["sgd"], LEARNING),
    "momentum-reliable": ("rates that reach error 0.05", momentum_reliable),
    "nag-oscillates-less": ("rises from update to update", nag_oscillates_less),
    "nag-faster": ahead(["nag"], ["momentum"], LEARNING),
    "adagrad-speeds-up": ahead(["adagrad"], ["sgd"], LEARNING),
    "adagrad-unsuitable": tuned("sgd", "adagrad"),
    "adagrad-stops-short": ("error lost past the stop", adagrad_stops_short),
    "adagrad-slowest": ahead(["adagrad"], SINGLE, "epochs to the stop", more=True),
    "adagrad-mini-batch-epochs": mini_batches("epochs to the stop"),
    "adagrad-mini-batch-updates": mini_batches("updates to the stop"),
    "adam-cures-decay": ahead(["adam"], ["adagrad"], LEARNING),
    "adaptive-avoids": ("rises over rates", adaptive_avoids),
    "adaptive-stop-first": ahead(ADAPTIVE, ALL, "epochs to the stop"),
    "adaptive-learn-first": ahead(ADAPTIVE, ALL, LEARNING),
    "decay-is-why": tuned("rmsprop", "adagrad"),
    "adaptive-not-smooth": ("dips at the original's rate", adaptive_not_smooth),
    "adaptive-is-why": ("rises at the best rates", adaptive_is_why),
    "adaptive-well": well(ADAPTIVE),
    "adaptive-alike": equivalent("rmsprop", "adam", "validation accuracy"),
    "adaptive-alike-fast": equivalent("rmsprop", "adam", LEARNING),
    "models-perform-well": well(SINGLE),
    "times-differ": ("epochs to the stop", times_differ),
    "memorizes": ("training less validation accuracy", memorizes),
    "needs-regularization": ("gain by weight decay", needs_regularization),
    "none-outside": ("images outside the five digits", none_outside),
    "four-layers-best": ("validation accuracy", four_layers_best),
}  # key to what is measured and the function that judges, in the original's order
