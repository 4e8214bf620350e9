"""What is left to do, in which order, and what happens when a child dies."""

import os
import signal
from dataclasses import replace

import pytest

from reproduce.experiment import children
from reproduce.experiment.cells import Cell, grid
from reproduce.experiment.costs import expected_seconds
from reproduce.experiment.protocol import METHODS, Protocol
from reproduce.experiment.schedule import OtherProtocol, Runner, plan

SHORT = replace(Protocol(), max_epochs=1, subset=20)


def test_the_grid_is_the_reports_35_cells():
    cells = grid()
    assert len(cells) == len(set(cells)) == 35
    assert [cell.method for cell in cells[:7]] == list(METHODS)


def test_a_finished_cell_is_not_planned_again(store, record):
    store.write(record)
    other = replace(record.cell, seed=0)
    result = plan([record.cell, other], Protocol(), store.folder)
    assert (result.done, result.todo) == ([record.cell], [other])


def test_a_damaged_record_is_set_aside_and_planned_again(store, record):
    store.write(record)
    store.path(record.cell).write_text("{")
    result = plan([record.cell], Protocol(), store.folder)
    assert result.todo == [record.cell]
    assert [path.read_text() for path in result.set_aside] == ["{"]


def test_records_under_other_settings_are_not_touched(store, record):
    store.write(record)
    with pytest.raises(OtherProtocol, match=r"threshold 0\.0001, not 0\.5"):
        plan([record.cell], replace(Protocol(), threshold=0.5), store.folder)
    assert store.read(record.cell) == record


def test_the_longest_cells_come_first(store):
    cells = grid(architectures=(1, 4), methods=("adam", "adagrad", "sgd"))
    todo = plan(cells, Protocol(), store.folder).todo
    costs = [expected_seconds(cell, Protocol()) for cell in todo]
    assert todo[0] == Cell(4, "adagrad", 0)
    assert costs == sorted(costs, reverse=True)


def run(cells, store, jobs=2):
    events = []
    runner = Runner(
        SHORT, store.folder, jobs, lambda cell, event: events.append((cell, event))
    )
    return runner.run(cells), events


def test_children_train_cells_and_leave_records_and_models(store):
    cells = grid(architectures=(1,), methods=("sgd", "batch_gd"))
    failed, _ = run(cells, store)
    records = store.load()
    assert failed == []
    assert [record.cell for record in records] == cells
    assert len({record.initial_sha256 for record in records}) == 1
    assert all(store.model_path(cell).is_file() for cell in cells)


def test_a_child_that_dies_is_reported_and_takes_no_other_with_it(store):
    victim, *others = cells = [Cell(1, "sgd", seed) for seed in range(3)]
    deaths = []

    class Deadly(children.Child):
        def run(self, cell, *rest):
            if cell == victim and self.process is None:
                self._start()
            if cell == victim:
                deaths.append(os.kill(self.process.pid, signal.SIGKILL))
            return super().run(cell, *rest)

    runner = Runner(SHORT, store.folder, 1, lambda cell, event: told.append(event))
    told = []
    runner._free = runner._all = [Deadly()]
    assert runner.run(cells) == [victim]
    assert [record.cell for record in store.load()] == others
    assert "killed by signal 9" in next(
        event["message"] for event in told if event["event"] == "failed"
    )


def test_the_same_seed_gives_the_same_bytes_in_another_process(store, tmp_path):
    cell = Cell(2, "nag", 5)
    other = type(store)(tmp_path / "other")
    for each in (store, other):
        assert run([cell], each, jobs=1)[0] == []
    assert store.read(cell).to_dict()["sha256"] == other.read(cell).to_dict()["sha256"]
    models = [each.model_path(cell).read_bytes() for each in (store, other)]
    assert models[0] == models[1]
