"""Figures show every run, the original beside it, and their finding as a sentence."""

import io
import json
import math
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from reproduce.analysis import candidates, speed, sweeps
from reproduce.analysis.findings import find, patient_verdicts
from reproduce.analysis.verdicts import AGREES, JUDGED, NOT_JUDGED, judge
from reproduce.experiment.methods import METHODS, at_rate
from reproduce.experiment.protocol import Protocol
from reproduce.original import RESULTS
from reproduce.publish import figures as subject
from reproduce.publish.rendering import render

from ..analysis.runs import cut_off, diverged, run
from ..analysis.test_claims import world
from ..analysis.test_findings import write

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
    return [one for one in axes.get_children() if one.get_gid() == gid]


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Some cells, an optimizer of one's own, a diverged run, and three studies."""
    folder = tmp_path_factory.mktemp("out")
    own = some(1, "momentum", "adam", CUSTOM) + some(4, "nag", "sgd")
    own += [diverged(run(1, "rmsprop", 0, loss=[0.5, 3.0, 90.0]))]
    own += [diverged(run(1, "rmsprop", 1, loss=[]))]
    write(folder, own)
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


# The set


def test_every_kind_of_figure_is_drawn_from_what_there_is(drawn):
    assert set(drawn) == {
        *(f"architecture-1-{m}" for m in ("momentum", "adam", "rmsprop", "all")),
        "architecture-1-own.Mine-learning-rate-0.01-" + key_hash(),
        *(f"architecture-4-{m}" for m in ("nag", "sgd", "all")),
        *(f"confusion-{split}" for split in ("train", "validation", "test")),
        *(f"confusion-{s}-original-choice" for s in ("train", "validation", "test")),
        *("verdicts", "candidates", "stopping-4-5", "time-to-target", "profiles"),
        "sweep-1",
    }


def key_hash():
    return subject.slug(CUSTOM).rpartition("-")[2]


def test_every_title_is_one_sentence_and_fits(drawn):
    for name, figure in drawn.items():
        title = figure.get_label()
        assert title[0].isupper() or title[0].isdigit(), name
        assert "  " not in title and not title.endswith("."), name
        figure.draw_without_rendering()
        for heading in figure.texts:
            assert heading.get_window_extent().x1 <= figure.bbox.x1, name


def test_the_bytes_repeat(tmp_path):
    write(tmp_path, some(2, "adam", seeds=2))
    first = subject.figures(find(tmp_path), tmp_path)
    assert first == subject.figures(find(tmp_path), tmp_path)
    assert "figures/architecture-2-adam.png" in first
    assert not any(b"Software" in content for content in first.values())


def test_every_picture_is_small(drawn):
    for name, figure in drawn.items():
        content = subject.png(figure)
        assert len(content) < SMALL, name
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == "PNG" and image.width > 500


def test_a_single_run_has_figures(tmp_path):
    write(tmp_path, [run(2, "adam", 0, epochs=9)])
    found = dict(subject.drawn(find(tmp_path), tmp_path))
    assert {"architecture-2-adam", "architecture-2-all", "verdicts"} <= set(found)
    assert not {"candidates", "stopping-4-5", "paths"} & set(found)


def test_without_any_finite_epoch_there_is_no_curve(tmp_path):
    write(tmp_path, [diverged(run(2, "adam", 0, loss=[]))])
    found = set(dict(subject.drawn(find(tmp_path), tmp_path)))
    assert found == {"verdicts", "time-to-target", "profiles"}


def test_a_whole_world_has_small_pictures():
    own = world(seeds=2)
    stated = judge(own)
    times = {t: speed.medians(own, t) for t in speed.TARGETS}
    cells = {m: [r for r in own if r.cell.method == m][:2] for m in METHODS}
    for figure in (
        subject.verdict_figure(stated),
        subject.times_figure(times),
        subject.profile_figure(times),
        subject.architecture_figure(cells),
    ):
        assert len(subject.png(figure)) < SMALL


def test_colours_of_the_methods_are_exact():
    figure = subject.architecture_figure({m: some(1, m) for m in METHODS})
    with Image.open(io.BytesIO(subject.png(figure))) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    seen = {tuple(pixel) for pixel in pixels.tolist()}
    for method in METHODS.values():
        assert tuple(bytes.fromhex(method.colour[1:])) in seen


def test_no_figure_needs_tensorflow():
    code = (
        "import sys; sys.modules.update(tensorflow=None, keras=None); "
        "import reproduce.publish.figures"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


# Curves


def cell(runs, **verdict):
    judged = subject.judged_as(
        judge(runs), runs[0].cell.architecture, runs[0].cell.method
    )
    return subject.cell_figure(runs, judged, "#112233").axes[0]


def test_the_originals_epochs_stand_as_lines():
    assert at(artists(cell(some(1, "momentum")), "original")) == [41]
    assert at(artists(cell(some(5, "sgd", epochs=99)), "original")) == [143, 144]
    assert at(artists(cell(some(4, "sgd", epochs=99)), "original")) == [
        153
    ]  # its "batch GD"
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


def test_the_median_is_the_lower_of_two_and_unfinished_runs_are_last():
    runs = [run(1, "sgd", s, epochs=n) for s, n in enumerate((50, 20, 40, 30))]
    assert subject.median_run(runs).epochs == 30
    endless = [cut_off(one) for one in runs[1:]] + runs[:1]
    assert subject.median_run(endless).epochs == 20
    assert subject.median_run(endless[:2] + runs[:1]).epochs == 20


def test_a_mark_says_how_a_run_ended():
    runs = some(1, "momentum", seeds=4)
    runs = [
        runs[0],
        replace(runs[1], ending="rose"),
        cut_off(runs[2]),
        diverged(runs[3]),
    ]
    axes = cell(runs)
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
    boxes = [super_extent(label) for label in labels]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert 0 <= box.y0 and box.y1 <= figure.bbox.y1


def super_extent(label):
    """The box of an annotation's words, without its line."""
    from matplotlib.text import Text

    return Text.get_window_extent(label)


# Verdicts


def test_every_number_has_a_cell_in_the_colour_of_its_verdict():
    stated = judge(world(seeds=3))
    figure = subject.verdict_figure(stated)
    for axes, quantity in zip(figure.axes, subject.SHOWN, strict=True):
        own = [v for v in stated if v.quantity == quantity]
        for label in (*JUDGED, NOT_JUDGED):
            cells = [p for p in axes.patches if p.get_gid() == label]
            assert len(cells) == sum(v.label == label for v in own)
            ground = {to_hex(patch.get_facecolor()) for patch in cells}
            assert ground <= {subject.LABELS[label][1]}
        drawn = [v for v in own if v.original is not None]
        dots = [line for line in axes.lines if line.get_gid() == "run"]
        assert len(dots) == sum(len(v.values) for v in drawn)
        bars = [line for line in axes.lines if line.get_gid() == "interval"]
        assert len(bars) == sum(v.low is not None for v in drawn)
        assert words(axes).count("illegible") == 2
        assert words(axes).count("as SGD") == 2


def test_verdicts_are_told_apart_without_seeing_red_from_green():
    deuteranopia = [
        [0.367, 0.861, -0.228],
        [0.28, 0.673, 0.047],
        [-0.012, 0.043, 0.969],
    ]
    for part, least in ((0, 40), (1, 10)):  # Machado et al. 2009
        colours = [bytes.fromhex(one[part][1:]) for one in subject.LABELS.values()]
        seen = [np.array(deuteranopia) @ list(colour) for colour in colours]
        for one, other in combinations(seen, 2):
            assert np.linalg.norm(one - other) > least


def test_places_are_relative_to_the_original():
    verdict = next(v for v in judge(some(1, "momentum")) if v.key[1:] == MOMENTUM)
    assert subject.relative(verdict, 41) == 0
    assert subject.relative(verdict, 82) == pytest.approx(1)
    assert subject.relative(verdict, 20.5) == pytest.approx(-1)
    assert subject.relative(verdict, math.inf) == math.inf
    exact = replace(verdict, quantity="validation", original=0.95)
    assert subject.relative(exact, 0.98) == pytest.approx(1)


MOMENTUM = ("momentum", "epochs")


def test_runs_beyond_the_scale_are_triangles_at_its_edge():
    runs = [run(1, "momentum", s, epochs=n) for s, n in enumerate((10, 41, 200))]
    axes = subject.verdict_figure(judge(runs)).axes[0]
    dots = [line for line in axes.lines if line.get_gid() == "run"]
    assert [dot.get_marker() for dot in dots] == ["<", "o", ">"]
    places = [dot.get_xdata()[0] for dot in dots]
    assert places == pytest.approx([-subject.HALF, 0, subject.HALF])


def test_the_verdicts_are_counted_in_the_title():
    stated = judge(world(seeds=3))
    shown = [v for v in stated if v.quantity != "train" and v.label in JUDGED]
    agree = sum(v.label == AGREES for v in shown)
    title = subject.verdict_figure(stated).get_label()
    assert title.startswith(f"{agree} of {len(shown)} epochs and validation")
    assert subject.verdict_figure(judge([])).get_label().startswith("No epochs and no")


# Confusion


def test_every_cell_has_its_number_and_the_filled_in_one_has_brackets():
    record = run(2, "adam", validation=0.97)
    ours, theirs = subject.confusion_figure("validation", record).axes
    assert len(words(ours)) == len(words(theirs)) == 25
    assert [w for w in words(theirs) if w.startswith("[")] == ["[4]"]
    assert words(theirs)[:3] == ["752", "3", "0"]
    train = subject.confusion_figure("train", record)
    assert "2,273" in words(train.axes[1])
    assert not any(w.startswith("[") for w in words(train.axes[1]))


def test_errors_have_a_scale_of_their_own():
    axes = subject.confusion_figure("validation", run(2, "adam", validation=0.97)).axes
    colour = {}
    for panel in axes:
        for patch, number in zip(panel.patches, words(panel), strict=True):
            colour.setdefault(number, set()).add(to_hex(patch.get_facecolor()))
    assert colour["3"] == {next(iter(colour["3"]))}  # the same in both panels
    red, _, blue = bytes.fromhex(next(iter(colour["20"]))[1:])
    assert red > blue  # orange
    red, _, blue = bytes.fromhex(next(iter(colour["752"]))[1:])
    assert blue > red


def test_the_title_counts_the_mistakes():
    figure = subject.confusion_figure("validation", run(2, "adam", validation=0.97))
    wrong = 3795 - round(0.97 * 3795)
    title = figure.get_label()
    assert f"errs on {wrong} of 3,795 validation images" in title
    assert "the original's on 94 of 3,795" in title and "3 for 2" in title
    chosen = subject.confusion_figure("test", run(4, "adam"), True).get_label()
    assert chosen.startswith("On architecture 4, the original's choice, the rerun errs")


def test_a_model_without_mistakes_has_a_title():
    title = subject.confusion_figure("train", run(2, "adam", train=1.0)).get_label()
    assert "errs on 0 of 11,385 training images" in title and "take" not in title


def test_images_taken_for_another_digit_are_counted():
    record = run(2, "adam", validation=1.0)
    record.splits["validation"]["confusion"][1][7] = 5
    figure = subject.confusion_figure("validation", record)
    assert "5 images of the rerun predicted as another digit" in heading(figure)


def heading(figure):
    return " ".join(text.get_text().replace("\n", " ") for text in figure.texts)


def test_own_data_has_its_own_digits():
    record = run(2, "adam", protocol=Protocol(data_sha256="ab"))
    record.splits["test"]["confusion"][7][7] = 5
    ours, theirs = subject.confusion_figure("test", record).axes
    assert len(words(ours)) == 36 and len(words(theirs)) == 25


# Candidates, and the rule of architectures 4 and 5


def studies():
    """Glorot's weights end later than the default's in every seed."""
    near = [run(1, "momentum", s, epochs=41 + s, validation=0.96) for s in range(3)]
    far = [run(1, "momentum", s, epochs=80 + s, validation=0.99) for s in range(3)]
    return {"report": near, "glorot": far, "per-pixel": [near[0], far[1], near[2]]}


def test_candidates_have_a_dot_a_seed_and_the_nearest_comes_first():
    figure = subject.candidate_figure(candidates.explain(studies()))
    initial, scaling = figure.axes
    assert [t.get_text() for t in initial.get_yticklabels()] == [
        "N(0, 1)",
        "Glorot uniform",
    ]
    for axes in (initial, scaling):
        assert len(artists(axes, "seed")) == 6
    colours = [line.get_color() for line in artists(initial, "seed")]
    assert colours[:3] == [subject.BLUE] * 3 and subject.BLUE not in colours[3:]
    assert initial.get_title(loc="left") == "Initial weights of all layers"


def test_candidates_that_seeds_disagree_on_are_no_finding():
    mixed = studies()
    mixed["glorot"] = [mixed["glorot"][0], mixed["report"][1], mixed["report"][1]]
    mixed["glorot"][2] = replace(mixed["glorot"][2], cell=mixed["report"][2].cell)
    mixed["per-pixel"] = []
    figure = subject.candidate_figure(candidates.explain(mixed))
    assert "in 0 of 1 question; in 1 the seeds do not agree" in figure.get_label()
    colours = {line.get_color() for line in artists(figure.axes[0], "seed")}
    assert subject.BLUE not in colours


def test_a_diverged_candidate_is_at_the_edge():
    own = studies()
    own["glorot"] = [diverged(one) for one in own["glorot"]]
    own["glorot"] = [
        replace(one, history={**one.history, "loss": [1.0, 2.0]} | {}, epochs=2)
        for one in own["glorot"]
    ]
    figure = subject.candidate_figure(candidates.explain(own))
    assert len(artists(figure.axes[0], "seed")) == 6


def both(epochs, patient):
    stated = judge([run(4, "nag", s, epochs=n) for s, n in enumerate(epochs)])
    runs = [run(4, "nag", s, epochs=n) for s, n in enumerate(patient)]
    return stated, patient_verdicts(stated, runs)


def test_both_rules_stand_beside_the_original():
    figure = subject.stopping_figure(*both((30, 31, 32), (39, 40)))
    (axes,) = figure.axes
    assert at(artists(axes, "original")) == [RESULTS[4, "nag"].epochs] == [38]
    assert at(artists(axes, "run")) == [30, 31, 32, 39, 40]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["NAG"]
    assert figure.get_label() == (
        "A patience of 2 explains architectures 4 and 5: 1 of 1 median within 15 % of "
        "the original's epochs, against 0 by the stated rule"
    )


def test_a_patience_that_is_no_nearer_does_not_explain():
    title = subject.stopping_figure(*both((38, 38, 38), (60, 60))).get_label()
    assert "does not explain" in title


def test_the_mislabelled_row_is_named():
    stated = judge(some(5, "sgd"))
    rows = subject.stopping_figure(stated, patient_verdicts(stated, some(5, "sgd")))
    names = [label.get_text() for label in rows.axes[0].get_yticklabels()]
    assert names == ["SGD", "Batch GD (is SGD)"]


def test_a_run_that_never_ends_is_no_dot():
    stated = judge([cut_off(run(4, "nag", 0, epochs=50)), run(4, "nag", 1, epochs=30)])
    figure = subject.stopping_figure(stated, patient_verdicts(stated, some(4, "nag")))
    assert at(artists(figure.axes[0], "run"))[0] == 30
    assert len(artists(figure.axes[0], "run")) == 4


# Time to target

LIKE = {(1, "sgd"): 30, (1, "nag"): 10, (2, "sgd"): 20, (2, "nag"): 20}
LIKE |= {(3, "sgd"): math.inf, (3, "nag"): math.inf, (3, "adam"): math.inf}


def test_who_leads_is_counted_with_ties():
    assert subject.leader(LIKE) == {
        "methods": ["NAG"],
        "value": 2,
        "architectures": 3,
    }
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


# Learning rates


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
    figure = subject.sweep_figure(swept("sgd", "adam", CUSTOM.partition(" ")[0] + HASH))
    for axes in figure.axes:
        assert at(artists(axes, "original")) == [0.001]
        lines = [line for line in axes.lines if str(line.get_gid())[:4] == "line"]
        assert len(lines) == 3 and len({line.get_color() for line in lines}) == 3
        assert len(artists(axes, "best")) == 3
    assert "each at its best rate" in figure.get_label()


HASH = " sha256:" + "a" * 64


def test_what_never_arrives_stands_above_the_rest():
    figure = subject.sweep_figure(swept("sgd", last=0.5))
    axes = figure.axes[0]
    assert len(artists(axes, "missing")) == 2 and "never" in words(axes)
    assert artists(axes, "best") == []
    assert figure.get_label().endswith(
        "at no rate does a method reach an error of 0.02"
    )


def test_a_single_rate_and_a_diverged_run_are_drawn():
    lost = [diverged(run(1, at_rate("sgd", 3.0), s, loss=[1.0, 9.0])) for s in (0, 1)]
    (sweep,) = sweeps.gather(lost)
    axes = subject.sweep_figure(sweep).axes[1]
    assert "diverged" in words(axes) and len(artists(axes, "missing")) == 1


# Paths


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


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"protocol": {}}'])
def test_paths_that_cannot_be_read_are_none(content, tmp_path):
    if content is not None:
        (tmp_path / subject.PATHS).parent.mkdir()
        (tmp_path / subject.PATHS).write_bytes(content)
    assert subject.read_paths(tmp_path, Protocol()) is None


# Titles


def test_titles_of_cells():
    values = {"method": "NAG", "architecture": 4, "runs": 3, "stopped": 3}
    values |= {"stops": "30 (29–31)", "diverged": 0}
    said = {
        ("AGREES", ""): "the original's 38 agrees",
        ("CLOSE", ""): "the original's 38 is close",
        ("CANNOT TELL", ""): "the runs scatter too widely to judge the original's 38",
        ("DIFFERS", ""): "the original's 38 differs",
        ("NOT JUDGED", "few seeds"): "more seeds are needed to judge the original's 38",
        ("NOT JUDGED", "cut short"): "the original's 38 was out of reach",
        ("NOT JUDGED", "subset"): "the original's 38 had other settings",
    }
    for key, outcome in said.items():
        found = finding("cell", **values, outcomes={key: [38]})
        expected = "NAG on architecture 4 stops after epoch 30 (29–31); "
        assert found == expected + outcome
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

    def said(stop, learn):
        return finding("architecture", **values, stop=stop, learn=learn)[16:]

    assert said(nag, two) == (
        "NAG (30 epochs) stops first, but NAG and Adam (5 epochs) reach an error of "
        "0.05 first"
    )
    assert said(two, two) == (
        "NAG and Adam (5 epochs) stop first and reach an error of 0.05 first (5)"
    )
    assert said(nag, None).endswith("no method reaches an error of 0.05")
    assert said(None, nag).endswith("reaches an error of 0.05 first; no run stops")
    assert said(None, None) == "no run stops, and none reaches an error of 0.05"


def test_titles_of_sweeps():
    best = {"methods": ["AdaGrad"], "value": 6}
    values = {"architecture": 1, "error": 0.02, "original_rate": 0.001}
    values |= {"batch_gd": True, "best": best}
    assert finding("sweep", **values, original=None).endswith("at the original's rate")
    assert "also" in finding("sweep", **values, original=best)
    other = {"methods": ["Adam", "NAG"], "value": 7}
    assert finding("sweep", **values, original=other).endswith(
        "at the original's rate Adam and NAG (7 epochs) do"
    )


def test_every_question_has_a_name():
    for question in candidates.QUESTIONS:
        values = {"key": question.key}
        name = render("figure_titles.j2", figure="question", values=values).strip()
        assert name != question.key
