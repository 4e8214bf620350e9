"""Where cells are trained: threads of this machine, or the workers of a cluster.

A pool has `slots()`, how many cells fit at a time; `serving(out, tell)`, a context
that gives the function to submit a cell with, which returns a
`concurrent.futures.Future` of an `Outcome`; `described(error)`, what to say where
that raises; and `stop_now()`. It is a context too.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from reproduce.errors import described

from .environment import cores
from .supervised import Children, train_one
from .tasks import Task


def open_pool(cluster, jobs):
    """The pool a command line asks for.

    Args:
        cluster: a scheduler (`tcp://HOST:PORT`, `file:PATH`), or None: this machine.
        jobs: child processes at a time on this machine.

    Raises:
        ClusterError: the cluster cannot be used; says why and how to mend it.
    """
    if cluster is None:
        return LocalPool(jobs)
    from .cluster import ClusterPool

    return ClusterPool(cluster)


class LocalPool:
    """Threads that supervise a child process each, on a core of its own."""

    def __init__(self, jobs):
        own = cores()
        self._jobs = jobs
        self._children = Children(own[i % len(own)] for i in range(jobs))
        self._executor = ThreadPoolExecutor(jobs)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop_now()
        self._executor.shutdown()
        self._children.stop_idle()

    def slots(self):
        return self._jobs

    @contextmanager
    def serving(self, out, tell):
        """Submit cells whose records go into the folder `out`."""
        folder = str(Path(out).resolve())

        def submit(cell, protocol):
            task = Task(cell, protocol, folder)
            return self._executor.submit(train_one, task, self._children, tell)

        yield submit

    def described(self, error):
        """What to say of a run that ended with an error, as `errors.described`."""
        return described(error)

    def stop_now(self):
        """End what runs."""
        self._children.stop_busy()
