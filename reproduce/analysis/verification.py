"""Whether cells that are trained again come out as they were published."""

import math
from dataclasses import dataclass

from reproduce.experiment.protocol import Cell
from reproduce.experiment.record import SPLITS
from reproduce.original import EXAMPLES

from .tests import FEWEST_SEEDS, LEVEL, accuracy_interval, epochs_interval
from .verdicts import AGREES, CLOSE, DIFFERS, NOT_JUDGED

SAME_BYTES, WITHIN = "same bytes", "within the seed spread"
NEITHER, FAILED, UNKNOWN = "outside the seed spread", "failed", "too few seeds"
DISAGREE = (NEITHER, FAILED)


@dataclass(frozen=True)
class Retraining:
    """A published cell, trained again.

    Attributes:
        cell: which.
        outcome: `SAME_BYTES`, `WITHIN` or `NEITHER`; `FAILED` if the training did, and
            `UNKNOWN` where other bytes meet too few published seeds for a spread.
        seeds: published seeds of the cell.
        outside: (quantity, value, low, high) of what lies outside the spread.
        other: (name, ours, published) of what this machine has otherwise.
    """

    cell: Cell
    outcome: str
    seeds: int
    outside: tuple = ()
    other: tuple = ()


def sample(records, number):
    """The cheapest published records, no two of one architecture and method."""
    cheapest = {}
    for record in sorted(records, key=lambda r: (r.core_seconds, r.cell.rank)):
        key = record.cell.architecture, record.cell.method
        cheapest.setdefault(key, record)
    return list(cheapest.values())[:number]


def compare(published, retrained, records, runs=1):
    """Hold a run against the published run of the same cell.

    The spread over seeds is wide enough for 19 of 20 samples, each with all its runs
    and their four quantities, to lie within it.

    Args:
        published: its record.
        retrained: the record of the same cell, trained anew; None: the training failed.
        records: all published ones, of which those of the same architecture and
            method give the spread over seeds.
        runs: how many are compared in the sample.
    """
    cell = published.cell
    seeds = [
        record
        for record in records
        if (record.cell.architecture, record.cell.method)
        == (cell.architecture, cell.method)
    ]
    if retrained is None:
        return Retraining(cell, FAILED, len(seeds))
    if retrained.sha256 == published.sha256:
        return Retraining(cell, SAME_BYTES, len(seeds))
    differences = _machine_differences(published, retrained)
    if len(seeds) < FEWEST_SEEDS:
        return Retraining(cell, UNKNOWN, len(seeds), (), differences)
    level = 1 - (1 - LEVEL) / (runs * (1 + len(SPLITS)))
    outside = tuple(
        (quantity, value, low, high)
        for quantity, value, (low, high) in _values(retrained, seeds, level)
        if not low <= value <= high
    )
    outcome = NEITHER if outside else WITHIN
    return Retraining(cell, outcome, len(seeds), outside, differences)


def _values(retrained, seeds, level):
    """(quantity, value, interval) of what is compared."""
    epochs = [record.epochs if record.stopped else math.inf for record in seeds]
    value = retrained.epochs if retrained.stopped else math.inf
    if all(map(math.isfinite, epochs)):
        yield "epochs", value, epochs_interval(epochs, level)
    else:  # the criterion need not end it
        yield "epochs", value, (min(epochs), math.inf)
    for split in SPLITS:
        known = [record.splits[split]["accuracy"] for record in seeds if record.splits]
        if len(known) >= FEWEST_SEEDS:
            value = (
                retrained.splits[split]["accuracy"] if retrained.splits else -math.inf
            )
            interval = accuracy_interval(known, EXAMPLES[split], 0.0, level)
            yield f"{split} accuracy", value, interval


def _machine_differences(published, retrained):
    """What this machine has otherwise, which may explain other bytes."""
    ours, theirs = retrained.provenance, published.provenance
    return tuple(
        (name, ours[name], theirs[name])
        for name in ours
        if name != "commit" and name in theirs and ours[name] != theirs[name]
    )


def turned(published, pooled):
    """Verdicts that the user's runs, pooled with the published, turn for the worse.

    Args:
        published, pooled: verdicts on the same numbers, as `verdicts.judge` has them.

    Returns:
        Pairs (published, pooled) of a number that agreed or was close and now differs.
    """
    before = {verdict.key: verdict for verdict in published}
    return [
        (before[verdict.key], verdict)
        for verdict in pooled
        if verdict.label == DIFFERS
        and before.get(verdict.key) is not None
        and before[verdict.key].label in (AGREES, CLOSE)
    ]


def judged(verdicts):
    """How many of the verdicts are judged at all."""
    return sum(verdict.label != NOT_JUDGED for verdict in verdicts)
