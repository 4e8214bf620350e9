"""What a plan says it will take."""

import re
from dataclasses import replace

import pytest

from reproduce.experiment.costs import START_SECONDS, epoch_seconds
from reproduce.experiment.protocol import Cell
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES
from reproduce.training.schedule import plan_lines, tasks_of


def tasks(out, *names):
    return [task for name in names for task in tasks_of(STUDIES[name], out, [0, 1])]


def minutes(out, *names):
    lines = plan_lines(tasks(out, *names), jobs=2)
    return [float(re.search(r"([\d.]+) core-minutes", line)[1]) for line in lines]


def test_a_plan_is_the_sum_of_what_is_missing(tmp_path, record):
    whole = minutes(tmp_path, "report", "glorot")
    assert whole[2] == pytest.approx(whole[0] + whole[1], abs=0.1)
    task = tasks(tmp_path, "glorot")[0]
    task.store.write(replace(record, cell=task.cell))
    less = minutes(tmp_path, "report", "glorot")
    assert less[0] == whole[0]
    assert less[1] < whole[1]


def test_no_run_is_expected_to_go_beyond_the_limit_of_epochs(tmp_path):
    queue = tasks(tmp_path, "longer")
    assert all(task.expected_epochs <= task.protocol.max_epochs for task in queue)
    assert any(task.expected_epochs == task.protocol.max_epochs for task in queue)


def test_a_machine_half_as_fast_is_expected_to_take_twice_as_long(tmp_path, record):
    cell = Cell(1, "adagrad", 0)
    usual = minutes(tmp_path, "glorot")[0]
    each = START_SECONDS + 100 * epoch_seconds(cell, record.protocol)
    slow = {"setup": 0.0, "training": 2 * each}
    history = {"loss": [0.5] * 100, "accuracy": [0.5] * 100}
    long = replace(record, cell=cell, epochs=100, history=history, seconds=slow)
    Store(tmp_path).write(long)
    assert minutes(tmp_path, "glorot")[0] == pytest.approx(2 * usual, abs=0.11)
