"""A real scheduler and two real workers: whatever is lost, the records are there."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reproduce.experiment.protocol import Cell, Protocol, grid
from reproduce.experiment.store import Store
from reproduce.training import cluster
from reproduce.training.cluster import ClusterError
from reproduce.training.pool import MARK, SERVE, LocalPool
from reproduce.training.schedule import Runner, tasks_for

if "REQUIRE_CLUSTER" not in os.environ:  # CI sets it
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
psutil = pytest.importorskip("psutil", reason="it comes with Dask")
ROOT = Path(__file__).parents[3]
SHORT = replace(Protocol(), max_epochs=2, subset=60)


def dask(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """`file:PATH` of a scheduler that has no workers yet."""
    path = tmp_path_factory.mktemp("scheduler") / "scheduler.json"
    process = dask(
        "scheduler",
        *("--scheduler-file", path, "--host", "127.0.0.1", "--port", 0),
        "--no-dashboard",
    )
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.05)
    yield f"file:{path}"
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def workers(scheduler, tmp_path_factory):
    """Two workers of one thread; the tests may kill them."""
    command = ["worker", "--scheduler-file", scheduler.removeprefix("file:")]
    command += ["--nthreads", 1, "--no-nanny", "--no-dashboard"]
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    processes = [dask(*command, "--local-directory", each) for each in folders]
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def pool(scheduler, workers):
    with cluster.ClusterPool(scheduler) as pool:
        while pool.slots() < sum(process.poll() is None for process in workers):
            time.sleep(0.05)
        yield pool


@contextmanager
def unshared(serving, out, tell):
    """Serve a folder that the workers do not see."""
    with serving(out, tell) as submit:
        (out / MARK).unlink()
        yield submit


def run(cells, store, pool, on_event=lambda *_: None, protocol=SHORT):
    events = []

    def hear(task, event):
        events.append((task.cell, event))
        on_event(task.cell, event)

    tasks = tasks_for(cells, protocol, store.folder)
    failed = Runner(store.folder, pool, hear).run(tasks)
    return [task.cell for task in failed], events


def contents(store):
    """What must be the same wherever the runs were made."""
    return [
        (record.to_dict()["sha256"], store.model_path(record.cell).read_bytes())
        for record in store.load()
    ]


def test_without_workers_it_gives_up_in_one_line(scheduler, monkeypatch):
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 0)
    with pytest.raises(ClusterError, match="no worker for 0 s; start some"):
        cluster.ClusterPool(scheduler)


def test_workers_unlike_the_driver_are_named_and_not_used(
    scheduler, workers, monkeypatch
):
    ours = {**cluster.fingerprint(), "keras": "0.0"}
    monkeypatch.setattr(cluster, "fingerprint", lambda: ours)
    with pytest.raises(
        ClusterError, match=r"worker tcp://\S+ has keras '\S+', not '0\.0'; use"
    ):
        cluster.ClusterPool(scheduler)


def test_a_shared_folder_is_written_by_the_workers(pool, store):
    cells = [Cell(1, "momentum", 0), Cell(1, "momentum", 1)]
    failed, events = run(cells, store, pool)
    assert failed == []
    assert [record.cell for record in store.load()] == cells
    told = [event["event"] for cell, event in events if cell == cells[0]]
    assert (told[0], told[-1]) == ("started", "done")
    assert not (store.folder / MARK).exists()
    stamps = [store.path(cell).stat().st_mtime_ns for cell in cells]
    assert run(cells, store, pool)[0] == []
    assert [store.path(cell).stat().st_mtime_ns for cell in cells] == stamps


def test_a_run_whose_process_dies_takes_no_other_with_it(pool, workers, store):
    endless, cells = replace(SHORT, max_epochs=10**6), grid((1,), ("batch_gd",), (0, 1))

    def kill_children(cell, event):
        if event["event"] == "epoch":
            for worker in workers:
                for child in psutil.Process(worker.pid).children():
                    if SERVE in child.cmdline():
                        child.kill()

    failed, events = run(cells[:1], store, pool, kill_children, endless)
    assert failed == cells[:1]
    assert "killed by signal 9" in events[-1][1]["message"]
    assert run(cells, store, pool)[0] == []


def test_a_run_that_raises_fails_with_what_it_said(pool, store):
    wrong = replace(SHORT, kernel_initializer="nonsense")
    failed, events = run([Cell(1, "sgd", 0)], store, pool, protocol=wrong)
    assert failed == [Cell(1, "sgd", 0)]
    assert "nonsense" in events[-1][1]["message"]


def test_a_killed_worker_costs_only_what_it_was_training(
    pool, workers, store, tmp_path, monkeypatch
):
    """Nothing is shared here: both files of each run are sent back."""
    cells = grid(architectures=(1,), methods=("sgd", "batch_gd"), seeds=(0, 1))
    serving = pool.serving
    monkeypatch.setattr(pool, "serving", lambda out, tell: unshared(serving, out, tell))
    started = []

    def kill_one(cell, event):
        started.extend([cell] * (event["event"] == "started"))
        if len(started) == 3 and workers[0].poll() is None:
            os.kill(workers[0].pid, signal.SIGKILL)

    assert run(cells, store, pool, kill_one)[0] == []
    assert workers[0].wait() == -signal.SIGKILL
    assert set(started) == set(cells)
    assert len(started) <= len(cells) + 1  # all but the lost one ran once
    local = Store(tmp_path / "local")
    with LocalPool(1) as here:
        assert run(cells[:2], local, here)[0] == []
    assert set(contents(local)) < set(contents(store))
