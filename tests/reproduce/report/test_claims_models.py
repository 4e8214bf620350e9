"""Claims about all the models: what is planted is found, what is not is not."""

from dataclasses import replace

import pytest

from reproduce.experiment.studies import STUDIES

from .synthetic import EPOCHS, accuracies, entries, verdicts, world
from .test_claims_descent import changed

GLOROT = STUDIES["glorot"].protocol


def glorot(records, gap, train=1.0):
    return [
        replace(accuracies(run, train, train - gap), protocol=GLOROT) for run in records
    ]


@pytest.mark.parametrize(
    ("gap", "expected"), [(0.01, "CONTRADICTED"), (0.05, "SUPPORTED")]
)
def test_regularization_is_judged_by_the_gap_from_glorot(five, gap, expected):
    found = verdicts(five, {"glorot": glorot(five, gap)})
    assert found["needs-regularization"] == expected


def test_runs_that_did_not_fit_show_no_gap(five):
    stalled = [
        accuracies(run, 0.2, 0.2) if run.cell.method == "sgd" else run
        for run in glorot(five, 0.05)
    ]
    entry = entries(five, {"glorot": stalled})["needs-regularization"]
    assert entry.verdict == "SUPPORTED"
    assert "Left out: 25 runs that did not fit" in entry.why
    nothing = glorot(five, 0.0, train=0.2)
    entry = entries(five, {"glorot": nothing})["needs-regularization"]
    assert entry.verdict == "UNDECIDED" and "fit the training set" in entry.why


def test_one_image_outside_contradicts(five):
    run = five[0]
    matrix = [list(row) for row in run.splits["test"]["confusion"]]
    matrix[1][7] += 1
    splits = {**run.splits, "test": {**run.splits["test"], "confusion": matrix}}
    found = verdicts([replace(run, splits=splits), *five[1:]])
    assert found["none-outside"] == "CONTRADICTED"
    assert verdicts(five)["none-outside"] == "SUPPORTED"


def test_models_perform_well_by_the_lowest_of_all(five):
    entry = entries(five)["models-perform-well"]
    assert entry.verdict == "SUPPORTED"
    poor = changed(five, "batch_gd", lambda run: accuracies(run, 0.6, 0.6))
    assert verdicts(poor)["models-perform-well"] == "SUPPORTED"
    for accuracy, expected in ((0.85, "CONTRADICTED"), (0.905, "UNDECIDED")):
        one = [accuracies(five[0], 1.0, accuracy), *five[1:]]
        assert verdicts(one)["models-perform-well"] == expected
    assert verdicts(five[:20])["models-perform-well"] == "UNDECIDED"


def test_times_differ_unless_two_methods_are_alike(five):
    entry = entries(five)["times-differ"]
    assert entry.verdict == "CONTRADICTED"
    assert "Momentum and NAG" in entry.finding.effect
    apart = {name: 20 * 3**i for i, name in enumerate(EPOCHS)}
    assert verdicts(world(5, apart))["times-differ"] == "SUPPORTED"


def test_the_best_architecture_must_beat_the_smaller_ones():
    def better(run):
        good = run.cell.architecture == 4 and run.cell.method == "adam"
        return accuracies(run, 1.0, 0.999) if good else run

    ten = world(10)
    assert verdicts([better(run) for run in ten])["four-layers-best"] == "SUPPORTED"
    assert verdicts(ten)["four-layers-best"] == "CONTRADICTED"


def test_no_architecture_seems_worse_for_want_of_runs():
    part = [
        run
        for run in world(10)
        if run.cell.architecture != 4 or run.cell.method not in ("rmsprop", "adam")
    ]
    entry = entries(part)["four-layers-best"]
    assert entry.verdict == "UNDECIDED"
    assert "Needs runs of RMSProp and Adam on architecture 4" in entry.why
