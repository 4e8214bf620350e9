"""Where a run would have ended under another criterion, and how far from the report."""

import math

import pandas as pd

from reproduce import reported
from reproduce.experiment.candidates import QUESTIONS, RUN_SETS
from reproduce.experiment.records import Store

from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT, FEWEST_SEEDS

COLUMNS = ["question", "candidate", "architecture", "method", "seed", "epochs"]
COLUMNS += ["ended", "validation_accuracy", "reported_epochs"]
COLUMNS += ["reported_validation_accuracy", "epochs_distance", "accuracy_distance"]
COLUMNS += ["distance"]
ENOUGH = 0.5  # of the runs of the candidate that has most, or of three seeds


def stopping_epoch(errors, mode, threshold):
    """The epoch (from 1) that the criterion ends, or None: not by then."""
    for epoch in range(1, len(errors)):
        decrease = errors[epoch - 1] - errors[epoch]
        if (abs(decrease) if mode == "absolute" else decrease) <= threshold:
            return epoch + 1
    return None


def read(record, reading):
    """(epochs, validation accuracy, whether it ended) of a run under a reading.

    A run that the criterion does not end counts with all its epochs: the true
    number is larger, and so is the distance. One that diverges before the criterion
    ends it has infinitely many. Where nothing is known: None.
    """
    errors = record.history.get(reading.monitor, [])
    epoch = stopping_epoch(errors, reading.mode, reading.threshold)
    if epoch is None and record.ending == "diverged":
        return math.inf, math.nan, False
    last = epoch or len(errors)
    if not last:
        return None
    if last == record.epochs and record.splits:
        accuracy = record.splits["validation"]["accuracy"]
    else:
        known = record.history.get("validation_accuracy")
        accuracy = known[last - 1] if known else math.nan
    return last, accuracy, epoch is not None


def own_records(folder, own):
    """(records, number of strays) of a run set: strays have other settings."""
    there = [
        record
        for record in Store(folder / own.folder).load()
        if record.cell.architecture in own.architectures
        and record.cell.method in own.methods
    ]
    fit = [record for record in there if record.protocol == own.protocol]
    return fit, len(there) - len(fit)


def strays(folder):
    """{folder: records in it run under other settings than it is for}."""
    found = {own.folder: own_records(folder, own)[1] for own in RUN_SETS.values()}
    return {name: count for name, count in found.items() if name and count}


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
    records = {name: own_records(folder, own)[0] for name, own in RUN_SETS.items()}
    rows = [
        row
        for question, readings in QUESTIONS.items()
        for reading in readings
        for name in reading.sets
        for record in records[name]
        if (row := _row(question, reading, record))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(question, reading, record):
    cell, outcome = record.cell, read(record, reading)
    printed = reported.RESULTS[cell.architecture, cell.method]
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
    names = QUESTIONS[question][0].sets
    cells = [cell for name in names for cell in RUN_SETS[name].cells([0])]
    printed = [reported.RESULTS[cell.architecture, cell.method] for cell in cells]
    return sum(row.epochs is not None for row in printed)


def _common(frame):
    """Of each question the cells and seeds that all its candidates have."""
    keys = ["question", "architecture", "method", "seed"]
    there = frame.groupby(keys)["candidate"].transform("nunique")
    most = frame.groupby("question")["candidate"].transform("nunique")
    return frame[there == most]
