"""Synthetic records: what runs might have left, in no time."""

import hashlib
import math
from dataclasses import replace

import numpy as np

from reproduce.experiment.methods import METHODS, at_rate
from reproduce.experiment.protocol import ARCHITECTURES, Cell, Protocol
from reproduce.experiment.record import Record
from reproduce.original import DIGITS, EXAMPLES


def confusion(images, right):
    """`right` of the images on the diagonal, the others taken for their neighbour."""
    matrix = [[0] * 10 for _ in range(10)]
    each = images // len(DIGITS)
    wrong = images - right
    for digit, neighbour in zip(DIGITS, (*DIGITS[1:], DIGITS[0]), strict=True):
        lost = min(each, wrong)
        wrong -= lost
        matrix[digit][digit], matrix[digit][neighbour] = each - lost, lost
    return matrix


def split(name, accuracy, loss=0.1):
    right = round(accuracy * EXAMPLES[name])
    return {
        "loss": loss,
        "accuracy": right / EXAMPLES[name],
        "confusion": confusion(EXAMPLES[name], right),
    }


def run(architecture=1, method="sgd", seed=0, epochs=100, **changes):
    """A run that the threshold ended; its error falls from 1 by halves of the rest.

    Accuracies may be given as `train`, `validation` and `test`, the errors as `loss`
    and the history's validation accuracies as `along`.
    """
    accuracies = {name: changes.pop(name, 0.95) for name in EXAMPLES}
    loss = changes.pop("loss", None)
    if loss is None:
        loss = [1 / (1 + epoch) for epoch in range(epochs)]
    along = changes.pop("along", [accuracies["validation"]] * len(loss))
    record = Record(
        cell=Cell(architecture, method, seed),
        protocol=changes.pop("protocol", Protocol()),
        ending="threshold",
        epochs=len(loss),
        history={
            "loss": list(loss),
            "accuracy": [1.0 - min(1.0, x) for x in loss],
            "validation_loss": list(loss),
            "validation_accuracy": list(along),
        },
        splits={name: split(name, accuracy) for name, accuracy in accuracies.items()},
        trace={},
        parameters=100_000 * architecture,
        initial_sha256=hashlib.sha256(f"{architecture} {seed}".encode()).hexdigest(),
        model_sha256="cd",
        seconds={"setup": 1.0, "training": 0.1 * len(loss), "cpu": 0.1 * len(loss)},
        provenance={"cpu": "any", "data_sha256": str(seed)},
    )
    return replace(record, **changes)


def cut_off(record):
    """The run as if the limit of epochs had ended it."""
    return replace(record, ending="epoch_limit")


def diverged(record):
    """The run as if its error had become infinite."""
    return replace(record, ending="diverged", splits={}, model_sha256=None)


# Whole studies

FALLING = [1.0, 0.5, 0.04, 0.02, 0.015]
RISING = [1.0, 0.5, 0.04, 0.6, 0.015]

EPOCHS = {"sgd": 120, "batch_gd": 1000, "momentum": 35, "nag": 34, "adagrad": 600}
EPOCHS |= {"rmsprop": 15, "adam": 14}
ARRIVE = {"sgd": 40, "batch_gd": math.inf, "momentum": 8, "nag": 8, "adagrad": 300}
ARRIVE |= {"rmsprop": 9, "adam": 12}
RIGHT = {method: 0.95 for method in METHODS} | {"rmsprop": 0.98, "adam": 0.98}
RIGHT |= {"batch_gd": 0.6}


def losses(epochs, arrives, seed, rise=False):
    """Errors that fall to 0.05 at an epoch, with a little noise; maybe a last rise."""
    noise = np.random.default_rng((seed, epochs)).normal(0, 0.02)
    last = epochs + round(epochs * noise)
    arrives = arrives if math.isinf(arrives) else round(arrives * (1 + noise))
    errors = [
        1 / (1 + 19 * e / arrives) if arrives < math.inf else 1.0 for e in range(last)
    ]
    errors = [error - 1e-6 * e for e, error in enumerate(errors)]
    if arrives < last:
        errors[arrives - 1] = min(0.05, errors[arrives - 2])
    return [*errors[:-1], errors[-2] + 0.01] if rise else errors


def world(seeds=10, **changes):
    """All cells: epochs to the stop, to error 0.05, and accuracies by method."""
    epochs = EPOCHS | changes.get("epochs", {})
    arrive = ARRIVE | changes.get("arrive", {})
    right = RIGHT | changes.get("right", {})
    rng = np.random.default_rng(7)
    return [
        run(
            a,
            method,
            seed,
            loss=losses(
                epochs[method], arrive[method], seed, method in ("rmsprop", "adam")
            ),
            validation=right[method] + rng.normal(0, 0.001),
            train=changes.get("train", 0.999),
        )
        for a in ARCHITECTURES
        for method in METHODS
        for seed in range(seeds)
    ]


def swept(method, rate, seeds=3, architectures=ARCHITECTURES, **changes):
    """Runs of the sweep, one a seed and architecture."""
    return [
        run(a, at_rate(method, rate), seed, **changes)
        for a in architectures
        for seed in range(seeds)
    ]


def traced(method, rate, share, seeds=5):
    """Runs whose traced updates raise the error in this share of cases."""
    steps = [1 if i < share * 200 else -1 for i in range(200)]
    errors = np.cumsum([500.0, *steps]).tolist()
    return [
        replace(
            run(a, at_rate(method, rate), seed),
            trace={"1": errors[: 180 + seed], "10": errors},
        )
        for a in (1, 4)
        for seed in range(seeds)
    ]
