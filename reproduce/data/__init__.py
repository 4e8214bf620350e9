"""The original's five-digit subset of MNIST, embedded and checked at every load."""

from .digits import (
    DIGITS,
    DataError,
    Digits,
    Split,
    load_digits,
    load_foreign,
    load_user_data,
)

__all__ = [
    "DIGITS",
    "DataError",
    "Digits",
    "Split",
    "load_digits",
    "load_foreign",
    "load_user_data",
]
