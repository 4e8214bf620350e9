"""The verdicts in words: their rule, their counts, and the count of misses."""

import math
from collections import Counter

from reproduce import original

from . import verdicts as v
from .distributions import LEVEL
from .markdown import grid, listed


def opening(verdicts):
    """One sentence: how many numbers of the report hold."""
    found = Counter(one.verdict for one in verdicts)
    legible = len(verdicts) - found[v.NOT_LEGIBLE]
    waiting = found[v.TOO_FEW] + found[v.NOT_RUN]
    parts = [f"{found[v.AGREES]} agree with the rerun"]
    parts += [f"{found[v.NEAR]} {'is' if found[v.NEAR] == 1 else 'are'} near"]
    parts += [f"{found[v.DIFFERS]} differ{'s' if found[v.DIFFERS] == 1 else ''}"]
    parts += [f"{found[v.NOT_COMPARABLE]} cannot be compared"]
    if waiting:
        parts.append(
            f"{waiting} await runs ({found[v.NOT_RUN]} not run, {found[v.TOO_FEW]} "
            f"with fewer than {v.FEWEST_SEEDS} seeds)"
        )
    return (
        f"**Of the {legible} numbers that are legible in the report's comparison "
        f"tables, {listed(parts)}** ([every one of them](tables/verdicts.md))."
    )


def closeness(verdicts):
    """How many means are within the limit of effect; no verdict, for any n."""
    skipped = (v.NOT_COMPARABLE, v.NOT_LEGIBLE, v.NOT_RUN)
    parts = []
    for quantity, words in v.QUANTITIES.items():
        own = [o for o in verdicts if o.quantity == quantity]
        own = [o for o in own if o.verdict not in skipped and o.values]
        near = sum(abs(o.centre - o.reported) <= o.limit + v.SLACK for o in own)
        if own:
            parts.append(f"{words.lower()} of {near} of {len(own)} rows")
    if not parts:
        return ""
    return (
        f"The mean of our runs is within the limit of effect ({v.EPOCHS_LIMIT:.0%} of "
        f"the epochs, {v.ACCURACY_LIMIT:g} of accuracy) in the {listed(parts)}."
    )


def counts_table(verdicts):
    """How many numbers got which verdict, by quantity: the head of the page."""
    found = Counter((one.quantity, one.verdict) for one in verdicts)
    given = [name for name in v.ORDER if any(one.verdict == name for one in verdicts)]
    rows = [
        [words, *(str(found[quantity, name]) for name in given)]
        for quantity, words in v.QUANTITIES.items()
    ]
    return grid(["Numbers of the report", *given], rows)


CAVEAT = (
    "Chance is reckoned as if the numbers were independent; they are not quite, as the "
    "methods of an architecture share initial weights and all runs share the images. "
    "Nor does an interval allow for the report's having drawn other images."
)


def misses_sentences(verdicts):
    """The count of misses against chance, one sentence a quantity."""
    sentences = []
    for quantity, words in v.QUANTITIES.items():
        outside, judged, p = v.misses(verdicts, quantity)
        if judged:
            expected = (1 - LEVEL) * judged
            sentences.append(
                f"{words}: {outside} of {judged} numbers lie outside their interval, "
                f"where chance alone would put {expected:.1f} (p = {p:.2g} for as many "
                "or more)."
            )
    return [*sentences, CAVEAT] if sentences else []


def rule():
    """How verdicts come about."""
    apart = max(_apart(number) for number in original.HIDDEN_UNITS)
    examples = original.EXAMPLES["validation"]
    error = math.sqrt(0.95 * 0.05 / examples)
    return (
        f"The interval is where one more of our runs would fall with {LEVEL:.0%} "
        "probability: mean ± t·s·√(1 + 1/n), widened by half the last digit the report "
        f"prints. {v.AGREES}: the report's number is inside, and within the limit of "
        f"effect of our mean; {v.NEAR}: only one of the two; {v.DIFFERS}: neither; no "
        f"verdict from fewer than {v.FEWEST_SEEDS} seeds. The limit keeps a wide "
        f"interval from agreeing with everything: {v.EPOCHS_LIMIT:.0%} of the epochs "
        f"(the report's own momentum and NAG, nearly the same method, are up to "
        f"{apart:.0%} apart on one architecture) and {v.ACCURACY_LIMIT:g} of accuracy "
        f"({v.ACCURACY_LIMIT / error:.1f} binomial standard errors of an accuracy of "
        f"95% on {examples:,} images)."
    )


def _apart(architecture):
    momentum, nag = (
        original.RESULTS[architecture, method].epochs for method in ("momentum", "nag")
    )
    return abs(momentum - nag) / min(momentum, nag)
