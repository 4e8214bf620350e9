"""Whether the printed accuracies are those of whole numbers of right answers."""

import math

from reproduce import original
from reproduce.experiment.methods import METHODS

from .markdown import listed


def counts(printed, decimals, examples, cut=False):
    """The numbers of right answers that print as this accuracy.

    Args:
        printed, decimals: the accuracy as a fraction, and its digits.
        examples: of the split.
        cut: whether further digits were cut off, instead of rounded.
    """
    digit, slack = 10.0**-decimals, 1e-9
    low, high = (0, digit) if cut else (-digit / 2, digit / 2)
    first = math.ceil((printed + low - slack) * examples)
    last = math.floor((printed + high + (-slack if cut else slack)) * examples)
    return range(first, min(last, examples) + 1)


def accuracies():
    """Every legible accuracy as (row, split, printed, decimals)."""
    for row in original.RESULTS.values():
        for split in ("train", "validation"):
            printed = getattr(row, f"{split}_accuracy")
            if printed is not None:
                yield row, split, printed, getattr(row, f"{split}_decimals")


def attainable():
    """Whether some whole number of right answers rounds to each accuracy."""
    every = list(accuracies())
    odd = [one for one in every if not _reached(one)]
    sharp = original.EXAMPLES["validation"]
    if not odd:
        return True, f"All {len(every)} can."
    names = listed([_name(one) for one in odd])
    cut = [one for one in odd if _reached(one, cut=True)]
    numbers = sorted({row.architecture for row, *_ in odd})
    others = [one for one in every if one[0].architecture not in numbers]
    lost = [one for one in others if not _reached(one, cut=True)]
    where = listed(list(map(str, numbers)))
    return False, (
        f"{len(odd)} of {len(every)} are no share of {sharp:,} images, if rounded: "
        f"{names}. With further digits cut off instead, {len(cut)} of the {len(odd)} "
        f"are, but {len(lost)} accuracies of the other architectures are not. So "
        f"architectures {where} were printed by other code, as their summaries were."
    )


def _reached(one, cut=False):
    _, split, printed, decimals = one
    return bool(counts(printed, decimals, original.EXAMPLES[split], cut))


def _name(one):
    row, split, printed, _ = one
    method = METHODS[row.method].label
    return f"architecture {row.architecture}, {method}, {split} {printed:.2%}"
