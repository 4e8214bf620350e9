"""Intervals, adjusted p-values and chances; the distributions are scipy's."""

import math

import numpy as np
from scipy import stats

LEVEL = 0.95
ALPHA = 0.05
FEWEST_SEEDS = 3  # for any statement about spread


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


def mean_interval(values, level=LEVEL):
    """Student's interval of a mean; of at least two finite numbers."""
    values = np.asarray(values, float)
    t = stats.t.ppf((1 + level) / 2, len(values) - 1)
    reach = t * values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean() - reach), float(values.mean() + reach)


def share_interval(successes, trials, level=LEVEL):
    """Wilson's interval of a share."""
    interval = stats.binomtest(int(successes), int(trials)).proportion_ci(
        level, "wilson"
    )
    return float(interval.low), float(interval.high)


def chance_of_misses(misses, trials, level=LEVEL):
    """P(at least so many of the trials miss an interval of this level)."""
    return float(stats.binom.sf(misses - 1, trials, 1 - level))


# Comparisons --------------------------------------------------------------------------


def holm(p_values):
    """Holm's adjusted p-values, in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, largest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - place) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def chance_to_win(values, others):
    """P(a value is below one of the others), ties counted half: Mann-Whitney's.

    Args:
        values, others: numbers, less is better; infinity is a miss.
    """
    others = np.sort(np.asarray(others, float))
    first, last = (np.searchsorted(others, values, side) for side in ("left", "right"))
    pairs = len(values) * len(others)
    above, equal = pairs - int(last.sum()), int((last - first).sum())
    return above / pairs + equal / pairs / 2
