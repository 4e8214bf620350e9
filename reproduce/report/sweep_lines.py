"""A sweep's records, a line a method, a point a learning rate."""

from dataclasses import dataclass
from statistics import median

from reproduce.experiment.methods import colours, rank, without_rate
from reproduce.experiment.protocol import Protocol

REPORTED_RATE = Protocol().learning_rate


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
        """One number a seed; of a diverged run the worst there is."""
        worst = float("inf") if quantity == "loss" else 0.0
        return [
            run.splits[split][quantity] if run.splits else worst for run in self.runs
        ]

    @property
    def loss(self):
        """Median validation loss, by which rates are chosen."""
        return median(self.values("validation", "loss"))

    def count(self, *endings):
        return sum(run.ending in endings for run in self.runs)


@dataclass(frozen=True)
class Line:
    """One method at all its rates.

    Attributes:
        method: key, without a learning rate.
        colour: of its own.
        points: by ascending rate.
    """

    method: str
    colour: str
    points: tuple

    @property
    def best(self):
        """The point of the lowest median validation loss; ties: the lower rate."""
        return min(self.points, key=lambda point: (point.loss, point.rate))

    @property
    def reported(self):
        """The point at the report's learning rate, or None."""
        return next((p for p in self.points if p.rate == REPORTED_RATE), None)

    @property
    def at_edge(self):
        """Whether the best rate is the lowest or the highest tried."""
        return self.best in (self.points[0], self.points[-1])


def equal_budgets(lines):
    """Whether all have the same rates, with as many runs at each."""
    budgets = {tuple((p.rate, len(p.runs)) for p in line.points) for line in lines}
    return len(budgets) == 1


def gather_lines(records):
    """A `Line` a method, in the order of the report's tables, others behind."""
    found = {}
    for record in records:
        method, rate = without_rate(record.cell.method)
        if rate is not None:
            found.setdefault(method, {}).setdefault(rate, []).append(record)
    colour = colours(found)
    return [
        Line(
            method,
            colour[method],
            tuple(Point(rate, tuple(found[method][rate])) for rate in sorted(rates)),
        )
        for method, rates in sorted(found.items(), key=lambda item: rank(item[0]))
    ]
