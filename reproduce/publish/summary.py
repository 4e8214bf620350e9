"""Facts for what the report, the page and the model card say first."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from reproduce.analysis.best_model import fitting_methods
from reproduce.analysis.candidates import turns
from reproduce.analysis.findings import PATIENT
from reproduce.analysis.speed import TARGETS, by_cell
from reproduce.analysis.sweeps import at_edges, tenfold
from reproduce.analysis.tests import LEVEL, chance_of_misses
from reproduce.analysis.verdicts import (
    AGREES,
    CLOSE,
    JUDGED,
    QUANTITIES,
    changed_settings,
    count,
    missed,
)
from reproduce.experiment.methods import rank, variant_of
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.stopping import ENDINGS
from reproduce.experiment.studies import ADAPTIVE, PLAIN
from reproduce.original import RESULTS

from .original_tables import (
    VERDICT_ORDER,
    by_rule,
    checks,
    claim,
    is_usual,
    no_rerun,
    other_settings,
)
from .run_tables import all_records, shown_digits

OURS_ONLY = ("axis-ticks",)  # checks that fail by our runs, not by the original


@dataclass(frozen=True)
class First:
    """The methods that are first on most architectures.

    Attributes:
        methods: keys; several that are first as often.
        on: the number of architectures on which each is first, or as good as it.
        of: architectures with at least two methods.
        shared: of a single method, on how many of these another is as good.
        others: keys of those others.
    """

    methods: tuple
    on: int
    of: int
    shared: int = 0
    others: tuple = ()


@dataclass(frozen=True)
class Standing:
    """The user's runs beside the published ones.

    Attributes:
        runs: the user's.
        same, other, new: of these, how many equal the published run of their seed,
            do not equal it, and have a seed that is not published.
        compared: how many have published seeds of their cell.
        inside: of these, how many stop within the epochs of those seeds.
        published: published runs that are judged with them.
    """

    runs: int
    same: int
    other: int
    new: int
    compared: int
    inside: int
    published: int


@dataclass(frozen=True)
class Placed:
    """A cell of the user's optimizer beside a method of the original.

    Attributes:
        architecture, method: which.
        epochs, diverged, runs: median epochs (infinite: not ended), how many of its
            runs diverged, and how many there are.
        accuracy: median validation accuracy, or None.
        learned: median epochs to a training error of 0.05.
        place, of: its place by `learned` among the methods on that architecture.
        rival, rival_epochs, rival_accuracy: the original's method it varies, or the
            most accurate one; None without any.
    """

    architecture: int
    method: str
    epochs: float
    diverged: int
    runs: int
    accuracy: float | None
    learned: float
    place: int
    of: int
    rival: str | None = None
    rival_epochs: float | None = None
    rival_accuracy: float | None = None


@dataclass(frozen=True)
class BothRules:
    """Epochs on architectures 4 and 5 by both rules.

    Attributes:
        rows: of the original that are judged by both.
        before: of them, those where our runs end before the original's as stated.
        stated, patient: those that agree or are close.
    """

    rows: int
    before: int
    stated: int
    patient: int


@dataclass(frozen=True)
class Summary:
    """Facts for the sentences of the report, of the page and of the model card.

    Attributes:
        no_rerun: why the runs are no rerun of the original (`not_comparable`), or
            empty.
        changed: names of settings that the original states and the runs have not.
        unusual: names of all settings that are not the default protocol's.
        digits: of the data.
        own_data: start of the SHA-256 of the user's own data; None: the original's.
        runs, cells: how many runs of the original's methods, and of how many cells.
        all_cells: how many cells the original has.
        fewest_seeds, most_seeds: of a cell that was run.
        endings: how runs ended (`stopping.ENDINGS`) to how many did.
        others: keys of other methods that were run.
        legible, judged: the original's numbers that can be read, and have a verdict.
        cut_short: of them, those that the runs' limit of epochs keeps from a verdict.
        labels: label to the number of verdicts, by the rule as stated.
        on_4_and_5: rule to the same, of the numbers of architectures 4 and 5 that both
            rules judge; empty if there are none.
        both_rules: a `BothRules`, or None where no epochs are judged by both.
        placed: a `Placed` for each cell of other methods.
        misses: (quantity, outside, judged, expected by chance, p) of the intervals.
        first: `stop`, `learn` (training error 0.05), `generalize` (validation
            accuracy) and `tuned` (training error 0.02, each method at the rate of the
            sweep that is best for it) to a `First` or None.
        rose: (runs that ended by a rise, runs) of RMSProp and Adam, and of SGD,
            momentum and NAG.
        turns: key of a question to (architecture, label) of the candidate that would be
            nearest without that architecture, where it is another.
        fitting: methods that the original's best model may be of.
        tenfold: `sweeps.Tenfold`, or None.
        at_edges: as of `sweeps.at_edges`.
        single_seeds: architectures whose sweep has one seed.
        stopping: the `Answer` on architectures 4 and 5 if it has one, else None.
        mistakes: keys of checks that the original fails.
        standing: a `Standing`, or None where no published runs are pooled.
        claims: verdict to the rows of its claims, as in the table `claims`.
        core_hours: of all runs of all studies.
    """

    no_rerun: str
    changed: tuple
    unusual: tuple
    digits: tuple
    own_data: str | None
    runs: int
    cells: int
    all_cells: int
    fewest_seeds: int
    most_seeds: int
    endings: dict
    others: tuple
    legible: int
    judged: int
    cut_short: int
    labels: dict
    on_4_and_5: dict
    both_rules: object
    placed: tuple
    misses: tuple
    first: dict
    rose: tuple
    turns: dict
    fitting: tuple
    tenfold: object
    at_edges: dict
    single_seeds: tuple
    stopping: object
    mistakes: tuple
    standing: Standing | None
    claims: dict
    core_hours: float


@lru_cache(1)  # for REPORT.md and for the page
def summarize(findings):
    """The `Summary` of findings."""
    records, protocol = findings.records, findings.protocol
    cells = by_cell(records)
    seeds = [len(runs) for runs in cells.values()] or [0]
    legible = [v for v in findings.stated if v.reason != "illegible"]
    answer = next(
        answer
        for answer in findings.answers
        if answer.question.key == "stopping-on-4-and-5"
    )
    rows = [(entry.verdict, claim(entry)) for entry in findings.entries]
    data = protocol.data_sha256
    return Summary(
        no_rerun=no_rerun(findings),
        changed=tuple(changed_settings(protocol)),
        unusual=other_settings(findings),
        digits=shown_digits(findings),
        own_data=None if data is None else data[:12],
        runs=len(records),
        cells=len(cells),
        all_cells=len(RESULTS),
        fewest_seeds=min(seeds),
        most_seeds=max(seeds),
        endings={e: sum(run.ending == e for run in records) for e in ENDINGS},
        others=tuple(
            sorted({r.cell.method for r in findings.custom_records}, key=rank)
        ),
        legible=len(legible),
        judged=sum(verdict.label in JUDGED for verdict in legible),
        cut_short=sum(verdict.reason == "cut short" for verdict in legible),
        labels=count(verdict.label for verdict in legible),
        on_4_and_5=_on_4_and_5(findings),
        both_rules=_both_rules(findings),
        placed=tuple(_placed(findings)),
        misses=tuple(_misses(findings.stated)),
        first=_first(findings),
        rose=tuple(_rose(records, methods) for methods in (ADAPTIVE, PLAIN)),
        turns={
            asked.question.key: turns(asked, findings.studies)
            for asked in findings.answers
            if asked.question.chose_protocol
        },
        fitting=fitting_methods(findings.records),
        tenfold=tenfold(findings.sweeps),
        at_edges=at_edges(findings.sweeps),
        single_seeds=tuple(
            sweep.architecture
            for sweep in findings.sweeps
            if max(len(p.runs) for line in sweep.lines for p in line.points) == 1
        ),
        stopping=answer if is_usual(findings) and answer.nearest else None,
        mistakes=tuple(
            check.key
            for check in checks(findings)
            if check.passes is False and check.key not in OURS_ONLY
        ),
        standing=standing(findings.pool),
        claims={
            verdict: tuple(row for label, row in rows if label == verdict)
            for verdict in VERDICT_ORDER
        },
        core_hours=sum(r.core_seconds for _, r in all_records(findings)) / 3600,
    )


def _on_4_and_5(findings):
    """Labels by rule, of the numbers that both rules judge."""
    rules = by_rule(findings)
    judged = [
        {v.key for v in verdicts if v.label in JUDGED and v.architecture in PATIENT}
        for verdicts in rules.values()
    ]
    keys = set.intersection(*judged)
    if len(rules) < 2 or not keys:
        return {}
    return {
        rule: count(verdict.label for verdict in verdicts if verdict.key in keys)
        for rule, verdicts in rules.items()
    }


def _misses(verdicts):
    for quantity in QUANTITIES:
        outside, known = missed(verdicts, quantity)
        if known:
            p = chance_of_misses(outside, known)
            yield quantity, outside, known, (1 - LEVEL) * known, p


def _first(findings):
    cells = by_cell(findings.records)
    stops = {key: _median_stop(runs) for key, runs in cells.items()}
    wrong = {key: 1 - median(map(_validation, runs)) for key, runs in cells.items()}
    times = findings.times(TARGETS[0])
    learned = {key: times[key] for key in cells}
    tuned = {
        (sweep.architecture, method): epochs
        for sweep in findings.sweeps
        if (comparison := sweep.comparison)
        for method, epochs in comparison.epochs.at_best_rate.items()
    }
    return {
        "stop": first_of(stops),
        "learn": first_of(learned),
        "generalize": first_of(wrong),
        "tuned": first_of(tuned),
    }


def _median_stop(runs):
    return median(run.epochs_to_stop for run in runs)


def _validation(run):
    """Validation accuracy; 0 where the run diverged."""
    return run.splits["validation"]["accuracy"] if run.splits else 0.0


def first_of(values):
    """The `First` among methods, or None where there is nothing to compare.

    Args:
        values: (architecture, method) to a number, less is better.
    """
    fastest = []
    for architecture in ARCHITECTURES:
        by_method = {m: value for (a, m), value in values.items() if a == architecture}
        least = min(by_method.values(), default=math.inf)
        if len(by_method) > 1 and math.isfinite(least):
            fastest.append({m for m, value in by_method.items() if value == least})
    if not fastest:
        return None
    wins = Counter(method for methods in fastest for method in methods)
    most = max(wins.values())
    winners = sorted((m for m, number in wins.items() if number == most), key=rank)
    if len(winners) > 1:
        return First(tuple(winners), most, len(fastest))
    ties = [methods - set(winners) for methods in fastest if winners[0] in methods]
    others = sorted(set().union(*ties), key=rank)
    return First(
        tuple(winners), most, len(fastest), sum(map(bool, ties)), tuple(others)
    )


def _rose(records, methods):
    runs = [record for record in records if record.cell.method in methods]
    return sum(run.ending == "rose" for run in runs), len(runs)


def standing(pool):
    """The `Standing` of a pool, or None where no published runs are in it."""
    standings = pool.standings
    compared = [s for s in standings if s.seeds]
    if not compared and not pool.published:
        return None
    return Standing(
        runs=len(standings),
        same=sum(s.same_bytes is True for s in standings),
        other=sum(s.same_bytes is False for s in standings),
        new=sum(s.same_bytes is None for s in standings),
        compared=len(compared),
        inside=sum(s.same_bytes is True or not s.is_outside for s in compared),
        published=pool.published,
    )


def _placed(findings):
    usual = by_cell(findings.records)
    times = findings.times(TARGETS[0])
    for (architecture, method), runs in sorted(
        by_cell(findings.custom_records).items(), key=lambda x: (x[0][0], rank(x[0][1]))
    ):
        rivals = {
            m: cell_runs for (a, m), cell_runs in usual.items() if a == architecture
        }
        compared = {m: times[architecture, m] for m in (*rivals, method)}
        rival = variant_of(method)
        if rival not in rivals:
            rival = max(rivals, key=lambda m: _accuracy(rivals[m]) or 0, default=None)
        beside = (
            (rival, _median_stop(rivals[rival]), _accuracy(rivals[rival]))
            if rival
            else ()
        )
        yield Placed(
            architecture,
            method,
            _median_stop(runs),
            sum(run.ending == "diverged" for run in runs),
            len(runs),
            _accuracy(runs),
            compared[method],
            1 + sum(value < compared[method] for value in compared.values()),
            len(compared),
            *beside,
        )


def _accuracy(runs):
    known = [run.splits["validation"]["accuracy"] for run in runs if run.splits]
    return median(known) if known else None


def _both_rules(findings):
    """A `BothRules`, or None where no epochs are judged by both rules."""
    rules = by_rule(findings)
    if len(rules) < 2:
        return None
    stated, patient = (
        {v.key: v for v in verdicts if v.label in JUDGED and v.quantity == "epochs"}
        for verdicts in rules.values()
    )
    rows = [key for key in stated if key in patient and key[0] in PATIENT]
    if not rows:
        return None
    near = (AGREES, CLOSE)
    return BothRules(
        len(rows),
        sum(stated[key].centre < stated[key].original for key in rows),
        sum(stated[key].label in near for key in rows),
        sum(patient[key].label in near for key in rows),
    )
