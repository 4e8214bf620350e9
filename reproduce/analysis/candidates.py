"""Which unstated settings explain the original's numbers.

A candidate is a value of one setting: the runs of a study, read under a stopping rule.
One history answers for several rules, as a run that stops later passed the earlier
stop. Candidates are ranked by their distance from the original's epochs and validation
accuracies. No test is made: distances rank, and seeds say how steady the rank is.

The default protocol was chosen this way, and is then judged by the same numbers.
`had_a_say` names the cells that were used twice; `leave_one_architecture_out` checks
that the choice does not hang on one architecture.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from statistics import fmean

from reproduce.experiment.protocol import Cell
from reproduce.experiment.stopping import find_stop
from reproduce.experiment.studies import FAST, FASTER, REPORT
from reproduce.original import RESULTS

from .tests import FEWEST_SEEDS
from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT

ENOUGH = 0.5  # of the runs of the candidate that has most


# Questions --------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """A candidate answer: a study's runs, read under a stopping rule.

    Attributes:
        label: short name.
        study: key of `studies.STUDIES`.
        mode, threshold, patience: as for `stopping.find_stop`.
        monitor: name in a record's history of the error that the rule watches.
    """

    label: str
    study: str
    mode: str = REPORT.mode
    threshold: float = REPORT.threshold
    patience: int = REPORT.patience
    monitor: str = REPORT.monitor


@dataclass(frozen=True)
class Question:
    """A setting that the original leaves unsaid, and its candidate answers.

    Attributes:
        key: names it.
        cells: (architecture, method) of the runs that it is asked of.
        readings: the candidates, the default protocol's first.
        chose_protocol: whether the default protocol has its value from the answer.
    """

    key: str
    cells: frozenset
    readings: tuple
    chose_protocol: bool = False

    @property
    def planned(self):
        """How many of its cells the original prints numbers for."""
        return sum(bool(printed_rows(*cell)) for cell in self.cells)


_FAST_ON_1_2 = frozenset(product((1, 2), FAST))
QUESTIONS = (
    Question(
        "kernel-initializer",
        _FAST_ON_1_2,
        (
            Reading("N(0, 1)", "report"),
            Reading("Glorot uniform", "glorot"),
            Reading("He normal", "he-normal"),
            Reading("N(0, 0.05²)", "normal-0.05"),
        ),
        chose_protocol=True,
    ),
    Question(
        "output-initializer",
        _FAST_ON_1_2 | {(1, "batch_gd")},
        (
            Reading("as the others", "report"),
            Reading("Glorot uniform", "glorot-output"),
        ),
        chose_protocol=True,
    ),
    Question(
        "scaling",
        _FAST_ON_1_2,
        (Reading("0 to 255", "report"), Reading("per pixel", "per-pixel")),
        chose_protocol=True,
    ),
    Question(
        "criterion",
        _FAST_ON_1_2,
        (
            Reading("decrease", "longer"),
            Reading("absolute difference", "longer", mode="absolute"),
        ),
        chose_protocol=True,
    ),
    Question(
        "error-watched",
        _FAST_ON_1_2,
        (
            Reading("while weights move", "longer"),
            Reading("after the epoch", "longer", monitor="evaluated_loss"),
        ),
        chose_protocol=True,
    ),
    Question(
        "threshold-on-1-and-2",
        _FAST_ON_1_2,
        (Reading("1e-4", "longer"), Reading("5e-5", "longer", threshold=5e-5)),
    ),
    Question(
        "patience-on-1-to-3",
        frozenset(product((1, 2, 3), FAST)),
        (Reading("0", "patience-2"), Reading("2", "patience-2", patience=2)),
    ),
    Question(
        "stopping-on-4-and-5",
        frozenset(product((4, 5), FAST)),
        (
            Reading("1e-4", "patience-2"),
            Reading("5e-5", "tighter", threshold=5e-5),
            Reading("1e-4, patience 2", "patience-2", patience=2),
        ),
    ),
    Question(
        "outputs-on-4-and-5",
        frozenset(product((4, 5), FASTER)),
        (Reading("10", "report"), Reading("5", "five-outputs")),
    ),
    Question(
        "adagrad-accumulator",
        frozenset({(1, "adagrad")}),
        (Reading("0", "report"), Reading("0.1", "accumulator-0.1")),
    ),
)


def had_a_say():
    """The (architecture, method) of runs on which the default protocol was chosen."""
    return frozenset().union(*(q.cells for q in QUESTIONS if q.chose_protocol))


# Distances --------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """One run under one reading, held against the original.

    Attributes:
        cell: of the run.
        epochs: until the rule ends it, or as many as it has; infinite if it diverged.
        accuracy: on validation images at that epoch; None: not evaluated there.
        ended: whether the rule ends it.
        epochs_distance: |log(epochs / the original's)| in units of log 1.15, mean
            over the rows that the run is compared with.
        accuracy_distance: |accuracy - the original's| in units of 0.01, likewise.
            Either unit is the limit of effect of the verdicts. None: no accuracy.
    """

    cell: Cell
    epochs: float
    accuracy: float | None
    ended: bool
    epochs_distance: float
    accuracy_distance: float | None

    @property
    def distance(self):
        """Mean of both; of the epochs alone where there is no accuracy."""
        if self.accuracy_distance is None:
            return self.epochs_distance
        return (self.epochs_distance + self.accuracy_distance) / 2


def printed_rows(architecture, method):
    """The original's legible rows that runs of a method are compared with.

    Its rows "batch GD" of architectures 4 and 5 are single-example SGD, as their
    notes say. So SGD has two rows on 5, that one alone on 4, and batch GD none.
    """
    return tuple(
        row
        for row in RESULTS.values()
        if row.architecture == architecture
        and row.epochs is not None
        and ("sgd" if row.note else row.method) == method
    )


@cache
def read(record, reading):
    """(epochs, validation accuracy, whether the rule ended it) of a run.

    A run that the rule does not end has all its epochs, which is too few; its
    distance is then too small. One that diverged before the rule ended it has
    infinitely many. An accuracy that was not evaluated is None, and so is the whole
    where the record has not the error that the rule watches.
    """
    errors = record.history.get(reading.monitor, [])
    stop = find_stop(errors, reading.threshold, reading.mode, reading.patience)
    if stop is None and record.ending == "diverged":
        return math.inf, None, False
    last = stop[0] if stop else len(errors)
    if not last:
        return None
    if last == record.epochs and record.splits:
        accuracy = record.splits["validation"]["accuracy"]
    else:
        known = record.history.get("validation_accuracy", [])
        accuracy = known[last - 1] if last <= len(known) else None
    return last, accuracy, stop is not None


def compare(record, reading):
    """The `Comparison` of a run, or None where it or the original has no number."""
    rows = printed_rows(record.cell.architecture, record.cell.method)
    outcome = read(record, reading)
    if outcome is None or not rows:
        return None
    epochs, accuracy, ended = outcome
    unit = math.log(1 + EPOCHS_LIMIT)
    by_epochs = fmean(abs(math.log(epochs / row.epochs)) / unit for row in rows)
    by_accuracy = None
    if accuracy is not None:
        by_accuracy = fmean(
            abs(accuracy - row.validation_accuracy) / ACCURACY_LIMIT for row in rows
        )
    return Comparison(record.cell, epochs, accuracy, ended, by_epochs, by_accuracy)


# Answers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A ranked candidate. Each distance is a mean over its runs.

    Attributes:
        reading: what it is.
        comparisons: one a run that is compared, in the order of the original's
            tables.
        nearest_in: the seeds in which no other candidate is nearer.
    """

    reading: Reading
    comparisons: tuple
    nearest_in: tuple

    @property
    def label(self):
        return self.reading.label

    @property
    def distance(self):
        return fmean(c.distance for c in self.comparisons)

    @property
    def epochs_distance(self):
        return fmean(c.epochs_distance for c in self.comparisons)

    @property
    def accuracy_distance(self):
        """Over the runs that have an accuracy; None where none has."""
        known = [c.accuracy_distance for c in self.comparisons]
        known = [distance for distance in known if distance is not None]
        return fmean(known) if known else None

    @property
    def by_seed(self):
        """Seed to the distance of its runs."""
        return _by_seed(self.comparisons)

    @property
    def cells(self):
        """How many (architecture, method)."""
        return len({(c.cell.architecture, c.cell.method) for c in self.comparisons})

    @property
    def seeds(self):
        """How many."""
        return len({c.cell.seed for c in self.comparisons})

    @property
    def runs(self):
        """How many."""
        return len(self.comparisons)

    @property
    def not_ended(self):
        """Runs that the rule does not end."""
        return sum(not c.ended for c in self.comparisons)


@dataclass(frozen=True)
class Answer:
    """What runs say of one question.

    Attributes:
        question: which.
        ranking: the candidates that are compared, the nearest first; equally near
            ones in the order of the question.
        waiting: labels of the other candidates, which have no runs, too few, or none
            in common.
    """

    question: Question
    ranking: tuple
    waiting: tuple

    @property
    def nearest(self):
        """The first candidate; None where there are not two to compare."""
        return self.ranking[0] if len(self.ranking) > 1 else None

    @property
    def tied(self):
        """Whether the second candidate is as near as the first."""
        first = self.nearest
        return first is not None and first.distance == self.ranking[1].distance

    @property
    def steady(self):
        """Whether the first is nearest in every seed, and nearer on the whole."""
        first = self.nearest
        return (
            first is not None and not self.tied and len(first.nearest_in) == first.seeds
        )

    @property
    def is_default(self):
        """Whether the first is the default protocol's."""
        first = self.nearest
        return first is not None and first.reading == self.question.readings[0]


def explain(studies):
    """An `Answer` to each question, in the order of `QUESTIONS`.

    Args:
        studies: name of a study to its records, all of that study's protocol.
    """
    return [answer(question, studies) for question in QUESTIONS]


def answer(question, studies):
    """Rank the candidates of one question.

    They are compared on the cells and seeds that all of them have. A candidate with
    few runs would narrow the comparison to its runs, so it waits until it has half as
    many runs as the candidate that has most. Runs beyond the third of a cell do not
    count for this: more seeds of one candidate bar no other candidate.

    Args:
        question: which.
        studies: as for `explain`.
    """
    runs = {
        reading: _comparisons(question, reading, studies)
        for reading in question.readings
    }
    counts = {
        reading: _first_runs(comparisons) for reading, comparisons in runs.items()
    }
    most = max(counts.values())
    enough = [r for r in runs if counts[r] and counts[r] >= ENOUGH * most]
    common = set.intersection(*(set(runs[r]) for r in enough)) if enough else set()
    if not common:
        return Answer(question, (), tuple(r.label for r in question.readings))
    cells = sorted(common, key=lambda cell: cell.rank)
    compared = {r: tuple(runs[r][cell] for cell in cells) for r in enough}
    by_seed = {r: _by_seed(comparisons) for r, comparisons in compared.items()}
    lowest = {
        seed: min(distances[seed] for distances in by_seed.values())
        for seed in sorted({cell.seed for cell in cells})
    }
    ranking = [
        Candidate(
            r, comparisons, tuple(s for s in lowest if by_seed[r][s] == lowest[s])
        )
        for r, comparisons in compared.items()
    ]
    ranking.sort(key=lambda candidate: candidate.distance)
    waiting = tuple(r.label for r in question.readings if r not in enough)
    return Answer(question, tuple(ranking), waiting)


def leave_one_architecture_out(studies, key):
    """Architecture to the `Answer` without its cells.

    Args:
        studies: as for `explain`.
        key: of the question, which must ask of at least two architectures.
    """
    question = next(question for question in QUESTIONS if question.key == key)
    return {
        architecture: answer(
            replace(
                question,
                cells=frozenset(c for c in question.cells if c[0] != architecture),
            ),
            studies,
        )
        for architecture in sorted({architecture for architecture, _ in question.cells})
    }


def turns(asked, studies):
    """(architecture, label) of the nearest candidate without it, where it is another.

    Args:
        asked: the `Answer` with all architectures.
        studies: as for `explain`.
    """
    if asked.nearest is None:
        return ()
    without = leave_one_architecture_out(studies, asked.question.key)
    return tuple(
        (architecture, answer_.nearest.label)
        for architecture, answer_ in without.items()
        if answer_.nearest and answer_.nearest.label != asked.nearest.label
    )


def _comparisons(question, reading, studies):
    """Cell to the comparison of its run, for the cells that are asked of."""
    return {
        record.cell: comparison
        for record in studies.get(reading.study, ())
        if (record.cell.architecture, record.cell.method) in question.cells
        and (comparison := compare(record, reading)) is not None
    }


def _first_runs(comparisons):
    """How many runs there are, with at most three of each (architecture, method)."""
    counts = {}
    for cell in comparisons:
        key = cell.architecture, cell.method
        counts[key] = counts.get(key, 0) + 1
    return sum(min(count, FEWEST_SEEDS) for count in counts.values())


def _by_seed(comparisons):
    distances = {}
    for comparison in comparisons:
        distances.setdefault(comparison.cell.seed, []).append(comparison.distance)
    return {seed: fmean(distances[seed]) for seed in sorted(distances)}
