"""The display says what is done, what failed, and how long it will take."""

import pytest

from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.progress import Progress
from reproduce.training.schedule import tasks_for

TASKS = tasks_for([Cell(1, "sgd", 0), Cell(1, "nag", 0)], Protocol(), "out")
DONE = {"event": "done", "ending": "threshold", "epochs": 9, "accuracy": 0.5}


def test_each_finished_cell_is_one_line(capsys):
    with Progress(1, TASKS, 2) as progress:
        progress.hear(TASKS[0], {"event": "started"})
        progress.hear(TASKS[0], {**DONE, "seconds": 3.0})
        progress.hear(TASKS[1], {"event": "failed", "message": "out of memory"})
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("3 cells: 1 done before, 2 to train, 2 at a time, about ")
    assert lines[0].split() == (
        "[2/3] arch1 sgd seed 0 threshold 9 epochs validation 0.5000 3.0 s".split()
        + ["0:00:00", "left"]
    )
    assert lines[1].split() == (
        "[3/3] arch1 nag seed 0 failed: out of memory 0:00:00 left".split()
    )
    assert progress.failures == {TASKS[1]: "out of memory"}


def test_time_left_follows_the_pace_so_far():
    progress = Progress(0, TASKS, 1)
    total = sum(progress.seconds.values())
    progress.hear(TASKS[0], {**DONE, "seconds": 3.0})
    twice_as_slow = 2 * progress.seconds[TASKS[0]]
    left = progress.seconds_left(twice_as_slow)
    assert left == pytest.approx(2 * (total - progress.seconds[TASKS[0]]))


def test_epochs_of_running_cells_count_as_done():
    progress = Progress(0, TASKS[:1], 1)
    progress.hear(TASKS[0], {"event": "epoch", "epoch": 77, "loss": 0.1})
    assert progress.seconds_left(10.0) == pytest.approx(10.0, rel=0.02)


def test_that_checkpoints_fail_is_said_once_for_all_cells(capsys):
    with Progress(0, TASKS, 2) as progress:
        for task in (*TASKS, *TASKS):
            progress.hear(task, {"event": "no checkpoint", "message": "x: no space"})
    _, *lines = capsys.readouterr().out.splitlines()
    assert lines == ["no checkpoints; interrupted runs would start over: x: no space"]
    assert progress.failures == {}
