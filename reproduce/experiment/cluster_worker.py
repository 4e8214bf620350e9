"""What runs in the workers of a cluster: one cell a thread, in child processes."""

from dataclasses import asdict

from .cluster_client import ClusterError
from .fingerprint import differences, fingerprint
from .supervised import Children, train_one

_CHILDREN = Children()


class Unwanted(Exception):
    """Nobody waits for this run any more."""


def enlist():
    """End idle children, whose code may be old; tell what this worker is like."""
    _CHILDREN.stop_idle()
    return fingerprint()


def dismiss():
    """Nothing more will come: give the memory of idle children back."""
    _CHILDREN.stop_idle()


def train_here(task, topic, expected):
    """Train a cell on this worker; what happens is told under the topic.

    Raises:
        ClusterError: this worker is not like the driver.
        Unwanted: the driver has gone, or has stopped.
    """
    from distributed import get_worker

    found = differences(fingerprint(), expected)
    if found:
        raise ClusterError(f"a worker has {found}")
    worker = get_worker()
    key = worker.get_current_task()

    def tell(cell, event):
        if not _wanted(worker, key):
            raise Unwanted(str(cell))
        worker.log_event(topic, {"cell": asdict(cell), "event": event})

    return train_one(task, _CHILDREN, tell, scratch=worker.local_directory)


def _wanted(worker, key):
    """Whether a driver still waits for the task that this worker runs."""
    task = worker.state.tasks.get(key)
    ending = worker.status.name in ("closing", "closed", "failed")
    return task is not None and task.state != "cancelled" and not ending
