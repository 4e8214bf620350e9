"""What is left to do, in which order, and what happens when a child dies."""

import errno
import json
import os
import signal
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from reproduce.data import Digits, Split
from reproduce.errors import NewerRecord, OtherProtocol, in_one_line
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol, grid
from reproduce.experiment.studies import STUDIES
from reproduce.training.pool import Children, LocalPool, Outcome, environment
from reproduce.training.schedule import (
    Runner,
    plan,
    settings,
    tasks_for,
    tasks_of,
    train_missing,
)

SHORT = replace(Protocol(), max_epochs=1, subset=20)


def test_the_grid_is_the_reports_35_cells():
    cells = grid()
    assert len(cells) == len(set(cells)) == 35
    assert [cell.method for cell in cells[:7]] == list(METHODS)


def test_a_finished_cell_is_not_planned_again(store, record):
    store.write(record)
    sibling = replace(record.cell, seed=0)
    done, todo = tasks_for([record.cell, sibling], Protocol(), store.folder)
    result = plan([done, todo])
    assert (result.done, result.todo) == ([done], [todo])


def test_a_damaged_record_is_set_aside_and_planned_again(store, record):
    store.write(record)
    store.path(record.cell).write_text("{")
    tasks = tasks_for([record.cell], Protocol(), store.folder)
    result = plan(tasks)
    assert result.todo == tasks
    assert [path.read_text() for path in result.set_aside] == ["{"]


def test_a_damaged_model_beside_its_record_is_planned_again(store, record):
    store.write(record)
    tasks = tasks_for([record.cell], Protocol(), store.folder)
    assert plan(tasks).done == tasks
    store.model_path(record.cell).write_bytes(b"damaged")
    result = plan(tasks)
    assert (result.done, result.todo) == ([], tasks)
    path = tasks[0].store.model_path(record.cell)
    assert list(result.lines()) == [f"damaged, so it is trained again: {path}"]


def test_a_record_of_a_later_version_stops_the_plan_and_stays(store, record):
    store.write(record)
    path = store.path(record.cell)
    values = json.loads(path.read_text()) | {"schema": 3}
    del values["file_sha256"]
    path.write_text(json.dumps(values))
    with pytest.raises(NewerRecord, match="Update the project"):
        plan(tasks_for([record.cell], Protocol(), store.folder))
    assert json.loads(path.read_text()) == values


def test_two_commands_with_other_settings_do_not_train_into_one_folder(store, cell):
    """Of a study only the limits may differ, which its parts have of their own."""
    protocol = replace(SHORT, learning_rate=0.5)
    (theirs,), (ours,) = (tasks_for([cell], p, store.folder) for p in (SHORT, protocol))
    with LocalPool(1) as pool, store.held(SHORT.to_dict()):
        with pytest.raises(OtherProtocol, match="another command trains there"):
            train_missing([ours], store.folder, pool)
    parts = [replace(task, folder="studies/x") for task in (theirs, ours)]
    longer = replace(parts[0], protocol=replace(SHORT, max_epochs=60))
    assert settings([parts[0]]) == settings([longer]) != settings([parts[1]])
    assert settings([theirs]) != settings([replace(longer, folder="")])
    assert not store.path(cell).exists()


def test_a_second_command_says_that_another_is_at_work(store, record, capsys):
    tasks = tasks_for([record.cell], record.protocol, store.folder)
    store.write(record)
    with LocalPool(1) as pool:
        with store.held(record.protocol.to_dict()):
            assert train_missing(tasks, store.folder, pool) == []
        message = capsys.readouterr().err
        assert message.startswith(
            f"{store.folder}: another command trains there, too; "
        )
        assert message.count("\n") == 1
        assert train_missing(tasks, store.folder, pool) == []
        assert capsys.readouterr().err == ""


def test_a_clock_of_1971_stops_a_run_before_the_training(store, cell, monkeypatch):
    monkeypatch.setattr("zipfile.time.time", lambda: 5e7)
    with LocalPool(1) as pool, pytest.raises(ValueError, match="before 1980") as error:
        train_missing(tasks_for([cell], SHORT, store.folder), store.folder, pool)
    assert "clock" in in_one_line(error.value)
    assert list(store.folder.iterdir()) == []


def test_other_data_are_stored_only_in_a_folder_that_is_held(store, cell):
    data = Digits(*[Split(np.zeros((2, 28, 28), np.uint8), np.arange(2))] * 3)
    ours = replace(SHORT, data_sha256=data.sha256, num_examples=2)
    tasks = tasks_for([cell], ours, store.folder)
    with LocalPool(1) as pool, store.held(SHORT.to_dict()):
        with pytest.raises(OtherProtocol):
            train_missing(tasks, store.folder, pool, data=data)
    assert not store.data_path.exists()


def test_records_under_other_settings_are_not_touched(store, record):
    store.write(record)
    with pytest.raises(OtherProtocol, match=r"threshold 0\.0001, not 0\.5"):
        protocol = replace(Protocol(), threshold=0.5)
        plan(tasks_for([record.cell], protocol, store.folder))
    assert store.read(record.cell) == record


def test_the_longest_cells_come_first(store):
    cells = grid(architectures=(1, 4), methods=("adam", "adagrad", "sgd"))
    todo = plan(tasks_for(cells, Protocol(), store.folder)).todo
    costs = [task.expected_seconds for task in todo]
    assert todo[0].cell == Cell(4, "adagrad", 0)
    assert costs == sorted(costs, reverse=True)


def test_cheap_cells_come_first_where_asked_and_first_seeds_before_later_ones(store):
    cells = grid(architectures=(1, 4), methods=("adam", "adagrad"), seeds=range(3))
    todo = plan(tasks_for(cells, Protocol(), store.folder), cheap_first=True).todo
    assert todo[0].cell == Cell(1, "adam", 0)
    assert todo[-1].cell == Cell(4, "adagrad", 2)
    for cell in grid(architectures=(1, 4), methods=("adam", "adagrad")):
        seeds = [t.cell.seed for t in todo if replace(t.cell, seed=0) == cell]
        assert seeds == [0, 1, 2]


def test_a_studys_tasks_are_its_cells_each_in_its_folder(tmp_path):
    study = STUDIES["longer"]
    tasks = tasks_of(study, tmp_path)
    assert {task.cell: task.protocol for task in tasks} == study.protocols()
    (folder,) = {task.store.folder for task in tasks}
    assert folder == tmp_path / "studies/longer"
    short = tasks_of(study, tmp_path, seeds=[7], max_epochs=3)
    assert {task.cell.seed for task in short} == {7}
    assert {task.protocol.max_epochs for task in short} == {3}
    assert {task.protocol.name for task in short} == {"longer"}


def run(cells, store, jobs=1):
    events = []
    with LocalPool(jobs) as pool:
        runner = Runner(store.folder, pool, lambda *event: events.append(event))
        return runner.run(tasks_for(cells, SHORT, store.folder)), events


def test_a_child_that_dies_is_reported_and_takes_no_other_with_it(store, monkeypatch):
    victim, *survivors = cells = [Cell(1, "sgd", seed) for seed in range(2)]
    run_in_child = Children.run

    def kill_first(self, cell, *rest):
        child = self._idle[-1]
        if child.process is None:
            child.start(environment(SHORT))
        if cell == victim:
            os.kill(child.process.pid, signal.SIGKILL)
        return run_in_child(self, cell, *rest)

    monkeypatch.setattr(Children, "run", kill_first)
    failed, events = run(cells, store)
    assert [task.cell for task in failed] == [victim]
    assert [record.cell for record in store.load()] == survivors
    assert "killed by signal 9" in next(
        event["message"] for _, event in events if event["event"] == "failed"
    )


def refused(number, text):
    def refuse(*_, **__):
        raise OSError(number, text)

    return refuse


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.EAGAIN, "Resource temporarily unavailable"),
        (errno.ENOMEM, "Cannot allocate memory"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_where_no_process_can_be_started_a_line_says_so(
    number, text, store, monkeypatch
):
    monkeypatch.setattr("subprocess.Popen", refused(number, text))
    cells = grid(architectures=(1,), methods=("sgd", "nag"))
    failed, events = run(cells, store)
    assert {task.cell for task in failed} == set(cells)
    last = [event for _, event in events if event["event"] == "failed"]
    for event in last:
        assert event["message"].startswith(f"{text.lower()}; use fewer --jobs")
        assert "traceback" not in event


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_where_no_thread_can_be_started_nothing_hangs_and_a_line_says_so(
    allowed, store, monkeypatch
):
    """Threads that submit, threads that watch: whichever is one too many."""
    start, started = threading.Thread.start, []

    def start_some(thread):
        started.append(thread)
        if len(started) > allowed:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_some)
    cells = grid(architectures=(1,), methods=("sgd", "nag"))
    try:
        _, events = run(cells, store, jobs=2)
        lines = [e["message"] for _, e in events if e["event"] == "failed"]
        assert not any("traceback" in event for _, event in events)
    except RuntimeError as error:
        lines = [in_one_line(error)]
    assert lines and all("; use fewer --jobs" in line for line in lines)
    assert store.load() == []


class FakePool:
    """Answers a step later; remembers how many cells it was given at a time."""

    def __init__(self, slots, answer=None):
        self.free, self.answer = slots, answer or (lambda _: {"event": "done"})
        self.held, self.most, self.given, self.stopped = [], 0, [], False

    def slots(self):
        for task, future in self.held:
            self._settle(task.cell, future)
        self.held.clear()
        return self.free

    def _settle(self, cell, future):
        event = self.answer(cell)
        if isinstance(event, BaseException):
            future.set_exception(event)
        elif event is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(Outcome(event))

    @contextmanager
    def serving(self, out, tell):
        yield self._submit

    def _submit(self, task):
        self.given.append(task.cell)
        self.held.append((task, Future()))
        self.most = max(self.most, len(self.held))
        return self.held[-1][1]

    def described(self, error):
        return {"message": str(error)}

    def stop_now(self):
        self.stopped = True


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("reproduce.training.schedule.POLL_SECONDS", 0.01)


def fake(cells, store, pool, hear=lambda *_: None):
    """Run the cells; return those that failed."""
    tasks = tasks_for(cells, SHORT, store.folder)
    return [task.cell for task in Runner(store.folder, pool, hear).run(tasks)]


def test_no_more_cells_are_handed_out_than_there_are_slots(store):
    pool, cells = FakePool(3), grid(seeds=range(10))
    assert fake(cells, store, pool) == []
    assert (pool.given, pool.most) == (cells, 3)


def test_a_cell_whose_worker_is_lost_for_good_fails_alone(store):
    cells, events = grid(architectures=(1,)), []
    error = RuntimeError("4 workers died")
    pool = FakePool(2, lambda cell: error if cell == cells[0] else {"event": "done"})
    assert fake(cells, store, pool, lambda *event: events.append(event)) == cells[:1]
    assert events[0][1]["message"] == "4 workers died"
    assert pool.given == cells


def test_cells_that_a_lost_scheduler_took_along_are_handed_out_again(store):
    cells, lost = grid(architectures=(1,)), []

    def lose_two(cell):
        lost.append(cell)
        return None if len(lost) <= 2 else {"event": "done"}

    pool = FakePool(2, lose_two)
    assert fake(cells, store, pool) == []
    assert sorted(map(str, pool.given)) == sorted(map(str, cells + cells[:2]))


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_once_ends_after_what_runs_and_twice_at_once(store, times):
    cells, names = grid(architectures=(1,)), []

    def interrupt(cell):
        if cell == cells[0]:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return {"event": "done"}

    pool = FakePool(2, interrupt)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        fake(cells, store, pool, lambda task, event: names.append(event["event"]))
    assert pool.stopped == (times == 2)
    assert len(pool.given) < len(cells)
    assert names.count("stopping") == (times == 1)
    assert names.count("done") == (len(pool.given) if times == 1 else 0)
    assert signal.getsignal(signal.SIGINT) is before
