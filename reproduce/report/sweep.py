"""A sweep's page: the best learning rate of each method beside the report's."""

from statistics import median

from reproduce.experiment.methods import METHODS

from . import sweep_words as words
from .figures import png
from .markdown import Table
from .sweep_figure import sweep_figure
from .sweep_lines import gather_lines

PAGE, FIGURE = "sweep.md", "sweep.png"


def sweep_files(records):
    """{name: bytes} of a sweep's page, figure and CSV files.

    Args:
        records: of one architecture under one protocol, each at a rate of its own.
    """
    lines = gather_lines(records)
    if not lines:
        return {}
    table = sweep_table(lines)
    return {
        PAGE: words.page(lines, table, records).encode(),
        FIGURE: png(sweep_figure, lines, records[0].cell.architecture),
        "sweep.csv": table.csv(),
        "sweep-runs.csv": runs_table(lines).csv(),
    }


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
        "stopped": best.count("threshold", "rose"),
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
            "ending": run.ending,
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
