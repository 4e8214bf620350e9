"""Whether a published cell, trained again, comes out as it was published."""

import math
from dataclasses import dataclass

from reproduce.experiment.record import SPLITS

from .distributions import prediction_interval
from .statistics import epochs_to_converge

SAME, WITHIN, NEITHER = "same bytes", "within the seed spread", "neither"
FEWEST_SEEDS = 2
HALF_AN_EPOCH = 0.5


@dataclass(frozen=True)
class Retrained:
    """What became of a published cell that was trained again.

    Attributes:
        cell: which.
        found: `SAME`, `WITHIN` or `NEITHER`.
        why: in words; empty where there is nothing to say.
    """

    cell: object
    found: str
    why: str = ""

    def __str__(self):
        return f"{self.cell}: {self.found}" + (f" ({self.why})" if self.why else "")


def sample(records, number):
    """The cheapest published cells, no two of one architecture and method."""
    cheapest = {}
    for record in sorted(records, key=lambda r: (r.core_seconds, r.cell.rank)):
        cell = record.cell
        cheapest.setdefault((cell.architecture, cell.method), record)
    return list(cheapest.values())[:number]


def judge_again(published, again, records):
    """Compare a run with the published run of the same cell.

    Args:
        published: its record.
        again: the record of the same cell, trained anew; None: training failed.
        records: all published ones, of which those of the same architecture and
            method give the spread over seeds.
    """
    cell = published.cell
    if again is None:
        return Retrained(cell, NEITHER, "training failed")
    if again.to_dict()["sha256"] == published.to_dict()["sha256"]:
        return Retrained(cell, SAME)
    other = _other_settings(published, again)
    seeds = [
        record
        for record in records
        if (record.cell.architecture, record.cell.method)
        == (cell.architecture, cell.method)
    ]
    if len(seeds) < FEWEST_SEEDS:
        return Retrained(cell, NEITHER, f"one published seed has no spread{other}")
    outside = [
        f"{name} {value:g}, not {low:g} to {high:g}"
        for name, value, (low, high) in _values(again, seeds)
        if not low <= value <= high
    ]
    if outside:
        return Retrained(cell, NEITHER, "; ".join(outside) + other)
    return Retrained(cell, WITHIN, f"of {len(seeds)} seeds{other}")


def _values(again, seeds):
    """(name, value, where 19 of 20 further seeds would fall) of what is compared."""
    epochs = [epochs_to_converge(record) for record in seeds]
    value = epochs_to_converge(again)
    if all(map(math.isfinite, epochs)):
        yield "epochs", value, prediction_interval(epochs, HALF_AN_EPOCH)
    else:  # a cell that need not converge
        yield "epochs", value, (min(epochs), math.inf)
    for split in SPLITS:
        known = [record.splits[split]["accuracy"] for record in seeds if record.splits]
        if len(known) >= FEWEST_SEEDS:
            value = again.splits[split]["accuracy"] if again.splits else math.nan
            yield f"{split} accuracy", value, prediction_interval(known)


def _other_settings(published, again):
    """What this machine has otherwise, which may explain other bytes."""
    ours, theirs = again.provenance, published.provenance
    names = [
        name
        for name in ours
        if name != "commit" and name in theirs and ours[name] != theirs[name]
    ]
    return "".join(f"; {name} {ours[name]}, not {theirs[name]}" for name in names)
