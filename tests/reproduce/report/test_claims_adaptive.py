"""Claims about AdaGrad, RMSProp and Adam, with the extra runs they need."""

from dataclasses import replace

import pytest

from reproduce.experiment.studies import STUDIES

from .synthetic import EPOCHS, accuracies, curve, entries, verdicts, world
from .test_claims_descent import changed, method, risen

BATCH = STUDIES["mini-batch"].protocol


def batched(records, epochs, accuracy):
    """AdaGrad's runs as they might come out with mini-batches."""
    return [
        accuracies(replace(run, epochs=epochs, protocol=BATCH), accuracy, accuracy)
        for run in method(records, "adagrad")
    ]


def test_the_opposite_is_contradicted():
    slow = {**EPOCHS, "rmsprop": 300, "adam": 300}
    assert verdicts(world(5, slow))["adaptive-fewest"] == "CONTRADICTED"


def test_a_planted_null_is_not_supported():
    assert verdicts(world(5, well=("nag",)))["adaptive-well"] != "SUPPORTED"
    same = {**EPOCHS, "adagrad": 15}
    assert verdicts(world(5, same))["decay-is-why"] != "SUPPORTED"


def test_decay_explains_what_rmsprop_gains_over_adagrad(five):
    assert verdicts(five)["decay-is-why"] == "SUPPORTED"


def test_adagrad_speeds_up_only_if_faster_than_sgd(five):
    assert verdicts(five)["adagrad-speeds-up"] == "CONTRADICTED"
    quick = {**EPOCHS, "adagrad": 60}
    assert verdicts(world(5, quick))["adagrad-speeds-up"] == "SUPPORTED"


@pytest.mark.parametrize(("loss", "expected"), [(0.2, "SUPPORTED"), (0.001, "CON")])
def test_adagrad_stops_short_if_its_final_error_is_highest(five, loss, expected):
    def ends(run):
        train = {**run.splits["train"], "loss": loss}
        return replace(run, splits={**run.splits, "train": train})

    entry = entries(changed(five, "adagrad", ends))["adagrad-stops-short"]
    assert entry.verdict.startswith(expected)
    assert entry.finding.printed == "not printed"


@pytest.mark.parametrize(
    ("epochs", "accuracy", "expected"),
    [
        (60, 0.96, "SUPPORTED"),
        (60, 0.7, "CONTRADICTED"),
        (900, 0.96, "CONTRADICTED"),
    ],
)
def test_mini_batches_must_be_faster_and_as_accurate(five, epochs, accuracy, expected):
    runs = batched(five, epochs, accuracy)
    assert verdicts(five, {"mini-batch": runs})["adagrad-mini-batch"] == expected


def test_mini_batches_count_their_own_updates(five):
    found = entries(five, {"mini-batch": batched(five, 600, 0.96)})
    ratios = found["adagrad-mini-batch"].finding.ratios
    assert ratios["updates"] / ratios["epochs"] == pytest.approx(11_385 / 356)
    assert ratios["gradients"] == pytest.approx(ratios["epochs"])


def test_mini_batches_that_never_converge_are_no_cure(five):
    runs = [replace(r, ending="epoch_limit") for r in batched(five, 60, 0.96)]
    found = verdicts(five, {"mini-batch": runs})
    assert found["adagrad-mini-batch"] == "CONTRADICTED"


def test_mini_batches_of_other_seeds_pair_with_nothing(five):
    runs = [
        replace(r, cell=replace(r.cell, seed=r.cell.seed + 50))
        for r in batched(five, 60, 0.96)
    ]
    entry = entries(five, {"mini-batch": runs})["adagrad-mini-batch"]
    assert entry.verdict == "UNDECIDED" and "of one seed" in entry.why


def test_what_needs_other_runs_says_so(five):
    found = entries(five)
    assert "Needs mini-batch runs" in found["adagrad-mini-batch"].why
    assert "study glorot" in found["needs-regularization"].why


def test_adaptive_rates_avoid_oscillations_only_if_the_others_rise(five):
    runs = five
    for name in ("sgd", "momentum", "nag"):
        runs = changed(runs, name, risen)
    assert verdicts(runs)["adaptive-avoids"] == "SUPPORTED"
    runs = changed(changed(five, "rmsprop", risen), "adam", risen)
    found = verdicts(runs)
    assert found["adaptive-avoids"] == "CONTRADICTED"
    assert found["adaptive-not-smooth"] == "SUPPORTED"
    assert verdicts(five)["adaptive-not-smooth"] != "SUPPORTED"


def test_equally_fast_is_shown_not_assumed(five):
    assert verdicts(five)["adaptive-alike-fast"] == "SUPPORTED"
    apart = {**EPOCHS, "adam": 30}
    assert verdicts(world(5, apart))["adaptive-alike-fast"] == "CONTRADICTED"
    capped = changed(five, "adam", lambda run: replace(run, ending="epoch_limit"))
    assert verdicts(capped)["adaptive-alike-fast"] == "CONTRADICTED"


def test_equal_on_the_whole_is_not_equal_on_each_architecture(five):
    worse = changed(
        five,
        "adam",
        lambda r: accuracies(r, 1.0, 0.94) if r.cell.architecture == 5 else r,
    )
    entry = entries(worse)["adaptive-alike"]
    assert entry.verdict == "UNDECIDED" and "not on architecture 5" in entry.why


def test_past_the_stop_rises_and_collapses_are_counted(five):
    runs = [accuracies(run, 0.2, 0.2) for run in method(five, "adam")]
    lost = replace(curve(runs[0], [1.0, 0.5]), ending="diverged", splits={})
    why = entries(five, {"past-stopping": [lost, *runs[1:]]})["adaptive-not-smooth"].why
    assert "24 of 25 runs end below 50% accuracy; 1 diverged" in why
