"""Exact tests on paired differences: sign flips, Holm, equivalence."""

import math
from dataclasses import dataclass

import numpy as np

ALPHA = 0.05
GRID = 5000  # steps into which the largest difference is divided


@dataclass(frozen=True)
class SignFlip:
    """Outcome of a sign-flip test.

    Attributes:
        p: two-sided.
        smallest: the smallest p that as many differences could have reached;
            1 where all are zero.
        above: one-sided p that the differences lie above zero.
    """

    p: float
    smallest: float
    above: float


def sign_flip(differences):
    """Whether paired differences are centred at zero, over all 2^n sign patterns.

    If the two members of each pair could be exchanged, every pattern of signs is
    as likely; p is the share of patterns whose sum is as far from zero. The
    differences are first rounded to 1/5000 of the largest, so that the sums can be
    counted for any n; sums that rounding cannot tell from the observed one count as
    equal to it, so p is never too small. Where a difference is infinite, signed
    ranks stand in for the differences.
    """
    steps = _steps(np.asarray(differences, float))
    steps = steps[steps != 0]
    if not len(steps):
        return SignFlip(1.0, 1.0, 1.0)
    total, shares = int(steps.sum()), _sums(np.abs(steps))
    centre = len(shares) // 2
    ranked = not np.isfinite(differences).all()
    slack = 0 if ranked else len(steps)  # half a step in each term of two sums
    above = shares[max(0, centre + total - slack) :].sum()
    extreme = shares[max(centre, centre + abs(total) - slack) :].sum()
    p = min(1.0, 2 * extreme) if total else 1.0
    return SignFlip(float(p), smallest_p(len(steps)), float(above))


def smallest_p(pairs):
    """The smallest two-sided p of a sign-flip test of so many pairs."""
    return 2.0 ** (1 - pairs)


def pairs_needed(tests):
    """The fewest pairs that can pass ALPHA after Holm's over so many tests."""
    return math.ceil(1 + math.log2(tests / ALPHA))


def _sums(sizes):
    """Share of the sign patterns by their sum, from -sum(sizes) to sum(sizes)."""
    centre = int(sizes.sum())
    shares = np.zeros(2 * centre + 1)
    shares[centre] = 1.0
    for size in sizes:
        shares = (np.roll(shares, size) + np.roll(shares, -size)) / 2
    return shares


def _steps(differences):
    finite = np.isfinite(differences).all()
    if not finite:
        differences = np.sign(differences) * _ranks(np.abs(differences))
    largest = np.abs(differences).max(initial=0.0)
    scale = (GRID / largest if finite else 2) if largest else 1
    return np.rint(differences * scale).astype(int)


def _ranks(sizes):
    """Ranks from 1, ties sharing their mean rank."""
    smaller = (sizes[:, None] > sizes[None, :]).sum(axis=1)
    equal = (sizes[:, None] == sizes[None, :]).sum(axis=1)
    return smaller + (equal + 1) / 2


def middle(differences):
    """Their median; 0 where it lies between minus and plus infinity."""
    with np.errstate(invalid="ignore"):
        found = float(np.median(differences))
    return 0.0 if math.isnan(found) else found


def holm(p_values):
    """Holm's adjusted p-values, in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, largest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - place) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def equivalence(differences, margin):
    """p of "the differences are centred outside ±margin" (two one-sided tests).

    A small p shows that the two members of the pairs are alike to within margin.

    Returns:
        p, and the smallest p that as many differences could have reached.
    """
    differences = np.asarray(differences, float)
    lower, upper = sign_flip(differences + margin), sign_flip(margin - differences)
    return max(lower.above, upper.above), 0.5 ** len(differences)
