"""Figures of runs show every run, how it ended, and who is first."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text

from reproduce.analysis import speed, sweeps
from reproduce.analysis.sampling import RUNS_DRAWN
from reproduce.analysis.verdicts import judge
from reproduce.experiment.methods import METHODS, at_rate
from reproduce.publish import run_figures as subject
from reproduce.publish.drawing import png

from ..analysis.runs import cut_off, diverged, run, world
from .test_drawing import CUSTOM, SMALL, artists, at, falling, finding, some, words


def cell(runs):
    return subject.cell_figure(runs, judge(runs), "#112233").axes[0]


def test_the_originals_epochs_stand_as_lines():
    assert at(artists(cell(some(1, "momentum")), "original")) == [41]
    assert at(artists(cell(some(5, "sgd", epochs=99)), "original")) == [143, 144]
    mislabelled = cell(some(4, "sgd", epochs=99))  # as "batch GD"
    assert at(artists(mislabelled, "original")) == [153]
    assert artists(cell(some(4, "batch_gd")), "original") == []
    assert artists(cell(some(1, CUSTOM)), "original") == []


def test_an_original_out_of_reach_does_not_press_the_curves_flat():
    short = [run(1, "batch_gd", 0, epochs=20)]
    assert artists(cell(short), "original") == []
    assert cell(short).get_xlim()[1] < 25


def test_every_seed_is_thin_and_the_median_thick():
    runs = [run(1, "momentum", s, epochs=n) for s, n in enumerate((44, 30, 41))]
    axes = cell(runs)
    (middle,) = artists(axes, "median")
    assert len(middle.get_xdata()) == 41 and middle.get_xdata()[0] == 1
    thin = artists(axes, "seed")
    assert sorted(len(line.get_xdata()) for line in thin) == [30, 44]
    assert all(line.get_linewidth() < middle.get_linewidth() for line in thin)


def test_of_many_runs_some_are_drawn_and_the_heading_says_so():
    runs = [run(1, "momentum", s, epochs=20 + s) for s in range(2 * RUNS_DRAWN)]
    axes = cell(runs)
    (middle,) = artists(axes, "median")
    lengths = [len(line.get_xdata()) for line in (middle, *artists(axes, "seed"))]
    assert len(lengths) == RUNS_DRAWN and lengths[0] == 70
    assert {20, 121} < {*lengths}
    heading = " ".join(text.get_text() for text in axes.figure.texts)
    assert "51 of 102 seeds, from the shortest run to the longest" in " ".join(
        heading.split()
    )


def test_a_mark_says_how_a_run_ended():
    runs = some(1, "momentum", seeds=4)
    rose = replace(runs[1], ending="rose")
    axes = cell([runs[0], rose, cut_off(runs[2]), diverged(runs[3])])
    shapes = {line.get_marker() for line in artists(axes, "end")}
    assert shapes == {"o", "^", ">", "X"}
    (legend,) = axes.figure.legends
    named = {text.get_text() for text in legend.get_texts()}
    assert {"threshold met", "error rose", "limit of epochs", "diverged"} <= named


def test_a_level_end_is_enlarged_and_a_steep_one_is_not():
    flat = cell([run(1, "momentum", 0, loss=falling(1e-3))])
    (inset,) = flat.child_axes
    assert inset.get_xlim()[0] == 20 and inset.get_ylim()[1] < 0.05
    assert at(artists(inset, "original")) == []  # 41 is too far from 30
    steep = cell([run(1, "momentum", 0, loss=list(np.linspace(1, 0, 30)))])
    assert steep.child_axes == []
    assert cell([run(1, "momentum", 0, loss=falling(1e-3, 8))]).child_axes == []


def test_a_run_that_ended_before_the_last_third_is_not_in_it():
    lasts = {0: 30, 1: 31, 2: 9}
    runs = [run(1, "momentum", s, loss=falling(1e-3, n)) for s, n in lasts.items()]
    (inset,) = cell([*runs, run(1, "momentum", 3, loss=falling(1e-3))]).child_axes
    assert sorted(line.get_xdata()[0] for line in artists(inset, "end")) == [30, 30, 31]


def test_the_last_third_is_flat_below_a_twentieth_of_the_range():
    def curve(late):
        return [1.0, 0.8, 0.5, 0.3, 0.2, 0.1, late, 0.0, 0.0]

    assert subject._is_flat(curve(0.049))
    assert not subject._is_flat(curve(0.051))


def test_the_line_ends_below_the_inset():
    axes = cell([run(1, "momentum", 0, loss=falling(1e-3))])
    (line,) = artists(axes, "original")
    assert max(line.get_ydata()) < axes.child_axes[0].get_position().y0
    steep = cell([run(1, "momentum", 0, loss=list(np.linspace(1, 0, 30)))])
    assert max(artists(steep, "original")[0].get_ydata()) == 1


def test_a_constant_end_is_enlarged_without_complaint():
    axes = cell([run(1, "momentum", 0, loss=[1.0] + [0.5] * 20)])
    assert len(axes.child_axes) == 1


def test_a_diverged_run_is_drawn_and_said():
    runs = [*some(1, "adam", seeds=2), diverged(run(1, "adam", 2, loss=[1.0, 50.0]))]
    axes = cell(runs)
    assert axes.get_yscale() == "log" and axes.child_axes == []
    assert "X" in {line.get_marker() for line in artists(axes, "end")}
    title = axes.figure.get_label()
    assert "in 2 of 3 runs, and diverges in 1" in title


def test_errors_of_all_sizes_have_a_place():
    runs = [run(1, CUSTOM, 0, loss=[1.0, 1e300]), run(1, CUSTOM, 1, loss=[1.0, 0.0])]
    for figure in (cell(runs).figure, subject.architecture_figure({CUSTOM: runs})):
        figure.draw_without_rendering()


def test_all_methods_have_a_line_a_band_and_a_label():
    cells = {m: some(1, m) for m in (*METHODS, CUSTOM)}
    axes = subject.architecture_figure(cells).axes[0]
    assert len(artists(axes, "median")) == len(axes.collections) == len(cells)
    labels = [text.get_text() for text in artists(axes, "end-label")]
    assert "Adam 41" in labels and "Mine (η=0.01) 41" in labels


def test_a_band_spans_the_seeds():
    runs = [run(1, "sgd", s, loss=[1.0, 1.0 + s, *[0.5] * s]) for s in range(3)]
    epochs, low, high = subject._band(runs)
    assert list(epochs) == [1, 2, 3, 4]
    assert list(low) == [1, 1, 0.5, 0.5] and list(high) == [1, 3, 0.5, 0.5]


def test_the_originals_epochs_are_ticks_in_the_methods_colours():
    axes = subject.architecture_figure({m: some(4, m) for m in METHODS}).axes[0]
    ticks = {
        (line.get_xdata()[0], line.get_color()): line.get_ydata()[0]
        for line in artists(axes, "original")
    }
    colour = {m: METHODS[m].colour for m in METHODS}
    assert set(ticks) == {
        *((153, colour["sgd"]), (38, colour["momentum"]), (38, colour["nag"])),
        *((685, colour["adagrad"]), (25, colour["rmsprop"])),
    }
    assert ticks[38, colour["momentum"]] != ticks[38, colour["nag"]]


@pytest.mark.parametrize("last", [0.0, 1e-6, 0.1, 0.9])
def test_end_labels_never_overprint_each_other(last):
    keys = [*METHODS, CUSTOM, "keras:Lion", *(f"keras:Lion{n}" for n in range(4))]
    cells = {}
    for place, key in enumerate(keys):  # all end in nearly the same place
        errors = [*falling(max(last, 0.01), 30 + place % 2), last]
        cells[key] = [run(1, key, 0, loss=errors)]
    figure = subject.architecture_figure(cells)
    labels = artists(figure.axes[0], "end-label")
    assert len(labels) == len(keys)
    figure.draw_without_rendering()
    boxes = [Text.get_window_extent(label) for label in labels]
    assert not any(first.overlaps(second) for first, second in combinations(boxes, 2))
    for box in boxes:
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert 0 <= box.y0 and box.y1 <= figure.bbox.y1


def test_a_whole_world_has_small_pictures():
    runs = world(seeds=2)
    times = {t: speed.medians(runs, t) for t in speed.TARGETS}
    cells = {m: [r for r in runs if r.cell.method == m][:2] for m in METHODS}
    for figure in (
        subject.times_figure(times),
        subject.profile_figure(times),
        subject.architecture_figure(cells),
    ):
        assert len(png(figure)) < SMALL


LIKE = {(1, "sgd"): 30, (1, "nag"): 10, (2, "sgd"): 20, (2, "nag"): 20}
LIKE |= {(3, "sgd"): math.inf, (3, "nag"): math.inf, (3, "adam"): math.inf}


def test_who_leads_is_counted_with_ties():
    first = {"methods": ["NAG"], "value": 2, "architectures": 3}
    assert subject.leader(LIKE) == first
    assert subject.leader(LIKE, 3)["methods"] == ["SGD", "NAG"]
    assert subject.leader({(1, "sgd"): math.inf}) is None


def test_never_is_written_and_the_fastest_is_bold():
    times = {target: LIKE for target in speed.TARGETS}
    figure = subject.times_figure(times)
    axes = figure.axes[0]
    assert words(axes).count("never") == 3 and words(axes).count("–") == 2
    bold = [t.get_text() for t in axes.texts if t.get_weight() == "bold"]
    assert bold == ["10", "20", "20"]
    assert figure.get_label() == (
        "NAG reaches an error of 0.05 first on 2 of 3 architectures; "
        "NAG reaches 95 % validation accuracy first on 2 of 3 architectures"
    )


def test_a_profile_is_a_line_a_method_and_target():
    times = {target: LIKE for target in speed.TARGETS}
    figure = subject.profile_figure(times)
    assert [len(artists(axes, "profile")) for axes in figure.axes] == [3] * 5 + [0]
    sgd, nag, adam = artists(figure.axes[0], "profile")
    assert nag.get_ydata()[0] == pytest.approx(2 / 3)
    assert sgd.get_ydata()[0] == pytest.approx(1 / 3, abs=0.02)
    assert adam.get_ydata()[-1] == pytest.approx(0, abs=0.02)


def swept(*methods, rates=(0.001, 0.1), last=0.01):
    (sweep,) = sweeps.gather(
        [
            run(1, at_rate(method, rate), seed, loss=falling(last, 20 + seed))
            for method in methods
            for rate in rates
            for seed in range(3)
        ]
    )
    return sweep


def test_a_sweep_has_a_line_a_method_and_the_originals_rate():
    figure = subject.sweep_figure(swept("sgd", "adam", "own:Mine sha256:" + "a" * 64))
    for axes in figure.axes:
        assert at(artists(axes, "original")) == [0.001]
        lines = [line for line in axes.lines if str(line.get_gid())[:4] == "line"]
        assert len(lines) == 3 and len({line.get_color() for line in lines}) == 3
        assert len(artists(axes, "best")) == 3
    assert "each at its best rate" in figure.get_label()


def test_what_never_arrives_stands_above_the_rest():
    figure = subject.sweep_figure(swept("sgd", last=0.5))
    axes = figure.axes[0]
    assert len(artists(axes, "missing")) == 2 and "never" in words(axes)
    assert artists(axes, "best") == []
    assert "at no rate does a method reach an error of 0.02" in figure.get_label()


def test_a_single_rate_and_a_diverged_run_are_drawn():
    lost = [diverged(run(1, at_rate("sgd", 3.0), s, loss=[1.0, 9.0])) for s in (0, 1)]
    (sweep,) = sweeps.gather(lost)
    axes = subject.sweep_figure(sweep).axes[1]
    assert "diverged" in words(axes) and len(artists(axes, "missing")) == 1


def test_titles_of_cells():
    values = {"method": "NAG", "architecture": 4, "runs": 3, "stopped": 3}
    values |= {"stops": "30 (29–31)", "diverged": 0}
    endings = {
        ("AGREES", ""): "the original's 38 agrees",
        ("CLOSE", ""): "the original's 38 is close",
        ("CANNOT TELL", ""): "the runs scatter too widely to judge the original's 38",
        ("DIFFERS", ""): "the original's 38 differs",
        ("NOT JUDGED", "few seeds"): "more seeds are needed to judge the original's 38",
        ("NOT JUDGED", "cut short"): "the original's 38 was out of reach",
        ("NOT JUDGED", "subset"): "the original's 38 had other settings",
    }
    for key, outcome in endings.items():
        title = finding("cell", **values, outcomes={key: [38]})
        expected = "NAG on architecture 4 stops after epoch 30 (29–31); "
        assert title == expected + outcome
    pair = finding("cell", **values, outcomes={("DIFFERS", ""): [144, 143]})
    assert pair.endswith("the original's 144 and 143 differ")
    values |= {"outcomes": {}, "stopped": 0}
    assert finding("cell", **values).endswith("never meets the stopping rule")
    values |= {"diverged": 3}
    assert finding("cell", **values) == "NAG on architecture 4 diverges"


def test_titles_of_architectures():
    nag = {"methods": ["NAG"], "value": 30}
    two = {"methods": ["NAG", "Adam"], "value": 5}
    values = {"architecture": 4, "error": 0.05, "seeds": 3}

    def title(stop, learn):
        return finding("architecture", **values, stop=stop, learn=learn)[16:]

    assert title(nag, two) == (
        "NAG (30 epochs) stops first, but NAG and Adam (5 epochs) reach an error of "
        "0.05 first"
    )
    assert title(two, two) == (
        "NAG and Adam (5 epochs) stop first and reach an error of 0.05 first (5)"
    )
    assert title(nag, None).endswith("no method reaches an error of 0.05")
    assert title(None, nag).endswith("reaches an error of 0.05 first; no run stops")
    assert title(None, None) == "no run stops, and none reaches an error of 0.05"


def test_titles_of_sweeps():
    best = {"methods": ["AdaGrad"], "value": 6}
    values = {"architecture": 1, "error": 0.02, "original_rate": 0.001}
    values |= {"batch_gd": True, "best": best}
    assert finding("sweep", **values, original=None).endswith("at the original's rate")
    assert "also" in finding("sweep", **values, original=best)
    original = {"methods": ["Adam", "NAG"], "value": 7}
    assert finding("sweep", **values, original=original).endswith(
        "at the original's rate Adam and NAG (7 epochs) do"
    )
