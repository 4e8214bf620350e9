"""Tests that claims of one method about another share: paired, exact."""

import math

import numpy as np

from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.protocol import METHODS

from .evidence import UNITS, Finding, advantage, missing
from .markdown import listed
from .paired import ALPHA, equivalence, holm, sign_flip
from .verdicts import ACCURACY_LIMIT, EPOCHS_LIMIT, FEWEST_SEEDS

SIGN_FLIP = "exact paired sign flips"
TWO_ONE_SIDED = "two one-sided exact sign-flip tests"
LEAST = {True: ACCURACY_LIMIT, False: math.log(1 + EPOCHS_LIMIT)}  # accuracy or ratio


def ahead(own, rivals, quantity="epochs", more=False, architectures=ARCHITECTURES):
    """A judge of "all of `own` take fewer (more) than every one of the `rivals`"."""

    def judge(evidence):
        gains = advantage(evidence.runs, own, rivals, quantity, more)
        gains = gains[gains.index.isin(architectures, level="architecture")]
        says = _printed(evidence.printed, own, rivals, quantity, more, architectures)
        if not len(gains):
            return missing(
                f"runs of {listed(list(own))} and of what they are compared with"
            )
        test = sign_flip(gains.to_numpy())
        holds, why = _direction(gains, "accuracy" in quantity, architectures)
        if holds is not None:
            others = [method for method in rivals if method not in own]
            why += _unseen(evidence.runs, others, architectures)
        middle = float(np.median(gains))
        return Finding(
            holds, why, _words(middle, quantity, more), middle, SIGN_FLIP, len(gains),
            test.p, test.smallest,
            _ratios(evidence.runs, own, rivals, quantity, more, architectures), says,
        )  # fmt: skip

    return judge


def alike(first, second, quantity):
    """A judge of "the two are equally good", to within the limit of effect."""

    def judge(evidence):
        gains = advantage(evidence.runs, [first], [second], quantity, True)
        gains = gains[np.isfinite(gains)].to_numpy()
        if not len(gains):
            return missing(f"runs of {first} and {second}")
        margin, middle = LEAST["accuracy" in quantity], float(gains.mean())
        p, smallest = equivalence(gains, margin)
        apart = sign_flip(np.sign(middle) * gains - margin)
        holds = abs(middle) <= margin
        why = f"The mean difference is {'within' if holds else 'beyond'} the limit."
        return Finding(
            holds, why, _words(middle, quantity, True), middle, TWO_ONE_SIDED,
            len(gains), p if holds else apart.above, smallest,
        )  # fmt: skip

    return judge


def _direction(gains, accuracy, architectures):
    """Whether the claim holds on every architecture, and the reason."""
    by = {a: own.to_numpy() for a, own in gains.groupby(level="architecture")}
    against = [a for a, own in by.items() if np.median(own) <= 0]
    if len(against) == len(by):
        return False, f"It holds on no architecture (run: {_names(against)})."
    adjusted = holm([sign_flip(own).p for own in by.values()])
    sure = [a for a, p in zip(by, adjusted, strict=True) if a in against and p <= ALPHA]
    if sure:
        return False, f"Not so on architecture {_names(sure)}."
    if against:
        few = sign_flip(by[against[0]]).smallest * len(by)
        return None, (
            f"It holds on {len(by) - len(against)} of {len(by)} architectures; on "
            f"{_names(against)} the median is against it, but its seeds can reach no "
            f"smaller p than {few:.2g} after Holm over the architectures."
        )
    short = [a for a in architectures if len(by.get(a, ())) < FEWEST_SEEDS]
    if short:
        return None, f"Needs {FEWEST_SEEDS} seeds on architecture {_names(short)}."
    if np.median(gains) < LEAST[accuracy]:
        return None, "The effect is below the limit of effect."
    return True, f"It holds on architecture {_names(by)}."


def _unseen(frame, rivals, architectures):
    """Rivals without enough runs, in a sentence; else nothing."""
    seeds = frame.groupby(["method", "architecture"])["seed"].nunique()
    few = {
        METHODS[method].label: [
            a for a in architectures if seeds.get((method, a), 0) < FEWEST_SEEDS
        ]
        for method in rivals
    }
    places = [f"{label} ({_names(those)})" for label, those in few.items() if those]
    if not places:
        return ""
    return f" Compared with fewer than {FEWEST_SEEDS} seeds of {listed(places)}."


def _names(architectures):
    return listed([str(a) for a in architectures])


def _words(middle, quantity, more):
    if "accuracy" in quantity:
        return f"{100 * middle:+.2f} percentage points"
    if not math.isfinite(middle):
        return f"{'more' if more else 'fewer'} {quantity} without bound"
    return f"{math.exp(middle):.2f} times {'as many' if more else 'fewer'} {quantity}"


def _ratios(frame, own, rivals, quantity, more, architectures):
    """The same comparison by every unit of work; {} for accuracies."""
    if quantity not in UNITS:
        return {}
    gains = {unit: advantage(frame, own, rivals, unit, more) for unit in UNITS}
    return {
        unit: math.exp(
            np.median(gain[gain.index.isin(architectures, level="architecture")])
        )
        for unit, gain in gains.items()
    }


def _printed(frame, own, rivals, quantity, more, architectures):
    """On how many architectures the report's own tables bear the claim out."""
    gains = advantage(frame, own, rivals, quantity, more)
    gains = gains[gains.index.isin(architectures, level="architecture")]
    if not len(gains):
        return "not legible"
    against = [a for (a, _), gain in gains.items() if gain <= 0]
    but = f", not on {_names(against)}" if against else ""
    return f"holds on {len(gains) - len(against)} of {len(gains)}{but}"
