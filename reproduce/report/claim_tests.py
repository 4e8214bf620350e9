"""Tests that claims of one method about another share: paired, exact."""

import math

import numpy as np

from reproduce.experiment.protocol import ARCHITECTURES

from .claim_direction import direction, names, together, unseen
from .evidence import UNITS, Finding, advantage, missing
from .markdown import listed, signed
from .paired import equivalence, middle, sign_flip
from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT

SIGN_FLIP = "exact paired sign flips"
TWO_ONE_SIDED = "two one-sided exact sign-flip tests"
LEAST = {True: ACCURACY_LIMIT, False: math.log(1 + EPOCHS_LIMIT)}  # accuracy or ratio


def ahead(own, rivals, quantity="epochs", more=False, architectures=ARCHITECTURES):
    """A judge of "all of `own` take fewer (more) than every one of the `rivals`"."""

    def judge(evidence):
        def gained(frame, unit=quantity):
            gains = advantage(frame, own, rivals, unit, more)
            return gains[gains.index.isin(architectures, level="architecture")]

        gains = gained(evidence.runs)
        if not len(gains):
            return missing(
                f"runs of {listed(list(own))} and of what they are compared with"
            )
        test, size = sign_flip(gains.to_numpy()), middle(gains)
        holds, why = direction(gains, LEAST["accuracy" in quantity], architectures)
        if holds is not None:
            others = [method for method in rivals if method not in own]
            why += unseen(evidence.runs, others, architectures)
        units = UNITS if quantity in UNITS else ()
        ratios = {u: math.exp(middle(gained(evidence.runs, u))) for u in units}
        says = _printed(gained, evidence.printed, quantity)
        return Finding(
            holds, why, _words(size, quantity, more), size, SIGN_FLIP, len(gains),
            test.p, test.smallest, ratios, says,
        )  # fmt: skip

    return judge


def alike(first, second, quantity):
    """A judge of "the two are equally good", to within the limit of effect."""

    def judge(evidence):
        gains = advantage(evidence.runs, [first], [second], quantity, True)
        if not len(gains):
            return missing(f"runs of {first} and {second}")
        margin, size = LEAST["accuracy" in quantity], middle(gains)
        p, smallest = equivalence(gains, margin)
        if abs(size) > margin:
            p = sign_flip(np.sign(size) * gains.to_numpy() - margin).above
        holds, why = together(gains, margin)
        return Finding(
            holds, why, _words(size, quantity, True), size, TWO_ONE_SIDED, len(gains),
            p, smallest,
        )  # fmt: skip

    return judge


def _words(size, quantity, more):
    if "accuracy" in quantity:
        return f"{signed(100 * size, 2)} percentage points"
    if "loss" in quantity:
        side = "as high" if (size > 0) == more else "lower"
        return f"an error {math.exp(abs(size)):.2f} times {side}"
    side = "as many" if (size > 0) == more else "fewer"
    if not math.isfinite(size):
        return f"{side} {quantity} without bound".replace("as many", "more")
    return f"{math.exp(abs(size)):.2f} times {side} {quantity}"


def _printed(gained, printed, quantity):
    """On how many architectures the report's own tables bear the claim out."""
    if quantity not in printed:
        return "not printed"
    gains = gained(printed)
    if not len(gains):
        return "not legible"
    against = [a for (a, _), gain in gains.items() if gain <= 0]
    but = f", not on {names(against)}" if against else ""
    return f"holds on {len(gains) - len(against)} of {len(gains)}{but}"
