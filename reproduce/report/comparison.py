"""The comparison tables of the report (1.5.1 to 1.5.5), rerun beside printed."""

from statistics import median

from reproduce import original
from reproduce.experiment.methods import METHODS

from . import markdown
from .comparison_notes import footnotes, reading
from .distributions import accuracy_interval
from .markdown import DIVERGED, NOT_RUN, Table, fraction, spread
from .statistics import examples_per_epoch, updates_per_epoch

HEADER = [
    "Method",
    "Ended",
    "Epochs",
    "Epochs, report",
    "Training accuracy",
    "Training accuracy, report",
    "Validation accuracy",
    "Validation accuracy, report",
    "Updates",
    "Gradients",
    "Core seconds",
]


def comparison_table(architecture, rows, protocol):
    """The table of one architecture.

    Args:
        architecture: 1 to 5.
        rows: its `Comparison`s, one a method.
        protocol: the records' protocol.
    """
    marks = footnotes(rows)
    return Table(
        name=f"architecture-{architecture}-comparison",
        title=f"Architecture {architecture}: comparison of the methods "
        f"(report, {original.SECTIONS['tables'][str(architecture)]})",
        data=[_data(row, protocol) for row in rows],
        header=HEADER,
        rows=[_cells(row, protocol, marks) for row in rows],
        notes=[*reading(rows), *(f"{mark} {note}." for note, mark in marks.items())],
    )


def _data(row, protocol):
    epochs, updates = row.epochs, updates_per_epoch(row.method, protocol)
    examples = examples_per_epoch(protocol)
    return {
        "architecture": row.architecture,
        "method": row.method,
        "runs": len(row.runs),
        **row.endings,
        **_three("epochs", epochs),
        "reported_epochs": row.reported.epochs,
        **_three("train_accuracy", row.measured("train", "accuracy")),
        "reported_train_accuracy": row.reported.train_accuracy,
        **_three("validation_accuracy", row.measured("validation", "accuracy")),
        **_doubt(row.accuracy("validation"), protocol),
        "reported_validation_accuracy": row.reported.validation_accuracy,
        "updates_per_epoch": updates,
        "updates_median": median(epochs) * updates if epochs else None,
        "gradients_median": median(epochs) * examples if epochs else None,
        "core_seconds_median": core_seconds(row.runs),
        "note": row.reported.note,
    }


def _three(name, values):
    return {
        f"{name}_{statistic.__name__}": statistic(values) if values else None
        for statistic in (median, min, max)
    }


def _doubt(accuracy, protocol):
    """Wilson's interval of the median accuracy, a share of so many images."""
    images = original.EXAMPLES["validation"]
    images = min(protocol.subset or images, images)
    known = accuracy is not None
    low, high = accuracy_interval(accuracy, images) if known else (None, None)
    return {"validation_accuracy_low": low, "validation_accuracy_high": high}


def core_seconds(runs):
    """Median processor time: the clock on the wall knows what else went on."""
    return median(run.core_seconds for run in runs) if runs else None


def _cells(row, protocol, marks):
    printed = row.reported
    label = METHODS[row.method].label
    mark = marks.get(printed.note, "")
    epochs = row.missing if printed.epochs is None else f"{printed.epochs:,}"
    return [
        f"{label} {mark}".strip(),
        row.how_ended or NOT_RUN,
        epochs_cell(row, protocol),
        epochs,
        _accuracy(row, "train"),
        _printed(row, "train"),
        _accuracy(row, "validation"),
        _printed(row, "validation"),
        epochs_cell(row, protocol, updates_per_epoch(row.method, protocol), False),
        epochs_cell(row, protocol, examples_per_epoch(protocol), False),
        f"{core_seconds(row.runs):,.1f}" if row.runs else NOT_RUN,
    ]


def epochs_cell(row, protocol, times=1, with_spread=True):
    """Median epochs (or updates: `times` as many) and their range, as text."""
    if not row.runs:
        return NOT_RUN

    def write(number):
        at_limit = row.endings["epoch_limit"] > 0
        return markdown.epochs(number * times, protocol.max_epochs * times, at_limit)

    middle = write(median(row.epochs))
    return middle + (spread(row.epochs, write) if with_spread else "")


def _accuracy(row, split):
    values = row.measured(split, "accuracy")
    if not values:
        return DIVERGED if row.runs else NOT_RUN
    return fraction(median(values)) + spread(values, fraction)


def _printed(row, split):
    number = getattr(row.reported, f"{split}_accuracy")
    decimals = getattr(row.reported, f"{split}_decimals")
    return row.missing if number is None else fraction(number, decimals)
