"""What the page shows, as values: cells, curves, sweeps, and who leads where."""

import base64
import math

import numpy as np

from reproduce.analysis import speed, verdicts
from reproduce.analysis.claims import CONTRADICTED, NOT_JUDGED, SUPPORTED, UNDECIDED
from reproduce.analysis.sampling import drawn_runs, median_run
from reproduce.data import DIGITS, familiar
from reproduce.experiment.methods import METHODS, colours, rank, slug
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.original import CLAIMS, CONFUSION, HIDDEN_UNITS, NOTHING, RESULTS

from .run_tables import shown_digits

EPOCHS_DRAWN = 50  # of a run, on each kind of axis
SIGNIFICANT = 5  # digits of a point of a curve
SERIES = ("loss", "accuracy", "validation_loss", "validation_accuracy")
RULES = ("stated", "patient")
LEARNED = speed.Target("loss", 0.05)
ORDER = (CONTRADICTED, UNDECIDED, SUPPORTED, NOT_JUDGED)  # of the claims on the page


# Names ------------------------------------------------------------------------------


def digits_of(findings):
    """The digits of the data; the original's five where every run diverged."""
    return shown_digits(findings) or DIGITS


def methods_of(findings):
    """Keys of the original's methods and of all others that ran, in table order."""
    methods = {*METHODS, *(record.cell.method for record in findings.custom_records)}
    methods |= {line.method for sweep in findings.sweeps for line in sweep.lines}
    return sorted(methods, key=rank)


def method_styles(methods):
    """A class for each method's colour, by its place in the order."""
    chosen = colours(methods)
    return "".join(
        f".m-{index} {{ --own: {chosen[key]}; }}\n" for index, key in enumerate(methods)
    )


def cell_name(architecture, method):
    """As the page's data and address have it: `4/nag`."""
    return f"{architecture}/{slug(method)}"


# Cells ------------------------------------------------------------------------------


def cells(findings, digits):
    """Name to each cell of the grid: the original's numbers, runs and verdicts."""
    runs = speed.by_cell([*findings.records, *findings.custom_records])
    patient = speed.by_cell(findings.studies.get("patience-2", ()))
    judged = {
        rule: {verdict.key: verdict for verdict in getattr(findings, rule)}
        for rule in RULES
    }
    mine = {
        standing.record.cell
        for standing in findings.pool.standings
        if findings.pool.published
    }
    grid = {}
    for method in methods_of(findings):
        for architecture in ARCHITECTURES:
            key = architecture, method
            row = RESULTS.get(key, NOTHING)
            rules = {
                rule: by_key
                for rule, by_key in judged.items()
                if (*key, "epochs") in by_key
            }
            grid[cell_name(*key)] = {
                "architecture": architecture,
                "method": method,
                "note": bool(row.note),
                "original": {
                    "epochs": row.epochs,
                    "train": row.train_accuracy,
                    "validation": row.validation_accuracy,
                },
                "decimals": {
                    "train": row.train_decimals,
                    "validation": row.validation_decimals,
                },
                "verdicts": {
                    rule: {
                        quantity: _verdict(by_key[*key, quantity])
                        for quantity in verdicts.QUANTITIES
                    }
                    for rule, by_key in rules.items()
                },
                "judgedAs": judged["stated"][*key, "epochs"].judged_as
                if rules
                else method,
                "runs": {
                    "stated": _runs(runs.get(key, ()), digits, mine),
                    "patient": _runs(
                        patient.get(key, ()) if architecture in (4, 5) else (),
                        digits,
                        (),
                    ),
                },
            }
    return grid


def _verdict(verdict):
    return {
        "label": verdict.label,
        "reason": verdict.reason,
        "values": [_finite(value) for value in verdict.values],
        "low": verdict.low,
        "high": verdict.high,
        "limit": verdict.limit,
    }


def _finite(value):
    return value if value is not None and math.isfinite(value) else None


def _runs(records, digits, mine):
    middle, drawn = median_run(records), {id(run) for run in drawn_runs(records)}
    return [
        _run(record, digits, record is middle, mine, id(record) in drawn)
        for record in records
    ]


def shown_runs(findings):
    """The runs of each cell that the page shows, by either rule."""
    shown = (
        [*findings.records, *findings.custom_records],
        findings.studies.get("patience-2", ()),
    )
    return [runs for records in shown for runs in speed.by_cell(records).values()]


def _run(record, digits, is_middle, mine, is_drawn):
    run = {
        "seed": record.cell.seed,
        "ending": record.ending,
        "epochs": record.epochs,
        "middle": is_middle,
        "mine": record.cell in mine,
        "updates": speed.updates_per_epoch(record),
        "seconds": rounded(record.core_seconds / max(1, record.epochs)),
        "at": [],
    }
    for split in ("train", "validation", "test"):
        run[f"{split}Final"] = record.splits.get(split, {}).get("accuracy")
    return run | _curves(record, digits) if is_drawn else run


def _curves(record, digits):
    """A run's numbers at the epochs that are drawn, and its matrix."""
    history = {name: record.history.get(name, ()) for name in SERIES}
    indices = thinned(len(history["loss"]), history["validation_loss"])
    run = {"at": [index + 1 for index in indices]}
    for name, series in history.items():
        run[name] = [rounded(series[i]) if i < len(series) else None for i in indices]
    if matrix := record.splits.get("validation", {}).get("confusion"):
        run["matrix"] = [
            [matrix[true][predicted] for predicted in digits] for true in digits
        ]
        run["outside"] = sum(map(sum, matrix)) - sum(map(sum, run["matrix"]))
    return run


def thinned(num_epochs, validation=()):
    """Indices, from 0, of the epochs that are drawn.

    Those nearest to an even spacing on the linear or on the logarithmic axis, the
    first and last always; where validation is not at every epoch, those where it is.
    """
    if not num_epochs:
        return []
    even = np.linspace(0, num_epochs - 1, EPOCHS_DRAWN)
    logarithmic = np.geomspace(1, num_epochs, EPOCHS_DRAWN) - 1
    indices = np.unique(np.rint([*even, *logarithmic]).astype(int))
    known = [i for i, value in enumerate(validation[:num_epochs]) if value is not None]
    if 0 < len(known) < num_epochs:
        places = np.searchsorted(known, indices).clip(0, len(known) - 1)
        nearest = np.array(known)[places]
        close = np.abs(nearest - indices) <= np.maximum(1, indices // 10)
        indices = np.unique([*np.where(close, nearest, indices), 0, num_epochs - 1])
    return indices.tolist()


def rounded(value):
    """A number to the digits that are drawn; None where there is no finite one."""
    return float(f"{value:.{SIGNIFICANT}g}") if _finite(value) is not None else None


# Runs ----------------------------------------------------------------------------


def mostly_diverged(runs):
    """Whether at least half of the runs did."""
    return 2 * sum(run.ending == "diverged" for run in runs) >= len(runs)


def claims(findings):
    """(claim, entry) of the ledger, contradicted ones first."""
    ordered = sorted(findings.entries, key=lambda entry: ORDER.index(entry.verdict))
    return [(CLAIMS[entry.key], entry) for entry in ordered]


# The data of the scripts ------------------------------------------------------------


def sweep_data(findings, methods):
    """Architecture by architecture, each method's medians at each learning rate."""
    target = speed.Target("loss", 0.02)
    return [
        {
            "architecture": sweep.architecture,
            "lines": [
                {
                    "method": methods.index(line.method),
                    "best": line.best.rate,
                    "points": [
                        {
                            "rate": point.rate,
                            "runs": len(point.runs),
                            "loss": rounded(point.loss),
                            "accuracy": point.accuracy,
                            "epochs": _finite(point.epochs_to(target)),
                        }
                        for point in line.points
                    ],
                }
                for line in sweep.lines
            ],
        }
        for sweep in findings.sweeps
    ]


def model_data(model, digits):
    """What the digit to draw needs beside the weights; None without a model."""
    if model.network is None:
        return None
    return {
        "shapes": [list(kernel.shape) for kernel in model.network.kernels],
        "digits": model.network.digits,
        "familiar": {
            "shapes": _packed(model.doubt.shapes.values),
            "digits": model.doubt.shapes.digits.tolist(),
            "blur": familiar.BLUR,
            "similarity": familiar.MIN_SIMILARITY,
        },
        "samples": model.samples(digits),
    }


def _packed(levels):
    """Levels of 0 to 15, two a byte, the first in the upper half, in base64."""
    pairs = levels.reshape(-1, 2)
    return base64.b64encode((pairs[:, 0] << 4 | pairs[:, 1]).tobytes()).decode()


def race_data(paths, methods):
    """The paths on the loss surface, in table order; None where there are none."""
    if paths is None:
        return None
    known = sorted((key for key in paths["paths"] if key in methods), key=rank)
    return {
        "x": paths["x"],
        "y": paths["y"],
        "surface": paths["surface"],
        "paths": [
            {"method": methods.index(key), **paths["paths"][key]} for key in known
        ],
    }


def page_data(findings, model, tables, paths=None):
    """All that the scripts read, as JSON can write it."""
    digits, methods = digits_of(findings), methods_of(findings)
    grid = cells(findings, digits)
    for cell in grid.values():
        cell["method"] = methods.index(cell["method"])
        cell["judgedAs"] = methods.index(cell["judgedAs"])
    return {
        "digits": digits,
        "methods": [
            {
                "key": slug(key),
                "label": METHODS[key].label,
                "custom": key not in METHODS,
            }
            for key in methods
        ],
        "units": {str(a): HIDDEN_UNITS[a] for a in ARCHITECTURES},
        "maxEpochs": findings.protocol.max_epochs,
        "pooled": findings.pool.published > 0,
        "cells": grid,
        "sweeps": sweep_data(findings, methods),
        "race": race_data(paths, methods),
        "model": model_data(model, digits),
        "errors": model.images(),
        "files": {name: table.csv().decode() for name, table in tables.items()},
    }


def original_matrix(split):
    """The original's matrix of a split: {(true digit, predicted digit): images}."""
    printed = CONFUSION["splits"][split]["matrix"]
    return {
        (true, predicted): printed[i][j]
        for i, true in enumerate(CONFUSION["digits"])
        for j, predicted in enumerate(CONFUSION["digits"])
    }
