"""Error against epoch, as in the report's tables, and heat maps of confusion."""

import io
from statistics import median

from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from reproduce.experiment.methods import METHODS

from . import markdown
from .labels import place_labels
from .statistics import median_run

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "text.color": "#222222",
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.titlepad": 10,
    "figure.dpi": 110,
    "savefig.dpi": 110,
}
ERROR = "average training error (cross entropy)"
PALETTE = 128  # colours in a file: a third of the bytes, no visible difference
ENDS = {"threshold": "o", "rose": "^", "epoch_limit": ">", "diverged": "X"}


def png(draw, *arguments):
    """The figure that `draw(*arguments)` makes, as bytes that repeat."""
    with style.context(STYLE, after_reset=True):
        drawn, packed = io.BytesIO(), io.BytesIO()
        draw(*arguments).savefig(drawn, format="png", metadata={"Software": None})
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    few.save(packed, format="png", optimize=True)
    return packed.getvalue()


def method_figure(row, protocol):
    """Error of each epoch of one architecture and method.

    Args:
        row: its `Comparison`, with something `drawable`.
        protocol: the records' protocol.
    """
    figure = Figure(figsize=(5.6, 3.6), layout="constrained")
    axes = figure.add_subplot()
    _draw_runs(axes, row)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.set_ylim(bottom=0)
    axes.set_xlabel("epoch")
    axes.set_ylabel(ERROR)
    axes.set_title(
        f"Architecture {row.architecture}, {METHODS[row.method].label}\n"
        f"{_outcome(row, protocol)}"
    )
    _thousands(axes)
    return figure


def architecture_figure(rows):
    """All methods of one architecture superimposed; both axes logarithmic.

    Args:
        rows: the architecture's `Comparison`s with something `drawable`.
    """
    figure = Figure(figsize=(7.6, 4.6), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = [_draw_runs(axes, row, dashes(row.method)) for row in rows]
    axes.set_ylim(bottom=0.6 * axes.get_ylim()[0])  # room for labels below
    axes.set_xlim(0.9, 4 * max(x for x, *_ in ends))
    axes.set_xlabel("epoch")
    axes.set_ylabel(ERROR)
    axes.set_title(f"Architecture {rows[0].architecture}: all methods")
    _thousands(axes)
    FigureCanvasAgg(figure).draw()  # settles the axes, so that labels can be placed
    place_labels(axes, ends)
    return figure


def drawable(row):
    """The runs with at least one finite epoch."""
    return [run for run in row.runs if run.history["loss"]]


def dashes(method):
    """Every second method is dashed: momentum and NAG nearly coincide.

    Other optimizers than the report's are dash-dotted.
    """
    if method not in METHODS:
        return (0, (5, 1, 1, 1))
    return (0, (3, 1)) if list(METHODS).index(method) % 2 else "-"


def _draw_runs(axes, row, line="-"):
    """Thin lines for the seeds, a thick one for the median; returns its end."""
    runs, colour = drawable(row), row.colour
    middle = median_run(runs)
    for run in runs:
        if run is not middle:
            axes.plot(*_curve(run), color=colour, linewidth=0.7, alpha=0.5)
    epochs, errors = _curve(middle)
    axes.plot(epochs, errors, color=colour, linewidth=1.8, linestyle=line)
    end = epochs[-1], errors[-1]
    axes.plot(*end, ENDS[middle.ending], color=colour, markersize=6, clip_on=False)
    return *end, f"{METHODS[row.method].label} {_ending(middle)}", colour


def _curve(run):
    errors = run.history["loss"]
    return range(1, len(errors) + 1), errors


def _ending(run):
    return {
        "threshold": f"{run.epochs:,}",
        "rose": f"{run.epochs:,}",
        "epoch_limit": f">{run.epochs:,}",
        "diverged": "diverged",
    }[run.ending]


def _outcome(row, protocol):
    epochs = median(row.epochs)
    at_limit = row.endings["epoch_limit"] > 0
    ours = markdown.epochs(epochs, protocol.max_epochs, at_limit)
    unit = "" if ours == markdown.DIVERGED else " epochs"
    seeds = f" (median of {len(row.runs)} seeds)" if len(row.runs) > 1 else ""
    printed = row.reported.epochs
    report = row.missing if printed is None else f"{printed:,}"
    return f"{ours}{unit}{seeds}; report: {report}"


def _thousands(axes):
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
