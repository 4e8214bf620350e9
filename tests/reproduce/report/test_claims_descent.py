"""Claims about SGD, batch GD, momentum and NAG: effects are found, nulls are not."""

from dataclasses import replace

import numpy as np
import pytest

from .synthetic import EPOCHS, curve, entries, verdicts, world


def method(records, name):
    return [run for run in records if run.cell.method == name]


def changed(records, name, change):
    """The records with those of one method changed."""
    return [change(run) if run.cell.method == name else run for run in records]


def risen(run):
    """The run with a last epoch that ends higher."""
    losses = list(run.history["loss"])
    return replace(curve(run, [*losses[:-1], losses[-2] + 0.1]), ending="rose")


def test_a_planted_null_is_not_supported():
    same = {**EPOCHS, "momentum": 120, "nag": 120}
    assert verdicts(world(5, same))["momentum-speeds-up"] != "SUPPORTED"


def test_sgd_oscillates_where_its_error_rises(five):
    assert verdicts(five)["sgd-oscillates"] == "UNDECIDED"  # means hide updates
    assert verdicts(changed(five, "sgd", risen))["sgd-oscillates"] == "SUPPORTED"
    half = changed(five, "sgd", lambda r: risen(r) if r.cell.seed < 3 else r)
    assert verdicts(half)["sgd-oscillates"] == "UNDECIDED"


def test_batch_gd_falls_at_every_step_or_oscillates(five):
    found = verdicts(five)
    assert found["batch-gd-descends"] == "SUPPORTED"
    assert found["batch-gd-oscillates"] == "CONTRADICTED"
    found = verdicts(changed(five, "batch_gd", risen))
    assert found["batch-gd-descends"] == "CONTRADICTED"
    assert found["batch-gd-oscillates"] == "SUPPORTED"


@pytest.mark.parametrize(
    ("gain", "expected", "words"),
    [
        (0.0, "SUPPORTED", "no longer moves"),
        (0.03, "CONTRADICTED", "still learning"),
    ],
)
def test_batch_gd_is_stuck_only_if_its_accuracy_stands_still(
    five, gain, expected, words
):
    def late(run):
        n = len(run.history["loss"])
        rising = np.interp(np.arange(n), [0, 0.9 * n, n], [0.2, 0.6, 0.6 + gain])
        return curve(run, run.history["loss"], rising.tolist())

    entry = entries(changed(five, "batch_gd", late))["batch-gd-stuck"]
    assert entry.verdict == expected
    assert words in entry.why
    assert f"{100 * gain:+.0f}" in entry.finding.effect


def test_momentum_is_reliable_if_its_epochs_scatter_less(five):
    def scattered(run):
        return replace(run, epochs=run.epochs + 12 * run.cell.seed)

    assert verdicts(changed(five, "sgd", scattered))["momentum-reliable"] == "SUPPORTED"
    found = verdicts(changed(five, "momentum", scattered))
    assert found["momentum-reliable"] == "CONTRADICTED"


def test_nag_is_faster_only_if_it_takes_fewer_epochs():
    faster = {**EPOCHS, "momentum": 60}
    assert verdicts(world(5, faster))["nag-faster"] == "SUPPORTED"
    assert verdicts(world(5))["nag-faster"] == "UNDECIDED"
    slower = {**EPOCHS, "nag": 60}
    assert verdicts(world(5, slower))["nag-faster"] == "CONTRADICTED"


def test_nag_oscillates_less_if_momentum_rises(five):
    assert verdicts(five)["nag-oscillates-less"] == "UNDECIDED"
    found = verdicts(changed(five, "momentum", risen))
    assert found["nag-oscillates-less"] == "SUPPORTED"


def test_never_converged_is_slower_than_any(five):
    def capped(run):
        return replace(run, ending="epoch_limit")

    found = entries(changed(five, "sgd", capped))["momentum-speeds-up"]
    assert found.verdict == "SUPPORTED"
    assert found.finding.ratios["seconds"] == np.inf
    assert "without bound" in found.finding.effect
    runs = changed(changed(five, "momentum", capped), "nag", capped)
    assert verdicts(runs)["momentum-speeds-up"] == "CONTRADICTED"
