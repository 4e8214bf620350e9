"""A cluster on this machine is there when it is said to be, and gone afterwards."""

import pytest

from reproduce.training.local_cluster import LocalCluster


def test_two_workers_join_and_are_gone_afterwards(tmp_path):
    distributed = pytest.importorskip("distributed", reason="make cluster")
    with LocalCluster(tmp_path, workers=2) as cluster:
        cluster.wait()
        path = cluster.where.removeprefix("file:")
        with distributed.Client(scheduler_file=path, timeout=10) as client:
            threads = client.nthreads()
            address = client.scheduler.address
    assert list(threads.values()) == [1, 1]
    with pytest.raises(OSError):
        distributed.Client(address, timeout=1)


def test_a_scheduler_that_ends_at_once_is_no_cluster(tmp_path):
    with pytest.raises(RuntimeError, match="did not start"):
        LocalCluster(tmp_path, program=("-c", "pass")).__enter__()


def test_workers_are_lost_and_added(tmp_path, monkeypatch):
    cluster = LocalCluster(tmp_path, program=("-c", "input()"))
    monkeypatch.setattr(cluster, "_is_ready", lambda: True)
    with cluster:
        first, second = cluster.workers
        assert cluster.lose([first]) == 1
        assert cluster.workers == [second]
        assert isinstance(first.poll(), int)
        cluster.add()
        assert len(cluster.workers) == 2
        processes = [*cluster.workers]
    assert all(isinstance(process.poll(), int) for process in processes)
