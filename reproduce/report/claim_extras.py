"""Tests of claims that need runs under other settings, kept in sub-folders."""

import math

import numpy as np

from .claim_tests import SIGN_FLIP
from .evidence import UNITS, Finding, missing
from .frame import KEYS, PAIR
from .markdown import plural, signed
from .paired import middle, sign_flip, smallest_p
from .verdicts import ACCURACY_LIMIT

DEFAULTS, MINI_BATCH, PAST = "glorot", "mini-batch", "past-stopping"
COLLAPSED = 0.5  # accuracy far below that of any run that learned
FITS = 0.99  # training accuracy from which on a run has fitted its examples


def mini_batches_cure(evidence):
    """AdaGrad with mini-batches: fewer epochs, and as accurate to within the limit?"""
    other = evidence.extras.get(MINI_BATCH)
    if other is None or other.empty:
        return missing(f"mini-batch runs of AdaGrad (study {MINI_BATCH})")
    both = [
        frame[frame["method"] == "adagrad"].set_index(PAIR)
        for frame in (evidence.runs, other)
    ]
    pairs = both[0].join(both[1], how="inner", lsuffix="_one", rsuffix="_batch")
    pairs = pairs.dropna(subset=["validation_accuracy_one"])
    if pairs.empty:
        return missing("runs of AdaGrad with and without mini-batches, of one seed")
    ratios = {unit: _log_ratio(pairs, unit) for unit in UNITS}
    right = pairs["validation_accuracy_batch"].fillna(0.0)  # diverged: none right
    better = (right - pairs["validation_accuracy_one"]).to_numpy(float)
    return _cure(ratios, better)


def _log_ratio(pairs, unit):
    one, batch = (pairs[f"{unit}_{kind}"].to_numpy(float) for kind in ("one", "batch"))
    with np.errstate(invalid="ignore"):
        return np.where(one == batch, 0.0, np.log(one) - np.log(batch))


def _cure(ratios, better):
    faster, n = ratios["epochs"], len(better)
    quick = sign_flip(faster).above, sign_flip(-faster).above
    good = (
        sign_flip(better + ACCURACY_LIMIT).above,
        sign_flip(-better - ACCURACY_LIMIT).above,
    )
    holds = bool(middle(faster) > 0 and np.median(better) > -ACCURACY_LIMIT)
    p = max(quick[0], good[0]) if holds else min(1.0, 2 * min(quick[1], good[1]))
    times = {unit: math.exp(middle(ratio)) for unit, ratio in ratios.items()}
    effect = (
        f"{times['epochs']:.2f} times fewer epochs ({times['updates']:.1f} times fewer "
        f"updates), accuracy {signed(100 * np.median(better), 2)} pp"
    )
    why = (
        "It stops sooner and is as accurate."
        if holds
        else "It stops no sooner, or sooner but less accurate."
    )
    return Finding(
        holds, why, effect, times["epochs"], SIGN_FLIP, n, p,
        0.5**n if holds else smallest_p(n), times,
    )  # fmt: skip


def past_stopping(evidence):
    """What happens to RMSProp and Adam when a rise does not end the run; a sentence."""
    runs = evidence.extras.get(PAST)
    if runs is not None:
        runs = runs[runs["method"].isin(("rmsprop", "adam"))]
    if runs is None or runs.empty:
        return ""
    steps, rises = int((runs["trained"] - 1).sum()), int(runs["rises"].sum())
    fell = int((runs["train_accuracy"] < COLLAPSED).sum())
    lost = int((runs["ending"] == "diverged").sum())
    more = f"; {lost} diverged" if lost else ""
    return (
        f" When a rise does not end the run, the error rises after {rises:,} of "
        f"{plural(steps, 'epoch')}, and {fell} of {plural(len(runs), 'run')} end below "
        f"{COLLAPSED:.0%} accuracy{more}."
    )


def needs_regularization(evidence):
    """Whether the gap stays when only the initializer is changed."""
    other = evidence.extras.get(DEFAULTS)
    if other is None or other.empty:
        return missing(f"runs from Glorot initialization (study {DEFAULTS})")
    both = _gaps(evidence.runs).join(
        _gaps(other), how="inner", lsuffix="_ours", rsuffix="_glorot"
    )
    if both.empty:
        return missing("the same cells and seeds under both initializers")
    fits = (both["train_accuracy_ours"] >= FITS) & (
        both["train_accuracy_glorot"] >= FITS
    )
    unfit = int((~fits).sum())
    those = f"{plural(unfit, 'run')} that did not fit the training set"
    left = f" Left out: {those}." if unfit else ""
    both = both[fits].groupby(PAIR)[["gap_ours", "gap_glorot"]].mean()
    if both.empty:
        return missing(f"runs that fit the training set under both initializers{left}")
    return _gap_stays(both, left)


def _gap_stays(both, left):
    gains = (both["gap_glorot"] - both["gap_ours"] / 2).to_numpy(float)
    test, holds = sign_flip(gains), bool(np.median(gains) > 0)
    wide, narrow = 100 * both[["gap_ours", "gap_glorot"]].median()
    effect = f"gap {wide:.2f} pp, from Glorot initialization {narrow:.2f} pp"
    why = (
        f"The gap {'stays' if holds else 'more than halves'} when nothing but the "
        f"initializer is changed, without any regularization.{left}"
    )
    return Finding(
        holds, why, effect, float(narrow), SIGN_FLIP, len(gains), test.p, test.smallest
    )


def _gaps(frame):
    """Training less validation accuracy, of methods without a rate for each weight."""
    own = frame[frame["method"].isin(("sgd", "momentum", "nag"))].set_index(KEYS)
    gap = own["train_accuracy"] - own["validation_accuracy"]
    return own[["train_accuracy"]].assign(gap=gap).dropna().astype(float)
