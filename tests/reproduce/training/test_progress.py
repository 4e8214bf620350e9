"""The display says what is done, what failed, and how long it will take."""

import pytest

from reproduce.experiment.costs import epoch_seconds, makespan, run_seconds
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training import progress as subject
from reproduce.training.progress import HEARTBEAT_SECONDS, Progress
from reproduce.training.schedule import tasks_for

TASKS = tasks_for([Cell(1, "sgd", 0), Cell(1, "nag", 0)], Protocol(), "out")
STARTED = {"event": "started"}
DONE = {"event": "done", "ending": "threshold", "epochs": 9, "accuracy": 0.5}
FAILED = {"event": "failed", "message": "out of memory"}


def epoch(number):
    return {"event": "epoch", "epoch": number, "loss": 0.125}


@pytest.fixture
def clock(monkeypatch):
    """A list of one moment, that the display takes for now."""
    now = [1000.0]
    monkeypatch.setattr(subject.time, "monotonic", lambda: now[0])
    return now


def test_each_finished_cell_is_one_line(capsys):
    with Progress(1, TASKS, 2) as progress:
        progress.hear(TASKS[1], FAILED)
        progress.hear(TASKS[0], STARTED)
        progress.hear(TASKS[0], epoch(1))
        progress.hear(TASKS[0], {**DONE, "seconds": 3.0})
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("3 cells: 1 done before, 2 to train, 2 at a time, about ")
    assert lines[0].startswith("[2/3] arch1 nag seed 0       failed: out of memory")
    assert lines[1].split() == (
        "[3/3] arch1 sgd seed 0 threshold 9 epochs validation 0.5000 3.0 s".split()
        + ["0:00:00", "left"]
    )
    assert progress.failures == {TASKS[1]: "out of memory"}


def test_a_cell_that_took_twice_the_expected_time_lets_the_others_take_it(clock):
    progress = Progress(0, TASKS, 1)
    first, second = (task.expected_seconds for task in TASKS)
    assert progress.seconds_left() == pytest.approx(first + second)
    progress.hear(TASKS[0], STARTED)
    progress.hear(TASKS[0], epoch(1))
    clock[0] += 2 * first
    progress.hear(TASKS[0], {**DONE, "seconds": 3.0})
    assert progress.seconds_left() == pytest.approx(2 * second)


def test_before_the_first_epoch_the_pace_is_that_of_the_runs_before(clock):
    progress = Progress(0, TASKS, 2, pace=3.0)
    progress.hear(TASKS[0], STARTED)
    clock[0] += 5
    expected = 3 * makespan([task.expected_seconds for task in TASKS], 2)
    assert progress.seconds_left() == pytest.approx(expected)


def running(task, first, latest, seconds, clock):
    """The time left while a task trains, `seconds` after its start."""
    progress = Progress(0, [task], 1)
    progress.hear(task, STARTED)
    progress.hear(task, epoch(first))
    clock[0] += seconds
    progress.hear(task, epoch(latest))
    return progress.seconds_left()


def test_epochs_of_running_cells_count_as_done(clock):
    cell, protocol = TASKS[0].cell, TASKS[0].protocol
    usual = run_seconds(cell, protocol, 53)
    left = 100 * epoch_seconds(cell, protocol)  # of the original's 153
    assert running(TASKS[0], 1, 53, usual, clock) == pytest.approx(left)
    assert running(TASKS[0], 1, 53, 3 * usual, clock) == pytest.approx(3 * left)


def test_epochs_before_an_interruption_were_not_trained_since(clock):
    cell, protocol = TASKS[0].cell, TASKS[0].protocol
    usual = run_seconds(cell, protocol, 13)
    left = 40 * epoch_seconds(cell, protocol)
    assert running(TASKS[0], 101, 113, usual, clock) == pytest.approx(left)


def test_a_run_beyond_expectation_is_given_a_quarter_more_up_to_its_limit(clock):
    (long,) = tasks_for([TASKS[0].cell], Protocol(max_epochs=1010), "out")
    each = epoch_seconds(long.cell, long.protocol)
    for latest, rest in ((400, 100), (1000, 10)):
        usual = run_seconds(long.cell, long.protocol, latest)
        left = running(long, 1, latest, usual, clock)
        assert left == pytest.approx(rest * each)


def test_what_failed_at_once_or_was_there_already_says_nothing_of_the_pace(clock):
    cells = [Cell(1, "sgd", seed) for seed in range(3)]
    tasks = tasks_for(cells, Protocol(), "out")
    progress = Progress(0, tasks, 1)
    clock[0] += 1
    for task, event in zip(tasks, (FAILED, {**DONE, "seconds": 900.0}), strict=False):
        progress.hear(task, STARTED)
        progress.hear(task, event)
    assert progress.seconds_left() == pytest.approx(tasks[2].expected_seconds)


def test_a_log_that_nobody_watches_hears_of_long_runs_every_minute(clock, capsys):
    with Progress(0, TASKS, 2) as progress:
        progress.hear(TASKS[0], STARTED)
        for number in range(1, 301):
            clock[0] += 1
            progress.hear(TASKS[0], epoch(number))
    _, *lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 300 / HEARTBEAT_SECONDS
    assert lines[0].startswith("0/2 done, 0:01:00 elapsed, about ")
    assert lines[0].endswith(" left; arch1 sgd seed 0 epoch 60, error 0.1250")


def test_that_checkpoints_fail_is_said_once_for_all_cells(capsys):
    with Progress(0, TASKS, 2) as progress:
        for task in (*TASKS, *TASKS):
            progress.hear(task, {"event": "no checkpoint", "message": "x: no space"})
    _, *lines = capsys.readouterr().out.splitlines()
    assert lines == ["no checkpoints; interrupted runs would start over: x: no space"]
    assert progress.failures == {}
