"""Synthetic records: what runs might have left, in no time."""

import hashlib
import math
from dataclasses import replace

import numpy as np

from reproduce import original
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES, Cell, Protocol
from reproduce.experiment.record import Record
from reproduce.report.evidence import gather
from reproduce.report.ledger import ledger

EPOCHS = {"sgd": 120, "batch_gd": 5000, "momentum": 35, "nag": 34, "adagrad": 600}
EPOCHS |= {"rmsprop": 15, "adam": 14}
DIGITS = original.DIGITS


def parameters(architecture, outputs=10):
    widths = (784, *original.HIDDEN_UNITS[architecture], outputs)
    return sum(a * b + b for a, b in zip(widths, widths[1:], strict=False))


def confusion(per_digit, wrong):
    """`wrong` images of each digit are taken for the next of the five."""
    matrix = [[0] * 10 for _ in range(10)]
    for digit, other in zip(DIGITS, DIGITS[1:] + DIGITS[:1], strict=True):
        matrix[digit][digit] = per_digit - wrong
        matrix[digit][other] = wrong
    return matrix


def split(per_digit, wrong, loss):
    accuracy = 1 - wrong / per_digit
    return {
        "loss": loss,
        "accuracy": accuracy,
        "confusion": confusion(per_digit, wrong),
    }


def make_record(architecture=1, method="sgd", seed=0, **changes):
    """A run that the criterion ended, near the report where it can be read."""
    printed = original.RESULTS[architecture, method]
    epochs = (printed.epochs or 20) + 2 * seed
    start = 9.0 if METHODS[method].full_batch else 0.9 + 0.1 * architecture
    loss = [
        start / (1 + 9 * i / epochs) * (1 + 0.02 * math.sin(i + seed))
        for i in range(epochs)
    ]
    wrong = round(759 * (1 - (printed.validation_accuracy or 0.975)))
    record = Record(
        cell=Cell(architecture, method, seed),
        protocol=Protocol(),
        ending="threshold",
        epochs=epochs,
        history={"loss": loss, "accuracy": [1 - min(x, 1) for x in loss]},
        splits={
            "train": split(2277, wrong // 3, 0.02),
            "validation": split(759, wrong, 0.12),
            "test": split(759, wrong + 1, 0.13),
        },
        trace={},
        parameters=parameters(architecture),
        initial_sha256=hashlib.sha256(str((architecture, seed)).encode()).hexdigest(),
        model_sha256=hashlib.sha256(b"model").hexdigest(),
        seconds={"setup": 1.5, "training": 0.25 * epochs},
        provenance={
            "versions": {"keras": "3.15.1", "python": "3.12.3"},
            "commit": "0123456789abcdef",
            "cpu": "a processor",
            "hostname": "a-machine",
        },
    )
    return replace(record, **changes)


def accuracies(run, train, validation):
    """The run with other accuracies."""
    splits = {name: dict(values) for name, values in run.splits.items()}
    splits["train"]["accuracy"], splits["validation"]["accuracy"] = train, validation
    return replace(run, splits=splits)


def curve(run, losses, right=None):
    """The run with another course of the error, and of the training accuracy."""
    right = [1 - min(x, 1) for x in losses] if right is None else right
    return replace(run, history={"loss": losses, "accuracy": right})


def world(seeds, epochs=EPOCHS, well=(), architectures=ARCHITECTURES):
    """All cells of some seeds, by epochs and validation accuracy a method."""
    rng = np.random.default_rng(3)
    runs = []
    for a in architectures:
        for method in METHODS:
            for seed in range(seeds):
                n = epochs[method] + int(rng.integers(0, 3))
                run = make_record(a, method, seed, epochs=n)
                run = curve(run, [1 / (i + 1) for i in range(n)])
                good = 0.98 if method in (*well, "rmsprop", "adam") else 0.95
                runs.append(accuracies(run, 1.0, good + 0.001 * rng.normal()))
    return runs


def entries(records, extras=None):
    """The ledger's entries by key."""
    found = ledger(gather(records, extras or {}))
    return {entry.key: entry for entry in found}


def verdicts(records, extras=None):
    """The ledger's verdicts by key."""
    return {key: one.verdict for key, one in entries(records, extras).items()}
