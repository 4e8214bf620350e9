"""A verdict for every number of the original: would one more run print it?"""

import math
from collections import Counter
from dataclasses import dataclass
from statistics import median

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.original import EXAMPLES, HYPERPARAMETERS, RESULTS

from .tests import FEWEST_SEEDS, accuracy_interval, epochs_interval

AGREES, CLOSE = "AGREES", "CLOSE"
CANNOT_TELL, DIFFERS = "CANNOT TELL", "DIFFERS"
JUDGED = (AGREES, CLOSE, CANNOT_TELL, DIFFERS)
NOT_JUDGED = "NOT JUDGED"
QUANTITIES = ("epochs", "train", "validation")  # of a row of the original's tables
EPOCHS_LIMIT = 0.15  # of the original's epochs
ACCURACY_LIMIT = 0.01  # a percentage point
LIMIT_FACTORS = (0.25, 0.5, 1.0, 2.0)  # at which the labels are counted as well
SLACK = 1e-9  # 0.9600 - 0.9500 must count as 0.01
UNSAID = ("mode", "num_classes")  # stated by the original, and open to readings


@dataclass(frozen=True)
class Verdict:
    """One number of the original and what runs say of it.

    Attributes:
        architecture, method, quantity: where it is printed; of `QUANTITIES`.
        judged_as: the method whose runs it is held against: the original's rows
            "batch GD" of architectures 4 and 5 are single-example SGD.
        original: the number, or None where it is not legible.
        values: the runs' numbers, one a seed; infinite epochs: the criterion did
            not end the run.
        low, high: where one more run would fall; None where that cannot be said.
        limit: the largest difference that is of no consequence.
        label: of `JUDGED`, or `NOT_JUDGED`.
        reason: why it is not judged, else empty: `illegible`, `no runs`,
            `few seeds`, `other data`, `other settings`, `subset` or `cut short`.
    """

    architecture: int
    method: str
    quantity: str
    judged_as: str
    original: float | None
    values: tuple
    low: float | None
    high: float | None
    limit: float
    label: str
    reason: str = ""

    @property
    def key(self):
        return self.architecture, self.method, self.quantity

    @property
    def centre(self):
        """The median of the runs, or None."""
        return median(self.values) if self.values else None


def judge(records):
    """A verdict for each number of the original's comparison tables, in their order.

    Args:
        records: of one protocol.
    """
    cells = {}
    for record in records:
        key = record.cell.architecture, record.cell.method
        cells.setdefault(key, []).append(record)
    return [
        _judge(architecture, method, quantity, cells)
        for architecture in ARCHITECTURES
        for method in METHODS
        for quantity in QUANTITIES
    ]


def _judge(architecture, method, quantity, cells):
    row = RESULTS[architecture, method]
    mislabelled = row.note and row.epochs is not None
    judged_as = "sgd" if mislabelled else method
    runs = cells.get((architecture, judged_as), [])
    original = _printed(row, quantity)
    values = tuple(_values(runs, quantity))
    limit = EPOCHS_LIMIT * (original or 0) if quantity == "epochs" else ACCURACY_LIMIT
    reason = _not_judged(row, original, runs, values)
    low, high = (None, None)
    if not reason and all(map(math.isfinite, values)):
        if quantity == "epochs":
            low, high = epochs_interval(values)
        else:
            half_digit = 0.5 * 10 ** -getattr(row, f"{quantity}_decimals")
            low, high = accuracy_interval(values, EXAMPLES[quantity], half_digit)
    label = NOT_JUDGED if reason else _label(original, values, low, high, limit)
    return Verdict(
        architecture, method, quantity, judged_as, original, values, low, high, limit,
        label, reason,
    )  # fmt: skip


def _printed(row, quantity):
    """The original's number, or None."""
    return row.epochs if quantity == "epochs" else getattr(row, f"{quantity}_accuracy")


def _values(runs, quantity):
    if quantity == "epochs":
        return [run.epochs if run.stopped else math.inf for run in runs]
    return [run.splits[quantity]["accuracy"] for run in runs if run.splits]


def _not_judged(row, original, runs, values):
    """Why there is no verdict; empty where there is one."""
    if original is None:
        return "illegible"
    if not runs:
        return "no runs"
    if reason := not_comparable(runs[0].protocol, row.epochs):
        return reason
    return "few seeds" if len(values) < FEWEST_SEEDS else ""


def not_comparable(protocol, epochs=None):
    """Why runs of a protocol are no rerun of the original's; empty where they are.

    Args:
        protocol: of the runs. What the original leaves unsaid may differ from it.
        epochs: that the original took, below which no limit may lie; None: unknown.
    """
    if protocol.data_sha256 is not None:
        return "other data"
    if changed_settings(protocol):
        return "other settings"
    if protocol.subset is not None:
        return "subset"
    if epochs is not None and protocol.max_epochs < epochs:
        return "cut short"
    return ""


def changed_settings(protocol):
    """Names of the settings that the original states and the runs have otherwise."""
    usual = Protocol()
    stated = [row.setting for row in HYPERPARAMETERS if hasattr(usual, row.setting)]
    return [
        name
        for name in (*stated, "batch_size")
        if name not in UNSAID and getattr(protocol, name) != getattr(usual, name)
    ]


def _label(original, values, low, high, limit):
    close = abs(median(values) - original) <= limit + SLACK
    if low is None:  # the criterion did not end every run
        return CLOSE if close else DIFFERS
    if _inside(original, low, high):
        return AGREES if close else CANNOT_TELL
    return CLOSE if close else DIFFERS


def _inside(original, low, high):
    """Whether the original's number lies where one more run would fall."""
    return low - SLACK <= original <= high + SLACK


def count(labels):
    """How many of the labels are each of `JUDGED`."""
    counts = Counter(labels)
    return {label: counts[label] for label in JUDGED}


def sensitivity(verdicts):
    """Factor to the counts of labels where every limit of effect is that much wider."""
    judged = [verdict for verdict in verdicts if verdict.label != NOT_JUDGED]
    return {
        factor: count(
            _label(v.original, v.values, v.low, v.high, factor * v.limit)
            for v in judged
        )
        for factor in LIMIT_FACTORS
    }


def missed(verdicts, quantity):
    """(numbers outside their interval, numbers that have one) of a quantity."""
    known = [v for v in verdicts if v.quantity == quantity and v.low is not None]
    outside = [v for v in known if not _inside(v.original, v.low, v.high)]
    return len(outside), len(known)
