"""Claims: planted effects are found, nulls are not, few seeds decide nothing."""

from dataclasses import replace

import numpy as np
import pytest

from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.protocol import METHODS
from reproduce.report.claims import CLAIMS
from reproduce.report.evidence import gather
from reproduce.report.ledger import ledger, ledger_table

EPOCHS = {"sgd": 120, "batch_gd": 5000, "momentum": 35, "nag": 34, "adagrad": 600}
EPOCHS |= {"rmsprop": 15, "adam": 14}


def accuracies(run, train, validation):
    splits = {name: dict(values) for name, values in run.splits.items()}
    splits["train"]["accuracy"], splits["validation"]["accuracy"] = train, validation
    return replace(run, splits=splits)


@pytest.fixture(scope="module")
def world(record):
    """Makes all cells of some seeds, by epochs and validation accuracy a method."""

    def make(seeds, epochs=EPOCHS, well=(), architectures=ARCHITECTURES):
        rng = np.random.default_rng(3)
        runs = []
        for a in architectures:
            for method in METHODS:
                for seed in range(seeds):
                    n = epochs[method] + int(rng.integers(0, 3))
                    falling = [1 / (i + 1) for i in range(n)]
                    run = record(a, method, seed, epochs=n)
                    run = replace(run, history={"loss": falling, "accuracy": falling})
                    good = 0.98 if method in (*well, "rmsprop", "adam") else 0.95
                    noise = 0.001 * rng.normal()
                    runs.append(accuracies(run, 1.0, good + noise))
        return runs

    return make


def verdicts(records, extras=None):
    entries = ledger(gather(records, extras or {}))
    return {entry.key: entry.verdict for entry in entries}


@pytest.fixture(scope="module")
def five(world):
    return world(5)


def test_planted_effects_are_supported(five):
    found = verdicts(five)
    for key in ("adaptive-fewest", "momentum-speeds-up", "adagrad-slowest"):
        assert found[key] == "SUPPORTED", key
    assert found["adaptive-alike"] == found["adaptive-well"] == "SUPPORTED"
    assert found["batch-gd-descends"] == "SUPPORTED"
    assert found["batch-gd-oscillates"] == "CONTRADICTED"


def test_the_opposite_is_contradicted(world):
    slow = {**EPOCHS, "rmsprop": 300, "adam": 300}
    found = verdicts(world(5, slow))
    assert found["adaptive-fewest"] == "CONTRADICTED"


def test_a_planted_null_is_not_supported(world):
    same = {**EPOCHS, "momentum": 120, "nag": 120}
    assert verdicts(world(5, same))["momentum-speeds-up"] != "SUPPORTED"
    assert verdicts(world(5, well=("nag",)))["adaptive-well"] != "SUPPORTED"


def test_two_seeds_decide_no_tested_claim(world):
    entries = ledger(gather(world(2), {}))
    tested = [entry for entry in entries if entry.finding.p is not None]
    assert tested and {entry.verdict for entry in tested} == {"UNDECIDED"}


def test_without_records_every_claim_awaits_runs():
    assert set(verdicts([]).values()) == {"UNDECIDED"}


def test_what_needs_other_runs_says_so(five):
    entries = {entry.key: entry for entry in ledger(gather(five, {}))}
    assert "Needs mini-batch runs" in entries["adagrad-mini-batch"].why
    assert "keras-defaults" in entries["needs-regularization"].why


@pytest.mark.parametrize(
    ("gap", "expected"), [(0.01, "CONTRADICTED"), (0.05, "SUPPORTED")]
)
def test_regularization_is_judged_by_the_gap_from_glorot(five, gap, expected):
    glorot = [accuracies(run, 1.0, 1.0 - gap) for run in five]
    assert (
        verdicts(five, {"keras-defaults": glorot})["needs-regularization"] == expected
    )


@pytest.mark.parametrize(
    ("epochs", "accuracy", "expected"),
    [
        (60, 0.96, "SUPPORTED"),
        (60, 0.7, "CONTRADICTED"),
        (900, 0.96, "CONTRADICTED"),
    ],
)
def test_mini_batches_must_be_faster_and_as_accurate(five, epochs, accuracy, expected):
    runs = [
        accuracies(replace(run, epochs=epochs), accuracy, accuracy)
        for run in five
        if run.cell.method == "adagrad"
    ]
    assert verdicts(five, {"mini-batch": runs})["adagrad-mini-batch"] == expected


def test_past_the_stop_rises_and_collapses_are_counted(five):
    runs = [accuracies(run, 0.2, 0.2) for run in five if run.cell.method == "adam"]
    entries = ledger(gather(five, {"past-stopping": runs}))
    why = next(e.why for e in entries if e.key == "adaptive-not-smooth")
    assert "25 of 25 runs end below 50%" in why


def test_runs_that_start_from_other_weights_are_no_pairs(five):
    odd = [
        replace(r, initial_sha256="0" * 64) if r.cell.method == "adam" else r
        for r in five
    ]
    evidence = gather(odd, {})
    assert len(evidence.left_out) == 25 and not len(evidence.runs)


def test_one_image_outside_contradicts(five):
    run = five[0]
    matrix = [list(row) for row in run.splits["test"]["confusion"]]
    matrix[1][7] += 1
    splits = {**run.splits, "test": {**run.splits["test"], "confusion": matrix}}
    found = verdicts([replace(run, splits=splits), *five[1:]])
    assert found["none-outside"] == "CONTRADICTED"
    assert verdicts(five)["none-outside"] == "SUPPORTED"


def test_the_table_has_every_claim_and_what_n_can_reach(five):
    table = ledger_table(ledger(gather(five, {})))
    assert [row["claim"] for row in table.data] == list(CLAIMS)
    by = {row["claim"]: row for row in table.data}
    assert by["adaptive-fewest"]["n"] == 25
    assert by["adaptive-fewest"]["smallest_p"] == 2**-24
    assert by["batch-gd-slow"]["times_fewer_updates"] < 1
    assert by["batch-gd-slow"]["times_fewer_epochs"] > 1
    assert by["adaptive-fewest"]["in_report"] == "holds on 4 of 4"
