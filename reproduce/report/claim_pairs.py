"""Tests of single claims on paired runs."""

import numpy as np

from reproduce.experiment.protocol import METHODS

from .claim_extras import past_stopping
from .claim_tests import SIGN_FLIP, TWO_ONE_SIDED
from .evidence import Finding, missing
from .paired import equivalence, sign_flip
from .verdicts import ACCURACY_LIMIT

DEFAULTS = "keras-defaults"
ADAPTIVE = ("rmsprop", "adam")
CHOSEN = 4  # the architecture the report calls best (1.7)


def nag_oscillates_less(evidence):
    """Rises of the error between epochs, NAG's against momentum's."""
    table = evidence.runs.pivot(
        index=["architecture", "seed"], columns="method", values="rises"
    )
    if not {"momentum", "nag"} <= set(table):
        return missing("runs of momentum and NAG")
    pairs = table[["momentum", "nag"]].dropna()
    gains = (pairs["momentum"] - pairs["nag"]).to_numpy()
    test, total = sign_flip(gains), pairs.sum().astype(int)
    effect = f"rises: momentum {total['momentum']}, NAG {total['nag']}"
    if not total.any():
        why = "Neither's error rises from one epoch to the next in any run."
        return Finding(None, why, effect, 0.0, SIGN_FLIP, len(gains), 1.0, 1.0)
    holds, size = bool(gains.mean() > 0), float(gains.mean())
    why = f"NAG's error rises {'less' if holds else 'no less'} often."
    return Finding(
        holds, why, effect, size, SIGN_FLIP, len(gains), test.p, test.smallest
    )


def adaptive_curves_rise(evidence):
    """Rises of the error: RMSProp and Adam against the other online methods."""
    table = evidence.runs.assign(rose=evidence.runs["rises"] > 0).pivot(
        index=["architecture", "seed"], columns="method", values="rose"
    )
    others = [m for m in table if m not in ADAPTIVE and not METHODS[m].full_batch]
    own = [method for method in ADAPTIVE if method in table]
    if not own or not others:
        return missing("runs of RMSProp, Adam and others")
    pairs = table.dropna(subset=own)
    mine, theirs = pairs[own].mean(axis=1), pairs[others].mean(axis=1)
    gains = (mine - theirs).astype(float).dropna().to_numpy()
    test = sign_flip(gains)
    effect = f"share of runs with a rise: {mine.mean():.0%} against {theirs.mean():.0%}"
    holds = bool(gains.mean() > 0)
    why = (
        "Their error rises where the others' falls; a rise ends the run under the "
        "signed criterion, so there is one a run at most."
        if holds
        else "Their error rises no more often than the others'."
    ) + past_stopping(evidence)
    return Finding(
        holds, why, effect, float(gains.mean()), SIGN_FLIP, len(gains), test.p,
        test.smallest,
    )  # fmt: skip


def needs_regularization(evidence):
    """Whether the gap stays when only the initializer is changed."""
    other = evidence.extras.get(DEFAULTS)
    if other is None or not len(other):
        return missing(f"runs from Glorot initialization (in {DEFAULTS}/)")
    gaps = [_gap(frame) for frame in (evidence.runs, other)]
    both = gaps[0].to_frame("ours").join(gaps[1].rename("glorot"), how="inner")
    both = both.groupby(["architecture", "seed"]).mean()
    if not len(both):
        return missing("the same cells and seeds under both initializers")
    gains = (both["glorot"] - both["ours"] / 2).to_numpy()
    test, holds = sign_flip(gains), bool(np.median(gains) > 0)
    wide, narrow = 100 * both.median()
    effect = f"gap {wide:.2f} pp, from Glorot initialization {narrow:.2f} pp"
    why = (
        f"The gap {'stays' if holds else 'more than halves'} when nothing but the "
        "initializer is changed, without any regularization."
    )
    return Finding(
        holds, why, effect, narrow, SIGN_FLIP, len(gains), test.p, test.smallest
    )


def _gap(frame):
    """Training less validation accuracy of the runs that fit the training set."""
    own = frame[frame["method"].isin(("sgd", "momentum", "nag"))]
    own = own.set_index(["architecture", "method", "seed"])
    return own["train_accuracy"] - own["validation_accuracy"]


def four_layers_best(evidence):
    """Whether a smaller network is as accurate, which the other criteria favour."""
    best = evidence.runs.groupby(["architecture", "seed"])["validation_accuracy"].max()
    table = best.unstack("architecture").dropna()
    smaller = [a for a in table if a < CHOSEN]
    if CHOSEN not in table or not smaller or not len(table):
        return missing(f"runs on architecture {CHOSEN} and smaller ones")
    rival = table[smaller].mean().idxmax()
    gains = (table[CHOSEN] - table[rival]).to_numpy()
    p, smallest = equivalence(gains, ACCURACY_LIMIT)
    above = sign_flip(gains - ACCURACY_LIMIT).above
    holds = bool(above < p)
    effect = (
        f"{100 * gains.mean():+.2f} pp of validation accuracy over architecture {rival}"
    )
    why = (
        f"Architecture {rival} has fewer parameters and its best method's accuracy is "
        + ("lower by more than" if holds else "the same to within")
        + f" {ACCURACY_LIMIT:g}."
    )
    return Finding(
        holds, why, effect, float(gains.mean()), TWO_ONE_SIDED, len(gains),
        above if holds else p, smallest,
    )  # fmt: skip
