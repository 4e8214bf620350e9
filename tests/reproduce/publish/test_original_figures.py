"""Figures of the original and its rerun say where they agree, and why they do not."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from reproduce.analysis import candidates
from reproduce.analysis.findings import patient_verdicts
from reproduce.analysis.sampling import RUNS_DRAWN
from reproduce.analysis.verdicts import AGREES, JUDGED, NOT_JUDGED, judge
from reproduce.experiment.protocol import Protocol
from reproduce.original import RESULTS
from reproduce.publish import original_figures as subject
from reproduce.publish.drawing import png
from reproduce.publish.rendering import phrase

from ..analysis.runs import cut_off, diverged, run, world
from .test_drawing import SMALL, artists, at, some, words


def test_every_number_has_a_cell_in_the_colour_of_its_verdict():
    stated = judge(world(seeds=3))
    figure = subject.verdict_figure(stated)
    for axes, quantity in zip(figure.axes, subject.SHOWN, strict=True):
        verdicts = [v for v in stated if v.quantity == quantity]
        for label in (*JUDGED, NOT_JUDGED):
            cells = [p for p in axes.patches if p.get_gid() == label]
            assert len(cells) == sum(v.label == label for v in verdicts)
            ground = {to_hex(patch.get_facecolor()) for patch in cells}
            assert ground <= {subject.LABELS[label][1]}
        drawn = [v for v in verdicts if v.original is not None]
        dots = [line for line in axes.lines if line.get_gid() == "run"]
        assert len(dots) == sum(len(v.values) for v in drawn)
        bars = [line for line in axes.lines if line.get_gid() == "interval"]
        assert len(bars) == sum(v.low is not None for v in drawn)
        assert words(axes).count("illegible") == 2
        assert words(axes).count("as SGD") == 2
    assert len(png(figure)) < SMALL


def test_verdicts_are_told_apart_without_seeing_red_from_green():
    deuteranopia = [
        [0.367, 0.861, -0.228],
        [0.28, 0.673, 0.047],
        [-0.012, 0.043, 0.969],
    ]
    for part, least in ((0, 40), (1, 10)):  # Machado et al. 2009
        colours = [bytes.fromhex(style[part][1:]) for style in subject.LABELS.values()]
        seen = [np.array(deuteranopia) @ list(colour) for colour in colours]
        for first, second in combinations(seen, 2):
            assert np.linalg.norm(first - second) > least


def test_places_are_relative_to_the_original():
    stated = {verdict.key: verdict for verdict in judge(some(1, "momentum"))}
    verdict = stated[1, "momentum", "epochs"]
    assert subject.relative(verdict, 41) == 0
    assert subject.relative(verdict, 82) == pytest.approx(1)
    assert subject.relative(verdict, 20.5) == pytest.approx(-1)
    assert subject.relative(verdict, math.inf) == math.inf
    exact = replace(verdict, quantity="validation", original=0.95)
    assert subject.relative(exact, 0.98) == pytest.approx(1)


def test_runs_beyond_the_scale_are_triangles_at_its_edge():
    runs = [run(1, "momentum", s, epochs=n) for s, n in enumerate((10, 41, 200))]
    axes = subject.verdict_figure(judge(runs)).axes[0]
    dots = [line for line in axes.lines if line.get_gid() == "run"]
    assert [dot.get_marker() for dot in dots] == ["<", "o", ">"]
    places = [dot.get_xdata()[0] for dot in dots]
    assert places == pytest.approx([-subject.HALF, 0, subject.HALF])


def test_of_many_runs_some_are_dots_and_the_heading_says_so():
    runs = [run(1, "momentum", s, epochs=20 + s) for s in range(2 * RUNS_DRAWN)]
    figure = subject.verdict_figure(judge(runs))
    for axes in figure.axes:
        assert len([dot for dot in axes.lines if dot.get_gid() == "run"]) == RUNS_DRAWN
    heading = " ".join(" ".join(text.get_text() for text in figure.texts).split())
    assert "Dots: our seeds, 51 where there are more" in heading


def test_the_verdicts_are_counted_in_the_title():
    stated = judge(world(seeds=3))
    shown = [v for v in stated if v.quantity != "train" and v.label in JUDGED]
    agree = sum(v.label == AGREES for v in shown)
    title = subject.verdict_figure(stated).get_label()
    assert title.startswith(f"{agree} of {len(shown)} epochs and validation")
    assert subject.verdict_figure(judge([])).get_label().startswith("No epochs and no")


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
    _, reading = subject.confusion_figure("validation", record).texts
    text = " ".join(reading.get_text().split())
    assert "5 images of the rerun predicted as another digit" in text


def test_own_data_has_its_own_digits():
    record = run(2, "adam", protocol=Protocol(data_sha256="ab"))
    record.splits["test"]["confusion"][7][7] = 5
    ours, theirs = subject.confusion_figure("test", record).axes
    assert len(words(ours)) == 36 and len(words(theirs)) == 25


def studies():
    """Glorot's weights end later than the default's in every seed."""
    near = [run(1, "momentum", s, epochs=41 + s, validation=0.96) for s in range(3)]
    far = [run(1, "momentum", s, epochs=80 + s, validation=0.99) for s in range(3)]
    return {"report": near, "glorot": far, "per-pixel": [near[0], far[1], near[2]]}


def test_candidates_have_a_dot_a_seed_and_the_nearest_comes_first():
    figure = subject.candidate_figure(candidates.explain(studies()))
    initial, scaling = figure.axes
    names = [label.get_text() for label in initial.get_yticklabels()]
    assert names == ["N(0, 1)", "Glorot uniform"]
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
    records = studies()
    records["glorot"] = [diverged(r) for r in records["glorot"]]
    records["glorot"] = [
        replace(r, history={**r.history, "loss": [1.0, 2.0]} | {}, epochs=2)
        for r in records["glorot"]
    ]
    figure = subject.candidate_figure(candidates.explain(records))
    assert len(artists(figure.axes[0], "seed")) == 6


def stopping(stated, patient):
    """The figure of runs by the stated rule and of those with a patience of 2."""
    stated = judge(stated)
    rows = subject.stopping_rows(stated, patient_verdicts(stated, patient))
    return subject.stopping_figure(rows)


def nag(*epochs):
    return [run(4, "nag", seed, epochs=n) for seed, n in enumerate(epochs)]


def test_both_rules_stand_beside_the_original():
    figure = stopping(nag(30, 31, 32), nag(39, 40))
    (axes,) = figure.axes
    assert at(artists(axes, "original")) == [RESULTS[4, "nag"].epochs] == [38]
    assert at(artists(axes, "run")) == [30, 31, 32, 39, 40]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["NAG"]
    assert figure.get_label() == (
        "A patience of 2 explains architectures 4 and 5: 1 of 1 median within 15 % of "
        "the original's epochs, against 0 by the stated rule"
    )


def test_a_patience_that_is_no_nearer_does_not_explain():
    title = stopping(nag(38, 38, 38), nag(60, 60)).get_label()
    assert "does not explain" in title


def test_the_mislabelled_row_is_named():
    axes = stopping(some(5, "sgd"), some(5, "sgd")).axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["SGD", "Batch GD (is SGD)"]


def test_a_run_that_never_ends_is_no_dot():
    endless, ended = nag(50, 30)
    (axes,) = stopping([cut_off(endless), ended], some(4, "nag")).axes
    dots = at(artists(axes, "run"))
    assert dots[0] == 30 and len(dots) == 4


def test_every_question_has_words():
    for question in candidates.QUESTIONS:
        assert phrase("words.j2", "topic", question.key)
        assert phrase("words.j2", "question", question.key).endswith("?")
