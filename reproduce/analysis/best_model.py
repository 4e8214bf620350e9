"""Which model is best, by the original's criteria (1.7) and never by the test images.

The original weighs model complexity, training time, and validation loss and accuracy
without saying how. Here the cell is chosen first, as the best single run is a lucky
seed: the highest mean validation accuracy; among the cells within one standard error of
it, the one with the fewest parameters, then the fewest updates. Its run of median
validation accuracy is the best model.
"""

import math
from dataclasses import dataclass
from statistics import mean, median, stdev

from reproduce.experiment.methods import rank
from reproduce.original import CONFUSION

from .speed import by_cell, updates_per_epoch
from .tests import FEWEST_SEEDS


@dataclass(frozen=True)
class Contender:
    """A cell that could hold the best model.

    Attributes:
        architecture, method: which.
        runs: its records, by validation accuracy, the lowest first.
        accuracy: mean validation accuracy.
        error: standard error of that mean: over the seeds, or binomial where there
            are fewer than three.
        parameters: of the model.
        updates: of the weights, median over the seeds.
    """

    architecture: int
    method: str
    runs: tuple
    accuracy: float
    error: float
    parameters: int
    updates: float

    @property
    def median_run(self):
        """The run of median validation accuracy; the lower one of two."""
        return self.runs[(len(self.runs) - 1) // 2]


@dataclass(frozen=True)
class Selection:
    """The outcome of the rule.

    Attributes:
        ranking: every contender, those within one standard error ahead, in the order
            of the rule; then the others, the most accurate first.
        tied: how many of them are within one standard error of the highest mean.
        bound: the accuracy from which on they are.
    """

    ranking: tuple
    tied: int
    bound: float

    @property
    def best(self):
        """The best model's record, or None where the criterion ended no run."""
        return self.ranking[0].median_run if self.ranking else None


def select(records):
    """Apply the rule to the records of one protocol.

    Cells in which the criterion did not end every run have no say; nor have those
    with fewer than three seeds where another cell has three.
    """
    cells = {
        key: runs
        for key, runs in by_cell(records).items()
        if all(run.stopped for run in runs)
    }
    enough = {key: runs for key, runs in cells.items() if len(runs) >= FEWEST_SEEDS}
    contenders = [_candidate(*key, runs) for key, runs in (enough or cells).items()]
    if not contenders:
        return Selection((), 0, math.nan)
    highest = max(contenders, key=lambda c: c.accuracy)
    bound = highest.accuracy - highest.error
    tied = [c for c in contenders if c.accuracy >= bound]
    rest = [c for c in contenders if c.accuracy < bound]
    tied.sort(key=lambda c: (c.parameters, c.updates, -c.accuracy))
    rest.sort(key=lambda c: -c.accuracy)
    return Selection((*tied, *rest), len(tied), bound)


def original_choice(records):
    """The rule among the cells of the architecture that the original chose (1.7)."""
    chosen = CONFUSION["architecture"]
    return select([r for r in records if r.cell.architecture == chosen])


def fitting_methods(records):
    """Methods that the original's best model, which it does not name, may be of.

    On the architecture that it chose, its losses of training, validation and test
    images all lie within those of a method's runs, three or more.
    """
    losses = {name: split["loss"] for name, split in CONFUSION["splits"].items()}
    fitting = []
    for (architecture, method), runs in by_cell(records).items():
        known = [run.splits for run in runs if run.splits]
        if architecture == CONFUSION["architecture"] and len(known) >= FEWEST_SEEDS:
            ours = {name: [splits[name]["loss"] for splits in known] for name in losses}
            if all(min(ours[n]) <= loss <= max(ours[n]) for n, loss in losses.items()):
                fitting.append(method)
    return tuple(sorted(fitting, key=rank))


def _candidate(architecture, method, runs):
    accuracies = [_accuracy(run) for run in runs]
    centre = mean(accuracies)
    if len(runs) >= FEWEST_SEEDS:
        error = stdev(accuracies) / math.sqrt(len(runs))
    else:
        images = sum(map(sum, runs[0].splits["validation"]["confusion"]))
        error = math.sqrt(centre * (1 - centre) / images)
    return Contender(
        architecture,
        method,
        tuple(sorted(runs, key=_order)),
        centre,
        error,
        runs[0].parameters,
        median(run.epochs * updates_per_epoch(run) for run in runs),
    )


def _accuracy(run):
    return run.splits["validation"]["accuracy"]


def _order(run):
    return _accuracy(run), -run.splits["validation"]["loss"], run.cell.seed
