"""The house style: exact colours, numbers as they are written, and whole headings."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from reproduce.experiment.methods import METHODS
from reproduce.publish import drawing as subject
from reproduce.publish.rendering import render
from reproduce.publish.run_figures import architecture_figure

from ..analysis.runs import run

CUSTOM = 'own:Mine {"learning_rate": 0.01} sha256:' + "a" * 64
SMALL = 120_000  # bytes of a picture


def falling(last, epochs=30):
    """Errors from 1 down to a last one, as straight as a logarithm."""
    return list(np.geomspace(1, last, epochs))


def some(architecture, *methods, seeds=3, epochs=40, **changes):
    return [
        run(architecture, method, seed, epochs=epochs + seed, **changes)
        for method in methods
        for seed in range(seeds)
    ]


def artists(axes, gid):
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def at(lines):
    """Where upright lines stand."""
    return sorted(line.get_xdata()[0] for line in lines)


def words(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def finding(name, **values):
    """The first line of a heading, and whether there is a second one."""
    values = {"figure": name, "values": values}
    lines = render("figure_titles.j2", **values).strip().split("\n")
    assert len([line for line in lines if line]) == 2
    return lines[0]


def test_colours_of_the_methods_are_exact():
    figure = architecture_figure({m: some(1, m) for m in METHODS})
    with Image.open(io.BytesIO(subject.png(figure))) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    seen = {tuple(pixel) for pixel in pixels.tolist()}
    for method in METHODS.values():
        assert tuple(bytes.fromhex(method.colour[1:])) in seen


SPANS = {0.1: "0.01 0.02 0.05 0.1", 5000: "0.01 0.1 1 10 100 1,000"}


@pytest.mark.parametrize("high", SPANS)
def test_numbers_of_axes_are_written_as_in_the_text(high):
    axes = Figure().add_subplot(yscale="log", ylim=(0.01, high))
    subject.log_numbers(axes.yaxis, 0.01, high)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert SPANS[high] in " ".join(labels)
