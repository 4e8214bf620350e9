"""How soon a run reaches a target: its training error, or its validation accuracy.

The epoch at which the stopping rule ends a run measures the rule: most runs of RMSProp
and Adam end because their error rose. Time to a target measures learning; a target that
the rule ended a run before counts as never reached (AlgoPerf: Dahl et al. 2023,
Benchmarking neural network training algorithms).
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from statistics import mean, median

from reproduce.experiment.costs import examples_per_epoch

from .tests import chance_to_win

UNITS = ("epochs", "updates", "gradients", "seconds")
RATIOS = tuple(2 ** (step / 4) for step in range(17))  # 1 to 16, of the fastest


@dataclass(frozen=True)
class Target:
    """What a run is to reach.

    Attributes:
        quantity: name in a record's history.
        value: at most this error, or at least this accuracy.
    """

    quantity: str
    value: float

    def reached(self, record):
        """The first epoch (from 1) that meets it; infinite if none does."""
        return _reached(self, record)


@cache
def _reached(target, record):
    below = not target.quantity.endswith("accuracy")
    for epoch, value in enumerate(record.history.get(target.quantity, []), start=1):
        if value is not None and (
            value <= target.value if below else value >= target.value
        ):
            return epoch
    return math.inf


TARGETS = (
    Target("loss", 0.05),
    Target("loss", 0.02),
    Target("loss", 0.01),
    Target("validation_accuracy", 0.95),
    Target("validation_accuracy", 0.97),
)


def updates_per_epoch(record):
    """One for full batches, else one an example of the training split, or a batch."""
    protocol = record.protocol
    examples = examples_per_epoch(protocol)
    if protocol.full_batch(record.cell.method):
        return 1
    return math.ceil(examples / (protocol.batch_size or 1))


def effort(record, epochs, unit):
    """What so many epochs of a run cost, in one of `UNITS`.

    Seconds are of a core, the same for each epoch; gradients are of single examples.
    """
    if unit == "epochs" or math.isinf(epochs):
        return epochs
    if unit == "updates":
        return epochs * updates_per_epoch(record)
    if unit == "gradients":
        return epochs * examples_per_epoch(record.protocol)
    return epochs * record.core_seconds / record.epochs


@cache
def rises(run):
    """Epochs that ended with a higher training error than the one before."""
    errors = run.history["loss"]
    return sum(later > earlier for earlier, later in pairwise(errors))


def dips(run):
    """Rises after which the training error falls below all that it was before."""
    errors = run.history["loss"]
    return sum(
        errors[epoch] > errors[epoch - 1] and min(errors[epoch:]) < min(errors[:epoch])
        for epoch in range(1, len(errors))
    )


def by_cell(records):
    """(architecture, method) to its records, one a seed."""
    cells = {}
    for record in records:
        key = record.cell.architecture, record.cell.method
        cells.setdefault(key, []).append(record)
    return cells


def times(records, target, unit="epochs"):
    """(architecture, method) to the effort of each run to reach the target."""
    return {
        key: [effort(run, target.reached(run), unit) for run in runs]
        for key, runs in by_cell(records).items()
    }


def medians(records, target, unit="epochs"):
    """(architecture, method) to the median effort; infinite where half never arrive."""
    return {
        key: median(efforts) for key, efforts in times(records, target, unit).items()
    }


def performance_profile(medians, ratios=RATIOS):
    """Method to the share of architectures on which it is within each ratio.

    A method's ratio on an architecture is its median over the smallest median; a method
    that does not arrive is within no ratio (Dolan and Moré 2002).

    Args:
        medians: (architecture, method) to a median effort.
        ratios: of the fastest method's effort, at least 1.
    """
    architectures = sorted({architecture for architecture, _ in medians})
    methods = dict.fromkeys(method for _, method in medians)
    best = {
        a: min(
            value for (architecture, _), value in medians.items() if architecture == a
        )
        for a in architectures
    }

    def within(architecture, method, ratio):
        value = medians.get((architecture, method), math.inf)
        return math.isfinite(value) and value <= ratio * best[architecture] * (1 + 1e-9)

    return {
        method: [
            sum(within(a, method, ratio) for a in architectures) / len(architectures)
            for ratio in ratios
        ]
        for method in methods
    }


def chances_to_win(times):
    """(method, other) to its chance to arrive first, mean over architectures.

    Ties count half, and so do two runs that never arrive (Agarwal et al. 2021, Deep
    reinforcement learning at the edge of the statistical precipice).

    Args:
        times: (architecture, method) to the efforts of its runs.
    """
    architectures = sorted({architecture for architecture, _ in times})
    methods = dict.fromkeys(method for _, method in times)
    by_pair = {}
    for method, other in combinations(methods, 2):
        chances = [
            chance_to_win(times[a, method], times[a, other])
            for a in architectures
            if (a, method) in times and (a, other) in times
        ]
        if chances:
            by_pair[method, other] = mean(chances)
            by_pair[other, method] = 1 - mean(chances)
    return by_pair
