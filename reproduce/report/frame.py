"""Records as one tidy table: a row a run, a column a quantity."""

import pandas as pd

from reproduce import reported
from reproduce.experiment.records import SPLITS

from .statistics import epochs_to_converge, examples_per_epoch, updates_per_epoch

KEYS = ["architecture", "method", "seed"]
PAIR = ["architecture", "seed"]


def runs_frame(records):
    """One row a run, in table order.

    `epochs`, `updates` and `gradients` are to convergence: infinite for a run that
    did not converge; `trained` are the epochs it ran. `gradients` counts those of
    single examples; `rises` the epochs that ended with a higher error than the one
    before; `outside` the validation and test images taken for a digit that is none
    of the five.
    """
    columns = [
        *KEYS,
        "status",
        "trained",
        "epochs",
        "updates",
        "gradients",
        "seconds",
        "rises",
    ]
    columns += ["outside", *(f"{s}_{q}" for s in SPLITS for q in ("loss", "accuracy"))]
    columns += ["parameters", "initial_sha256"]
    return pd.DataFrame([_row(record) for record in records], columns=columns)


def _row(record):
    epochs = epochs_to_converge(record)
    examples = examples_per_epoch(record.protocol)
    losses = pd.Series(record.history["loss"], dtype=float)
    return {
        **vars(record.cell),
        "status": record.status,
        "trained": record.epochs,
        "epochs": epochs,
        "updates": epochs * updates_per_epoch(record.cell.method, record.protocol),
        "gradients": epochs * examples,
        "seconds": record.seconds["training"],
        "rises": int((losses.diff() > 0).sum()),
        "outside": _outside(record),
        **{
            f"{split}_{quantity}": values[quantity]
            for split, values in record.splits.items()
            for quantity in ("loss", "accuracy")
        },
        "parameters": record.parameters,
        "initial_sha256": record.initial_sha256,
    }


def _outside(record):
    if not record.splits:
        return None
    matrices = [record.splits[split]["confusion"] for split in ("validation", "test")]
    within = sum(
        m[i][j] for m in matrices for i in reported.DIGITS for j in reported.DIGITS
    )
    return sum(sum(map(sum, matrix)) for matrix in matrices) - within


def printed_frame():
    """The report's legible rows in the same columns; rows it mislabels left out."""
    rows = [
        vars(row) | {"seed": 0, "gradients": row.epochs * reported.EXAMPLES["train"]}
        for row in reported.RESULTS.values()
        if row.epochs is not None and not row.note
    ]
    return pd.DataFrame(rows)


def paired(frame, quantity):
    """Methods side by side: a row an (architecture, seed), a column a method."""
    return frame.pivot(
        index=["architecture", "seed"], columns="method", values=quantity
    )


def unpaired(frame):
    """(architecture, seed) whose runs did not all start from the same weights."""
    starts = frame.groupby(PAIR)["initial_sha256"].nunique()
    return list(starts.index[starts > 1])
