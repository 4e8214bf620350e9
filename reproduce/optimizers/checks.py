"""Checks of hyperparameters, with messages that say what was passed and allowed."""

import math


def positive_rate(learning_rate):
    """A learning rate as Keras wants it: a float, or a schedule left as it is.

    Raises:
        ValueError: a number that is not positive and finite.
    """
    if callable(learning_rate) or isinstance(learning_rate, dict):
        return learning_rate  # a schedule, or the configuration of one
    return in_range("learning_rate", learning_rate, 0.0, math.inf, "above 0 and finite")


def in_range(name, value, low, high, allowed, low_included=False):
    """`value` as a float, if it is a number between `low` and `high`.

    Raises:
        ValueError: it is not; the message names the argument and what is allowed.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not (
        low < number < high or (low_included and number == low)
    ):
        raise ValueError(f"`{name}` must be {allowed}. Received: {name}={value!r}")
    return number


def fraction(name, value):
    """A decay rate: 0 included, 1 not."""
    return in_range(name, value, 0.0, 1.0, "at least 0 and below 1", low_included=True)


def positive(name, value):
    """A positive, finite number, such as epsilon."""
    return in_range(name, value, 0.0, math.inf, "above 0 and finite")
