"""Which model is best, by the report's three criteria (1.7) and never the test set."""

import math
from dataclasses import dataclass

from reproduce import original
from reproduce.experiment.methods import METHODS

from .markdown import Table, fraction
from .statistics import updates_per_epoch

RULE = (
    "The report weighs model complexity, training time, and validation loss and "
    "accuracy (1.7), without saying how. Here: of the runs that the criterion ended, "
    "take the highest validation accuracy; those within one binomial standard error "
    "of it are tied with it; of these take the fewest parameters, then the lowest "
    "validation loss, then the fewest updates of the weights. The test set has no say."
)


@dataclass(frozen=True)
class Selection:
    """The outcome of the rule.

    Attributes:
        winner: the best record, or None when the criterion ended no run.
        ranking: records ended by the criterion, best first, the tied ones ahead.
        tied: how many at the head of the ranking are tied.
        highest: highest validation accuracy, a fraction.
        standard_error: of that accuracy.
    """

    winner: object
    ranking: tuple
    tied: int
    highest: float
    standard_error: float


def select(records):
    """Apply the rule to the records of one protocol."""
    runs = [record for record in records if record.stopped]
    if not runs:
        return Selection(None, (), 0, math.nan, math.nan)
    top = max(runs, key=_accuracy)
    highest = _accuracy(top)
    error = math.sqrt(highest * (1 - highest) / _examples(top))
    tied = sorted((r for r in runs if _accuracy(r) >= highest - error), key=_order)
    rest = sorted((r for r in runs if _accuracy(r) < highest - error), key=_descending)
    return Selection(tied[0], (*tied, *rest), len(tied), highest, error)


def reports_choice(records, selection):
    """The best run of the architecture that the report chose (1.7).

    None if the rule chose that architecture too, or the criterion ended no run of it.
    """
    chosen = original.CONFUSION["architecture"]
    own = select([r for r in records if r.cell.architecture == chosen]).winner
    return own if own is not selection.winner else None


def updates(record):
    """Weight updates made in training."""
    return record.epochs * updates_per_epoch(record.cell.method, record.protocol)


def name(record):
    """The run in words."""
    cell = record.cell
    return (
        f"architecture {cell.architecture}, {METHODS[cell.method].label}, "
        f"seed {cell.seed}"
    )


def _accuracy(record):
    return record.splits["validation"]["accuracy"]


def _examples(record):
    return sum(map(sum, record.splits["validation"]["confusion"]))


def _order(record):
    loss = record.splits["validation"]["loss"]
    return record.parameters, loss, updates(record), record.cell.rank


def _descending(record):
    return -_accuracy(record), *_order(record)


def best_table(selection):
    """The candidates; the CSV has every run that the criterion ended."""
    data = [_data(selection, rank) for rank in range(len(selection.ranking))]
    header = ["Rank", "Run", "Validation accuracy", "Parameters", "Validation loss"]
    return Table(
        name="best-model",
        title="Selection of the best model (report, 1.7)",
        data=data or [{"rank": None, "note": "the criterion ended no run"}],
        header=[*header, "Updates"],
        rows=[_cells(r, i) for i, r in enumerate(selection.ranking[: selection.tied])]
        or [["–", "the criterion ended no run", "–", "–", "–", "–"]],
        notes=[RULE, *_outcome(selection)],
    )


def _data(selection, rank):
    record = selection.ranking[rank]
    return {
        "rank": rank + 1,
        "tied": rank < selection.tied,
        "architecture": record.cell.architecture,
        "method": record.cell.method,
        "seed": record.cell.seed,
        "validation_accuracy": _accuracy(record),
        "parameters": record.parameters,
        "validation_loss": record.splits["validation"]["loss"],
        "updates": updates(record),
    }


def _cells(record, index):
    return [
        str(index + 1),
        name(record),
        fraction(_accuracy(record)),
        f"{record.parameters:,}",
        fraction(record.splits["validation"]["loss"]),
        f"{updates(record):,}",
    ]


def _outcome(selection):
    if selection.winner is None:
        return []
    limit = selection.highest - selection.standard_error
    return [
        f"Highest validation accuracy: {fraction(selection.highest)}; standard error "
        f"{fraction(selection.standard_error)}; tied from {fraction(limit)} up: "
        f"{selection.tied} of {len(selection.ranking)} runs that it ended. "
        f"Best: **{name(selection.winner)}**."
    ]
