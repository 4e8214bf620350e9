"""Statistical tests and intervals.

Distributions are scipy's. Exact sign flips, Holm's adjustment and the equivalence
test stand here: scipy has no sign-flip test that is exact for thousands of patterns
and takes infinite differences.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95
ALPHA = 0.05
FEWEST_SEEDS = 3  # for any statement about spread
STEPS = 5000  # into which the largest difference is divided
MOST_EXACT = 60  # pairs; above, sign flips are approximated by a normal


# Intervals --------------------------------------------------------------------------


def prediction_interval(values, level=LEVEL):
    """Where one more value would fall: mean ± t·s·√(1 + 1/n).

    Args:
        values: at least two finite numbers, taken as draws of one normal.
    """
    values = np.asarray(values, float)
    n = len(values)
    t = stats.t.ppf((1 + level) / 2, n - 1)
    reach = t * values.std(ddof=1) * math.sqrt(1 + 1 / n)
    return float(values.mean() - reach), float(values.mean() + reach)


def epochs_interval(epochs, level=LEVEL):
    """The same on log epochs, so that it never reaches 0; widened by half an epoch."""
    low, high = prediction_interval(np.log(epochs), level)
    return math.exp(low) - 0.5, math.exp(high) + 0.5


def accuracy_interval(accuracies, images, half_digit, level=LEVEL):
    """The same on logits, so that it stays between 0 and 1; widened by half a digit.

    Half an image is added at both ends, as a run that gets all of them right has no
    logit.

    Args:
        accuracies: fractions of `images`.
        images: in the split.
        half_digit: half of the last digit to which the next value is printed.
    """
    shares = (np.asarray(accuracies, float) * images + 0.5) / (images + 1)
    bounds = prediction_interval(np.log(shares / (1 - shares)), level)
    low, high = (
        (images + 1) / (1 + math.exp(-bound)) / images - 0.5 / images
        for bound in bounds
    )
    return max(0.0, low - half_digit), min(1.0, high + half_digit)


def share_interval(successes, trials, level=LEVEL):
    """Wilson's interval of a share."""
    found = stats.binomtest(int(successes), int(trials)).proportion_ci(level, "wilson")
    return float(found.low), float(found.high)


def chance_of_misses(misses, trials, level=LEVEL):
    """P(at least so many of the trials miss an interval of this level)."""
    return float(stats.binom.sf(misses - 1, trials, 1 - level))


# Paired differences -----------------------------------------------------------------


@dataclass(frozen=True)
class SignFlip:
    """Outcome of a sign-flip test.

    Attributes:
        pairs: differences, zeros included.
        p: two-sided.
        above: one-sided p that the differences lie above zero.
        smallest: the smallest two-sided p that as many non-zero differences could
            have reached; 1 where all are zero.
    """

    pairs: int
    p: float
    above: float
    smallest: float


def sign_flip(differences):
    """Whether paired differences are centred at zero, over all 2^n sign patterns.

    If the two members of each pair could be exchanged, every pattern of signs is
    as likely; p is the share of patterns whose sum is as far from zero. The
    differences are first rounded to 1/5000 of the largest, so that the sums can be
    counted for any n; sums that rounding cannot tell from the observed one count as
    equal to it, so p is never too small. Where a difference is infinite, signed
    ranks stand in for the differences. Above 60 pairs the sums are not counted but
    taken as nearly normal, which changes p by less than 0.001 (tested).
    """
    differences = np.asarray(differences, float)
    steps = _steps(differences)
    steps = steps[steps != 0]
    if not len(steps):
        return SignFlip(len(differences), 1.0, 1.0, 1.0)
    ranked = not np.isfinite(differences).all()
    slack = 0 if ranked else len(steps)  # half a step in each term of two sums
    total = int(steps.sum())
    tail = _exact_tail if len(steps) <= MOST_EXACT else _normal_tail
    above = tail(np.abs(steps), total - slack)
    p = 2 * tail(np.abs(steps), max(0, abs(total) - slack)) if total else 1.0
    smallest = 2.0 ** (1 - len(steps))
    return SignFlip(len(differences), float(min(1.0, p)), float(above), smallest)


def _steps(differences):
    """The differences as whole numbers; ranks where some are infinite."""
    finite = np.isfinite(differences).all()
    if not finite:
        ranks = stats.rankdata(np.abs(differences))
        return np.rint(2 * np.sign(differences) * ranks).astype(int)
    largest = np.abs(differences).max(initial=0.0)
    return np.rint(differences * (STEPS / largest if largest else 1)).astype(int)


def _exact_tail(sizes, bound):
    """Share of the sign patterns whose sum is at least `bound`."""
    centre = int(sizes.sum())
    shares = np.zeros(2 * centre + 1)
    shares[centre] = 1.0
    for size in sizes:
        shares = (np.roll(shares, size) + np.roll(shares, -size)) / 2
    return shares[max(0, centre + bound) :].sum()


def _normal_tail(sizes, bound):
    """The same by the normal distribution and the next term of Edgeworth's series."""
    squares = sizes.astype(float) ** 2
    z = bound / math.sqrt(squares.sum())
    excess = -2 * (squares**2).sum() / squares.sum() ** 2
    tail = stats.norm.sf(z) + stats.norm.pdf(z) * excess / 24 * (z**3 - 3 * z)
    return min(1.0, max(0.0, tail))


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
    """
    differences = np.asarray(differences, float)
    lower, upper = sign_flip(differences + margin), sign_flip(margin - differences)
    return max(lower.above, upper.above)


def median_difference(differences):
    """Their median; 0 where it lies between minus and plus infinity."""
    with np.errstate(invalid="ignore"):
        found = float(np.median(differences))
    return 0.0 if math.isnan(found) else found


def chance_to_win(values, others):
    """P(a value is below one of the others), ties counted half: Mann-Whitney's.

    Args:
        values, others: numbers, less is better; infinity is a miss.
    """
    values, others = np.asarray(values, float), np.asarray(others, float)
    below = (values[:, None] < others[None, :]).mean()
    return float(below + (values[:, None] == others[None, :]).mean() / 2)
