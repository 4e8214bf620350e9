"""A sweep's page: the best learning rate of each method beside the report's."""

from dataclasses import dataclass
from statistics import median

from reproduce.experiment.methods import METHODS, colours, rank
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.records import Store, write_atomically
from reproduce.experiment.sweep import without_rate

from . import sweep_words as words
from .figures import png
from .markdown import Table
from .sweep_figure import sweep_figure

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

    def count(self, status):
        return sum(run.status == status for run in self.runs)


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


def build_sweep(folder):
    """Write sweep.md, sweep.png and two CSV files from a sweep's records.

    Args:
        folder: `sweep/arch<k>` of an output folder.

    Returns:
        Paths of the files, the page first; none where there are no records.
    """
    records = Store(folder).load()
    lines = gather_lines(records)
    if not lines:
        return []
    table = sweep_table(lines)
    files = {
        "sweep.md": words.page(lines, table, records).encode(),
        "sweep.png": png(sweep_figure, lines, records[0].cell.architecture),
        "sweep.csv": table.csv(),
        "sweep-runs.csv": runs_table(lines).csv(),
    }
    for name, content in files.items():
        write_atomically(folder / name, content)
    return [folder / name for name in files]


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


def sweep_table(lines):
    """One row a method: its best rate, and what the report's rate gives."""
    return Table(
        name="sweep",
        title="The best learning rate of each method",
        data=[_data(line) for line in lines],
        header=words.HEADER,
        rows=[words.cells(line) for line in lines],
        notes=words.notes(lines),
    )


def _data(line):
    best, there = line.best, line.reported
    return {
        "method": line.method,
        "rates": len(line.points),
        "best_learning_rate": best.rate,
        "at_edge": line.at_edge,
        **_three("validation_loss", best.values("validation", "loss")),
        **_three("validation_accuracy", best.values("validation", "accuracy")),
        **_three("test_accuracy", best.values("test", "accuracy")),
        "converged": best.count("converged"),
        "runs": len(best.runs),
        "validation_loss_at_reported_rate": there.loss if there else None,
    }


def _three(name, values):
    return {f"{name}_{f.__name__}": f(values) for f in (median, min, max)}


def runs_table(lines):
    """One row a run, without test scores: they are for the chosen rates only."""
    data = [
        {
            "method": line.method,
            "label": METHODS[line.method].label,
            "learning_rate": point.rate,
            "seed": run.cell.seed,
            "status": run.status,
            "epochs": run.epochs,
            "train_error_last": run.history["loss"][-1] if run.history["loss"] else "",
            "validation_loss": run.splits.get("validation", {}).get("loss"),
            "validation_accuracy": run.splits.get("validation", {}).get("accuracy"),
        }
        for line in lines
        for point in line.points
        for run in point.runs
    ]
    return Table("sweep-runs", "Runs of the sweep", data, [], [])
