"""All pairs of methods of an architecture: paired by seed, exact, Holm's."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reproduce.experiment.methods import METHODS

from .evidence import UNITS
from .frame import paired
from .paired import ALPHA, holm, middle, sign_flip, smallest_p
from .verdicts import FEWEST_SEEDS

SHOWN = ("epochs", "validation_accuracy", "validation_loss")
QUANTITIES = (*SHOWN, *UNITS[1:])
DIFFER, NOT_SHOWN, TOO_SMALL = "differ", "not shown to differ", "n too small"


@dataclass(frozen=True)
class Pair:
    """One quantity of two methods on one architecture.

    Attributes:
        architecture, first, second: which two methods.
        quantity: one of `QUANTITIES`.
        seeds: shared by the two; their runs start from the same weights and see
            the examples in the same order.
        difference: median over the seeds of the first's less the second's; a run
            that the criterion never ended counts as infinity, two of them as equal.
        p: two-sided, by exact sign flips.
        adjusted: Holm's, over the pairs of the architecture and quantity.
        least: the smallest adjusted p that so many seeds can reach.
    """

    architecture: int
    first: str
    second: str
    quantity: str
    seeds: int
    difference: float
    p: float
    adjusted: float
    least: float

    @property
    def word(self):
        """Whether the two differ, or why that is not known."""
        if self.adjusted <= ALPHA:
            return DIFFER
        return TOO_SMALL if self.least > ALPHA else NOT_SHOWN


def pairs(runs):
    """Every pair of methods that share enough seeds.

    Args:
        runs: `runs_frame` of one protocol.
    """
    return [
        pair
        for number, own in runs.groupby("architecture")
        for quantity in QUANTITIES
        for pair in _tested(number, quantity, paired(own, quantity))
    ]


def _tested(number, quantity, table):
    """The pairs of one architecture and quantity, adjusted for each other."""
    there = [method for method in METHODS if method in table]
    found = {two: _differences(table, *two) for two in combinations(there, 2)}
    found = {two: gaps for two, gaps in found.items() if len(gaps) >= FEWEST_SEEDS}
    p_values = [sign_flip(gaps).p for gaps in found.values()]
    for (two, gaps), p, adjusted in zip(
        found.items(), p_values, holm(p_values), strict=True
    ):
        n, gap = len(gaps), middle(gaps)
        least = min(1.0, len(found) * smallest_p(n))
        yield Pair(number, *two, quantity, n, gap, p, adjusted, least)


def _differences(table, first, second):
    both = table[[first, second]].dropna().astype(float)
    one, other = both[first].to_numpy(), both[second].to_numpy()
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, one - other)
