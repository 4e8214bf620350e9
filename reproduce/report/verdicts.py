"""A verdict for every number of the report: would one more run print it?"""

import math
from dataclasses import dataclass
from statistics import mean, median, stdev

from .distributions import LEVEL, at_least, prediction_interval
from .limits import cut_short, part_of, unlike

AGREES, NEAR, DIFFERS = "AGREES", "NEAR", "DIFFERS"
NOT_COMPARABLE, NOT_LEGIBLE = "NOT COMPARABLE", "NOT LEGIBLE"
TOO_FEW, NOT_RUN = "TOO FEW SEEDS", "NOT RUN"
ORDER = (AGREES, NEAR, DIFFERS, TOO_FEW, NOT_COMPARABLE, NOT_LEGIBLE, NOT_RUN)
FEWEST_SEEDS = 3
QUANTITIES = {
    "epochs": "Epochs",
    "train": "Training accuracy",
    "validation": "Validation accuracy",
}
EPOCHS_LIMIT = 0.15  # of the reported number
ACCURACY_LIMIT = 0.01  # a percentage point
SLACK = 1e-9  # 0.9600 - 0.9500 must count as 0.01


@dataclass(frozen=True)
class Verdict:
    """One reported number and what the runs say of it.

    Attributes:
        architecture, method, quantity: which number; a key of `QUANTITIES`.
        reported: the number, or None.
        values: the runs' numbers, one a seed; infinite epochs: not ended.
        interval: where one more run would fall, or None.
        limit: the largest difference of the mean that is of no consequence.
        verdict: one of `ORDER`.
        why: in words.
    """

    architecture: int
    method: str
    quantity: str
    reported: float | None
    values: tuple
    interval: tuple | None
    limit: float | None
    verdict: str
    why: str

    @property
    def key(self):
        return self.architecture, self.method, self.quantity

    @property
    def centre(self):
        """The mean; the median where a run did not converge; None without runs."""
        if not self.values:
            return None
        finite = all(map(math.isfinite, self.values))
        return (mean if finite else median)(self.values)

    @property
    def spread(self):
        """The standard deviation, or None."""
        finite = all(map(math.isfinite, self.values))
        return stdev(self.values) if len(self.values) > 1 and finite else None

    @property
    def missed(self):
        """Whether the reported number lies outside the interval; None without one."""
        if self.interval is None:
            return None
        low, high = self.interval
        return not low - SLACK <= self.reported <= high + SLACK


def judge(rows):
    """Every number of the report's comparison tables.

    Args:
        rows: `Comparison`s, run or not.
    """
    return [_judge(row, quantity) for row in rows for quantity in QUANTITIES]


def _judge(row, quantity):
    reported, decimals = _reported(row, quantity)
    values = row.epochs if quantity == "epochs" else row.measured(quantity, "accuracy")
    epochs = quantity == "epochs"
    limit = EPOCHS_LIMIT * reported if epochs and reported else ACCURACY_LIMIT
    interval = None
    excluded = _excluded(row, reported, values)
    if not excluded and all(map(math.isfinite, values)):
        interval = prediction_interval(values, 0.5 * 10**-decimals)
    verdict, why = excluded or _compare(reported, values, interval, limit)
    key = row.architecture, row.method, quantity
    return Verdict(*key, reported, tuple(values), interval, limit, verdict, why)


def _reported(row, quantity):
    if quantity == "epochs":
        return row.reported.epochs, 0
    return (
        getattr(row.reported, f"{quantity}_accuracy"),
        getattr(row.reported, f"{quantity}_decimals"),
    )


def _excluded(row, reported, values):
    """Why there is nothing to compare, as (verdict, reason); else None."""
    if reported is None:
        return NOT_LEGIBLE, row.missing
    if row.reported.note:
        return NOT_COMPARABLE, row.reported.note
    if not row.runs:
        return NOT_RUN, "no record"
    protocol = row.runs[0].protocol
    barred = (
        unlike(protocol)
        or part_of(protocol)
        or cut_short(protocol, row.reported.epochs)
    )
    if barred:
        return NOT_COMPARABLE, barred
    if len(values) < FEWEST_SEEDS:
        return TOO_FEW, f"{len(values)} of at least {FEWEST_SEEDS} seeds"
    return None


def _compare(reported, values, interval, limit):
    if interval is None:
        close = abs(median(values) - reported) <= limit + SLACK
        return (
            NEAR if close else DIFFERS
        ), "the criterion did not end every run; by the median"
    low, high = interval
    inside = low - SLACK <= reported <= high + SLACK
    close = abs(mean(values) - reported) <= limit + SLACK
    where = f"{'inside' if inside else 'outside'} the interval"
    far = f"{'within' if close else 'beyond'} the limit of effect"
    if inside and close:
        return AGREES, f"{where}, {far}"
    return (NEAR if inside or close else DIFFERS), f"{where}, {far}"


def misses(verdicts, quantity):
    """How many numbers lie outside their interval, and how odd that is.

    Returns:
        (outside, judged, p): p is the chance of as many or more if each number
        were one more of our runs, independent of the others.
    """
    judged = [v.missed for v in verdicts if v.quantity == quantity]
    judged = [missed for missed in judged if missed is not None]
    outside = sum(judged)
    return outside, len(judged), at_least(outside, len(judged), 1 - LEVEL)
