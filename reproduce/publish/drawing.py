"""The house style of the figures: headings, axes, marks, and the bytes of a file."""

import io
import textwrap

import numpy as np
from matplotlib import patheffects, style
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator
from PIL import Image

from reproduce.experiment.methods import METHODS, rank

from . import text
from .rendering import render

INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
BLUE, ORANGE = "#0072b2", "#d55e00"  # colour-blind readers tell them apart
STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "text.color": INK,
    "text.parse_math": False,  # a name of an optimizer may hold a $
    "legend.frameon": False,
    "figure.dpi": 110,
}
in_house_style = style.context(STYLE, after_reset=True)  # decorates what draws
PALETTE = 256  # colours in a file: a third of the bytes, no visible difference
TITLE, SUBTITLE = 10.5, 8.5  # points
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]


@in_house_style
def png(figure):
    """A figure as the bytes of a PNG file; its most frequent colours stay exact."""
    raw, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(raw, format="rgba")
    pixels = np.frombuffer(raw.getvalue(), np.uint8).reshape(-1, 4)
    codes = pixels[:, :3] @ (65536, 256, 1)
    codes, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = codes[:, None] >> (16, 8, 0) & 255
    palette = colours[np.argsort(-counts, kind="stable")[:PALETTE]]
    nearest = [((colour - palette) ** 2).sum(axis=1).argmin() for colour in colours]
    indices = np.array(nearest, np.uint8)[places].tobytes()
    image = Image.frombytes("P", figure.canvas.get_width_height(), indices)
    image.putpalette(palette.ravel().tolist())
    image.save(packed, format="png", optimize=True)
    return packed.getvalue()


def new_figure(width, height, name, **values):
    """An empty figure of so many inches, below a heading, which has its own height.

    The heading `name` of `figure_titles.j2` is the finding, which is also the figure's
    label, and how to read the figure.
    """
    heading = render("figure_titles.j2", figure=name, values=values).strip()
    title, reading = map(str.strip, heading.split("\n", 1))
    lines = _wrapped(title, width, letters=11.3)
    below = _wrapped(reading, width, letters=16.4)
    line, line_below = TITLE * 1.3, SUBTITLE * 1.35
    whole = height + (len(lines) * line + len(below) * line_below + 14) / 72
    figure = Figure(figsize=(width, whole), layout="constrained", label=title)
    below_heading = (0, 0, 1, height / whole)
    figure.get_layout_engine().set(rect=below_heading, w_pad=0.06, h_pad=0.06)
    left, top = 0.08 / width, 1 - 0.07 / whole
    look = {"va": "top", "linespacing": 1.15}
    figure.text(left, top, "\n".join(lines), size=TITLE, weight="bold", **look)
    top -= (len(lines) * line + 2) / 72 / whole
    figure.text(left, top, "\n".join(below), size=SUBTITLE, color=FAINT, **look)
    return figure


def _wrapped(words, width, letters):
    """Lines of so many letters an inch, with no break before a percent sign."""
    words = words.replace(" %", "\N{NO-BREAK SPACE}%")
    return textwrap.wrap(words, int((width - 0.2) * letters))


def plain_numbers(axis):
    """Numbers of an axis as the report writes them: 5,000 and 0.01, no powers."""
    axis.set_major_formatter(lambda value, _: _written(value))
    axis.set_minor_formatter(lambda *_: "")


def _written(value):
    plain = value == 0 or 1e-8 <= abs(value) < 1e8  # a diverging error is not
    words = f"{value:,.8f}".rstrip("0").rstrip(".") if plain else f"{value:.0e}"
    return words.replace("-", text.MINUS)


def log_numbers(axis, low, high):
    """Plain numbers on a logarithmic axis, also where it spans little."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,)))
    plain_numbers(axis)


def dashes(method):
    """Every second of the original's methods is dashed; others are dash-dotted."""
    if method not in METHODS:
        return (0, (5, 1, 1, 1))
    return (0, (3, 1)) if rank(method)[0] % 2 else "-"  # momentum and NAG coincide


def key(label, marker="", color=FAINT, ls="none", **look):
    """An entry of a legend."""
    return Line2D([], [], marker=marker, color=color, ls=ls, label=label, **look)


def dot(axes, x, y, marker, color, size, **look):
    """A mark with a white edge, which sets it off from what lies below."""
    look = {"mec": "white", "mew": 0.5, "clip_on": False} | look
    axes.plot(x, y, marker, color=color, ms=size, **look)


def as_table(axes, columns, rows):
    """Axes as a table: names at the left and below, no lines, the first row on top."""
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows, color=INK)
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def ground(axes, x, y, color, lw=0, **look):
    """The ground of a table's cell in column x and row y."""
    corner = x - 0.48, y - 0.46
    axes.add_patch(Rectangle(corner, 0.96, 0.92, fc=color, lw=lw, **look))
