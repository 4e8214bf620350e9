"""Validation loss and accuracy against the learning rate, a line a method."""

import math
from statistics import median

from matplotlib.figure import Figure

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol

from .figures import dashes

PANELS = {"loss": "validation loss", "accuracy": "validation accuracy"}


def sweep_figure(lines, architecture):
    """Two panels: loss and accuracy of the final weights.

    Lines are medians, bands the range over seeds; a dot is a rate at which all runs
    converged, an open one a rate at which some were cut off, a cross one at which
    some diverged; rings mark the best rates.

    Args:
        lines: `sweep.Line`s.
        architecture: 1 to 5.
    """
    figure = Figure(figsize=(9.6, 5.0), layout="constrained")
    panels = figure.subplots(1, 2)
    for axes, (quantity, label) in zip(panels, PANELS.items(), strict=True):
        axes.set_xscale("log")
        axes.axvline(Protocol().learning_rate, color="#999999", linewidth=1, zorder=0)
        for line in lines:
            _draw(axes, line, quantity)
        axes.set_xlabel("learning rate")
        axes.set_title(label)
    panels[0].set_yscale("log")
    panels[0].annotate(
        "the report's rate",
        (Protocol().learning_rate, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -4),
        textcoords="offset points",
        va="top",
        color="#666666",
        fontsize=8.5,
    )
    _mark_diverged(panels[0], lines)
    _legend(figure, lines)
    figure.suptitle(f"Architecture {architecture}: every method at the same rates")
    return figure


def _draw(axes, line, quantity):
    finite = [point for point in line.points if math.isfinite(point.loss)]
    rates = [point.rate for point in finite]
    values = [point.values("validation", quantity) for point in finite]
    middles = [median(own) for own in values]
    style = {"color": line.colour, "linestyle": dashes(line.method)}
    axes.plot(rates, middles, linewidth=1.6, **style)
    highest = [max(x for x in own if math.isfinite(x)) for own in values]
    axes.fill_between(
        rates,
        [min(own) for own in values],
        highest,
        color=line.colour,
        alpha=0.12,
        lw=0,
    )
    for point, middle in zip(finite, middles, strict=True):
        whole = point.count("threshold", "rose") == len(point.runs)
        face = line.colour if whole else "white"
        axes.plot(point.rate, middle, "o", markersize=4.5, color=line.colour, mfc=face)
        if point is line.best:
            axes.plot(
                point.rate, middle, "o", markersize=11, color=line.colour, mfc="none"
            )


def _mark_diverged(axes, lines):
    """Crosses along the top, a row a method."""
    for row, line in enumerate(lines):
        rates = [point.rate for point in line.points if point.count("diverged")]
        height = [0.98 - 0.03 * row] * len(rates)
        axes.plot(
            rates,
            height,
            "x",
            color=line.colour,
            markersize=6,
            transform=axes.get_xaxis_transform(),
        )


def _legend(figure, lines):
    for line in lines:
        style = {"color": line.colour, "linestyle": dashes(line.method)}
        label = f"{METHODS[line.method].label}: {line.best.rate:g}"
        figure.axes[1].plot([], [], linewidth=1.8, label=label, **style)
    figure.legend(
        loc="outside right upper", title="method: best rate (ringed)", frameon=False
    )
