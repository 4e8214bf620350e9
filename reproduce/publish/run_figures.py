"""Figures of the runs themselves: their errors, how soon, at which rate, and where."""

import math
from statistics import median

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from reproduce.analysis import candidates, speed, sweeps
from reproduce.analysis.sampling import drawn_runs, median_run, most_drawn
from reproduce.experiment.methods import METHODS, colours, rank

from . import drawing, text
from .drawing import FAINT, GRID, HALO, INK
from .rendering import method_label

ERROR = "training error (cross entropy)"
ENDS = {
    "threshold": ("threshold met", "o"),
    "rose": ("error rose", "^"),
    "epoch_limit": ("limit of epochs", ">"),
    "diverged": ("diverged", "X"),
}  # how a run ended: its name and its mark
ORIGINAL = {"color": INK, "lw": 1, "ls": (0, (4, 2))}  # line at the original's epochs
RISEN = 3  # times the first error, from where on the axis of errors is logarithmic
FARTHEST = 3  # times the epochs of the longest run, up to where the original is drawn
FLAT = 0.05  # of a curve's range; below it the last third is enlarged
DRAWN = (1e-9, 1e30)  # errors that logarithmic axes have a place for
HEADLINES = speed.TARGETS[0], speed.TARGETS[3]  # error 0.05, validation accuracy 95 %
FADED = 16  # times the fastest, from where on all are as pale
NEAR = LinearSegmentedColormap.from_list("near", ["#f7fafc", "#a9cde6", "#3b8fc4"])
SHAPES = "oXsDv^h"  # of the methods' marks, where lines cross often
GROUND = LinearSegmentedColormap.from_list("ground", ["#ffffff", "#dfe5ea", "#a9b4be"])
WIDE = {"sgd": 7.5, "momentum": 4.8}  # paths seen below those that nearly coincide


def drawable(runs):
    """The runs with at least one finite epoch."""
    return [run for run in runs if run.history["loss"]]


def _curve(run):
    """Epochs (from 1) and errors, none of which is 0 or beyond all axes."""
    errors = np.clip(run.history["loss"], *DRAWN)
    return range(1, len(errors) + 1), errors


@drawing.in_house_style
def cell_figure(runs, stated, colour):
    """Error against epoch of a cell's runs, at least one `drawable`, and their ends.

    Also the original's epochs and what is said of them in the verdicts `stated`.
    """
    cell, stops = runs[0].cell, [run.epochs for run in runs if run.stopped]
    originals, outcomes = [], {}
    for verdict in stated:
        judged = verdict.architecture, verdict.judged_as, verdict.quantity
        if judged == (cell.architecture, cell.method, "epochs") and verdict.original:
            originals.append(verdict.original)
            outcome = verdict.label, verdict.reason
            outcomes.setdefault(outcome, []).append(verdict.original)
    figure = drawing.new_figure(
        5.8, 3.4, "cell",
        method=method_label(cell.method), architecture=cell.architecture,
        runs=len(runs), stopped=len(stops), stops=text.spread(stops, text.count),
        diverged=sum(run.ending == "diverged" for run in runs), outcomes=outcomes,
        drawn=most_drawn([drawable(runs)]),
    )  # fmt: skip
    axes = figure.add_subplot(xlabel="epoch", ylabel=ERROR)
    runs = drawn_runs(drawable(runs))
    middle, errors = median_run(runs), [run.history["loss"] for run in runs]
    longest = max(map(len, errors))
    originals = [epochs for epochs in originals if epochs <= FARTHEST * longest]
    rises = max(map(max, errors)) > RISEN * max(curve[0] for curve in errors)
    flat = not rises and _is_flat(middle.history["loss"])
    below = 0.36 if flat else 1  # the inset
    _draw_cell(axes, runs, middle, colour, originals, top=below)
    axes.set_xlim(0, 1.04 * max([longest, *originals]))
    if rises:  # a diverging run would press all others flat
        axes.set_yscale("log")
        drawing.log_numbers(axes.yaxis, *axes.get_ylim())
    else:
        axes.set_ylim(0)
    if flat:
        _enlarge(axes, runs, middle, colour, originals)
    keys = [drawing.key("the original's epochs", **ORIGINAL)] * bool(originals)
    endings = {run.ending for run in runs}
    keys += [drawing.key(*ENDS[ending], ms=5) for ending in ENDS if ending in endings]
    figure.legend(handles=keys, loc="outside lower left", ncols=4, fontsize=8)
    return figure


def _draw_cell(axes, runs, middle, colour, originals, size=6, top=1, ticks="auto"):
    """A line a run, the median one thick, marks at the ends, the original's epochs."""
    for run in runs:
        bold = run is middle
        look = {"alpha": 1 if bold else 0.55, "zorder": 3 if bold else 2}
        line = {"lw": 1.9 if bold else 0.7, "gid": "median" if bold else "seed"}
        epochs, errors = _curve(run)
        axes.plot(epochs, errors, color=colour, **line, **look)
        mark = ENDS[run.ending][1], colour, size if bold else 0.7 * size
        drawing.dot(axes, epochs[-1], errors[-1], *mark, gid="end", **look)
    for epochs in originals:
        axes.axvline(epochs, 0, top, gid="original", **ORIGINAL)
    axes.xaxis.set_major_locator(MaxNLocator(ticks, integer=True))
    drawing.plain_numbers(axes.xaxis)


def _is_flat(errors):
    """Whether the last third of a curve looks like a level line."""
    late = errors[-(len(errors) // 3) :]
    return len(errors) >= 9 and np.ptp(late) < FLAT * np.ptp(errors)


def _enlarge(axes, runs, middle, colour, originals):
    """The last third of the median run, in the empty corner above a falling curve."""
    inset = axes.inset_axes((0.4, 0.48, 0.58, 0.45))
    first = 2 * len(middle.history["loss"]) // 3
    runs = [run for run in runs if len(run.history["loss"]) >= first]
    longest = max(len(run.history["loss"]) for run in runs)
    originals = [epochs for epochs in originals if first <= epochs < 1.3 * longest]
    _draw_cell(inset, runs, middle, colour, originals, size=5, ticks=4)
    last = max([longest, *originals])
    errors = [error for run in runs for error in run.history["loss"][first - 1 :]]
    room = 0.08 * np.ptp(errors) or FLAT * np.ptp(middle.history["loss"])
    inset.set_xlim(first, last + 0.06 * (last - first))
    inset.set_ylim(min(errors) - room, max(errors) + room)
    inset.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    inset.tick_params(labelsize=7.5, length=2.5)
    inset.set_title("last third, enlarged", size=8, color=FAINT, pad=3)


@drawing.in_house_style
def architecture_figure(cells):
    """Error against epoch of all methods of one architecture; both axes logarithmic.

    The median run is a line, all seeds a band; the original's epochs are ticks. Of each
    method in `cells` at least one run is `drawable`.
    """
    records = [run for runs in cells.values() for run in runs]
    architecture, target = records[0].cell.architecture, HEADLINES[0]
    stops = {m: median(run.epochs_to_stop for run in cells[m]) for m in cells}
    learned = speed.medians(records, target)
    figure = drawing.new_figure(
        8, 4.7, "architecture", architecture=architecture, error=target.value,
        seeds=max(map(len, cells.values())), stop=_first(stops),
        learn=_first({method: value for (_, method), value in learned.items()}),
    )  # fmt: skip
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="epoch", ylabel=ERROR)
    palette, ends = colours(cells), []
    for method, runs in cells.items():
        runs, colour = drawable(runs), palette[method]
        middle = median_run(runs)
        axes.fill_between(*_band(runs), color=colour, alpha=0.18, lw=0)
        look = {"color": colour, "lw": 1.9, "ls": drawing.dashes(method)}
        epochs, errors = _curve(middle)
        axes.plot(epochs, errors, gid="median", **look)
        end, mark = (epochs[-1], errors[-1]), ENDS[middle.ending][1]
        drawing.dot(axes, *end, mark, colour, 6.5, gid="end")
        words = f"{'' if middle.stopped else '>'}{text.count(middle.epochs)}"
        words = "diverged" if middle.ending == "diverged" else words
        dark = tuple(0.72 * part for part in to_rgb(colour))  # to be read on white
        ends.append((*end, f"{method_label(method)} {words}", dark))
    drawing.plain_numbers(axes.xaxis)
    drawing.plain_numbers(axes.yaxis)
    axes.set_ylim(0.45 * axes.get_ylim()[0])  # room for ticks and labels below
    ticks = _original_ticks(axes, architecture, palette)
    axes.set_xlim(0.9, 4 * max([*(x for x, *_ in ends), *ticks]))
    place_labels(axes, ends)
    return figure


def _first(values):
    """The methods of the lowest value, with it; None where none is finite."""
    lowest = min(values.values(), default=math.inf)
    methods = [method_label(m) for m in values if values[m] == lowest]
    return None if math.isinf(lowest) else {"methods": methods, "value": lowest}


def _band(runs):
    """Epochs, and the lowest and highest error of the seeds that came so far."""
    longest = max(len(run.history["loss"]) for run in runs)
    low, high = np.full((2, longest), np.nan)
    for run in runs:
        errors = _curve(run)[1]
        for bound, extreme in ((low, np.fmin), (high, np.fmax)):
            bound[: len(errors)] = extreme(bound[: len(errors)], errors)
    return range(1, longest + 1), low, high


def _original_ticks(axes, architecture, palette):
    """Short lines at the original's epochs, one above the other where they are near."""
    look = {"lw": 2.6, "solid_capstyle": "butt", "clip_on": False, "gid": "original"}
    look["transform"], placed = axes.get_xaxis_transform(), []
    for method, colour in palette.items():
        for row in candidates.printed_rows(architecture, method):
            height = 0.05 * sum(abs(math.log(row.epochs / e)) < 0.05 for e in placed)
            ends = [row.epochs] * 2, [height, height + 0.045]
            axes.plot(*ends, color=colour, **look)
            placed.append(row.epochs)
    return placed


def place_labels(axes, ends):
    """Write each label beside the end of its line, where it covers least.

    No label covers another, nor the end of a line: places ever farther from the end
    are tried; a thin line leads to those that are not beside it. The limits of the axes
    are final; `ends` are (x, y, label, colour).
    """
    figure = axes.figure
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # labels must not move what they are placed on
    point, frame = figure.dpi / 72, axes.get_window_extent()
    bottom = frame.y0 + 0.1 * frame.height  # above the ticks
    allowed = Bbox.from_extents(frame.x0, bottom, figure.bbox.x1, frame.y1 + 4)
    lines = [line for line in axes.lines if line.get_gid() == "median"]
    curves = np.concatenate([_on_screen(axes, line.get_xydata()) for line in lines])
    dots = axes.transData.transform([end[:2] for end in ends])
    obstacles = [Bbox.from_bounds(*dot, 0, 0).padded(5) for dot in dots]
    look = {"fontsize": 9, "va": "center", "path_effects": HALO}

    def cost(choice):
        (dx, dy), box = choice
        outside = 2 - allowed.count_contains([box.min, box.max])
        hidden = 8 * box.count_contains(curves) + 14 * (dx < 0)
        return box.count_overlaps(obstacles), outside, hidden + abs(dy)

    for index in np.argsort(-dots[:, 1], kind="stable"):
        *end, words, colour = ends[index]
        trial = figure.text(0, 0, words, **look)
        size = trial.get_window_extent().size
        trial.remove()
        gaps = (8, 20, -8 - size[0] / point, -20 - size[0] / point)
        places = [(dx, dy) for dy in range(-360, 361, 12) for dx in gaps]
        corners = dots[index] - (0, size[1] / 2) + np.array(places) * point
        boxes = [Bbox.from_bounds(*corner, *size).padded(1) for corner in corners]
        place, box = min(zip(places, boxes, strict=True), key=cost)
        obstacles.append(box)
        leader = {"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkB": 4}
        axes.annotate(
            words, end, place, textcoords="offset points", color=colour, **look,
            arrowprops=leader if abs(place[1]) > 12 else None, annotation_clip=False,
            gid="end-label", zorder=6,
        )  # fmt: skip


def _on_screen(axes, points):
    """Points in pixels, four pixels apart along the curve as it is seen."""
    pixels = axes.transData.transform(points)
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(pixels, axis=0).T))])
    along = np.arange(0, length[-1], 4)
    return np.column_stack([np.interp(along, length, part) for part in pixels.T])


@drawing.in_house_style
def times_figure(times):
    """Median epochs to every target, by method and architecture.

    `times` is target to (architecture, method) to median epochs; infinite: never.
    """
    architectures, methods = map(set, zip(*times[HEADLINES[0]], strict=True))
    architectures, methods = sorted(architectures), sorted(methods, key=rank)
    height = 2 * (0.27 * len(methods) + 0.5) + 0.1
    figure = drawing.new_figure(8.6, height, "times", **_leaders(times, 1))
    for axes, medians in _target_panels(figure, times):
        for x, architecture in enumerate(architectures):
            column = [medians.get((architecture, method)) for method in methods]
            fastest = min(value for value in column if value is not None)
            for y, value in enumerate(column):
                arrives = value is not None and math.isfinite(value)
                ratio = value / fastest if arrives else math.inf
                near = NEAR(1 - math.log(min(ratio, FADED), FADED))
                drawing.ground(axes, x, y, near if arrives else "white")
                look = {"size": 8} if arrives else {"size": 7, "color": "#8a8a8a"}
                look["weight"] = "bold" if ratio == 1 else "normal"
                axes.text(x, y, text.count(value), ha="center", va="center", **look)
        drawing.as_table(axes, architectures, list(map(method_label, methods)))
        axes.set_xlabel("architecture")
    keys = [
        Patch(fc=NEAR(near), ec=GRID, label=label)
        for near, label in ((1.0, "1"), (0.5, "4"), (0.0, f"{FADED} and more"))
    ]
    look = {"loc": "center", "title": "times the fastest in the column"}
    figure.axes[-1].legend(handles=keys, **look)
    return figure


@drawing.in_house_style
def profile_figure(times):
    """Performance profiles: shares of architectures by ratio to the fastest method.

    `times` is as for `times_figure`.
    """
    palette = colours({method for _, method in times[HEADLINES[0]]})
    ratio, leaders = 2, _leaders(times, 2)
    figure = drawing.new_figure(9.2, 4.7, "profiles", ratio=ratio, **leaders)
    for panel, (axes, medians) in enumerate(_target_panels(figure, times)):
        profile = speed.performance_profile(medians)
        for place, (method, colour) in enumerate(palette.items()):
            aside = 0.011 * (place - (len(palette) - 1) / 2)
            look = {"color": colour, "lw": 1.8, "ls": drawing.dashes(method)}
            look |= {"label": method_label(method), "gid": "profile"}
            shares = np.array(profile[method]) + aside
            axes.step(speed.RATIOS, shares, where="post", **look)
        axes.set_xscale("log", base=2)
        axes.set(xlim=(1, max(speed.RATIOS)), ylim=(-0.07, 1.07))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
        axes.yaxis.set_major_formatter(lambda value, _: text.percent(value, 0))
        axes.grid()
        if panel >= 2:
            axes.set_xlabel("of the fastest method's epochs")
        if panel % 3 == 0:
            axes.set_ylabel("share of architectures")
    look = {"loc": "center left", "handlelength": 3}
    figure.axes[-1].legend(*axes.get_legend_handles_labels(), **look)
    return figure


def _target_panels(figure, times):
    """(axes, medians) of each target, and an empty sixth panel for the legend."""
    *panels, last = figure.subplots(2, 3, sharey=True).flat
    last.axis("off")
    for axes, (target, medians) in zip(panels, times.items(), strict=True):
        is_error = target.quantity == "loss"
        accuracy = f"validation ≥ {text.percent(target.value, 0)}"
        name = f"error ≤ {target.value:g}" if is_error else accuracy
        axes.set_title(name, weight="bold")
        yield axes, medians


def leader(medians, ratio=1):
    """The methods most often within a ratio of the fastest, on how many architectures.

    None where no method arrives. `medians` is (architecture, method) to median epochs.
    """
    profile = speed.performance_profile(medians, [ratio])
    most, number = max(profile.values()), len({a for a, _ in medians})
    methods = [method_label(m) for m in sorted(profile, key=rank) if profile[m] == most]
    value = round(most[0] * number)
    leaders = {"methods": methods, "value": value, "architectures": number}
    return leaders if value else None


def _leaders(times, ratio):
    """Values of a heading: who leads on the way to an error, and to an accuracy."""
    values = {}
    for name, target in zip(("error", "accuracy"), HEADLINES, strict=True):
        values[name] = leader(times[target], ratio)
        values[f"{name}_target"] = vars(target)
    return values


@drawing.in_house_style
def sweep_figure(sweep):
    """Epochs to an error of 0.02, and validation loss, against the learning rate."""
    target, lines = sweeps.RANKED_BY, sweep.lines
    single = [line for line in lines if not line.full_batch]
    best = {m.method: min(p.epochs_to(target) for p in m.points) for m in single}
    points = {m.method: m.at_original_rate for m in single if m.at_original_rate}
    original = {method: point.epochs_to(target) for method, point in points.items()}
    figure = drawing.new_figure(
        9.6, 4.3, "sweep", architecture=sweep.architecture, error=target.value,
        best=_first(best), original=_first(original),
        original_rate=sweeps.ORIGINAL_RATE, batch_gd=len(single) < len(lines),
    )  # fmt: skip
    left, right = figure.subplots(1, 2)
    _sweep_panel(left, lines, lambda p: [*map(target.reached, p.runs)], "never")
    _sweep_panel(right, lines, lambda p: p.values("validation", "loss"), "diverged")
    left.set_ylabel(f"epochs to a training error of {target.value:g}")
    right.set_ylabel("validation loss (cross entropy)")
    look = {"lw": 1.6, "ms": 5, "mec": "white"}
    keys = [
        drawing.key(method_label(line.method), mark, colour, dashes, **look)
        for line, mark, colour, dashes in _looks(lines)
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=7, handlelength=3)
    return figure


def _looks(lines):
    """(line, mark, colour, dashes) of each line of a sweep."""
    palette = colours(line.method for line in lines)
    for place, line in enumerate(lines):
        known = rank(line.method)[0] if line.method in METHODS else place
        look = palette[line.method], drawing.dashes(line.method)
        yield line, SHAPES[known % len(SHAPES)], *look


def _sweep_panel(axes, lines, values, missing):
    """A line a method; what has no finite value stands on a shelf above the rest.

    `values` gives a point's numbers, one a run; `missing` is the name of the shelf.
    """
    axes.set(xscale="log", yscale="log", xlabel="learning rate")
    numbers = [v for line in lines for point in line.points for v in values(point)]
    finite = [v for v in numbers if math.isfinite(v) and v > 0] or [1.0]
    low, high = min(finite), max(finite)
    step = max(high / low, 4) ** 0.07
    shelf = high * step**2
    for place, (line, mark, colour, dashes) in enumerate(_looks(lines)):
        aside = place - (len(lines) - 1) / 2  # so that marks are told apart
        look, drawn = {"color": colour, "zorder": 3 + place / 10}, []
        for point in line.points:
            middle = median(values(point))
            reached = math.isfinite(middle)
            rate = point.rate * (1.035 if reached else 1.13) ** aside
            drawn.append((rate, middle))
            if reached:
                known = list(filter(math.isfinite, values(point)))
                axes.plot([rate] * 2, [min(known), max(known)], lw=0.9, **look)
                drawing.dot(axes, rate, middle, mark, colour, 6, zorder=4)
            else:
                hollow = {"mfc": "white", "mec": colour, "mew": 1, "gid": "missing"}
                drawing.dot(axes, rate, shelf, mark, colour, 4.5, **hollow)
        best, lowest = min(drawn, key=lambda point: point[1])
        if math.isfinite(lowest):
            ring = {"mfc": "none", "mec": colour, "mew": 1.2, "gid": "best"}
            drawing.dot(axes, best, lowest, "o", colour, 13, **ring)
        look |= {"lw": 1.6, "ls": dashes, "gid": f"line {line.method}"}
        axes.plot(*zip(*drawn, strict=True), path_effects=HALO, **look)
    look = {"color": INK, "lw": 1, "ls": ":", "zorder": 1, "gid": "original"}
    axes.axvline(sweeps.ORIGINAL_RATE, **look)
    top = high * step
    if not all(map(math.isfinite, numbers)):
        axes.axhline(top, color=GRID, lw=0.8)
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(missing, (1, shelf), (2, 0), va="center", color=FAINT, **place)
        top = shelf * step
    axes.set_ylim(low / step, top)
    drawing.plain_numbers(axes.xaxis)
    drawing.log_numbers(axes.yaxis, low, high)
    axes.grid(axis="y")


@drawing.in_house_style
def paths_figure(content):
    """Where the methods go from the same weights, on a plane of the loss surface.

    `content` is of `paths.json`, see `figures.read_paths`.
    """
    paths, shares = content["paths"], content["shares"].values()
    ends = {method: (path["x"][-1], path["y"][-1]) for method, path in paths.items()}
    by_distance = sorted(ends, key=lambda method: math.hypot(*ends[method]))
    figure = drawing.new_figure(
        8.8, 4.5, "paths", architecture=content["architecture"], seed=content["seed"],
        farthest=method_label(by_distance[-1]), nearest=method_label(by_distance[0]),
        share=content["share"], low=min(shares), high=max(shares),
    )  # fmt: skip
    axes, beside = figure.subplots(1, 2, width_ratios=[2.6, 1])
    plane = content["x"], content["y"], np.log10(content["surface"])
    lowest, highest = plane[2].min(), plane[2].max()
    levels = np.arange(np.floor(lowest * 4) / 4, highest + 0.25, 0.25)
    axes.contourf(*plane, levels, cmap=GROUND)
    marks = [mark for mark in np.log10([0.1, 0.3, 1, 3, 10]) if lowest < mark]
    look = {"colors": "#7b8894", "linewidths": 0.6, "linestyles": "-"}
    lines = axes.contour(*plane, marks, **look)
    axes.clabel(lines, fmt=lambda power: f"{10**power:g}", fontsize=7.5)
    axes.set_aspect("equal")
    axes.set(xlabel="distance from the start", ylabel="distance from the start")
    for place, method in enumerate(sorted(paths, key=rank)):
        path, colour, width = paths[method], METHODS[method].colour, WIDE.get(method, 2)
        look = {"color": colour, "lw": width, "zorder": 3 + place / 10}
        axes.plot(path["x"], path["y"], **look)
        look = {"mew": 1, "zorder": 5 + place / 10}
        drawing.dot(axes, *ends[method], "o", colour, 7 + width, **look)
        height = 0.93 - 0.115 * place
        drawing.dot(beside, 0.04, height, "o", colour, 8)
        beside.text(0.12, height, method_label(method), weight="bold", va="center")
        epochs, error = text.count(path["epochs"][-1]), text.error(path["losses"][-1])
        words = f"{epochs} epochs\nerror {error}"
        beside.text(0.98, height, words, va="center", ha="right", fontsize=8.5)
    axes.plot(0, 0, "o", color=INK, ms=6, zorder=6)
    look = {"ha": "right", "path_effects": HALO, "zorder": 7}
    axes.annotate("start", (0, 0), (-6, -12), textcoords="offset points", **look)
    beside.axis("off")
    beside.set(xlim=(0, 1), ylim=(0, 1))
    return figure
