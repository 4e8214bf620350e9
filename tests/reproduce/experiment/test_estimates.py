"""What a plan says it will take."""

import re
from dataclasses import replace

import pytest

from reproduce.experiment.costs import START_SECONDS, epoch_seconds, expected_epochs
from reproduce.experiment.protocol import Cell
from reproduce.experiment.store import Store
from reproduce.experiment.studies import RUN_SETS
from reproduce.training.schedule import expected_minutes

SETS = {name: RUN_SETS[name] for name in ("report", "past-stopping")}


def minutes(lines):
    return [float(re.search(r"([\d.]+) core-minutes", line)[1]) for line in lines]


def test_a_plan_is_the_sum_of_what_is_missing(tmp_path, record):
    whole = minutes(expected_minutes(SETS, (0, 1), tmp_path))
    assert whole[2] == pytest.approx(whole[0] + whole[1], abs=0.1)
    cell = SETS["past-stopping"].cells((0,))[0]
    Store(tmp_path / "past-stopping").write(replace(record, cell=cell))
    less = minutes(expected_minutes(SETS, (0, 1), tmp_path))
    assert less[0] == whole[0]
    assert less[1] < whole[1]


def test_no_run_is_expected_to_go_beyond_the_limit_of_epochs(tmp_path):
    own = SETS["past-stopping"]
    cells = own.cells((0,))
    limit = own.protocol.max_epochs
    assert own.times * max(expected_epochs(c, own.protocol) for c in cells) > limit
    most = sum(START_SECONDS + limit * epoch_seconds(c, own.protocol) for c in cells)
    (found, _) = minutes(expected_minutes({"past-stopping": own}, (0,), tmp_path))
    assert found <= most / 60 + 0.05


def test_a_machine_half_as_fast_is_expected_to_take_twice_as_long(tmp_path, record):
    cell = Cell(1, "adagrad", 0)
    usual = minutes(expected_minutes(SETS, (0,), tmp_path))[1]
    each = START_SECONDS + 100 * epoch_seconds(cell, record.protocol)
    slow = {"setup": 0.0, "training": 2 * each}
    Store(tmp_path).write(replace(record, cell=cell, epochs=100, seconds=slow))
    found = minutes(expected_minutes(SETS, (0,), tmp_path))[1]
    assert found == pytest.approx(2 * usual, abs=0.11)
