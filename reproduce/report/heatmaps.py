"""Heat maps of the confusion matrices: the best model beside the report's (1.7)."""

from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from reproduce import original

from .best import name
from .confusion import measures, outside, reported_matrix, reported_name

DIGITS = original.DIGITS
NAMES = {"train": "Training", "validation": "Validation", "test": "Test"}


def confusion_figure(split, record):
    """Both matrices of one split, only of the digits that there are."""
    ours, printed = record.splits[split], original.CONFUSION["splits"][split]
    matrices = ours["confusion"], reported_matrix(split)
    titles = [
        f"Rerun: {name(record)}\n{measures(ours)}",
        f"Report: {reported_name()}\n{measures(printed)}",
    ]
    shown = [DIGITS, DIGITS]
    if record.protocol.data_sha256 is not None:
        shown[0] = [digit for digit in range(10) if sum(ours["confusion"][digit])]
    figure = Figure(figsize=(8.2, 5.0), layout="constrained")
    for axes, matrix, title, digits in zip(
        figure.subplots(1, 2), matrices, titles, shown, strict=True
    ):
        _heat_map(axes, matrix, digits)
        axes.set_title(title, fontsize=10)
    figure.suptitle(
        f"{NAMES[split]} examples. {_others(matrices[0], shown[0])}", fontsize=10.5
    )
    return figure


def _heat_map(axes, matrix, digits):
    part = [[matrix[true][predicted] for predicted in digits] for true in digits]
    shares = [[n / max(sum(row), 1) for n in row] for row in part]
    norm = PowerNorm(0.4, 0, 1)  # so that a few errors are seen beside hundreds
    axes.imshow(shares, cmap="Blues", norm=norm)
    for i, row in enumerate(part):
        for j, number in enumerate(row):
            ink = "white" if norm(shares[i][j]) > 0.6 else "#222222"
            axes.text(j, i, f"{number:,}", ha="center", va="center", color=ink)
    axes.set_xticks(range(len(digits)), digits)
    axes.set_yticks(range(len(digits)), digits)
    axes.set_xlabel("predicted digit")
    axes.set_ylabel("true digit")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _others(matrix, digits):
    number = outside(matrix, digits)
    if not number:
        return "The other digits' rows and columns are all zero."
    return f"Rerun: {number:,} more predicted as one of the other digits (not shown)."
