"""Every figure is drawn, once, from what there is, and kept as a small file."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text
from PIL import Image

from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS, at_rate, slug
from reproduce.experiment.protocol import Protocol
from reproduce.publish import figures as subject
from reproduce.publish import run_figures
from reproduce.publish.drawing import png

from ..analysis.runs import diverged, run
from ..analysis.test_findings import write
from .test_drawing import CUSTOM, SMALL, falling, some
from .test_tables import HOSTILE, hostile


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Some cells, an optimizer of one's own, a diverged run, and three studies."""
    folder = tmp_path_factory.mktemp("out")
    runs = some(1, "momentum", "adam", CUSTOM) + some(4, "nag", "sgd")
    runs += [diverged(run(1, "rmsprop", 0, loss=[0.5, 3.0, 90.0]))]
    runs += [diverged(run(1, "rmsprop", 1, loss=[]))]
    write(folder, runs)
    write(folder, some(4, "nag", "sgd", seeds=2), "patience-2")
    write(folder, some(1, "momentum", "adam", validation=0.9), "glorot")
    swept = [
        run(1, at_rate(method, rate), 0, loss=falling(0.01 if rate < 1 else 0.5))
        for method in ("sgd", "adam")
        for rate in (0.001, 0.1, 1.0)
    ]
    write(folder, swept, "sweep")
    return folder


@pytest.fixture(scope="module")
def drawn(folder):
    return dict(subject.drawn(find(folder), folder))


def test_every_kind_of_figure_is_drawn_from_what_there_is(drawn):
    assert set(drawn) == {
        *(f"architecture-1-{m}" for m in ("momentum", "adam", "rmsprop", "all")),
        "architecture-1-own.Mine-learning-rate-0.01-" + slug(CUSTOM)[-8:],
        *(f"architecture-4-{m}" for m in ("nag", "sgd", "all")),
        *(f"confusion-{split}" for split in ("train", "validation", "test")),
        *(f"confusion-{s}-original-choice" for s in ("train", "validation", "test")),
        *("verdicts", "candidates", "stopping-4-5", "time-to-target", "profiles"),
        "sweep-1",
    }


def test_every_title_is_one_sentence_and_fits(drawn):
    for name, figure in drawn.items():
        title = figure.get_label()
        assert title[0].isupper() or title[0].isdigit(), name
        assert "  " not in title and not title.endswith("."), name
        figure.draw_without_rendering()
        for heading in figure.texts:
            assert heading.get_window_extent().x1 <= figure.bbox.x1, name


def test_numbers_on_axes_are_plain(drawn):
    for name, figure in drawn.items():
        figure.draw_without_rendering()
        words = " ".join(text.get_text() for text in figure.findobj(Text))
        assert "mathdefault" not in words, f"{name}: needs drawing.plain_numbers"


def test_every_picture_is_small_and_says_nothing_of_when_and_where(drawn):
    for name, figure in drawn.items():
        content = png(figure)
        assert len(content) < SMALL and b"tEXt" not in content, name
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == "PNG" and image.width > 500


def test_names_are_drawn_as_they_are_whatever_is_in_them(tmp_path):
    figures = dict(subject.drawn(find(hostile(tmp_path, base=Path)), tmp_path))
    labels = [METHODS[key].label for key in HOSTILE]
    for name, figure in figures.items():
        assert png(figure), name
    texts = {text.get_text() for text in figures["sweep-1"].findobj(Text)}
    assert texts >= set(labels)
    names = [
        name for name in figures if name.startswith("architecture-1-keras.Lion-a-")
    ]
    assert len(names) == len(labels)


def test_a_single_run_has_figures(tmp_path):
    write(tmp_path, [run(2, "adam", 0, epochs=9)])
    figures = dict(subject.drawn(find(tmp_path), tmp_path))
    assert {"architecture-2-adam", "architecture-2-all", "verdicts"} <= set(figures)
    assert not {"candidates", "stopping-4-5", "paths"} & set(figures)


def test_without_any_finite_epoch_there_is_no_curve(tmp_path):
    write(tmp_path, [diverged(run(2, "adam", 0, loss=[]))])
    names = set(dict(subject.drawn(find(tmp_path), tmp_path)))
    assert names == {"verdicts", "time-to-target", "profiles"}


@pytest.fixture
def paths():
    step = [0, 1, 2]
    surface = [[0.05 + x * x + y * y for x in step] for y in step]
    path = {"epochs": [0, 5], "losses": [0.5], "x": [0.0, 1.5], "y": [0.0, 0.5]}
    return {
        "architecture": 1,
        "seed": 0,
        "protocol": Protocol().to_dict(),
        "examples": 100,
        "share": 0.8,
        "shares": {"sgd": 0.7, "adam": 0.9},
        "paths": {"sgd": {**path, "x": [0.0, 0.5]}, "adam": path},
        "x": step,
        "y": step,
        "surface": surface,
    }


def test_paths_are_drawn_where_they_are(paths, tmp_path):
    write(tmp_path, [run(2, "adam", 0, epochs=9)])
    file = tmp_path / subject.PATHS
    file.parent.mkdir()
    file.write_text(json.dumps(paths))
    figure = dict(subject.drawn(find(tmp_path), tmp_path))["paths"]
    assert figure.get_label() == (
        "From the same weights Adam ends farthest from the start and SGD nearest "
        "(architecture 1, seed 0)"
    )
    assert subject.read_paths(tmp_path, replace(Protocol(), max_epochs=3)) is None


ODD = (None, -1, 1e999, "x", [], [[1.0]], {})


def forged(values):
    """What it could be with any one of its parts replaced by something odd."""
    for key in values if isinstance(values, dict) else range(len(values)):
        for value in ODD:
            yield copied(values, key, value)
        if isinstance(values[key], dict | list):
            yield from (copied(values, key, value) for value in forged(values[key]))


def copied(values, key, value):
    new = values.copy()
    new[key] = value
    return new


def test_forged_paths_are_none_or_are_drawn(paths, tmp_path):
    file = tmp_path / subject.PATHS
    file.parent.mkdir()
    del paths["protocol"]  # which is compared as a whole
    readings = []
    for content in forged(paths):
        file.write_text(json.dumps({**content, "protocol": Protocol().to_dict()}))
        readings.append(subject.read_paths(tmp_path, Protocol()))
    drawable = list(filter(None, readings))
    assert 0 < len(drawable) < len(readings) / 2
    for content in drawable[::10]:
        assert png(run_figures.paths_figure(content))


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"protocol": {}}'])
def test_paths_that_cannot_be_read_are_none(content, tmp_path):
    if content is not None:
        (tmp_path / subject.PATHS).parent.mkdir()
        (tmp_path / subject.PATHS).write_bytes(content)
    assert subject.read_paths(tmp_path, Protocol()) is None
