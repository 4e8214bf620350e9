"""Where a run would have ended under another criterion, and how far from the report."""

import math
from dataclasses import dataclass
from itertools import product

import pandas as pd

from reproduce import original
from reproduce.experiment.stopping import find_stop
from reproduce.experiment.store import Store
from reproduce.experiment.studies import FAST, FASTER, REPORT, SINGLE, STUDIES, SWEEP

from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT, FEWEST_SEEDS

COLUMNS = ["question", "candidate", "architecture", "method", "seed", "epochs"]
COLUMNS += ["ended", "validation_accuracy", "reported_epochs"]
COLUMNS += ["reported_validation_accuracy", "epochs_distance", "accuracy_distance"]
COLUMNS += ["distance"]
ENOUGH = 0.5  # of the runs of the candidate that has most, or of three seeds


@dataclass(frozen=True)
class Reading:
    """A candidate: a study's runs, read under a stopping rule.

    One history answers for several rules: whoever stops later passed by the earlier
    stop.

    Attributes:
        label: in tables.
        study: key of `STUDIES`.
        mode, threshold, patience, monitor: the rule; the original's by default.
    """

    label: str
    study: str
    mode: str = REPORT.mode
    threshold: float = REPORT.threshold
    patience: int = REPORT.patience
    monitor: str = REPORT.monitor


def _on(architectures, methods):
    return frozenset(product(architectures, methods))


_FAST_ON_1_2 = _on((1, 2), FAST)
_ON_4_5 = "Stopping rule on architectures 4 and 5"
QUESTIONS = {
    "Kernel initializer": (
        Reading("N(0, 1)", "report"),
        Reading("Glorot uniform", "glorot"),
        Reading("He normal", "he-normal"),
        Reading("N(0, 0.05²)", "normal-0.05"),
    ),
    "Output layer's initializer": (
        Reading("as the others", "report"),
        Reading("Glorot uniform", "glorot-output"),
    ),
    "Scaling of the pixels": (
        Reading("0 to 255 for all", "report"),
        Reading("each pixel's own extremes", "per-pixel"),
    ),
    "Criterion": (
        Reading("decrease ≤ threshold", "longer"),
        Reading("absolute difference ≤ threshold", "longer", mode="absolute"),
    ),
    "Error watched": (
        Reading("averaged while the weights move", "longer"),
        Reading("evaluated after the epoch", "longer", monitor="evaluated_loss"),
    ),
    "Threshold on architectures 1 and 2": (
        Reading("1e-4", "longer"),
        Reading("5e-5", "longer", threshold=5e-5),
    ),
    "Patience on architectures 1 to 3": (
        Reading("0", "patience-2"),
        Reading("2", "patience-2", patience=2),
    ),
    _ON_4_5: (
        Reading("1e-4", "patience-2"),
        Reading("5e-5", "tighter", threshold=5e-5),
        Reading("1e-4, patience 2", "patience-2", patience=2),
    ),
    "Outputs on architectures 4 and 5": (
        Reading("10", "report"),
        Reading("5", "five-outputs"),
    ),
    "AdaGrad's accumulator": (
        Reading("from 0", "report"),
        Reading("from 0.1", "accumulator-0.1"),
    ),
}  # of each, the default protocol's answer first
CELLS = {
    "Output layer's initializer": _FAST_ON_1_2 | {(1, "batch_gd")},
    "Patience on architectures 1 to 3": _on((1, 2, 3), SINGLE),
    _ON_4_5: _on((4, 5), SINGLE),
    "Outputs on architectures 4 and 5": _on((4, 5), FASTER),
    "AdaGrad's accumulator": _on((1,), ("adagrad",)),
}  # (architecture, method) that a question is asked of; else `_FAST_ON_1_2`


def cells_of(question):
    """(architecture, method) pairs that a question is asked of."""
    return CELLS.get(question, _FAST_ON_1_2)


def read(record, reading):
    """(epochs, validation accuracy, whether it ended) of a run under a reading.

    A run that the criterion does not end counts with all its epochs: the true
    number is larger, and so is the distance. One that diverges before the criterion
    ends it has infinitely many. Where nothing is known: None.
    """
    errors = record.history.get(reading.monitor, [])
    stop = find_stop(errors, reading.threshold, reading.mode, reading.patience)
    epoch = stop[0] if stop else None
    if epoch is None and record.ending == "diverged":
        return math.inf, math.nan, False
    last = epoch or len(errors)
    if not last:
        return None
    if last == record.epochs and record.splits:
        accuracy = record.splits["validation"]["accuracy"]
    else:
        known = record.history.get("validation_accuracy", [])[last - 1 : last]
        accuracy = math.nan if known in ([], [None]) else known[0]
    return last, accuracy, epoch is not None


def own_records(folder, study):
    """(records, number of strays) of a study: strays have other settings."""
    protocols = {
        (cell.architecture, cell.method): protocol
        for cell, protocol in study.protocols().items()
    }
    there = [
        (record, protocols.get((record.cell.architecture, record.cell.method)))
        for record in Store(folder / study.folder).load()
        if not record.is_first_edition  # new runs are to replace it
    ]
    there = [pair for pair in there if pair[1] is not None]
    fit = [record for record, protocol in there if record.protocol == protocol]
    return fit, len(there) - len(fit)


def strays(folder):
    """{folder: records in it run under other settings than it is for}.

    A sweep may have any settings; its own section tells them.
    """
    others = [
        own for own in STUDIES.values() if own.name not in (REPORT.name, SWEEP.name)
    ]
    found = {own.folder: own_records(folder, own)[1] for own in others}
    return {name: count for name, count in found.items() if count}


def readings_frame(folder):
    """One row a question, candidate, cell and seed; only what can be compared.

    `epochs_distance` is |log(epochs / the report's)| in units of log 1.15,
    `accuracy_distance` |accuracy - the report's| in units of 0.01: 1 is the limit
    of effect that the verdicts use; `distance` is their mean.
    """
    frame = all_readings(folder)
    return frame if frame.empty else _common(_enough(frame))


def all_readings(folder):
    """The same of every run there is, comparable or not."""
    records = {name: own_records(folder, own)[0] for name, own in STUDIES.items()}
    rows = [
        row
        for question, readings in QUESTIONS.items()
        for reading in readings
        for record in records[reading.study]
        if (record.cell.architecture, record.cell.method) in cells_of(question)
        and (row := _row(question, reading, record))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(question, reading, record):
    cell, outcome = record.cell, read(record, reading)
    printed = original.RESULTS[cell.architecture, cell.method]
    if outcome is None or printed.epochs is None:
        return None
    epochs, accuracy, ended = outcome
    apart = abs(math.log(epochs / printed.epochs)) / math.log(1 + EPOCHS_LIMIT)
    off = abs(accuracy - printed.validation_accuracy) / ACCURACY_LIMIT
    return {
        "question": question,
        "candidate": reading.label,
        **vars(cell),
        "epochs": epochs,
        "ended": ended,
        "validation_accuracy": accuracy,
        "reported_epochs": printed.epochs,
        "reported_validation_accuracy": printed.validation_accuracy,
        "epochs_distance": apart,
        "accuracy_distance": off,
        "distance": apart if math.isnan(off) else (apart + off) / 2,
    }


def _enough(frame):
    """Without candidates that have hardly any of their runs yet."""
    runs = frame.groupby(["question", "candidate"])["epochs"].transform("size")
    most = runs.groupby(frame["question"]).transform("max")
    whole = FEWEST_SEEDS * frame["question"].map(planned)  # more seeds bar nobody
    return frame[runs >= ENOUGH * most.clip(upper=whole)]


def planned(question):
    """Cells that each candidate of a question is for: those the report prints."""
    printed = [original.RESULTS[cell] for cell in cells_of(question)]
    return sum(row.epochs is not None for row in printed)


def _common(frame):
    """Of each question the cells and seeds that all its candidates have."""
    keys = ["question", "architecture", "method", "seed"]
    there = frame.groupby(keys)["candidate"].transform("nunique")
    most = frame.groupby("question")["candidate"].transform("nunique")
    return frame[there == most]
