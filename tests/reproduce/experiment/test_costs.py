"""Estimates follow the measurements, and a schedule's length is worked out right."""

from dataclasses import replace

import pytest

from reproduce.experiment import costs
from reproduce.experiment.protocol import Cell, Protocol

CELL = Cell(1, "sgd", 0)


@pytest.fixture
def measured(monkeypatch):
    monkeypatch.setattr(costs, "microseconds", lambda: {(1, "sgd"): 10.0})


def test_seconds_are_updates_times_measured_microseconds(measured, monkeypatch):
    monkeypatch.setattr(costs, "FORWARD", 0.0)  # without validation
    expected = 153 * 11_385 * 10e-6  # the original's epochs, an update an example
    assert costs.expected_seconds(CELL, Protocol()) - costs.START_SECONDS == (
        pytest.approx(expected)
    )


def test_validation_and_traces_are_counted(monkeypatch):
    measured = {(1, "sgd"): 10.0, (1, "batch_gd"): 30_000.0}
    monkeypatch.setattr(costs, "microseconds", lambda: measured)
    one_pass = 30e-3 / 3  # forward only, over all training examples
    epoch = 11_385 * 10e-6 + one_pass / 3
    assert costs.epoch_seconds(CELL, Protocol()) == pytest.approx(epoch)
    every_tenth = 30e-3 + one_pass / 3 / 10
    batch_gd = replace(CELL, method="batch_gd")
    assert costs.epoch_seconds(batch_gd, Protocol()) == pytest.approx(every_tenth)
    traced = costs.run_seconds(CELL, Protocol(trace_updates=200), 5)
    plain = costs.run_seconds(CELL, Protocol(), 5)
    assert traced - plain == pytest.approx(3 * 200 * one_pass)


def test_fewer_epochs_or_examples_cost_less(measured):
    whole = costs.expected_seconds(CELL, Protocol())
    assert costs.expected_seconds(CELL, replace(Protocol(), max_epochs=3)) < whole
    assert costs.expected_seconds(CELL, replace(Protocol(), subset=100)) < whole


def test_an_epoch_of_mini_batches_costs_less_the_larger_they_are(monkeypatch):
    measured = {(1, "adagrad"): 11.0, (1, "batch_gd"): 36_000.0}
    monkeypatch.setattr(costs, "microseconds", lambda: measured)
    cell, sizes = Cell(1, "adagrad", 0), (8, 32, 1000)
    seconds = [costs.epoch_seconds(cell, Protocol(batch_size=n)) for n in sizes]
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[-1] > costs.epoch_seconds(Cell(1, "batch_gd", 0), Protocol())


def test_a_row_that_is_not_the_methods_own_is_not_planned_by():
    assert costs.expected_epochs(Cell(4, "batch_gd", 0), Protocol()) == 5785
    assert costs.expected_epochs(Cell(4, "sgd", 0), Protocol()) == 153


def test_of_a_method_of_others_the_originals_median_is_expected():
    lion = Cell(4, "keras:Lion", 0)
    assert costs.expected_epochs(lion, Protocol()) == 40
    assert costs.expected_epochs(lion, Protocol(max_epochs=9)) == 9


def test_an_unmeasured_architecture_is_scaled_from_the_next_in_size(measured):
    ratio = costs.weights(2) / costs.weights(1)
    assert costs.microseconds_of(2, "sgd") == pytest.approx(10.0 * ratio)


def test_without_measurements_there_is_still_an_estimate(monkeypatch, tmp_path):
    monkeypatch.setattr(costs, "MEASURED", tmp_path / "none.csv")
    costs.microseconds.cache_clear()
    assert costs.expected_seconds(CELL, Protocol()) > costs.START_SECONDS
    costs.microseconds.cache_clear()


@pytest.mark.parametrize(
    ("seconds", "jobs", "expected"),
    [([], 2, 0), ([5], 2, 5), ([4, 3, 3], 2, 6), ([4, 3, 3], 1, 10), ([1, 1], 9, 1)],
)
def test_makespan_is_when_the_last_one_ends(seconds, jobs, expected):
    assert costs.makespan(seconds, jobs) == expected


def test_clock_writes_hours_minutes_seconds():
    assert [costs.clock(s) for s in (0, 61.6, 3600)] == [
        "0:00:00",
        "0:01:02",
        "1:00:00",
    ]
