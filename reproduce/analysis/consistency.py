"""The original's printed numbers held against each other, and against our runs.

Most checks need no run at all. Each says whether the original passes, and the numbers
that show it.
"""

import math
from dataclasses import dataclass, field
from statistics import median

from reproduce.original import (
    AXIS_TICKS,
    CONFUSION,
    DIGITS,
    EXAMPLES,
    OUTPUTS,
    RESULTS,
    SUMMARIES,
    kernel_shapes,
)

SPLITS = CONFUSION["splits"]
KAGGLE_FIVES = 3795  # images of the digit 5 among the 42,000 of Kaggle's edition
MNIST_FIVES = 5421  # … and among the 60,000 training images of MNIST's own
PREDICTION_BATCH = 32  # Keras's default in `predict`
MARGIN = 1.05  # of the data's height that matplotlib leaves free above it


@dataclass(frozen=True)
class Check:
    """One check of the original.

    Attributes:
        key: names it.
        sections: where the checked numbers stand.
        passes: whether the original passes; None where only our runs could tell.
        found: name to number or list, for the words.
    """

    key: str
    sections: str
    passes: bool | None
    found: dict = field(default_factory=dict)


def check(records=()):
    """Every check, in the order of the original.

    Args:
        records: our own, of the original's protocol; for the checks that use runs.
    """
    return [
        _outputs(),
        _accuracies_possible(),
        _full_batch(records),
        _axis_ticks(records),
        _prediction_steps(),
        _row_sums(),
        _matrix_accuracies(),
        _filled_in(),
        _images_per_digit(),
    ]


def _outputs():
    """Whether the printed summaries have the outputs that the text gives."""
    mismatches = {}
    for architecture, lines in SUMMARIES.items():
        dense = [line for line in lines if line.type == "Dense"][-1]
        units = int(dense.output_shape.strip("()").split(",")[1])
        if units != OUTPUTS:
            shapes = kernel_shapes(architecture)
            stated = sum(inputs * units_ + units_ for inputs, units_ in shapes)
            mismatches[architecture] = units, lines[-1].parameters, stated
    return Check(
        "outputs", "1.4, 1.5", not mismatches, {"stated": OUTPUTS, "other": mismatches}
    )


def possible_counts(printed, decimals, examples, cut=False):
    """The numbers of right answers that print as this accuracy.

    Args:
        printed, decimals: the accuracy as a fraction, and its digits.
        examples: of the split.
        cut: whether further digits were cut off, instead of rounded.
    """
    digit, slack = 10.0**-decimals, 1e-9
    low, high = (0, digit) if cut else (-digit / 2, digit / 2)
    first = math.ceil((printed + low - slack) * examples)
    last = math.floor((printed + high + (-slack if cut else slack)) * examples)
    return range(first, min(last, examples) + 1)


def _accuracies_possible():
    """Whether each printed accuracy is that of a whole number of right answers."""
    printed = [
        (row, split, value, getattr(row, f"{split}_decimals"))
        for row in RESULTS.values()
        for split in ("train", "validation")
        if (value := getattr(row, f"{split}_accuracy")) is not None
    ]

    def possible(accuracy, cut=False):
        _, split, value, decimals = accuracy
        return bool(possible_counts(value, decimals, EXAMPLES[split], cut))

    odd = [accuracy for accuracy in printed if not possible(accuracy)]
    places = sorted({row.architecture for row, *_ in odd})
    unaffected = [
        accuracy for accuracy in printed if accuracy[0].architecture not in places
    ]
    return Check(
        "accuracies-possible",
        "1.5",
        not odd,
        {
            "printed": len(printed),
            "odd": [(r.architecture, r.method, split, v) for r, split, v, _ in odd],
            "architectures": places,
            "possible_if_cut": sum(possible(accuracy, cut=True) for accuracy in odd),
            "others_impossible_if_cut": sum(
                not possible(accuracy, cut=True) for accuracy in unaffected
            ),
        },
    )


def _full_batch(records):
    """Whether the rows of batch GD can be runs of one update an epoch."""
    rows = [r for (_, method), r in RESULTS.items() if method == "batch_gd"]
    known = [row for row in rows if not row.note]
    odd = [row for row in rows if row.note]
    return Check(
        "full-batch",
        "1.5.4, 1.5.5",
        not odd,
        {
            "fewest_updates": min(row.epochs for row in known),
            "best_accuracy": max(row.train_accuracy for row in known),
            "odd": [(r.architecture, r.epochs, r.train_accuracy) for r in odd],
            "ours": [outcome for row in odd if (outcome := _after(records, row))],
            "sgd": [
                (r.architecture, median(run.epochs for run in runs), len(runs))
                for r in odd
                if (runs := _runs(records, r.architecture, "sgd"))
            ],
        },
    )


def _after(records, row):
    """Our batch GD after as many epochs as a row prints: error and accuracy."""
    runs = [
        run
        for run in _runs(records, row.architecture, "batch_gd")
        if len(run.history["loss"]) >= row.epochs
    ]
    if not runs:
        return None
    at = row.epochs - 1
    return (
        row.architecture,
        median(run.history["loss"][at] for run in runs),
        median(run.history["accuracy"][at] for run in runs),
        len(runs),
    )


def _runs(records, architecture, method):
    key = architecture, method
    return [r for r in records if (r.cell.architecture, r.cell.method) == key]


def _axis_ticks(records):
    """Whether our first epoch's error would have drawn the axis that is printed.

    The highest tick is the last below the axis's end, which matplotlib sets 5 % above
    the largest error: the first epoch's.
    """
    plots = []
    for tick in AXIS_TICKS:
        row = RESULTS[tick.architecture, tick.method]
        runs = _runs(records, tick.architecture, "sgd" if row.note else tick.method)
        first = [run.history["loss"][0] for run in runs if run.history["loss"]]
        if first:
            low, high = tick.highest / MARGIN, (tick.highest + tick.step) / MARGIN
            ours = median(first)
            plots.append(
                (tick.architecture, tick.method, low, high, ours, low <= ours < high)
            )
    passes = None if not plots else all(fits for *_, fits in plots)
    return Check("axis-ticks", "1.5.3 to 1.5.5", passes, {"plots": plots})


def _prediction_steps():
    """Whether Keras's progress bars count the batches of the matrices' images."""
    printed = CONFUSION["prediction_steps"]
    expected = {
        split: math.ceil(EXAMPLES[split] / PREDICTION_BATCH) for split in printed
    }
    return Check(
        "prediction-steps",
        "1.7",
        printed == expected,
        {"printed": printed, "expected": expected, "batch": PREDICTION_BATCH},
    )


def _row_sums():
    """Whether the rows of the matrices are the predicted labels, as the caption says.

    There are as many images of each digit: the side that sums to one number is that of
    the true labels.
    """
    rows, columns = {}, {}
    for split, printed in SPLITS.items():
        matrix = printed["matrix"]
        rows[split] = sorted({sum(row) for row in matrix})
        columns[split] = sorted(map(sum, zip(*matrix, strict=True)))
    true_rows = all(len(sums) == 1 for sums in rows.values())
    return Check("row-sums", "1.7", not true_rows, {"rows": rows, "columns": columns})


def _matrix_accuracies():
    """Whether the printed accuracies are those of the matrices."""
    accuracies = {}
    for split, printed in SPLITS.items():
        right = sum(printed["matrix"][i][i] for i in range(len(DIGITS)))
        accuracies[split] = right / EXAMPLES[split], printed["accuracy"]
    equal = all(
        f"{ours:.4f}" == f"{printed:.4f}" for ours, printed in accuracies.values()
    )
    return Check("matrix-accuracies", "1.7", equal, {"splits": accuracies})


def _filled_in():
    """The cells of the matrices that the document does not show.

    They are filled in from their row's sum; whether the document had them so is open.
    """
    cells = [
        (cell["split"], cell["true"], cell["predicted"], _cell(cell))
        for cell in CONFUSION["filled_in"]
    ]
    return Check("filled-in", "1.7", None, {"cells": cells})


def _cell(cell):
    row, column = DIGITS.index(cell["true"]), DIGITS.index(cell["predicted"])
    return SPLITS[cell["split"]]["matrix"][row][column]


def _images_per_digit():
    """How many images of each digit there are, and where that number is known from.

    It is the count of fives in Kaggle's edition, and 0.7 of their count in MNIST's
    training images: consistent with either, proof of neither.
    """
    each = sum(EXAMPLES.values()) // len(DIGITS)
    return Check(
        "images-per-digit",
        "1.7",
        None,
        {
            "each": each,
            "kaggle": each == KAGGLE_FIVES,
            "mnist": each == round(0.7 * MNIST_FIVES),
        },
    )
