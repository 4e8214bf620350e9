"""What a claim is judged by, and what a judgement consists of."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .frame import PAIR, WORK, paired, printed_frame, runs_frame, unpaired
from .limits import limits

SUPPORTED, CONTRADICTED, UNDECIDED = "SUPPORTED", "CONTRADICTED", "UNDECIDED"
UNITS = tuple(WORK)


@dataclass(frozen=True)
class Evidence:
    """All runs there are, tidy.

    Attributes:
        runs: `runs_frame` of the folder's own records, less the unpaired ones.
        extras: the same of the extra experiments, by folder name.
        printed: `printed_frame`.
        left_out: (architecture, seed) whose runs started from different weights.
        limits: why the runs are no rerun of the report, in words; else empty.
    """

    runs: pd.DataFrame
    extras: dict
    printed: pd.DataFrame
    left_out: list
    limits: str = ""

    @property
    def seeds(self):
        """How many seeds some cell was run with."""
        return self.runs.groupby(["architecture", "method"])["seed"].nunique().max()


@dataclass(frozen=True)
class Finding:
    """What was found for one claim.

    Attributes:
        holds: whether the numbers bear it out; None: they cannot tell.
        why: one sentence.
        effect: the effect in words with its number.
        size: that number.
        test: name of the test; empty where the answer is counted, not tested.
        pairs: pairs tested, or runs counted.
        p, smallest: of the test, and the smallest that as many pairs can reach.
        ratios: for claims of speed, how many times fewer, by unit.
        printed: what the report's own tables say.
    """

    holds: bool | None
    why: str
    effect: str = "–"
    size: float | None = None
    test: str = ""
    pairs: int = 0
    p: float | None = None
    smallest: float | None = None
    ratios: dict = field(default_factory=dict)
    printed: str = "–"


def gather(records, extras):
    """Make the evidence of records, and of {folder name: records}."""
    frame = runs_frame(records)
    odd = unpaired(frame)
    pairs = frame.set_index(PAIR).index
    frame = frame[~pairs.isin(odd)] if odd else frame
    frames = {name: runs_frame(own) for name, own in extras.items()}
    return Evidence(frame, frames, printed_frame(), odd, limits(records))


def missing(words):
    """A finding that awaits runs."""
    return Finding(None, f"Needs {words}.")


def advantage(frame, own, rivals, quantity, more):
    """By how much the worst of `own` beats the best of the `rivals`, in pairs.

    Args:
        own, rivals: methods; of the rivals those that were run.
        quantity: accuracies give differences, all others log ratios.
        more: whether more of the quantity is claimed, or less.

    Returns:
        Series by (architecture, seed); positive where the claim holds.
    """
    table = paired(frame, quantity)
    there = [method for method in rivals if method in table and method not in own]
    if not there or not set(own) <= set(table):
        return pd.Series(dtype=float, index=table.index[:0])
    mine = table[list(own)].agg("min" if more else "max", axis=1, skipna=False)
    theirs = table[there].agg("max" if more else "min", axis=1)
    known = mine.notna() & theirs.notna()
    mine, theirs = mine[known].astype(float), theirs[known].astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = mine - theirs if "accuracy" in quantity else np.log(mine / theirs)
    return (gain if more else -gain).fillna(0.0)  # inf beside inf: neither is ahead
