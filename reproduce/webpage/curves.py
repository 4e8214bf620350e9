"""Error curves as data for the page's script, thinned to what a screen shows."""

import numpy as np

from reproduce.experiment.methods import METHODS
from reproduce.report.figures import drawable
from reproduce.report.statistics import median_run

EPOCHS_DRAWN = 70  # a run and axis: one point in nine pixels
DIGITS = 5  # significant ones of an error


def curves(rows):
    """Architecture to its methods, each with its runs.

    Of a run with more epochs only those are kept that are nearest to an even
    spacing on the linear or on the logarithmic axis, the first and last always.
    """
    found = {}
    for row in rows:
        if drawable(row):
            found.setdefault(str(row.architecture), []).append(_method(row))
    return found


def _method(row):
    runs = drawable(row)
    middle = median_run(runs)
    return {
        "method": row.method,
        "label": METHODS[row.method].label,
        "reported": row.reported.epochs,
        "runs": [_run(run, run is middle) for run in runs],
    }


def _run(run, is_middle):
    kept = thinned(len(run.history["loss"]))
    return {
        "seed": run.cell.seed,
        "ending": run.ending,
        "middle": is_middle,
        "epochs": [index + 1 for index in kept],
        "errors": [float(f"{run.history['loss'][i]:.{DIGITS}g}") for i in kept],
    }


def thinned(num_epochs):
    """Indices, from 0, of the epochs that are drawn."""
    even = np.linspace(0, num_epochs - 1, EPOCHS_DRAWN)
    logarithmic = np.geomspace(1, num_epochs, EPOCHS_DRAWN) - 1
    return np.unique(np.rint([*even, *logarithmic]).astype(int)).tolist()
