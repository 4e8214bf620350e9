"""Every picture of the report: values in, matplotlib figures and their bytes out.

A figure's heading is its finding, and how to read it, from `figure_titles.j2`. The
label of a figure (`Figure.get_label`) is the finding alone. Colours belong to the
methods, but for verdicts: blue, grey and orange, which colour-blind readers tell apart.
"""

import functools
import io
import json
import math
import textwrap
from pathlib import Path
from statistics import median

import numpy as np
from matplotlib import patheffects, style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox
from PIL import Image

from reproduce.analysis import candidates, speed, sweeps, verdicts
from reproduce.analysis.findings import PATIENT
from reproduce.experiment.methods import METHODS, colours, rank, slug
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.record import SPLITS
from reproduce.original import CONFUSION, DIGITS

from . import text
from .rendering import render

INK, FAINT, GRID = "#222222", "#666666", "#dddddd"
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "axes.formatter.limits": (-5, 6),
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
    "savefig.dpi": "figure",
}
PALETTE = 256  # colours in a file: a third of the bytes, no visible difference
TITLE, SUBTITLE = 10.5, 8.5  # points
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]
BLUE, ORANGE = "#0072b2", "#d55e00"
ERROR = "training error (cross entropy)"
ENDS = {
    "threshold": ("o", "threshold met"),
    "rose": ("^", "error rose"),
    "epoch_limit": (">", "limit of epochs"),
    "diverged": ("X", "diverged"),
}
RISEN = 3  # times the first error, from where on the axis of errors is logarithmic
FARTHEST = 3  # times the epochs of the longest run, up to where the original is drawn
FLAT = 0.05  # of a curve's range; below it the last third is enlarged
DRAWN = (1e-9, 1e30)  # errors that logarithmic axes have a place for
LEARNED = speed.TARGETS[0]
HEADLINES = (speed.TARGETS[0], speed.TARGETS[3])  # of the targets, in titles


# All figures ------------------------------------------------------------------------


def figures(findings, folder):
    """Path below the output folder to the bytes of a PNG file, which repeat.

    Args:
        findings: `analysis.findings.Findings`.
        folder: the output folder; `paths/paths.json` is drawn if it is there.
    """
    return {_place(name): png(one) for name, one in drawn(findings, folder)}


def sweep_figures(sweeps):
    """The same of sweeps alone."""
    return {_place(name): png(one) for name, one in _drawn_sweeps(sweeps)}


def _drawn_sweeps(sweeps):
    for sweep in sweeps:
        yield f"sweep-{sweep.architecture}", sweep_figure(sweep)


def _place(name):
    return f"figures/{name}.png"


def drawn(findings, folder):
    """(name, Figure) of all that the findings have values for; see `figures`."""
    cells = speed.by_cell([*findings.records, *findings.others])
    palette = colours({method for _, method in cells})
    for architecture in sorted({architecture for architecture, _ in cells}):
        own = {m: cells[a, m] for a, m in cells if a == architecture}
        own = {m: own[m] for m in sorted(own, key=rank) if drawable(own[m])}
        for method, runs in own.items():
            judged = judged_as(findings.stated, architecture, method)
            one = cell_figure(runs, judged, palette[method])
            yield f"architecture-{architecture}-{slug(method)}", one
        if own:
            yield f"architecture-{architecture}-all", architecture_figure(own)
    if findings.records:
        yield "verdicts", verdict_figure(findings.stated)
    chosen = (findings.selection, ""), (findings.original_selection, "-original-choice")
    for selection, suffix in chosen:
        for split in SPLITS if selection.best else ():
            one = confusion_figure(split, selection.best, bool(suffix))
            yield f"confusion-{split}{suffix}", one
    if any(answer.nearest for answer in findings.answers):
        yield "candidates", candidate_figure(findings.answers)
    if stopping_rows(findings.stated, findings.patient):
        yield "stopping-4-5", stopping_figure(findings.stated, findings.patient)
    times = {target: findings.times(target) for target in speed.TARGETS}
    if cells:
        yield "time-to-target", times_figure(times)
        yield "profiles", profile_figure(times)
    yield from _drawn_sweeps(findings.sweeps)
    protocol = findings.protocol if cells else None
    if (found := read_paths(folder, protocol)) is not None:
        yield "paths", paths_figure(found)


def png(figure):
    """A figure as the bytes of a PNG file; its most frequent colours stay exact."""
    drawn, packed = io.BytesIO(), io.BytesIO()
    with style.context(STYLE, after_reset=True):
        figure.savefig(drawn, format="png", metadata={"Software": None})
    with Image.open(drawn) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int) @ (65536, 256, 1)
    found, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    kept = colours[np.argsort(-counts, kind="stable")[:PALETTE]]
    nearest = [np.argmin(((colour - kept) ** 2).sum(axis=1)) for colour in colours]
    few = Image.fromarray(np.array(nearest, np.uint8)[places].reshape(pixels.shape))
    few.putpalette(kept.ravel().tolist())
    few.save(packed, format="png", optimize=True)
    return packed.getvalue()


def _styled(draw):
    """The function, drawing in the house style."""

    @functools.wraps(draw)
    def styled(*arguments, **named):
        with style.context(STYLE, after_reset=True):
            return draw(*arguments, **named)

    return styled


def _new(width, height, name, **values):
    """An empty figure, its heading on top. Inches; the heading has its own height."""
    heading = render("figure_titles.j2", figure=name, values=values).strip()
    title, _, reading = heading.partition("\n")
    whole = [
        part.strip().replace(" %", "\N{NO-BREAK SPACE}%") for part in (title, reading)
    ]
    lines = textwrap.wrap(whole[0], int((width - 0.2) * 11.3))  # letters in an inch
    below = textwrap.wrap(whole[1], int((width - 0.2) * 16.4))
    taken = (len(lines) * TITLE * 1.3 + len(below) * SUBTITLE * 1.35 + 14) / 72
    figure = Figure(figsize=(width, height + taken), layout="constrained", label=title)
    FigureCanvasAgg(figure)
    rect = (0, 0, 1, height / (height + taken))
    figure.get_layout_engine().set(rect=rect, w_pad=0.06, h_pad=0.06)
    left, top = 0.08 / width, 1 - 0.07 / (height + taken)
    head = {"va": "top", "linespacing": 1.15}
    figure.text(left, top, "\n".join(lines), size=TITLE, weight="bold", **head)
    top -= (len(lines) * TITLE * 1.3 + 2) / 72 / (height + taken)
    figure.text(left, top, "\n".join(below), size=SUBTITLE, color=FAINT, **head)
    return figure


def _label(method):
    return METHODS[method].label


def _plain(axis):
    """Numbers of an axis as the report writes them: 5,000 and 0.01, no powers."""
    axis.set_major_formatter(lambda value, _: _written(value))
    axis.set_minor_formatter(lambda *_: "")


def _written(value):
    plain = value == 0 or 1e-8 <= abs(value) < 1e8  # a diverging error is not
    words = f"{value:,.8f}".rstrip("0").rstrip(".") if plain else f"{value:.0e}"
    return words.replace("-", text.MINUS)


def _log(axis, low, high):
    """A logarithmic scale that has numbers also where it spans little."""
    subs = (1.0, 2.0, 5.0) if high < 100 * low else (1.0,)
    axis.set_major_locator(LogLocator(subs=subs))
    _plain(axis)


def _darker(colour, share=0.72):
    """The same hue, dark enough to read as text on white."""
    return tuple(share * part for part in to_rgb(colour))


def _key(shape, label, colour=FAINT, line="none", **look):
    """An entry of a legend."""
    return Line2D([], [], marker=shape, color=colour, ls=line, label=label, **look)


def _dot(axes, x, y, shape, colour, size, **look):
    """A mark with a white edge, which sets it off from what lies below."""
    look = {"mec": "white", "mew": 0.5, "clip_on": False} | look
    axes.plot(x, y, shape, color=colour, ms=size, **look)


def _as_grid(axes, columns, rows):
    """Axes as a table: names at the left and below, no lines, the first row on top."""
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows, color=INK)
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _fill(axes, x, y, colour, **look):
    """The ground of a cell of a table."""
    look = {"lw": 0} | look
    place = (x - 0.48, y - 0.46)
    axes.add_patch(Rectangle(place, 0.96, 0.92, fc=colour, **look))


def _as_rows(axes, names, room):
    """Axes of which each row has a name; `room` is for so many rows."""
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.set_ylim(room - 0.4, -0.6)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


# Curves -----------------------------------------------------------------------------


def drawable(runs):
    """The runs with at least one finite epoch."""
    return [run for run in runs if run.history["loss"]]


def median_run(runs):
    """The run of median epochs, the lower one of two; those not ended come last."""
    return sorted(
        runs,
        key=lambda r: (r.epochs if r.stopped else math.inf, r.epochs, r.cell.seed),
    )[(len(runs) - 1) // 2]


def judged_as(stated, architecture, method):
    """The verdicts on epochs that a cell's runs are held against: none, one or two."""
    return [
        verdict
        for verdict in stated
        if (verdict.architecture, verdict.judged_as) == (architecture, method)
        and verdict.quantity == "epochs"
        and verdict.original is not None
    ]


def _curve(run):
    """Epochs and errors; none is 0 or beyond all axes."""
    errors = np.clip(run.history["loss"], *DRAWN)
    return range(1, len(errors) + 1), errors


def dashes(method):
    """Every second method is dashed, as momentum and NAG nearly coincide.

    Other optimizers than the original's are dash-dotted.
    """
    if method not in METHODS:
        return (0, (5, 1, 1, 1))
    return (0, (3, 1)) if list(METHODS).index(method) % 2 else "-"


@_styled
def cell_figure(runs, judged, colour):
    """Error against epoch of one architecture and method.

    Args:
        runs: its records, of which at least one is `drawable`.
        judged: verdicts on epochs, see `judged_as`.
        colour: of the method.
    """
    cell, stops = runs[0].cell, [run.epochs for run in runs if run.stopped]
    numbers = {}
    for verdict in judged:
        numbers.setdefault((verdict.label, verdict.reason), []).append(verdict.original)
    figure = _new(
        5.8, 3.4, "cell",
        method=_label(cell.method), architecture=cell.architecture, runs=len(runs),
        stopped=len(stops), stops=text.spread(stops, text.count), outcomes=numbers,
        diverged=sum(run.ending == "diverged" for run in runs),
    )  # fmt: skip
    axes, shown = figure.add_subplot(), drawable(runs)
    middle = median_run(shown)
    errors = [run.history["loss"] for run in shown]
    _draw_runs(axes, shown, middle, colour)
    longest = max(map(len, errors))
    originals = [v.original for v in judged if v.original <= FARTHEST * longest]
    axes.set_xlim(0, 1.04 * max(longest, *originals, 1))
    rises = max(map(max, errors)) > RISEN * max(own[0] for own in errors)
    if rises:  # a diverging run would press all others flat
        axes.set_yscale("log")
        _log(axes.yaxis, *axes.get_ylim())
    else:
        axes.set_ylim(0)
    flat = not rises and _is_flat(middle.history["loss"])
    for epochs in originals:  # below the inset, if there is one
        _original_line(axes, epochs, 0.36 if flat else 1)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    _plain(axes.xaxis)
    axes.set(xlabel="epoch", ylabel=ERROR)
    if flat:
        _enlarge(axes, shown, middle, colour, originals)
    keys = [_key("", "the original's epochs", INK, (0, (4, 2)), lw=1)] * bool(originals)
    endings = {run.ending for run in shown}
    keys += [_key(*ENDS[ending], markersize=5) for ending in ENDS if ending in endings]
    figure.legend(handles=keys, loc="outside lower left", ncols=4, fontsize=8)
    return figure


def _original_line(axes, epochs, top=1.0):
    axes.axvline(epochs, 0, top, color=INK, lw=1, ls=(0, (4, 2)), gid="original")


def _draw_runs(axes, runs, middle, colour, size=6):
    for run in runs:
        bold = run is middle
        look = {"alpha": 1 if bold else 0.55, "zorder": 3 if bold else 2}
        line = {"lw": 1.9 if bold else 0.7, "gid": "median" if bold else "seed"}
        epochs, errors = _curve(run)
        axes.plot(epochs, errors, color=colour, **line, **look)
        mark = size if bold else 0.7 * size
        _dot(
            axes,
            epochs[-1],
            errors[-1],
            ENDS[run.ending][0],
            colour,
            mark,
            gid="end",
            **look,
        )


def _is_flat(errors):
    """Whether the last third of a curve looks like a level line."""
    late = errors[-(len(errors) // 3) :]
    return len(errors) >= 9 and np.ptp(late) < FLAT * np.ptp(errors)


def _enlarge(axes, runs, middle, colour, originals):
    """The last third of the median run, in the empty corner above a falling curve."""
    inset = axes.inset_axes((0.4, 0.48, 0.58, 0.45))
    first = 2 * len(middle.history["loss"]) // 3
    runs = [run for run in runs if len(run.history["loss"]) >= first]
    _draw_runs(inset, runs, middle, colour, size=5)
    longest = max(len(run.history["loss"]) for run in runs)
    last = max([longest, *(e for e in originals if e < 1.3 * longest)])
    seen = [error for run in runs for error in run.history["loss"][first - 1 :]]
    room = 0.08 * (max(seen) - min(seen)) or FLAT * np.ptp(middle.history["loss"])
    inset.set_xlim(first, last + 0.06 * (last - first))
    inset.set_ylim(min(seen) - room, max(seen) + room)
    for epochs in originals:
        if first <= epochs <= last:
            _original_line(inset, epochs)
    inset.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    _plain(inset.xaxis)
    inset.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    inset.tick_params(labelsize=7.5, length=2.5)
    inset.set_title("last third, enlarged", size=8, color=FAINT, pad=3)


@_styled
def architecture_figure(cells):
    """All methods of one architecture; both axes logarithmic.

    Args:
        cells: method to its records, of which at least one is `drawable`.
    """
    records = [run for runs in cells.values() for run in runs]
    architecture = records[0].cell.architecture
    stops = {
        method: median(run.epochs if run.stopped else math.inf for run in runs)
        for method, runs in cells.items()
    }
    learned = speed.medians(records, LEARNED)
    figure = _new(
        8, 4.7, "architecture",
        architecture=architecture, error=LEARNED.value,
        seeds=max(map(len, cells.values())), stop=_first(stops),
        learn=_first({method: learned[architecture, method] for method in cells}),
    )  # fmt: skip
    axes, palette, ends = figure.add_subplot(), colours(cells), []
    axes.set(xscale="log", yscale="log", xlabel="epoch", ylabel=ERROR)
    for method, runs in cells.items():
        shown, colour = drawable(runs), palette[method]
        middle = median_run(shown)
        axes.fill_between(*_band(shown), color=colour, alpha=0.18, lw=0)
        look = {"color": colour, "lw": 1.9, "ls": dashes(method), "gid": "median"}
        epochs, errors = _curve(middle)
        axes.plot(epochs, errors, **look)
        end = epochs[-1], errors[-1]
        _dot(axes, *end, ENDS[middle.ending][0], colour, 6.5, gid="end")
        ends.append((*end, f"{_label(method)} {_ended(middle)}", _darker(colour)))
    for axis in (axes.xaxis, axes.yaxis):
        _plain(axis)
    axes.set_ylim(0.45 * axes.get_ylim()[0])  # room for ticks and labels below
    ticks = _original_ticks(axes, architecture, palette)
    axes.set_xlim(0.9, 4 * max(*(x for x, *_ in ends), *ticks, 1))
    place_labels(axes, ends)
    return figure


def _first(values):
    """The methods of the lowest value, with it; None where none is finite."""
    lowest = min(values.values(), default=math.inf)
    if math.isinf(lowest):
        return None
    return {
        "methods": [_label(m) for m in values if values[m] == lowest],
        "value": lowest,
    }


def _band(runs):
    """Epochs, and the lowest and highest error of the seeds that came so far."""
    longest = max(len(run.history["loss"]) for run in runs)
    errors = np.full((len(runs), longest), np.nan)
    for row, run in zip(errors, runs, strict=True):
        row[: len(run.history["loss"])] = _curve(run)[1]
    return range(1, longest + 1), np.nanmin(errors, 0), np.nanmax(errors, 0)


def _ended(run):
    if run.ending == "diverged":
        return "diverged"
    return f"{'' if run.stopped else '>'}{text.count(run.epochs)}"


def _original_ticks(axes, architecture, palette):
    """Short lines at the original's epochs, one above the other where they are near."""
    placed = []
    for method in palette:
        for row in candidates.printed_rows(architecture, method):
            height = 0.05 * sum(abs(math.log(row.epochs / e)) < 0.05 for e in placed)
            placed.append(row.epochs)
            axes.plot(
                [row.epochs] * 2, [height, height + 0.045], color=palette[method],
                lw=2.6, solid_capstyle="butt", clip_on=False, gid="original",
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip
    return placed or [1]


def place_labels(axes, ends):
    """Write each label beside the end of its line, where it covers least.

    No label covers another, nor the end of a line: places ever farther from the end
    are tried; a thin line leads to those that are not beside it.

    Args:
        axes: with final limits.
        ends: (x, y, label, colour).
    """
    figure = axes.figure
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # labels must not move what they are placed on
    point, renderer = figure.dpi / 72, figure.canvas.get_renderer()
    frame = axes.get_window_extent()
    allowed = [frame.x0, frame.y0 + 0.1 * frame.height, figure.bbox.x1, frame.y1 + 4]
    allowed = Bbox.from_extents(*allowed)
    lines = [line for line in axes.lines if line.get_gid() == "median"]
    curves = np.concatenate([_on_screen(axes, line.get_xydata()) for line in lines])
    dots = axes.transData.transform([end[:2] for end in ends])
    taken = [Bbox.from_bounds(x, y, 0, 0).padded(5) for x, y in dots]
    steps = [12 * step for step in range(-30, 31)]
    look = {"fontsize": 9, "va": "center", "path_effects": HALO}
    for index in sorted(range(len(ends)), key=lambda i: -dots[i][1]):
        *end, words, colour = ends[index]
        trial = figure.text(0, 0, words, **look)
        size = trial.get_window_extent(renderer).size
        trial.remove()

        def box(place, dot=dots[index], size=size):
            corner = dot + np.array(place) * point - (0, size[1] / 2)
            return Bbox.from_bounds(*corner, *size).padded(1)

        def cost(place, box=box):
            here = box(place)
            outside = 2 - allowed.count_contains([here.min, here.max])
            hidden = 8 * here.count_contains(curves) + 14 * (place[0] < 0)
            return here.count_overlaps(taken), outside, hidden + abs(place[1])

        gaps = (8, 20, -8 - size[0] / point, -20 - size[0] / point)
        place = min(((dx, dy) for dy in steps for dx in gaps), key=cost)
        taken.append(box(place))
        leader = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkB": 4}
        axes.annotate(
            words, end, place, textcoords="offset points", color=colour, **look,
            arrowprops=leader if abs(place[1]) > 12 else None, annotation_clip=False,
            gid="end-label", zorder=6,
        )  # fmt: skip


def _on_screen(axes, points):
    """Points in pixels, spread along the curve as it is seen."""
    pixels = axes.transData.transform(np.asarray(points, dtype=float))
    if len(pixels) < 2:
        return pixels
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(pixels, axis=0).T))])
    along = np.arange(0, length[-1], 4)
    return np.column_stack([np.interp(along, length, part) for part in pixels.T])


# Verdicts ---------------------------------------------------------------------------

LABELS = {
    verdicts.AGREES: ("#0072b2", "#d6e6f2"),
    verdicts.CLOSE: ("#4f9fcf", "#eaf3f9"),
    verdicts.CANNOT_TELL: ("#6f6f6f", "#e9e9e9"),
    verdicts.DIFFERS: ("#c85200", "#fbe0c8"),
    verdicts.NOT_JUDGED: ("#a8a8a8", "#ffffff"),
}  # a verdict to its colour, and to that of the ground
SHOWN = {"epochs": "epochs", "validation": "validation accuracy"}
SPAN = {"epochs": math.log(2), "validation": 0.03}  # from a cell's middle to its edge
SCALE = {"epochs": ("½", "=", "×2"), "validation": ("−3", "=", "+3")}
HALF = 0.44  # of a cell's width
LINED = {"ec": GRID, "lw": 0.7}  # an empty cell


def relative(verdict, value):
    """Where a value lies beside the original's: -1 to 1 within the cell's scale."""
    if verdict.quantity == "epochs":
        if value <= 0:  # the rounded end of a wide interval
            return -math.inf
        return math.log(value / verdict.original) / SPAN["epochs"]
    return (value - verdict.original) / SPAN[verdict.quantity]


@_styled
def verdict_figure(stated):
    """The original's cells as a grid, for epochs and for validation accuracy.

    Args:
        stated: `verdicts.judge` of runs.
    """
    shown = [verdict for verdict in stated if verdict.quantity in SHOWN]
    counts = verdicts.count(verdict.label for verdict in shown)
    figure = _new(11, 3.9, "verdicts", counts=counts, judged=sum(counts.values()))
    rows, ticks = list(METHODS), np.array([-0.9, 0, 0.9]) * HALF
    for axes, quantity in zip(figure.subplots(1, 2, sharey=True), SHOWN, strict=True):
        for verdict in shown:
            if verdict.quantity == quantity:
                place = verdict.architecture - 1, rows.index(verdict.method)
                _draw_verdict(axes, verdict, *place)
        _as_grid(axes, ARCHITECTURES, [_label(method) for method in rows])
        places = [x + tick for x in range(len(ARCHITECTURES)) for tick in ticks]
        axes.set_xticks(places, SCALE[quantity] * len(ARCHITECTURES), size=7)
        axes.set_ylim(top=-1)
        for x, architecture in enumerate(ARCHITECTURES):
            words = f"architecture {architecture}"
            axes.text(x, -0.7, words, ha="center", size=8, color=FAINT)
        unit = "" if quantity == "epochs" else " (percentage points)"
        axes.set_title(f"{SHOWN[quantity]}, beside the original's{unit}", weight="bold")
    keys = [
        Rectangle((0, 0), 1, 1, fc=ground, ec=colour, label=label)
        for label, (colour, ground) in LABELS.items()
    ]
    figure.legend(handles=keys, loc="outside lower left", ncols=len(keys), fontsize=8.5)
    return figure


def _draw_verdict(axes, verdict, x, y):
    colour, ground = LABELS[verdict.label]
    judged = verdict.label != verdicts.NOT_JUDGED
    _fill(axes, x, y, ground, gid=verdict.label, **{} if judged else LINED)
    notes = [f"as {_label(verdict.judged_as)}"] * (verdict.judged_as != verdict.method)
    notes += [verdict.reason] * (not judged)
    axes.text(x - 0.45, y - 0.29, ", ".join(notes), size=6.5, color=FAINT, va="center")
    if verdict.original is None:
        return

    def across(*values):
        return x + HALF * np.clip([relative(verdict, v) for v in values], -1, 1)

    original, limit = verdict.original, verdict.limit
    low, high = across(original - limit, original + limit)
    band = Rectangle((low, y - 0.46), high - low, 0.92, fc="white", alpha=0.7, lw=0)
    axes.add_patch(band)
    axes.plot([x, x], [y - 0.42, y + 0.42], color=INK, lw=1.3)
    if verdict.low is not None:
        bar = {"lw": 5, "alpha": 0.3, "solid_capstyle": "butt", "gid": "interval"}
        ends = across(verdict.low, verdict.high)
        axes.plot(ends, [y + 0.06] * 2, color=colour, **bar)
    for place, value in enumerate(verdict.values):
        where = relative(verdict, value)
        shape = "o" if abs(where) <= 1 else "<" if where < 0 else ">"
        height = y + 0.06 + 0.07 * (place % 3 - 1)  # so that equal seeds are seen
        look = {"mec": colour, "mfc": colour if judged else "white", "gid": "run"}
        _dot(axes, *across(value), height, shape, colour, 3.4, **look)


# Confusion --------------------------------------------------------------------------

RIGHT = LinearSegmentedColormap.from_list("right", ["#eef4f9", "#7fb3d5"])
WRONG = LinearSegmentedColormap.from_list("wrong", ["#ffffff", "#fdd9b5", "#d55e00"])


@_styled
def confusion_figure(split, record, chosen_by_original=False):
    """The matrices of one split: our model's beside the original's.

    Args:
        split: `train`, `validation` or `test`.
        record: of our model.
        chosen_by_original: whether it is the best of the original's architecture.
    """
    ours, printed = record.splits[split], CONFUSION["splits"][split]
    own_data = record.protocol.data_sha256 is not None
    whole = np.array(ours["confusion"])
    digits = [d for d in range(10) if whole[d].sum()] if own_data else list(DIGITS)
    parts = whole[np.ix_(digits, digits)], np.array(printed["matrix"])
    filled = [one for one in CONFUSION["filled_in"] if one["split"] == split]
    figure = _new(
        8.6, 4.5, "confusion",
        split={"train": "training"}.get(split, split),
        ours=_errors(whole, range(10)) | {"architecture": record.cell.architecture},
        theirs=_errors(parts[1], DIGITS), filled_in=bool(filled),
        chosen_by_original=chosen_by_original,
        outside=int(whole.sum() - parts[0].sum()),
    )  # fmt: skip
    panels = figure.subplots(1, 2)
    names = [
        f"Rerun: architecture {record.cell.architecture}, "
        f"{_label(record.cell.method)}, seed {record.cell.seed}",
        f"Original: architecture {CONFUSION['architecture']}, "
        f"method {CONFUSION['method']}",
    ]
    worst = max(_off(part).max() for part in parts) or 1
    brackets = [set(), {(one["true"], one["predicted"]) for one in filled}]
    for axes, part, shown, name, values, marked in zip(
        panels, parts, (digits, DIGITS), names, (ours, printed), brackets, strict=True
    ):
        _heat_map(axes, part, list(shown), worst, marked)
        accuracy, loss = text.percent(values["accuracy"]), text.error(values["loss"])
        axes.set_title(f"{name}\naccuracy {accuracy}, loss {loss}")
    return figure


def _off(matrix):
    """The matrix without its diagonal."""
    return matrix * (1 - np.eye(len(matrix), dtype=int))


def _errors(matrix, digits):
    """How many images, how many of them wrong, and the most frequent mistake."""
    off, digits = _off(matrix), list(digits)
    true, predicted = np.unravel_index(off.argmax(), off.shape)
    top = {"true": digits[true], "predicted": digits[predicted]}
    top |= {"number": int(off.max()), "pair": (digits[true], digits[predicted])}
    counts = {"images": int(matrix.sum()), "wrong": int(off.sum())}
    return counts | {"top": top if off.any() else None}


def _heat_map(axes, matrix, digits, worst, marked):
    """Numbers in every cell; the diagonal has a scale of its own, from 90 % on."""
    for i, row in enumerate(matrix):
        for j, number in enumerate(row):
            share = number / max(row.sum(), 1) if i == j else number / worst
            _fill(axes, j, i, RIGHT(10 * share - 9) if i == j else WRONG(share))
            ink = "white" if i != j and share > 0.75 else INK if number else "#a0a0a0"
            known = (digits[i], digits[j]) not in marked
            words = text.count(number) if known else f"[{number}]"
            axes.text(j, i, words, ha="center", va="center", color=ink)
    _as_grid(axes, digits, digits)
    axes.set(xlabel="predicted digit", ylabel="true digit")


# Candidates and the rule of architectures 4 and 5 -----------------------------------


@_styled
def candidate_figure(answers):
    """The candidates' distances from the original, a panel a question.

    Args:
        answers: `candidates.explain` of studies; at least one has a nearest candidate.
    """
    asked = [answer for answer in answers if answer.nearest]
    steady = [answer for answer in asked if answer.steady]
    others = [
        {"key": answer.question.key, "label": answer.nearest.label}
        for answer in steady
        if not answer.is_default
    ]
    sizes = [len(answer.ranking) for answer in asked]
    figure = _new(
        7.8, 0.25 * sum(sizes) + 0.43 * len(asked) + 0.6, "candidates",
        asked=len(asked), default=len(steady) - len(others), others=others,
        open=len(asked) - len(steady),
    )  # fmt: skip
    panels = figure.subplots(len(asked), 1, sharex=True, squeeze=False)[:, 0]
    panels[0].get_gridspec().set_height_ratios(sizes)
    found = [d for a in asked for c in a.ranking for d in c.by_seed.values()]
    edge = 1.06 * max((d for d in found if math.isfinite(d)), default=1) or 1
    for axes, answer in zip(panels, asked, strict=True):
        for y, candidate in enumerate(answer.ranking):
            colour = BLUE if y == 0 and answer.steady else "#8c8c8c"
            for distance in candidate.by_seed.values():
                shape = "o" if math.isfinite(distance) else ">"
                _dot(axes, min(distance, edge), y, shape, colour, 5, gid="seed")
            if math.isfinite(candidate.distance):
                _dot(axes, candidate.distance, y, "|", colour, 13, mec=colour, mew=2)
        names = [candidate.label for candidate in answer.ranking]
        _as_rows(axes, names, len(names))
        values = {"key": answer.question.key}
        words = render("figure_titles.j2", figure="question", values=values).strip()
        axes.set_title(words, weight="bold", pad=3)
    panels[-1].set(xlim=(0, edge), xlabel="distance (1: the limit of effect)")
    return figure


def stopping_rows(stated, patient):
    """(by the stated rule, with a patience of 2) of each row that has both."""
    return [
        (one, other)
        for one, other in zip(stated, patient, strict=True)
        if one.architecture in PATIENT and one.quantity == "epochs"
        if one.original is not None and one.values and other.values
    ]


@_styled
def stopping_figure(stated, patient):
    """Why architectures 4 and 5 differ: the original's epochs against both rules.

    Args:
        stated, patient: verdicts; they have `stopping_rows`.
    """
    rows = stopping_rows(stated, patient)
    near = [sum(map(_is_near, rule)) for rule in zip(*rows, strict=True)]
    by_panel = {}
    for pair in rows:
        by_panel.setdefault(pair[0].architecture, []).append(pair)
    room = max(map(len, by_panel.values()))
    figure = _new(
        8, 0.36 * room + 1.2, "stopping", stated=near[0], patient=near[1],
        rows=len(rows), limit=verdicts.EPOCHS_LIMIT,
    )  # fmt: skip
    panels = figure.subplots(1, len(by_panel), squeeze=False)[0]
    for axes, (architecture, own) in zip(panels, by_panel.items(), strict=True):
        for y, pair in enumerate(own):
            _draw_stopping(axes, y, *pair)
        names = [
            _label(one.method)
            + ("" if one.method == one.judged_as else f" (is {_label(one.judged_as)})")
            for one, _ in own
        ]
        _as_rows(axes, names, room)
        axes.set(xscale="log", xlabel="epochs (logarithmic)")
        seen = [v for pair in own for one in pair for v in (one.original, *one.values)]
        seen = [value for value in seen if math.isfinite(value)]
        axes.set_xlim(0.75 * min(seen), 1.35 * max(seen))
        _log(axes.xaxis, 1, 1)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_title(f"architecture {architecture}", weight="bold")
    keys = [
        _key("|", "the original", INK, ms=13, mew=2),
        _key("o", "rerun, stated rule", ORANGE, mfc="white", ms=5.5),
        _key("o", "rerun, patience 2", BLUE, ms=5.5),
    ]
    figure.legend(handles=keys, loc="outside lower left", ncols=3, fontsize=8.5)
    return figure


def _is_near(verdict):
    """Whether the median lies within the limit of effect."""
    return abs(verdict.centre - verdict.original) <= verdict.limit + verdicts.SLACK


def _draw_stopping(axes, y, stated, patient):
    corner = stated.original - stated.limit, y - 0.4
    axes.add_patch(Rectangle(corner, 2 * stated.limit, 0.8, fc="#ececec", lw=0))
    line = [stated.original] * 2, [y - 0.4, y + 0.4]
    axes.plot(*line, color=INK, lw=2, gid="original")
    for verdict, colour, face, lift in (
        (stated, ORANGE, "white", 0.16),
        (patient, BLUE, BLUE, -0.16),
    ):
        ended = [value for value in verdict.values if math.isfinite(value)]
        for place, value in enumerate(ended):
            height = y + lift + 0.06 * (place % 3 - 1)  # so that equal seeds are seen
            look = {"mfc": face, "mec": colour, "mew": 1, "gid": "run"}
            _dot(axes, value, height, "o", colour, 4.5, **look)


# Time to target ---------------------------------------------------------------------

NEAREST = LinearSegmentedColormap.from_list(
    "nearest", ["#f7fafc", "#a9cde6", "#3b8fc4"]
)
FADED = 16  # times the fastest, from where on all are as pale


def _target(target):
    """A panel's name."""
    if target.quantity == "loss":
        return f"error ≤ {target.value:g}"
    return f"validation ≥ {text.percent(target.value, 0)}"


def leader(medians, ratio=1):
    """The methods most often within a ratio of the fastest, as `times` has it.

    Returns:
        their keys, on how many architectures (`value`), and of how many
        (`architectures`); None where no method arrives.
    """
    architectures = {architecture for architecture, _ in medians}
    profile = speed.performance_profile(medians, [ratio])
    counts = {m: round(share[0] * len(architectures)) for m, share in profile.items()}
    most = max(counts.values())
    methods = [_label(m) for m in sorted(counts, key=rank) if counts[m] == most]
    found = {"methods": methods, "value": most, "architectures": len(architectures)}
    return found if most else None


def _leaders(times, ratio=1):
    """Values of a title: who leads on the way to an error, and to an accuracy."""
    values = {}
    for name, target in zip(("error", "accuracy"), HEADLINES, strict=True):
        values[name] = leader(times[target], ratio)
        goal = {"quantity": target.quantity, "value": target.value}
        values[f"{name}_target"] = goal
    return values


@_styled
def times_figure(times):
    """Median epochs to every target, by method and architecture.

    Args:
        times: target to (architecture, method) to median epochs; infinite: never.
    """
    keys = list(times[LEARNED])
    methods = sorted({method for _, method in keys}, key=rank)
    architectures = sorted({architecture for architecture, _ in keys})
    height = 2 * (0.27 * len(methods) + 0.5) + 0.1
    figure = _new(8.6, height, "times", **_leaders(times))
    panels = figure.subplots(2, 3, sharey=True).flat
    for axes, (target, medians) in zip(panels, times.items(), strict=False):
        for x, architecture in enumerate(architectures):
            column = [medians.get((architecture, method)) for method in methods]
            fastest = min((v for v in column if v is not None), default=0)
            for y, value in enumerate(column):
                _time_cell(axes, x, y, value, fastest)
        _as_grid(axes, architectures, [_label(method) for method in methods])
        axes.set_title(_target(target), weight="bold")
        axes.set_xlabel("architecture")
    keys = [
        Rectangle((0, 0), 1, 1, fc=NEAREST(near), ec=GRID, label=label)
        for near, label in ((1.0, "1"), (0.5, "4"), (0.0, f"{FADED} and more"))
    ]
    panels[5].axis("off")
    look = {"loc": "center", "title": "times the fastest in the column"}
    panels[5].legend(handles=keys, **look)
    return figure


def _time_cell(axes, x, y, value, fastest):
    arrives = value is not None and math.isfinite(value)
    ratio = value / fastest if arrives else FADED
    near = 1 - math.log(min(ratio, FADED), FADED)
    _fill(axes, x, y, NEAREST(near) if arrives else "white")
    look = {"size": 8} if arrives else {"size": 7, "color": "#8a8a8a"}
    weight = "bold" if arrives and ratio == 1 else "normal"
    words = text.count(value)
    axes.text(x, y, words, ha="center", va="center", weight=weight, **look)


@_styled
def profile_figure(times):
    """Performance profiles, a panel a target.

    Args:
        times: as for `times_figure`.
    """
    methods = sorted({method for _, method in times[LEARNED]}, key=rank)
    palette, ratio = colours(methods), 2
    figure = _new(9.2, 4.7, "profiles", ratio=ratio, **_leaders(times, ratio))
    panels = figure.subplots(2, 3, sharey=True).flat
    for axes, (target, medians) in zip(panels, times.items(), strict=False):
        profile = speed.performance_profile(medians)
        for place, method in enumerate(methods):
            aside = 0.011 * (place - (len(methods) - 1) / 2)
            shares = np.array(profile[method]) + aside
            look = {"color": palette[method], "lw": 1.8, "ls": dashes(method)}
            axes.step(speed.RATIOS, shares, where="post", gid="profile", **look)
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
        axes.set(xlim=(1, max(speed.RATIOS)), ylim=(-0.07, 1.07))
        axes.yaxis.set_major_formatter(lambda value, _: text.percent(value, 0))
        axes.set_title(_target(target), weight="bold")
        axes.grid()
    for axes in (panels[2], panels[3], panels[4]):
        axes.set_xlabel("of the fastest method's epochs")
    for axes in (panels[0], panels[3]):
        axes.set_ylabel("share of architectures")
    keys = [_key("", _label(m), palette[m], dashes(m), lw=1.8) for m in methods]
    panels[5].axis("off")
    panels[5].legend(handles=keys, loc="center left", handlelength=3)
    return figure


# Learning rates ---------------------------------------------------------------------

SHAPES = ("o", "X", "s", "D", "v", "^", "h")  # of methods, where lines cross often


@_styled
def sweep_figure(sweep):
    """Epochs to an error of 0.02, and validation loss, against the learning rate.

    Args:
        sweep: `sweeps.Sweep` of one architecture.
    """
    single = [line for line in sweep.lines if not line.full_batch]
    target = sweeps.RANKED_BY
    soonest = {line.method: line.soonest(target) for line in single}
    best = {m: point.epochs_to(target) for m, point in soonest.items() if point}
    there = {
        line.method: line.at_original_rate.epochs_to(target)
        for line in single
        if line.at_original_rate
    }
    figure = _new(
        9.6, 4.3, "sweep",
        architecture=sweep.architecture, error=target.value, best=_first(best),
        original=_first(there), original_rate=sweeps.ORIGINAL_RATE,
        batch_gd=len(single) < len(sweep.lines),
    )  # fmt: skip
    panels = figure.subplots(1, 2)
    palette = colours(line.method for line in sweep.lines)
    _sweep_panel(
        panels[0], sweep.lines, palette, "never",
        lambda point: [target.reached(run) for run in point.runs],
        lambda line: line.soonest(target),
    )  # fmt: skip
    _sweep_panel(
        panels[1], sweep.lines, palette, "diverged",
        lambda point: point.values("validation", "loss"), lambda line: line.best,
    )  # fmt: skip
    panels[0].set_ylabel(f"epochs to a training error of {target.value:g}")
    panels[1].set_ylabel("validation loss (cross entropy)")
    keys = [
        _key(_shape(m, i), _label(m), palette[m], dashes(m), lw=1.6, ms=5, mec="white")
        for i, m in enumerate(palette)
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=7, handlelength=3)
    return figure


def _shape(method, place):
    known = list(METHODS)
    return SHAPES[known.index(method) if method in METHODS else place % len(SHAPES)]


def _sweep_panel(axes, lines, palette, missing, values, best):
    """A line a method; what has no finite value stands on a shelf above the rest.

    Args:
        values: a point's numbers, one a run.
        best: the point of a line that has a ring, or None.
    """
    axes.set(xscale="log", yscale="log", xlabel="learning rate")
    found = [v for line in lines for point in line.points for v in values(point)]
    finite = [v for v in found if math.isfinite(v) and v > 0] or [1.0]
    low, high = min(finite), max(finite)
    step = max(high / low, 4) ** 0.07
    shelf = high * step**2
    for place, line in enumerate(lines):
        colour, shape = palette[line.method], _shape(line.method, place)
        aside = place - (len(lines) - 1) / 2  # so that marks are told apart
        look = {"color": colour, "zorder": 3 + place / 10}
        chosen, drawn = best(line), []
        for point in line.points:
            middle, rate = median(values(point)), point.rate * 1.035**aside
            known = [value for value in values(point) if math.isfinite(value)]
            if not math.isfinite(middle):
                rate = point.rate * 1.13**aside
                flat = {"mfc": "white", "mec": colour, "mew": 1, "gid": "missing"}
                _dot(axes, rate, shelf, shape, colour, 4.5, **flat)
                drawn.append((rate, np.nan))
                continue
            drawn.append((rate, middle))
            axes.plot([rate] * 2, [min(known), max(known)], lw=0.9, **look)
            _dot(axes, rate, middle, shape, zorder=4, colour=colour, size=6)
            if point is chosen:
                ring = {"mfc": "none", "mec": colour, "mew": 1.2, "gid": "best"}
                _dot(axes, rate, middle, "o", colour, 13, **ring)
        ink = {"lw": 1.6, "ls": dashes(line.method), "gid": f"line {line.method}"}
        axes.plot(*zip(*drawn, strict=True), path_effects=HALO, **ink, **look)
    look = {"color": INK, "lw": 1, "ls": ":", "zorder": 1, "gid": "original"}
    axes.axvline(sweeps.ORIGINAL_RATE, **look)
    full = all(map(math.isfinite, found))
    if not full:
        axes.axhline(high * step, color=GRID, lw=0.8)
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(missing, (1, shelf), (2, 0), va="center", color=FAINT, **place)
    axes.set_ylim(low / step, high * step if full else shelf * step)
    _plain(axes.xaxis)
    _log(axes.yaxis, low, high)
    axes.grid(axis="y")


# Paths ------------------------------------------------------------------------------

PATHS = "paths/paths.json"  # what `python -m reproduce paths` leaves in a folder
GROUND = LinearSegmentedColormap.from_list("ground", ["#ffffff", "#dfe5ea", "#a9b4be"])
WIDE = {"sgd": 7.5, "momentum": 4.8}  # seen below those that nearly coincide


def read_paths(folder, protocol):
    """The content of `paths.json`; None if there is none of that protocol.

    A file that cannot be read counts as none.
    """
    try:
        found = json.loads((Path(folder) / PATHS).read_bytes())
        same = Protocol.from_dict(found["protocol"]) == protocol
        whole = {"x", "y", "surface", "share", "shares"} <= set(found)
        return found if same and whole and len(found["paths"]) > 1 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@_styled
def paths_figure(found):
    """Where the methods go from the same weights, on a plane of the loss surface.

    Args:
        found: what `paths.json` holds.
    """
    far = {m: math.hypot(p["x"][-1], p["y"][-1]) for m, p in found["paths"].items()}
    shares = found["shares"].values()
    figure = _new(
        8.8, 4.5, "paths",
        architecture=found["architecture"], seed=found["seed"], share=found["share"],
        farthest=_label(max(far, key=far.get)), nearest=_label(min(far, key=far.get)),
        low=min(shares), high=max(shares),
    )  # fmt: skip
    axes, beside = figure.subplots(1, 2, width_ratios=[2.6, 1])
    loss = np.log10(found["surface"])
    levels = np.arange(np.floor(loss.min() * 4) / 4, loss.max() + 0.25, 0.25)
    axes.contourf(found["x"], found["y"], loss, levels, cmap=GROUND)
    marks = [mark for mark in (0.1, 0.3, 1, 3, 10) if loss.min() < math.log10(mark)]
    look = {"colors": "#7b8894", "linewidths": 0.6, "linestyles": "-"}
    lines = axes.contour(found["x"], found["y"], loss, np.log10(marks), **look)
    axes.clabel(lines, fmt=lambda power: f"{10**power:g}", fontsize=7.5)
    axes.set_aspect("equal")
    axes.set(xlabel="distance from the start", ylabel="distance from the start")
    for place, method in enumerate(sorted(found["paths"], key=rank)):
        _draw_path(axes, beside, found["paths"][method], method, place)
    axes.plot(0, 0, "o", color=INK, ms=6, zorder=6)
    axes.annotate(
        "start", (0, 0), (-6, -12), textcoords="offset points", ha="right",
        path_effects=HALO, zorder=7,
    )  # fmt: skip
    beside.axis("off")
    beside.set(xlim=(0, 1), ylim=(0, 1))
    return figure


def _draw_path(axes, beside, path, method, place):
    colour, width = METHODS[method].colour, WIDE.get(method, 2)
    axes.plot(path["x"], path["y"], color=colour, lw=width, zorder=3 + place / 10)
    head = {"mew": 1, "zorder": 5 + place / 10}
    _dot(axes, path["x"][-1], path["y"][-1], "o", colour, 7 + width, **head)
    height = 0.93 - 0.115 * place
    _dot(beside, 0.04, height, "o", colour, 8)
    beside.text(0.12, height, _label(method), weight="bold", va="center")
    epochs, error = text.count(path["epochs"][-1]), text.error(path["losses"][-1])
    words = f"{epochs} epochs\nerror {error}"
    beside.text(0.98, height, words, va="center", ha="right", fontsize=8.5)
