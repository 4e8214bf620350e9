"""Train what is missing in an output folder, and say how it goes."""

import sys
import time

from reproduce.experiment.records import Store
from reproduce.experiment.schedule import Runner, plan
from reproduce.progress import Progress

HOUR = 3600


def train_missing(cells, protocol, out, pool):
    """Train the cells without a record; return those that failed.

    Args:
        cells, protocol, out: what, under which settings, into which folder.
        pool: where, as `executors.open_pool` gives it.

    Raises:
        ClusterError: the cluster that was the pool is gone.
        OSError: nothing can be written to `out`.
        OtherProtocol: a record there was made under another protocol.
    """
    _check_folder(out)
    todo = plan(cells, protocol, out)
    for path in todo.set_aside:
        print(f"set aside an invalid record: {path}", file=sys.stderr)
    _sweep(out, todo.done)
    jobs, bugs = max(1, min(pool.slots(), len(todo.todo))), {}
    with Progress(len(todo.done), todo.todo, protocol, jobs) as progress:

        def hear(cell, event):
            if "traceback" in event:
                bugs[cell] = event["traceback"]
            progress.hear(cell, event)

        failed = Runner(protocol, out, pool, hear).run(todo.todo)
    for cell in failed:
        print(f"failed: {cell}: {progress.failures[cell]}", file=sys.stderr)
        print(bugs.get(cell, ""), end="", file=sys.stderr)
    return failed


def _check_folder(folder):
    """Fail before the training, not after it.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".writable"
    probe.touch()
    probe.unlink(missing_ok=True)


def _sweep(out, done):
    """Remove what killed processes may have left: of no use to any run."""
    for cell in done:
        for path in Store(out).checkpoint_paths(cell):
            path.unlink(missing_ok=True)
    for path in out.glob("runs/arch*/*/.*.tmp"):
        if time.time() - path.stat().st_mtime > HOUR:  # no write takes that long
            path.unlink(missing_ok=True)
