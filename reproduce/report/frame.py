"""Records as one tidy table: a row a run, a column a quantity."""

import math

import pandas as pd

from reproduce import original
from reproduce.experiment.record import SPLITS

from .statistics import epochs_to_converge, examples_per_epoch, updates_per_epoch

KEYS = ["architecture", "method", "seed"]
PAIR = ["architecture", "seed"]
WORK = ["epochs", "updates", "gradients", "seconds"]
CURVE = ["trained", "rises", "late_fall", "late_gain"]
COLUMNS = [
    *KEYS,
    "ending",
    *WORK,
    *CURVE,
    "outside",
    *(f"{split}_{quantity}" for split in SPLITS for quantity in ("loss", "accuracy")),
    "parameters",
    "initial_sha256",
]
LATE = 0.1  # of a run's epochs, at its end


def runs_frame(records):
    """One row a run, in table order.

    `epochs`, `updates`, `gradients` and `seconds` (of a core) are to convergence:
    infinite for a run that did not converge; `trained` are the epochs it ran.
    `gradients` counts those of single examples; `rises` the epochs that ended with a
    higher error than the one before; `late_fall` and `late_gain` are the share of its
    error that the run lost and the training accuracy it gained in the last tenth of
    its epochs; `outside` the validation and test images taken for a digit that is
    none of the five.
    """
    return pd.DataFrame([_row(record) for record in records], columns=COLUMNS)


def _row(record):
    return {
        **vars(record.cell),
        "ending": record.ending,
        **_work(record),
        **_curve(record),
        "outside": _outside(record),
        **{
            f"{split}_{quantity}": values[quantity]
            for split, values in record.splits.items()
            for quantity in ("loss", "accuracy")
        },
        "parameters": record.parameters,
        "initial_sha256": record.initial_sha256,
    }


def _work(record):
    """Work to convergence, by unit."""
    epochs = epochs_to_converge(record)
    ended = math.isfinite(epochs)
    return {
        "epochs": epochs,
        "updates": epochs * updates_per_epoch(record.cell.method, record.protocol),
        "gradients": epochs * examples_per_epoch(record.protocol),
        "seconds": record.core_seconds if ended else math.inf,
    }


def _curve(record):
    """The course of the error and of the training accuracy."""
    losses = pd.Series(record.history["loss"], dtype=float)
    right = record.history.get("accuracy", [])
    late = max(1, round(LATE * len(losses)))
    known = len(losses) > late
    return {
        "trained": record.epochs,
        "rises": int((losses.diff() > 0).sum()),
        "late_fall": 1 - losses.iloc[-1] / losses.iloc[-1 - late] if known else None,
        "late_gain": right[-1] - right[-1 - late] if len(right) > late else None,
    }


def _outside(record):
    if not record.splits:
        return None
    matrices = [record.splits[split]["confusion"] for split in ("validation", "test")]
    within = sum(
        m[i][j] for m in matrices for i in original.DIGITS for j in original.DIGITS
    )
    return sum(sum(map(sum, matrix)) for matrix in matrices) - within


def printed_frame():
    """The report's legible rows in the same columns; rows it mislabels left out."""
    rows = [
        vars(row) | {"seed": 0, "gradients": row.epochs * original.EXAMPLES["train"]}
        for row in original.RESULTS.values()
        if row.epochs is not None and not row.note
    ]
    return pd.DataFrame(rows)


def paired(frame, quantity):
    """Methods side by side: a row an (architecture, seed), a column a method."""
    return frame.pivot(index=PAIR, columns="method", values=quantity)


def unpaired(frame):
    """(architecture, seed) whose runs did not all start from the same weights."""
    starts = frame.groupby(PAIR)["initial_sha256"].nunique()
    return list(starts.index[starts > 1])
