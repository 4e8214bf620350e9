"""A real scheduler and two real workers: whatever is lost, the records are there."""

import os
import re
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
from reproduce.training.local_cluster import LocalCluster
from reproduce.training.pool import MARK, SERVE, LocalPool
from reproduce.training.schedule import Runner, tasks_for, train_missing

if "REQUIRE_CLUSTER" not in os.environ:  # CI sets it
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
psutil = pytest.importorskip("psutil", reason="it comes with Dask")
ROOT = Path(__file__).parents[3]
SHORT = replace(Protocol(), max_epochs=2, subset=60)


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A scheduler that has no workers yet."""
    folder = tmp_path_factory.mktemp("scheduler")
    with LocalCluster(folder, workers=0) as started:
        yield started


@pytest.fixture(scope="module")
def workers(started):
    """Two of them, which the tests may kill."""
    started.add(2)
    return started.workers


@pytest.fixture(scope="module")
def pool(started, workers):
    started.wait()
    with cluster.ClusterPool(started.where) as pool:
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


def test_without_workers_it_gives_up_in_one_line(started, monkeypatch):
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 0)
    with pytest.raises(ClusterError, match="no worker for 0 s; start some"):
        cluster.ClusterPool(started.where)


def test_workers_unlike_the_driver_are_named_and_not_used(
    started, workers, monkeypatch
):
    ours = {**cluster.fingerprint(), "keras": "0.0"}
    monkeypatch.setattr(cluster, "fingerprint", lambda: ours)
    with pytest.raises(
        ClusterError, match=r"worker tcp://\S+ has keras '\S+', not '0\.0'; use"
    ):
        cluster.ClusterPool(started.where)


def test_a_shared_folder_is_written_by_the_workers(pool, store):
    cells = grid((1,), ("batch_gd",), (0, 1))
    failed, events = run(cells, store, pool)
    assert failed == []
    assert [record.cell for record in store.load()] == cells
    names = [event["event"] for cell, event in events if cell == cells[0]]
    assert (names[0], names[-1]) == ("started", "done")
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
    pool, started, workers, store, tmp_path, monkeypatch
):
    """Nothing is shared here: both files of each run are sent back."""
    cells = [Cell(1, "sgd", 0), *grid((1,), ("batch_gd",), (0, 1, 2))]
    serving = pool.serving
    monkeypatch.setattr(pool, "serving", lambda out, tell: unshared(serving, out, tell))
    begun, lost = [], []

    def kill_one(cell, event):
        begun.extend([cell] * (event["event"] == "started"))
        if len(begun) == 3 and not lost:
            lost.append(started.lose(workers[:1]))

    assert run(cells, store, pool, kill_one)[0] == []
    assert lost == [1]
    assert set(begun) == set(cells)
    assert len(begun) <= len(cells) + 1  # all but the lost one ran once
    local = Store(tmp_path / "local")
    with LocalPool(1) as local_pool:
        assert run(cells[:2], local, local_pool)[0] == []
    assert set(contents(local)) < set(contents(store))


def test_when_all_workers_are_lost_new_ones_do_the_work(pool, started, store):
    cells, lost = grid((1,), ("batch_gd",), range(4)), []

    def lose_all(cell, event):
        if event["event"] == "started" and not lost:
            lost.append(started.lose([*started.workers]))
            started.add(2)

    assert run(cells, store, pool, lose_all)[0] == []
    assert lost and {record.cell for record in store.load()} == set(cells)


def test_a_cell_whose_workers_are_lost_every_time_fails_in_the_end(
    pool, started, store, monkeypatch
):
    monkeypatch.setattr(cluster, "MOST_LOSSES", 2)
    cells, lost = [Cell(1, "batch_gd", 0)], []

    def lose_all(cell, event):
        if event["event"] == "started":
            lost.append(started.lose([*started.workers]))
            started.add()

    failed, events = run(cells, store, pool, lose_all)
    assert (failed, len(lost)) == (cells, 2)
    assert events[-1][1]["message"] == "all its workers were lost, 2 times over"
    assert run(cells, store, pool)[0] == []


FORGED = [
    None,
    "epoch",
    {"task": "sgd"},
    {"task": ["sgd"], "event": {"event": "started"}},
    *(
        {"task": None, "event": event}
        for event in (
            "started",
            {"event": ["started"]},
            {"event": "nonsense"},
            {"event": "done"},
            {"event": "failed", "message": "forged"},
            {"event": "failed", "traceback": "forged"},
            {"event": "no checkpoint", "message": None},
            {"event": "no checkpoint", "message": "forged\x1b[31m\nforged"},
            {"event": "epoch"},
            {"event": "epoch", "epoch": -1, "loss": None},
            {"event": "epoch", "epoch": 10**6, "loss": "0.5"},
            {"event": "epoch", "epoch": "10", "loss": "0.5"},
        )
    ),
]  # a task of None stands for the name of one that runs


def test_events_that_no_worker_tells_of_change_nothing(
    pool, started, store, monkeypatch, capfd
):
    """They are those of a run on a terminal, where each is shown at once."""
    started.add()
    monkeypatch.setenv("FORCE_COLOR", "1")
    cells, slots = [Cell(1, "batch_gd", 0), Cell(1, "momentum", 0)], pool.slots
    tasks = tasks_for(cells, SHORT, store.folder)

    def forge():
        for event in FORGED if (store.folder / MARK).exists() else ():
            if isinstance(event, dict) and event["task"] is None:
                event = {**event, "task": str(tasks[0])}
            topic = f"reproduce-{(store.folder / MARK).read_text()}"
            pool._client.log_event(topic, event)
        return slots()

    monkeypatch.setattr(pool, "slots", forge)
    assert train_missing(tasks, store.folder, pool) == []
    assert {record.cell for record in store.load()} == set(cells)
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert r"forged\x1b[31m\nforged" in out and "forged\x1b" not in out


def commands_of_the_guide():
    """The guide's two Dask commands, for this machine alone."""
    guide = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    block = guide.split("```")[1].replace("\\\n", " ")
    for line in block.strip().splitlines()[:2]:
        yield re.sub(r"10\.0\.0\.\d", "127.0.0.1", line.split("#")[0]).split()[3:]


def test_started_as_the_guide_says_dask_listens_on_no_other_interface(tmp_path):
    scheduler, worker = commands_of_the_guide()
    file = tmp_path / "scheduler.json"
    processes = []
    try:
        for command in ([*scheduler, "--port", "0"], worker):
            words = [str(file) if w == "scheduler.json" else w for w in command]
            command = [sys.executable, "-m", "dask", *words]
            processes.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
            while not file.exists():
                assert processes[0].poll() is None
                time.sleep(0.05)
        with cluster.ClusterPool(f"file:{file}") as pool:
            assert pool.slots() == 8
            running = [psutil.Process(process.pid) for process in processes]
            children = [
                c for parent in running for c in parent.children(recursive=True)
            ]
            places = {
                connection.laddr.ip
                for process in running + children
                for connection in process.net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            }
        assert places == {"127.0.0.1"}
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
