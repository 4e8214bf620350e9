"""Curves for the page: few points, all of them recorded ones."""

import pytest

from reproduce.report.statistics import compare
from reproduce.webpage.curves import EPOCHS_DRAWN, curves, thinned

from ..report.conftest import make_record


@pytest.mark.parametrize("epochs", [1, 2, 17, 50])
def test_short_runs_keep_every_epoch(epochs):
    assert thinned(epochs) == list(range(epochs))


@pytest.mark.parametrize("epochs", [400, 5403, 20_000])
def test_long_runs_are_thinned_and_keep_their_ends(epochs):
    kept = thinned(epochs)
    assert len(kept) <= 2 * EPOCHS_DRAWN
    assert kept[:3] == [0, 1, 2] and kept[-1] == epochs - 1
    assert max(b - a for a, b in zip(kept, kept[1:], strict=False)) <= epochs / 60


def test_every_point_is_a_recorded_one_and_one_run_is_the_median():
    runs = [make_record(1, "sgd", seed) for seed in range(3)]
    (method,) = curves(compare(runs))["1"]
    assert [run["middle"] for run in method["runs"]].count(True) == 1
    for run, record in zip(method["runs"], runs, strict=True):
        losses = [record.history["loss"][epoch - 1] for epoch in run["epochs"]]
        assert run["errors"] == pytest.approx(losses, rel=1e-4)
