"""Tests of single claims by counting: what happens in the runs, and in how many."""

from reproduce.experiment.protocol import METHODS

from .distributions import wilson
from .evidence import Finding, missing
from .markdown import plural
from .verdicts import FEWEST_SEEDS

PERFECT, GAP = 0.9995, 0.03  # "100%" as rounded; well apart, as 100 and 95 % are


def each_step_lowers(evidence):
    """Every full-batch epoch is one step: count those after which the error rose."""
    runs, (steps, rises) = _steps(evidence.runs, ["batch_gd"])
    if not len(runs):
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
    methods = sorted({METHODS[method].label for method in bad["method"]})
    effect = f"{int(runs['outside'].sum()):,} images in {len(bad)} of {len(runs)} runs"
    holds = False if len(bad) else (True if len(runs) >= FEWEST_SEEDS else None)
    why = (
        f"It happens with {', '.join(methods)}." if methods else "It happens in no run."
    )
    return Finding(holds, why, effect, float(len(bad) / len(runs)), pairs=len(runs))


def _steps(frame, methods):
    runs = frame[frame["method"].isin(methods)]
    return runs, (int(runs["trained"].sum()) - len(runs), int(runs["rises"].sum()))
