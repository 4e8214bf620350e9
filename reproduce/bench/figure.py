"""The measured times as figures."""

from matplotlib.ticker import NullLocator

from reproduce.experiment.methods import METHODS
from reproduce.publish import speed
from reproduce.publish.drawing import (
    FAINT,
    INK,
    in_house_style,
    key,
    log_numbers,
    new_figure,
    plain_numbers,
    png,
)

SIDES = {  # of a row: label, marker, filled
    "engine": ("this engine", "o", True),
    "c": ("hand-written C", "_", True),
    "jax_rows": ("JAX, inked rows", "d", False),
    "jax": ("JAX", "D", False),
    "tuned": ("tuned fit", "v", False),
    "torch": ("PyTorch", "s", False),
    "fit": ("default fit", "^", False),
}
WHERE = {"1 core": "o", "2 cores": "s", "2 Dask workers": "D"}  # marker


@in_house_style
def updates_figure(rows):
    """PNG bytes: microseconds an update on a log axis, a panel for an architecture.

    None: no row is of updates from single examples.
    """
    rows = [row for row in rows if row["method"] in speed.ONLINE]
    if not rows:
        return None
    architectures = sorted({row["architecture"] for row in rows})
    ranges = {rival: _range(rows, rival) for rival in speed.SHOWN_RIVALS}
    width = max(5.5, 1.2 + 1.9 * len(architectures))
    figure = new_figure(width, 3.6, "updates", **ranges)
    panels = figure.subplots(1, len(architectures), sharey=True, squeeze=False)[0]
    for panel, architecture in zip(panels, architectures, strict=True):
        shown = [row for row in rows if row["architecture"] == architecture]
        for place, row in enumerate(shown):
            for side, (_, marker, filled) in SIDES.items():
                if row.get(f"{side}_us"):
                    colour = METHODS[row["method"]].colour
                    look = {"ms": 7 if marker == "_" else 5, "clip_on": False}
                    look |= {"mfc": colour if filled else "none", "color": colour}
                    panel.plot(place, row[f"{side}_us"], marker, **look)
        names = [METHODS[row["method"]].label for row in shown]
        panel.set_xticks(range(len(shown)), names, rotation=60, ha="right")
        panel.set(title=f"Architecture {architecture}", xlim=(-0.5, len(shown) - 0.5))
        panel.set_yscale("log")
        panel.yaxis.set_minor_locator(NullLocator())
        panel.grid(axis="y")
    plain_numbers(panels[0].yaxis)
    panels[0].set_ylabel("µs an update")
    keys = [
        key(label, marker, INK, mfc=INK if filled else "none", ms=5)
        for side, (label, marker, filled) in SIDES.items()
        if any(row.get(f"{side}_us") for row in rows)
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=4)
    return png(figure)


def _range(rows, rival):
    """The least and the greatest of how many times as fast the engine is."""
    ratios = [ratio for row in rows if (ratio := speed.times(row, rival))]
    return (min(ratios), max(ratios)) if ratios else None


@in_house_style
def growth_figure(rows, larger, seeds):
    """PNG bytes: time an update against parameters, wall clock against seeds.

    None: neither was measured.
    """
    draw = {_growth: speed.growth(rows, larger), _clocks: seeds}
    draw = {function: points for function, points in draw.items() if points}
    if not draw:
        return None
    values = {"small": None, "large": None, "clocks": None}
    if _growth in draw:
        first = draw[_growth][0][1]["method"]
        smallest_first = [
            point for point in draw[_growth] if point[1]["method"] == first
        ]
        values |= {
            "small": _named(*smallest_first[0]),
            "large": _named(*smallest_first[-1]),
        }
    if seeds:
        values["clocks"] = _last_clocks(seeds)
    figure = new_figure(4 * len(draw), 3.2, "growth", **values)
    panels = figure.subplots(1, len(draw), squeeze=False)[0]
    for panel, (function, points) in zip(panels, draw.items(), strict=True):
        function(panel, points)
    return png(figure)


def _named(parameters, row):
    return {
        "parameters": parameters,
        "method": row["method"],
        "time": row["engine_us"],
    }


def _last_clocks(seeds):
    most = max(row["seeds"] for row in seeds)
    seconds = {row["where"]: row["seconds"] for row in seeds if row["seeds"] == most}
    return {"seeds": most, "one": seconds["1 core"], "two": seconds.get("2 cores")}


def _growth(axes, sized):
    sized = [(parameters / 1000, row) for parameters, row in sized]
    sizes, times = [size for size, _ in sized], [r["engine_us"] for _, r in sized]
    for method in dict.fromkeys(row["method"] for _, row in sized):
        line = [(n, row["engine_us"]) for n, row in sized if row["method"] == method]
        look = {"color": METHODS[method].colour, "label": METHODS[method].label}
        axes.plot(*zip(*line, strict=True), "o-", ms=4, **look)
        (first, time), (last, _) = line[0], line[-1]
        axes.plot([first, last], [time, time * last / first], "--", color=FAINT, lw=0.7)
    axes.set(xscale="log", yscale="log", xlabel="thousand parameters")
    axes.set_ylabel("µs an update")
    log_numbers(axes.xaxis, min(sizes), max(sizes))
    log_numbers(axes.yaxis, min(times), max(times))
    axes.grid()
    axes.legend()


def _clocks(axes, seeds):
    for where in dict.fromkeys(row["where"] for row in seeds):
        points = [
            (row["seeds"], row["seconds"]) for row in seeds if row["where"] == where
        ]
        axes.plot(*zip(*points, strict=True), marker=WHERE[where], ms=4, label=where)
    halves = [(r["seeds"], r["seconds"] / 2) for r in seeds if r["where"] == "1 core"]
    axes.plot(*zip(*halves, strict=True), "--", color=FAINT, lw=0.7)
    axes.set(xlabel="seeds", ylabel="seconds, start included", ylim=(0, None))
    axes.set_xticks(sorted({row["seeds"] for row in seeds}))
    axes.grid()
    axes.legend()
