"""Tests of claims about the course of the error from epoch to epoch."""

import numpy as np

from .claim_extras import past_stopping
from .claim_tests import SIGN_FLIP, TWO_ONE_SIDED
from .distributions import wilson
from .evidence import Finding, missing
from .frame import paired
from .markdown import listed, signed
from .paired import equivalence, sign_flip
from .verdicts import ACCURACY_LIMIT, FEWEST_SEEDS

WILSON = "Wilson interval of a share of runs"
ADAPTIVE = ("rmsprop", "adam")
RATES = ("adagrad", *ADAPTIVE)  # methods with a rate for each weight
PLAIN = ("sgd", "momentum", "nag")
POOR = (1, 2, 3)  # architectures of the batch-GD rows the report finds poor


def sgd_oscillates(evidence):
    """Whether the error of most SGD runs rises in some epoch."""
    runs = evidence.runs[evidence.runs["method"] == "sgd"]
    if runs.empty:
        return missing("runs of SGD")
    rose, n = int((runs["rises"] > 0).sum()), len(runs)
    low, high = wilson(rose, n)
    effect = f"the plotted error rises in {rose} of {n} runs ({low:.0%} to {high:.0%})"
    if low > 0.5 and n >= FEWEST_SEEDS:
        return Finding(
            True, "Even means over an epoch rise.", effect, rose / n, WILSON, n
        )
    why = (
        "The error that is plotted is an epoch's mean: that it does not rise in most "
        "runs leaves open how single updates move it, which no record keeps."
    )
    return Finding(None, why, effect, rose / n, pairs=n)


def batch_stuck(evidence):
    """Whether batch GD's training accuracy stands still at the end of its runs."""
    runs = evidence.runs[evidence.runs["method"] == "batch_gd"]
    runs = runs[runs["architecture"].isin(POOR)].dropna(subset="late_gain")
    if runs.empty:
        return missing("batch-GD runs")
    gains = runs["late_gain"].to_numpy(float)
    size, fall = float(np.median(gains)), float(np.median(runs["late_fall"]))
    p, smallest = equivalence(gains, ACCURACY_LIMIT)
    holds = abs(size) <= ACCURACY_LIMIT
    effect = (
        f"in the last tenth of the epochs error {signed(-100 * fall, 1)}%, training "
        f"accuracy {signed(100 * size, 2)} pp"
    )
    why = (
        "Its accuracy no longer moves by more than the limit of effect."
        if holds
        else "It was still learning when the criterion ended it: not stuck, but slow."
    )
    moves = sign_flip(np.sign(size) * gains - ACCURACY_LIMIT).above
    return Finding(
        holds, why, effect, size, TWO_ONE_SIDED, len(gains), p if holds else moves,
        smallest,
    )  # fmt: skip


def nag_oscillates_less(evidence):
    """Rises of the error between epochs, NAG's against momentum's."""
    table = paired(evidence.runs, "rises")
    if not {"momentum", "nag"} <= set(table):
        return missing("runs of momentum and NAG")
    pairs = table[["momentum", "nag"]].dropna()
    gains = (pairs["momentum"] - pairs["nag"]).to_numpy(float)
    if not len(gains):
        return missing("runs of momentum and NAG with one seed")
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
    found = _rises(evidence, ADAPTIVE, ("adagrad", *PLAIN))
    if found is None:
        return missing("runs of RMSProp, Adam and others")
    gains, effect = found
    holds = bool(gains.mean() > 0)
    why = (
        "Their error rises where the others' falls; a rise ends the run under the "
        "signed criterion, so there is one a run at most."
        if holds
        else "Their error rises no more often than the others'."
    )
    return _flipped(holds, why + past_stopping(evidence), effect, gains)


def adaptive_avoids(evidence):
    """Rises of the error: methods with a rate for each weight against the others."""
    found = _rises(evidence, RATES, PLAIN)
    if found is None:
        return missing(f"runs of {listed([*RATES, *PLAIN])}")
    gains, effect = found
    holds = bool(gains.mean() < 0)
    why = f"Their error rises {'less' if holds else 'no less'} often than the others'."
    return _flipped(holds, why, effect, gains)


def _rises(evidence, own, others):
    """(share of `own` runs with a rise less that of the `others`, words) or None."""
    runs = evidence.runs
    table = paired(runs.assign(rose=runs["rises"] > 0), "rose")
    own, others = ([m for m in some if m in table] for some in (own, others))
    if not own or not others:
        return None
    table = table.dropna(subset=own).astype(float)
    mine, theirs = table[own].mean(axis=1), table[others].mean(axis=1)
    known = mine.notna() & theirs.notna()
    if not known.any():
        return None
    mine, theirs = mine[known], theirs[known]
    effect = f"share of runs with a rise: {mine.mean():.0%} against {theirs.mean():.0%}"
    return (mine - theirs).to_numpy(float), effect


def _flipped(holds, why, effect, gains):
    test, size = sign_flip(gains), float(gains.mean())
    return Finding(
        holds, why, effect, size, SIGN_FLIP, len(gains), test.p, test.smallest
    )
