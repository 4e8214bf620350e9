"""Quantiles and tails of the distributions the verdicts need."""

import math
from statistics import NormalDist, mean, stdev

LEVEL = 0.95


def t_within(bound, freedom):
    """P(|T| <= bound) of Student's t with whole degrees of freedom.

    Abramowitz and Stegun, 26.7.3 and 26.7.4, with theta = atan(bound / sqrt(freedom)).
    """
    theta = math.atan(bound / math.sqrt(freedom))
    cosine, odd = math.cos(theta), freedom % 2
    term = total = cosine if odd else 1.0
    for power in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (power - 1) / power
        total += term
    if not odd:
        return math.sin(theta) * total
    total = total if freedom > 1 else 0.0
    return 2 / math.pi * (theta + math.sin(theta) * total)


def t_quantile(level, freedom):
    """The bound that |T| stays within with probability `level`, by bisection."""
    low, high = 0.0, 1.0
    while t_within(high, freedom) < level:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if t_within(middle, freedom) < level else (low, middle)
        )
    return (low + high) / 2


def prediction_interval(values, half_digit=0.0, level=LEVEL):
    """Where one more value would fall: mean ± (t·s·√(1 + 1/n) + half a digit).

    Args:
        values: at least two finite numbers, taken as draws of one normal.
        half_digit: half of the last digit to which the next value is printed.
    """
    n = len(values)
    reach = t_quantile(level, n - 1) * stdev(values) * math.sqrt(1 + 1 / n) + half_digit
    return mean(values) - reach, mean(values) + reach


def wilson(successes, trials, level=LEVEL):
    """Wilson's interval of a probability."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = successes / trials, z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def accuracy_interval(accuracy, images, level=LEVEL):
    """Wilson's interval of an accuracy on so many images."""
    return wilson(round(accuracy * images), images, level)


def at_least(successes, trials, probability):
    """P(X >= successes) of a binomial."""
    return math.fsum(
        math.comb(trials, k) * probability**k * (1 - probability) ** (trials - k)
        for k in range(successes, trials + 1)
    )
