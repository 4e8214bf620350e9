"""Every method at its best learning rate.

The original trains each method at one rate, 0.001. The study `sweep` trains each at the
same rates with as many seeds, so that a ranking at one rate can be held against the
ranking where each method has the best of them. A rate is chosen by validation loss, or
by the time to a target; the test images have no say.
"""

import math
from dataclasses import dataclass
from statistics import median

from scipy import stats

from reproduce.experiment.methods import METHODS, rank, without_rate
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.stopping import ENDINGS
from reproduce.experiment.studies import SINGLE

from .speed import Target, rises
from .verdicts import EPOCHS_LIMIT

ORIGINAL_RATE = Protocol().learning_rate
RANKED_BY = Target("loss", 0.02)  # methods, in epochs
STANDARD_ERRORS = 3  # by which a run must be better than guessing


def guesses(run):
    """Whether a run is no better than calling all validation images one digit.

    It must be better than the share of the most frequent digit by more than three
    binomial standard errors. A diverged run has no accuracy and is no guess.
    """
    if not run.splits:
        return False
    sizes = [sum(row) for row in run.splits["validation"]["confusion"]]
    share = max(sizes) / sum(sizes)
    error = math.sqrt(share * (1 - share) / sum(sizes))
    return run.splits["validation"]["accuracy"] <= share + STANDARD_ERRORS * error


# Lines ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """One method at one learning rate.

    Attributes:
        rate: the learning rate.
        runs: its records, one a seed.
    """

    rate: float
    runs: tuple

    def values(self, split, quantity):
        """One number a run, of its final weights: `loss` or `accuracy`.

        A run without a finite one counts as the worst: infinite loss, accuracy 0.
        """
        worst = math.inf if quantity == "loss" else 0.0
        numbers = [
            run.splits[split][quantity] if run.splits else None for run in self.runs
        ]
        return [worst if number is None else number for number in numbers]

    @property
    def loss(self):
        """Median validation loss."""
        return median(self.values("validation", "loss"))

    @property
    def accuracy(self):
        """Median validation accuracy."""
        return median(self.values("validation", "accuracy"))

    def epochs_to(self, target):
        """Median epochs to a `speed.Target`; infinite where half never arrive."""
        return median(target.reached(run) for run in self.runs)

    @property
    def endings(self):
        """How runs end (`stopping.ENDINGS`) to how many do."""
        return {
            ending: sum(run.ending == ending for run in self.runs) for ending in ENDINGS
        }

    @property
    def rising(self):
        """Runs whose training error rises from one epoch to the next."""
        return sum(rises(run) > 0 for run in self.runs)

    @property
    def guessing(self):
        """Runs that are no better than guessing."""
        return sum(map(guesses, self.runs))

    @property
    def is_guessing(self):
        """Whether more than half of the runs are no better than guessing."""
        return self.guessing > len(self.runs) / 2


@dataclass(frozen=True)
class Line:
    """One method at all its rates.

    Attributes:
        method: key, without a learning rate.
        points: by ascending rate.
    """

    method: str
    points: tuple

    @property
    def best(self):
        """The point of the lowest median validation loss; ties: the lower rate."""
        return min(self.points, key=lambda point: (point.loss, point.rate))

    @property
    def at_edge(self):
        """Whether the best rate is the lowest or the highest tried."""
        return self.best in (self.points[0], self.points[-1])

    @property
    def at_original_rate(self):
        """The point at the original's learning rate, or None."""
        return next((p for p in self.points if p.rate == ORIGINAL_RATE), None)

    def soonest(self, target):
        """The point of the fewest median epochs to a target; ties: the lower rate.

        None where no rate brings more than half of the runs to it.
        """
        point = min(
            self.points, key=lambda point: (point.epochs_to(target), point.rate)
        )
        return point if math.isfinite(point.epochs_to(target)) else None

    @property
    def budget(self):
        """The rates, each with the number of its runs."""
        return tuple((point.rate, len(point.runs)) for point in self.points)

    @property
    def full_batch(self):
        return METHODS[self.method].full_batch


# Comparisons ------------------------------------------------------------------------


@dataclass(frozen=True)
class Ranking:
    """The methods by one quantity, at the original's rate and at each one's best.

    Attributes:
        at_original_rate, at_best_rate: method to its median, the best method first;
            of equal ones, in the order of the original's tables.
    """

    at_original_rate: dict
    at_best_rate: dict

    @property
    def tau(self):
        """Kendall's τ-b of the two orders: 1 if equal, -1 if opposite.

        None where all methods are equal on either side, which is no order.
        """
        original = list(self.at_original_rate.values())
        best = [self.at_best_rate[method] for method in self.at_original_rate]
        tau = stats.kendalltau(original, best).statistic
        return None if math.isnan(tau) else float(tau)

    @property
    def spread_at_original_rate(self):
        return spread(self.at_original_rate.values())

    @property
    def spread_at_best_rate(self):
        return spread(self.at_best_rate.values())


def spread(values):
    """The largest over the smallest; None where the smallest is 0 or infinite."""
    smallest, largest = min(values), max(values)
    return largest / smallest if 0 < smallest < math.inf else None


@dataclass(frozen=True)
class Comparison:
    """The original's six single-example methods on one architecture.

    Attributes:
        loss: by validation loss. Best rates are chosen by it.
        accuracy: by validation accuracy, at the same best rates.
        epochs: by epochs to a training error of 0.02. Best rates are chosen by them;
            infinite for a method that reaches this error at no rate.
    """

    loss: Ranking
    accuracy: Ranking
    epochs: Ranking


@dataclass(frozen=True)
class Sweep:
    """The sweep on one architecture.

    Attributes:
        architecture: 1 to 5.
        lines: in the order of the original's tables, other methods behind.
    """

    architecture: int
    lines: tuple

    @property
    def is_fair(self):
        """Whether all single-example methods have the same rates and as many runs.

        Batch GD has ten times the epochs and is not compared with them.
        """
        return len({line.budget for line in self.lines if not line.full_batch}) < 2

    @property
    def comparison(self):
        """The `Comparison` of the original's methods.

        None where one of the six is missing, where not all have the same rates with
        as many runs at each, or where the original's rate is not among them. Lines of
        batch GD and of other optimizers have no part in it.
        """
        lines = [line for line in self.lines if line.method in SINGLE]
        if len(lines) < len(SINGLE) or len({line.budget for line in lines}) > 1:
            return None
        if lines[0].at_original_rate is None:
            return None
        return Comparison(
            loss=_ranking(lines, lambda point: point.loss, lambda line: line.best),
            accuracy=_ranking(
                lines,
                lambda point: point.accuracy,
                lambda line: line.best,
                descending=True,
            ),
            epochs=_ranking(
                lines,
                lambda point: point.epochs_to(RANKED_BY) if point else math.inf,
                lambda line: line.soonest(RANKED_BY),
            ),
        )


def _ranking(lines, value, best, descending=False):
    def ordered(point):
        values = {line.method: value(point(line)) for line in lines}
        return dict(
            sorted(values.items(), key=lambda item: item[1], reverse=descending)
        )

    return Ranking(ordered(lambda line: line.at_original_rate), ordered(best))


@dataclass(frozen=True)
class Tenfold:
    """Momentum at a learning rate beside SGD at ten times that rate, in pairs of runs.

    With α = 0.9 momentum's steps add up to 1/(1 − α) = 10 times the gradient's (1.3.3).

    Attributes:
        ratio: median of momentum's epochs to an error of 0.02 over SGD's.
        near: pairs whose ratio is within the limit of effect.
        pairs: pairs of runs that both reach it.
    """

    ratio: float
    near: int
    pairs: int


def tenfold(sweeps):
    """The `Tenfold` of all sweeps; None: they have no such pair."""
    epochs = {
        (sweep.architecture, line.method, f"{point.rate:.6g}", run.cell.seed): (
            RANKED_BY.reached(run)
        )
        for sweep in sweeps
        for line in sweep.lines
        if line.method in ("sgd", "momentum")
        for point in line.points
        for run in point.runs
    }
    ratios = []
    for (a, method, rate, seed), momentum in epochs.items():
        sgd = epochs.get((a, "sgd", f"{10 * float(rate):.6g}", seed), math.inf)
        if method == "momentum" and math.isfinite(momentum) and math.isfinite(sgd):
            ratios.append(momentum / sgd)
    if not ratios:
        return None
    near = sum(abs(math.log(ratio)) <= math.log(1 + EPOCHS_LIMIT) for ratio in ratios)
    return Tenfold(median(ratios), near, len(ratios))


def at_edges(sweeps):
    """Method to the architectures where its fewest epochs are at an edge of the rates.

    Of the methods that are compared; at an edge, a better rate may lie beyond.
    """
    edges = {}
    for sweep in sweeps:
        for line in sweep.lines:
            point = line.soonest(RANKED_BY)
            if line.method in SINGLE and point in (line.points[0], line.points[-1]):
                edges.setdefault(line.method, []).append(sweep.architecture)
    return edges


def gather(records):
    """A `Sweep` for each architecture that has records, in their order.

    Args:
        records: of the study `sweep`; those whose method has no rate of its own are
            left out.
    """
    architectures = {}
    for record in sorted(records, key=lambda record: record.cell.seed):
        method, rate = without_rate(record.cell.method)
        if rate is not None:
            lines = architectures.setdefault(record.cell.architecture, {})
            lines.setdefault(method, {}).setdefault(rate, []).append(record)
    return tuple(
        Sweep(
            architecture,
            tuple(
                Line(
                    method,
                    tuple(
                        Point(rate, tuple(runs)) for rate, runs in sorted(rates.items())
                    ),
                )
                for method, rates in sorted(
                    lines.items(), key=lambda item: rank(item[0])
                )
            ),
        )
        for architecture, lines in sorted(architectures.items())
    )
