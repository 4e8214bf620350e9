"""A child that hangs is ended, none outlives its parent, each task has its folder."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reproduce.experiment.costs import START_SECONDS, expected_seconds
from reproduce.experiment.protocol import Cell, Protocol, grid
from reproduce.experiment.store import Store
from reproduce.training import pool
from reproduce.training.pool import (
    LEAST_SILENCE_SECONDS,
    Task,
    Watchdog,
    silence_limit,
    train_one,
)

CELL = Cell(1, "sgd", 0)
EPOCH = '{"event": "epoch", "epoch": 1, "loss": 0.5}'
DONE = '{"event": "done"}'
HANGS = f"import time; input(); print('{EPOCH}', flush=True); time.sleep(60)"
ANSWERS = f"import sys; [print('{DONE}', flush=True) for line in sys.stdin]"
SLOW = (
    f"import time; input(); [print('{EPOCH}', flush=True) or time.sleep(0.1) "
    f"for _ in range(8)]; print('{DONE}', flush=True)"
)


DIES = (
    "import os, sys; input(); print('I0000 00: no GPU', file=sys.stderr); "
    "print('out of luck', file=sys.stderr); print('I0000 00: no', file=sys.stderr); "
    "sys.stderr.flush(); os.kill(os.getpid(), {})"
)


@pytest.fixture
def child(monkeypatch):
    """Starts a child that runs a script instead of the worker."""
    started = []

    def start(script, limit=60.0):
        monkeypatch.setattr(pool, "SERVE", script)
        monkeypatch.setattr(pool, "silence_limit", lambda *_: limit)
        started.append(pool.Child())
        return started[-1]

    yield start
    for each in started:
        each.stop()


def test_a_child_without_progress_is_ended_and_the_next_call_starts_another(
    child, monkeypatch, tmp_path
):
    hung, events = child(HANGS, limit=0.5), []
    event = hung.run(CELL, Protocol(), tmp_path, events.append)
    assert event["event"] == "failed"
    assert "no progress for 0:00:00" in event["message"]
    assert [report["epoch"] for report in events] == [1]
    assert hung.process is None
    monkeypatch.setattr(pool, "SERVE", ANSWERS)
    assert hung.run(CELL, Protocol(), tmp_path, print) == {"event": "done"}


@pytest.mark.parametrize(
    ("number", "how"), [(15, "signal 15)"), (9, "signal 9, as where memory runs out")]
)
def test_how_a_child_died_is_told_without_what_tensorflow_always_says(
    number, how, child, tmp_path
):
    event = child(DIES.format(number)).run(CELL, Protocol(), tmp_path, print)
    assert event["event"] == "failed"
    assert how in event["message"]
    assert event["message"].endswith(": out of luck")


def test_a_child_that_is_slow_but_tells_of_it_is_left_alone(child, tmp_path):
    event = child(SLOW, limit=0.5).run(CELL, Protocol(), tmp_path, lambda event: None)
    assert event == {"event": "done"}


def test_a_listener_that_has_gone_is_not_taken_for_the_childs_death(child, tmp_path):
    def gone(event):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        child(HANGS).run(CELL, Protocol(), tmp_path, gone)


def test_the_first_epoch_of_a_child_is_told_and_others_now_and_then():
    """By it one knows where a run has gone on from."""
    events = []
    on_epoch = pool._epoch_events(events.append)
    for epoch in range(401, 420):
        on_epoch(epoch, 0.5)
    assert [event["epoch"] for event in events][:1] == [401]
    assert len(events) < 19


def test_the_limit_is_generous_for_every_cell():
    whole = Protocol()
    for cell in grid():
        epoch = expected_seconds(cell, replace(whole, max_epochs=2)) - START_SECONDS
        assert silence_limit(cell, whole) >= max(LEAST_SILENCE_SECONDS, 24 * epoch)


def test_a_watchdog_whose_time_is_not_up_does_not_bite():
    with Watchdog(60.0, lambda: pytest.fail("bitten")) as watchdog:
        watchdog.pat()
    assert not watchdog.bitten


class Hours:
    """What a thread waits on, while its process is stopped for an hour at a time."""

    def __init__(self, waits):
        self.waits, self.now = waits, 0.0

    def wait(self, seconds):
        self.now += 3600
        return not next(self.waits)

    def set(self):
        pass


def test_a_process_that_was_stopped_for_hours_has_missed_nothing(monkeypatch):
    """Ctrl-Z stops this process, but not its children, which go on and tell of it."""

    def waits():
        for _ in range(3):
            yield True
            watchdog.pat()  # what was told meanwhile is heard first of all
        yield False

    watchdog = Watchdog(600.0, lambda: pytest.fail("a healthy child was ended"))
    watchdog._over = hours = Hours(waits())
    monkeypatch.setattr(pool.time, "monotonic", lambda: hours.now)
    with watchdog:
        watchdog._thread.join()
    assert not watchdog.bitten


MEANWHILE = """
import shutil, sys
from types import SimpleNamespace
from reproduce.experiment.store import Store
from reproduce.training import pool

def train(cell, protocol, *_):
    shutil.copytree({theirs!r}, {out!r}, dirs_exist_ok=True)
    return Store({ours!r}).read(cell), b"ours"

sys.modules["reproduce.training.cell"] = SimpleNamespace(train=train)
pool.serve(int(sys.argv[1]))
"""


def test_a_record_made_meanwhile_under_other_settings_is_not_overwritten(
    child, tmp_path, record
):
    """Where a file system knows no locks, this look is all there is."""
    places = {name: str(tmp_path / name) for name in ("ours", "theirs", "out")}
    rival = replace(record, protocol=replace(record.protocol, learning_rate=0.5))
    Store(places["ours"]).write(record)
    Store(places["theirs"]).write(rival)
    worker, out = child(MEANWHILE.format(**places)), Store(places["out"])
    event = worker.run(record.cell, record.protocol, out.folder, print)
    assert event["event"] == "failed"
    assert "other settings (learning_rate 0.5, not 0.001)" in event["message"]
    assert "traceback" not in event
    assert out.read(record.cell) == rival
    assert not out.model_path(record.cell).exists()


def test_that_no_checkpoint_can_be_written_is_told_once_and_the_run_goes_on(store):
    cell = Cell(1, "batch_gd", 0)
    for path in store.checkpoint_paths(cell):
        path.mkdir(parents=True)  # no file can take its place
    short = Protocol(max_epochs=4, subset=20, mode="absolute", threshold=0.0)
    worker, events = pool.Child(checkpoint_seconds=0.0), []
    try:
        event = worker.run(cell, short, store.folder, events.append)
    finally:
        worker.stop()
    assert event["event"] == "done"
    (only,) = [event for event in events if event["event"] == "no checkpoint"]
    assert "checkpoint: is a directory" in only["message"]


PARENT = """
import time
from reproduce.training import pool
pool.SERVE = '''
import sys, time
from reproduce.training.pool import end_with
end_with(int(sys.argv[1]))
print("ready", flush=True)
while True: sum(range(10**6))
'''
child = pool.Child()
child.start(pool.environment())
child.process.stdout.readline()
print(child.process.pid, flush=True)
time.sleep(60)
"""


def alive(pid):
    """Whether the process still runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_busy_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=pool.ROOT
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = alive(pid)
    if left:
        os.kill(pid, signal.SIGKILL)
    assert not left


@pytest.mark.parametrize(("megabytes", "is_kept"), [(1100, True), (1300, False)])
def test_a_child_that_has_grown_large_makes_way_for_another(
    child, tmp_path, megabytes, is_kept
):
    done = f'{{"event": "done", "megabytes": {megabytes}}}'
    large = child(f"import sys; [print('{done}', flush=True) for line in sys.stdin]")
    assert large.run(CELL, Protocol(), tmp_path, print)["event"] == "done"
    assert (large.process is not None) == is_kept


def test_mini_batches_get_a_child_with_other_flags_and_single_examples_keep_theirs(
    child, tmp_path
):
    worker = child(ANSWERS)
    pids = []
    for size in (None, 1, 32, 64, None):
        worker.run(CELL, Protocol(batch_size=size), tmp_path, print)
        pids.append(worker.process.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


class FakeChildren:
    def __init__(self):
        self.asked = []

    def run(self, cell, protocol, out, on_event):
        self.asked.append(out)
        return {"event": "failed", "message": "pretended"}


def trained(protocol, tmp_path, cell):
    children = FakeChildren()
    task = Task(cell, protocol, str(tmp_path / "elsewhere"), mark="the driver's")
    return train_one(task, children, lambda task, event: None), children.asked


def test_it_trains_in_a_folder_of_its_own(tmp_path, cell):
    outcome, (folder,) = trained(Protocol(), tmp_path, cell)
    assert outcome.event["message"] == "pretended"
    assert folder != str(tmp_path / "elsewhere")


def test_it_says_that_other_data_are_out_of_its_reach(tmp_path, cell):
    protocol = replace(Protocol(), data_sha256="ab" * 32, num_examples=10)
    outcome, asked = trained(protocol, tmp_path, cell)
    assert asked == []
    assert outcome.event["event"] == "failed"
    assert (
        "--data needs an output folder that all machines see"
        in (outcome.event["message"])
    )
