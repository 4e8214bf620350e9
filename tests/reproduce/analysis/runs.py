"""Synthetic records: what runs might have left, in no time."""

import hashlib
from dataclasses import replace

from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.record import Record
from reproduce.original import DIGITS, EXAMPLES


def confusion(images, right):
    """`right` of the images on the diagonal, the others taken for their neighbour."""
    matrix = [[0] * 10 for _ in range(10)]
    each = images // len(DIGITS)
    wrong = images - right
    for digit, other in zip(DIGITS, (*DIGITS[1:], DIGITS[0]), strict=True):
        lost = min(each, wrong)
        wrong -= lost
        matrix[digit][digit], matrix[digit][other] = each - lost, lost
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
    given = {name: changes.pop(name, 0.95) for name in EXAMPLES}
    loss = changes.pop("loss", None)
    if loss is None:
        loss = [1 / (1 + epoch) for epoch in range(epochs)]
    along = changes.pop("along", [given["validation"]] * len(loss))
    record = Record(
        cell=Cell(architecture, method, seed),
        protocol=changes.pop("protocol", Protocol()),
        ending="threshold",
        epochs=len(loss),
        history={
            "loss": list(loss),
            "accuracy": [1 - min(1, x) for x in loss],
            "validation_loss": list(loss),
            "validation_accuracy": list(along),
        },
        splits={name: split(name, accuracy) for name, accuracy in given.items()},
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
