"""One moment of the paths: surface, paths so far, and the list beside them."""

import numpy as np
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image

from reproduce.experiment.methods import METHODS

GROUND = LinearSegmentedColormap.from_list("ground", ["#ffffff", "#dfe5ea", "#a9b4be"])
HALO = [patheffects.withStroke(linewidth=3.4, foreground="white")]
WIDE = {"sgd": 7.5, "momentum": 4.8}  # seen below those that nearly coincide


def last_epoch(found):
    """When the longest path ends."""
    return max(path["epochs"][-1] for path in found["paths"].values())


class Scene:
    """Surface, paths and the list beside them, drawn up to any epoch.

    Args:
        found: what `paths.json` holds.
    """

    def __init__(self, found):
        self.found = found
        self.figure = Figure(figsize=(8.8, 5), layout="constrained")
        FigureCanvasAgg(self.figure)
        self.axes, beside = self.figure.subplots(1, 2, width_ratios=[2.6, 1])
        self._surface()
        self.lines = {m: self._line(m) for m in METHODS if m in found["paths"]}
        self._start()
        beside.axis("off")
        beside.set(xlim=(0, 1), ylim=(0, 1))
        self.epoch = beside.text(0, 0.97, "", fontsize=15, va="top")
        self.rows = {
            method: self._row(beside, method, 0.83 - 0.095 * place)
            for place, method in enumerate(self.lines)
        }
        beside.text(0, 0.0, _explained(found), fontsize=8, color="#555555", va="bottom")

    def at(self, epoch):
        """Draw the paths up to that epoch; returns the scene."""
        last = epoch == last_epoch(self.found)
        self.epoch.set_text("at the end" if last else f"epoch {epoch:,}")
        for method, (line, head) in self.lines.items():
            path = self.found["paths"][method]
            shown = np.searchsorted(path["epochs"], epoch, side="right")
            x, y = path["x"][:shown], path["y"][:shown]
            line.set_data(x, y)
            head.set_data(x[-1:], y[-1:])
            over = shown == len(path["epochs"])
            head.set_marker("o" if over else "D")
            head.set_markersize((7 if over else 4) + line.get_linewidth())
            error = f"{path['losses'][shown - 2]:.2g}" if shown > 1 else ""
            ended = f"ended at {path['epochs'][-1]:,}" if over else "trains"
            self.rows[method].set_text(f"{ended}\nerror {error}" if error else "")
        return self

    def image(self):
        """What is drawn, as an RGB image."""
        self.figure.canvas.draw()
        pixels = np.asarray(self.figure.canvas.buffer_rgba())
        return Image.fromarray(pixels).convert("RGB")

    def _surface(self):
        x, y = self.found["x"], self.found["y"]
        loss = np.log10(self.found["surface"])
        levels = np.arange(np.floor(loss.min() * 4) / 4, loss.max() + 0.25, 0.25)
        self.axes.contourf(x, y, loss, levels, cmap=GROUND)
        marks = [mark for mark in (0.1, 0.3, 1, 3, 10) if mark > 10 ** loss.min()]
        lines = self.axes.contour(
            x,
            y,
            loss,
            np.log10(marks),
            colors="#7b8894",
            linewidths=0.6,
            linestyles="-",
        )
        self.axes.clabel(lines, fmt=lambda power: f"{10**power:g}", fontsize=7.5)
        self.axes.set_aspect("equal")
        self.axes.set(
            xlabel="distance from the start", ylabel="distance from the start"
        )
        cell = f"architecture {self.found['architecture']}, seed {self.found['seed']}"
        self.axes.set_title(
            f"Where the methods go from the same weights: {cell}\n"
            "shade and contours: loss in the plane"
        )

    def _start(self):
        self.axes.plot(0, 0, "o", color="#222222", markersize=6, zorder=6)
        self.axes.annotate(
            "start",
            (0, 0),
            (-6, -12),
            textcoords="offset points",
            ha="right",
            path_effects=HALO,
        )

    def _line(self, method):
        colour, place = METHODS[method].colour, list(METHODS).index(method)
        width = WIDE.get(method, 2)
        (line,) = self.axes.plot(
            [], [], color=colour, linewidth=width, zorder=3 + place / 10
        )
        (head,) = self.axes.plot(
            *([], [], "o"),
            color=colour,
            markersize=7 + width,
            markeredgecolor="white",
            markeredgewidth=1,
            zorder=5 + place / 10,
        )
        return line, head

    def _row(self, beside, method, height):
        look = METHODS[method]
        beside.plot(0.04, height, "o", color=look.colour, markersize=8)
        beside.text(0.12, height, look.label, weight="bold", va="center")
        return beside.text(0.98, height, "", va="center", ha="right", fontsize=8.5)


def _explained(found):
    shares = found["shares"].values()
    return (
        f"The plane explains {found['share']:.0%} of the squared\n"
        f"distances from the start ({min(shares):.0%} to\n"
        f"{max(shares):.0%} of a method's). Error: mean\n"
        "cross entropy of the epoch's examples."
    )
