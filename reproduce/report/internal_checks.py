"""The report's printed numbers held against each other, check by check.

Each check returns whether the report passes, and the finding with its numbers.
"""

from reproduce import original

from .markdown import listed
from .tables import layers

SPLITS = original.CONFUSION["splits"]
KAGGLE_SMALLEST = 3795
KAGGLE = "https://www.kaggle.com/competitions/digit-recognizer/data"


def caption():
    """Which side of the matrices sums to equal numbers of each digit."""
    equal, columns = [], []
    for split, printed in SPLITS.items():
        matrix = printed["matrix"]
        sums = {sum(row) for row in matrix}
        if len(sums) == 1:
            equal.append(f"{split} {sums.pop():,}")
        columns += [f"{split} {_range(map(sum, zip(*matrix, strict=True)))}"]
    rows = len(equal) == len(SPLITS)
    return not rows, (
        f"Rows sum to one number ({', '.join(equal)}), columns do not "
        f"({', '.join(columns)}): with as many images of each digit, rows are the true "
        "labels, not the predicted ones as the caption says."
    )


def _range(numbers):
    numbers = list(numbers)
    return f"{min(numbers):,} to {max(numbers):,}"


def accuracies():
    """Whether the printed accuracies are the matrices' own."""
    found = []
    for split, printed in SPLITS.items():
        right = sum(printed["matrix"][i][i] for i in range(len(original.DIGITS)))
        share = right / original.EXAMPLES[split]
        same = f"{share:.4f}" == f"{printed['accuracy']:.4f}"
        found.append((same, f"{split} {share:.4%}, printed {printed['accuracy']:.2%}"))
    return all(same for same, _ in found), f"{'; '.join(words for _, words in found)}."


def outputs():
    """Whether the printed summaries have the outputs that the text gives."""
    other = []
    for number, lines in original.SUMMARIES.items():
        dense = [line for line in lines if line.type == "Dense"][-1]
        units = int(dense.output_shape.strip("()").split(",")[1])
        if units != original.OUTPUTS:
            stated = sum(row[3] for row in layers(number, original.OUTPUTS))
            other.append(
                f"architecture {number} has {units} ({lines[-1].parameters:,} "
                f"parameters; {original.OUTPUTS} outputs make {stated:,})"
            )
    return not other, f"The text says {original.OUTPUTS}; {listed(other)}."


def source():
    """How many images of each digit the matrices hold, all splits together."""
    each = sum(original.EXAMPLES.values()) // len(original.DIGITS)
    total = sum(original.EXAMPLES.values())
    shares = [f"{n / total:.0%}" for n in original.EXAMPLES.values()]
    return each == KAGGLE_SMALLEST, (
        f"{each:,} of each digit, split {' / '.join(shares)}. The smallest class, the "
        f"digit 5, of the 42,000-image edition of MNIST has {KAGGLE_SMALLEST:,} "
        f"({KAGGLE}): the five classes were cut to that, and the data came from there."
    )


def full_batch():
    """Whether the batch-GD rows can be runs of one update an epoch."""
    rows = {k: r for k, r in original.RESULTS.items() if k[1] == "batch_gd"}
    known = [row for row in rows.values() if not row.note]
    fewest = min(row.epochs for row in known)
    best = max(row.train_accuracy for row in known)
    odd = [
        f"architecture {row.architecture} would need {row.epochs:,} for "
        f"{row.train_accuracy:.2%}"
        for row in rows.values()
        if row.epochs < fewest and row.train_accuracy > best
    ]
    return not odd, (
        f"One update an epoch: architectures 1 to {len(known)} need at least "
        f"{fewest:,} updates for at most {best:.2%} in training; {'; '.join(odd)}, as "
        f"SGD does in about as many epochs of {original.EXAMPLES['train']:,} updates. "
        "These rows are single-example SGD under another label."
    )
