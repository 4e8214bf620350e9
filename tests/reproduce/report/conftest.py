"""Synthetic records: what runs might have left, in no time."""

import hashlib
import math
from dataclasses import replace

import pytest

from reproduce import reported
from reproduce.experiment.cells import ARCHITECTURES, Cell
from reproduce.experiment.protocol import METHODS, Protocol
from reproduce.experiment.records import Record, Store

DIGITS = reported.DIGITS


def parameters(architecture, outputs=10):
    widths = (784, *reported.HIDDEN_UNITS[architecture], outputs)
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
    """A converged run, near the report's where the report can be read."""
    printed = reported.RESULTS[architecture, method]
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
        status="converged",
        epochs=epochs,
        history={"loss": loss, "accuracy": [1 - min(x, 1) for x in loss]},
        splits={
            "train": split(2277, wrong // 3, 0.02),
            "validation": split(759, wrong, 0.12),
            "test": split(759, wrong + 1, 0.13),
        },
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


@pytest.fixture(scope="session")
def record():
    """The factory of records."""
    return make_record


@pytest.fixture
def grid_of_records():
    """All 35 cells, one seed."""
    return [make_record(a, m) for a in ARCHITECTURES for m in METHODS]


@pytest.fixture
def output_folder(tmp_path):
    """Writes records below a folder and returns it."""

    def write(records, folder="out"):
        for one in records:
            Store(tmp_path / folder).write(one)
        return tmp_path / folder

    return write
