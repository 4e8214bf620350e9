"""What several seeds of one cell say together, next to what the report says."""

import math
from collections import Counter
from dataclasses import dataclass
from statistics import median

from reproduce import original
from reproduce.experiment.costs import examples_per_epoch
from reproduce.experiment.methods import METHODS, colours, rank
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.stopping import ENDINGS

from .markdown import NOT_IN_REPORT, NOT_LEGIBLE, NOT_PRINTED

ENDED = {
    "threshold": "at the threshold",
    "rose": "by a rise",
    "epoch_limit": "cut off",
    "diverged": "diverged",
}


def epochs_to_converge(record):
    """Epochs, or infinity: a run that was cut off never counts as its limit."""
    return record.epochs if record.stopped else math.inf


def updates_per_epoch(method, protocol):
    """One for full batches, else one an example of the training split, or a batch."""
    examples = examples_per_epoch(protocol)
    size = examples if METHODS[method].full_batch else 1
    return math.ceil(examples / (protocol.batch_size or size))


def median_run(records):
    """The run whose epochs are the median (the lower one of two)."""
    ordered = sorted(records, key=lambda r: (epochs_to_converge(r), r.cell.seed))
    return ordered[(len(ordered) - 1) // 2]


@dataclass(frozen=True)
class Comparison:
    """One architecture and method: its runs and the report's row.

    Attributes:
        architecture, method: as in `Cell`.
        runs: the records, one a seed; may be empty.
        reported: the report's row; its numbers are None where not legible.
        colour: in figures.
    """

    architecture: int
    method: str
    runs: tuple
    reported: original.Result
    colour: str

    @property
    def endings(self):
        """Number of runs by how they ended, every ending being there."""
        found = Counter(run.ending for run in self.runs)
        return {ending: found[ending] for ending in ENDINGS}

    @property
    def stopped(self):
        """Number of runs that the criterion ended."""
        return sum(run.stopped for run in self.runs)

    @property
    def how_ended(self):
        """How its runs ended, in words."""
        found = self.endings
        return ", ".join(
            f"{found[ending]} {words}"
            for ending, words in ENDED.items()
            if found[ending]
        )

    @property
    def missing(self):
        """What to write for a number of the report that is not to be had."""
        if self.method not in METHODS:
            return NOT_IN_REPORT
        known = (self.architecture, self.method) in original.RESULTS
        return NOT_LEGIBLE if known else NOT_PRINTED

    @property
    def epochs(self):
        """Epochs to convergence, one a run; infinity where there was none."""
        return [epochs_to_converge(run) for run in self.runs]

    def measured(self, split, quantity):
        """One number a run that has final weights (a diverged one has none)."""
        return [run.splits[split][quantity] for run in self.runs if run.splits]

    def accuracy(self, split):
        """Median accuracy, or None."""
        values = self.measured(split, "accuracy")
        return median(values) if values else None


def compare(records):
    """Every cell of the report's tables, run or not, in their order."""
    return [_row(records, a, m) for a in ARCHITECTURES for m in METHODS]


def others(records):
    """The cells of other optimizers that have runs; behind the report's methods."""
    cells = {(r.cell.architecture, r.cell.method) for r in records}
    own = [cell for cell in cells if cell[1] not in METHODS]
    colour = colours({method for _, method in own})
    return [
        _row(records, *cell, colour[cell[1]])
        for cell in sorted(own, key=lambda cell: (cell[0], rank(cell[1])))
    ]


def of_report(records):
    """The records of the report's methods."""
    return [record for record in records if record.cell.method in METHODS]


def _row(records, architecture, method, colour=None):
    return Comparison(
        architecture,
        method,
        tuple(r for r in records if _is(r, architecture, method)),
        original.RESULTS.get((architecture, method), original.NOTHING),
        colour or METHODS[method].colour,
    )


def _is(record, architecture, method):
    return (record.cell.architecture, record.cell.method) == (architecture, method)
