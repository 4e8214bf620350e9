"""Tests of single claims by counting: what happens in the runs, and in how many."""

from reproduce import original
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES

from .distributions import accuracy_interval, wilson
from .evidence import Finding, missing
from .markdown import fraction, listed, plural
from .verdicts import FEWEST_SEEDS

IMAGES = original.EXAMPLES["validation"]
PERFECT, GAP = 0.9995, 0.03  # "100%" as rounded; well apart, as 100 and 95 % are
WELL = 0.9  # validation accuracy; the report's lowest without batch GD is 0.9109


def each_step_lowers(evidence):
    """Every full-batch epoch is one step: count those after which the error rose."""
    runs, (steps, rises) = _steps(evidence.runs, ["batch_gd"])
    if not len(runs) or not steps:
        return missing("batch-GD runs")
    effect = f"{rises:,} of {steps:,} steps raised the error"
    high = wilson(rises, steps)[1]
    why = f"At most {high:.2g} of the steps (95 %) raise it."
    holds = False if rises else (True if len(runs) >= FEWEST_SEEDS else None)
    if holds is None:
        why = f"Not one rise, but in fewer than {FEWEST_SEEDS} runs."
    return Finding(holds, why, effect, rises / steps, pairs=len(runs))


def batch_oscillates(evidence):
    """A learning rate that is too high shows as errors that go up and down."""
    found = each_step_lowers(evidence)
    if found.size is None:
        return found
    holds = None if found.holds is None else not found.holds
    why = (
        "The error falls at every step and still falls when the criterion ends the "
        "run: slow, not oscillating; the rate is too low for so few updates."
        if holds is False
        else found.why
    )
    return Finding(holds, why, found.effect, found.size, pairs=found.pairs)


def perform_well(evidence):
    """Every method but batch GD beats `WELL` in every run, with Wilson intervals."""
    runs = evidence.runs[evidence.runs["method"] != "batch_gd"]
    runs = runs.dropna(subset="validation_accuracy")
    if runs.empty:
        return missing("runs")
    lowest = runs.loc[runs["validation_accuracy"].astype(float).idxmin()]
    low, high = accuracy_interval(lowest["validation_accuracy"], IMAGES)
    cells = runs.groupby(["architecture", "method"])["seed"].nunique()
    absent = [
        f"{METHODS[m].label} on {a}"
        for a in ARCHITECTURES
        for m in METHODS
        if m != "batch_gd" and cells.get((a, m), 0) < FEWEST_SEEDS
    ]
    effect = (
        f"lowest of {plural(len(runs), 'run')}: {fraction(low)} to {fraction(high)} "
        f"({METHODS[lowest['method']].label}, architecture {lowest['architecture']})"
    )
    holds = False if high < WELL else (True if low >= WELL and not absent else None)
    why = "By Wilson's 95% interval of the lowest accuracy."
    if holds is None and absent:
        why = f"Needs {FEWEST_SEEDS} seeds of {plural(len(absent), 'more cell')}."
    return Finding(holds, why, effect, float(low), pairs=len(runs))


def memorizes(evidence):
    """Runs with 100 % in training and far less in validation."""
    runs = evidence.runs.dropna(subset="train_accuracy")
    gap = runs["train_accuracy"] - runs["validation_accuracy"]
    found = runs[(runs["train_accuracy"] >= PERFECT) & (gap >= GAP)]
    if not len(runs):
        return missing("runs")
    cells = found.groupby(["architecture", "method"]).ngroups
    effect = f"{len(found)} of {len(runs)} runs, of {plural(cells, 'cell')}"
    why = f"Training accuracy of {PERFECT} or more, validation lower by {GAP} or more."
    return Finding(bool(cells), why, effect, len(found) / len(runs), pairs=len(runs))


def none_outside(evidence):
    """Images taken for one of the five digits that were never shown."""
    runs = evidence.runs.dropna(subset="outside")
    if not len(runs):
        return missing("runs")
    bad = runs[runs["outside"] > 0]
    methods = [METHODS[m].label for m in METHODS if m in set(bad["method"])]
    images = plural(int(runs["outside"].sum()), "image")
    effect = f"{images} in {len(bad)} of {len(runs)} runs"
    holds = False if len(bad) else (True if len(runs) >= FEWEST_SEEDS else None)
    why = f"It happens with {listed(methods)}." if methods else "It happens in no run."
    return Finding(holds, why, effect, float(len(bad) / len(runs)), pairs=len(runs))


def _steps(frame, methods):
    runs = frame[frame["method"].isin(methods)]
    return runs, (int(runs["trained"].sum()) - len(runs), int(runs["rises"].sum()))
