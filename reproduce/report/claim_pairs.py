"""Tests of single claims on paired runs."""

import math
from itertools import combinations

import numpy as np

from reproduce.experiment.methods import METHODS

from .claim_tests import LEAST, SIGN_FLIP, TWO_ONE_SIDED
from .evidence import Finding, missing
from .frame import paired
from .markdown import listed, signed
from .paired import equivalence, middle, sign_flip, smallest_p
from .verdicts import ACCURACY_LIMIT, FEWEST_SEEDS

CHOSEN = 4  # the architecture the report calls best (1.7)
BEST = ("rmsprop", "adam")  # the most accurate methods on every one, in the report


def four_layers_best(evidence):
    """Whether a smaller network is as accurate, which the other criteria favour."""
    table = _best_by_architecture(evidence.runs)
    smaller = [a for a in table if a < CHOSEN]
    if CHOSEN not in table or not smaller or not len(table):
        return missing(
            f"runs of {listed([METHODS[m].label for m in BEST])} on architecture "
            f"{CHOSEN} and on smaller ones, of one seed"
        )
    rival = table[smaller].mean().idxmax()
    gains = (table[CHOSEN] - table[rival]).to_numpy(float)
    size, n = float(gains.mean()), len(gains)
    above = sign_flip(gains - ACCURACY_LIMIT).above
    below = sign_flip(ACCURACY_LIMIT - gains).above
    holds = bool(above < below)
    effect = (
        f"{signed(100 * size, 2)} pp of validation accuracy over architecture {rival}"
    )
    why = (
        f"Architecture {rival} has fewer parameters and its best method is "
        f"{'less' if holds else 'no less'} accurate, to within {ACCURACY_LIMIT:g}."
    )
    p = above if holds else below
    return Finding(holds, why, effect, size, SIGN_FLIP, n, p, 0.5**n)


def _best_by_architecture(runs):
    """Best validation accuracy: a row a seed, a column an architecture.

    Only where the methods that decide it were run, or a network would seem worse
    for want of runs.
    """
    key = ["architecture", "seed"]
    there = runs[runs["method"].isin(BEST)].groupby(key)["method"].nunique()
    best = runs.groupby(key)["validation_accuracy"].max()
    return best[there.reindex(best.index) == len(BEST)].unstack("architecture").dropna()


def times_differ(evidence):
    """Whether no two methods take the same number of epochs, to within the limit."""
    table = np.log(paired(evidence.runs, "epochs").astype(float))
    gaps = {
        two: gap
        for two in combinations([m for m in METHODS if m in table], 2)
        if len(gap := _gap(table, *two)) >= FEWEST_SEEDS
    }
    if not gaps:
        return missing(f"{FEWEST_SEEDS} seeds of two methods")
    near = min(gaps, key=lambda two: abs(middle(gaps[two])))
    gap, size = gaps[near], middle(gaps[near])
    names = " and ".join(METHODS[method].label for method in near)
    effect = f"{names}: {_percent(size)} apart"
    if abs(size) > LEAST[False]:
        p = max(sign_flip(one).p for one in gaps.values())
        why = f"The nearest two of {len(gaps)} pairs are beyond the limit of effect."
        fewest = min(map(len, gaps.values()))
        return Finding(
            True, why, effect, size, SIGN_FLIP, fewest, p, smallest_p(fewest)
        )
    p, smallest = (min(1.0, len(gaps) * one) for one in equivalence(gap, LEAST[False]))
    why = f"{names} take the same to within the limit of effect."
    return Finding(False, why, effect, size, TWO_ONE_SIDED, len(gap), p, smallest)


def _gap(table, first, second):
    both = table[[first, second]].dropna()
    one, other = both[first].to_numpy(), both[second].to_numpy()
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, one - other)


def _percent(size):
    return f"{math.expm1(abs(size)):.0%}" if math.isfinite(size) else "without bound"


def momentum_reliable(evidence):
    """Whether momentum's epochs vary less between seeds than SGD's."""
    table = np.log(paired(evidence.runs, "epochs").astype(float))
    if not {"sgd", "momentum"} <= set(table):
        return missing("runs of SGD and momentum")
    table = table[["sgd", "momentum"]].dropna()
    seeds = table.groupby(level="architecture")["sgd"].transform("size")
    table = table[seeds >= FEWEST_SEEDS]
    if table.empty:
        return missing(f"{FEWEST_SEEDS} seeds of SGD and momentum")
    centres = table.groupby(level="architecture").transform("median")
    with np.errstate(invalid="ignore"):
        apart = (table - centres).abs().where(table != centres, 0.0)
    gains = apart["sgd"].to_numpy() - apart["momentum"].to_numpy()
    test, (sgd, momentum) = sign_flip(gains), apart.mean()
    holds = test.above < 0.5
    effect = f"mean deviation: SGD {_percent(sgd)}, momentum {_percent(momentum)}"
    why = f"Its epochs vary {'less' if holds else 'no less'} between seeds."
    return Finding(
        holds, why, effect, momentum - sgd, SIGN_FLIP, len(gains), test.p, test.smallest
    )
