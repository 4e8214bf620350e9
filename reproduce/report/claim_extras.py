"""Tests of claims that need runs under other settings, kept in sub-folders."""

import numpy as np

from .claim_tests import SIGN_FLIP
from .evidence import Finding, missing
from .frame import PAIR
from .paired import sign_flip
from .verdicts import ACCURACY_LIMIT

MINI_BATCH, PAST = "mini-batch", "past-stopping"
COLLAPSED = 0.5  # accuracy far below that of any run that learned


def mini_batches_cure(evidence):
    """AdaGrad with mini-batches: fewer epochs, and as accurate to within the limit?"""
    other = evidence.extras.get(MINI_BATCH)
    if other is None:
        return missing(f"mini-batch runs of AdaGrad (in {MINI_BATCH}/)")
    both = [
        frame[frame["method"] == "adagrad"].set_index(PAIR)
        for frame in (evidence.runs, other)
    ]
    pairs = both[0].join(both[1], how="inner", lsuffix="_one", rsuffix="_batch")
    pairs = pairs[np.isfinite(pairs["epochs_one"]) & np.isfinite(pairs["epochs_batch"])]
    if pairs.empty:
        return missing("runs of AdaGrad with and without mini-batches, of one seed")
    faster = np.log(pairs["epochs_one"] / pairs["epochs_batch"]).to_numpy(float)
    better = pairs["validation_accuracy_batch"] - pairs["validation_accuracy_one"]
    return _cure(faster, better.to_numpy(float))


def _cure(faster, better):
    quick = sign_flip(faster).above, sign_flip(-faster).above
    good = (
        sign_flip(better + ACCURACY_LIMIT).above,
        sign_flip(-better - ACCURACY_LIMIT).above,
    )
    holds = bool(np.median(faster) > 0 and np.median(better) > -ACCURACY_LIMIT)
    p = max(quick[0], good[0]) if holds else min(1.0, 2 * min(quick[1], good[1]))
    ratio, points = np.exp(np.median(faster)), 100 * np.median(better)
    effect = f"{ratio:.2f} times fewer epochs, accuracy {points:+.2f} pp"
    why = (
        "It stops sooner and is as accurate."
        if holds
        else "It stops no sooner, or sooner but less accurate."
    )
    n = len(faster)
    smallest = 0.5**n if holds else 0.5 ** (n - 1)
    return Finding(holds, why, effect, float(ratio), SIGN_FLIP, n, p, smallest)


def past_stopping(evidence):
    """What happens to RMSProp and Adam when a rise does not end the run; a sentence."""
    runs = evidence.extras.get(PAST)
    if runs is None or runs.empty:
        return ""
    steps, rises = int((runs["trained"] - 1).sum()), int(runs["rises"].sum())
    fell = int((runs["train_accuracy"] < COLLAPSED).sum())
    return (
        f" When a rise does not end the run, the error rises after {rises} of {steps} "
        f"epochs, and {fell} of {len(runs)} runs end below {COLLAPSED:.0%} accuracy."
    )
