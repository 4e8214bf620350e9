"""Train what is missing in an output folder, and say how it goes."""

import sys

from reproduce.experiment.schedule import Runner, plan
from reproduce.progress import Progress


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
    jobs = max(1, min(pool.slots(), len(todo.todo)))
    with Progress(len(todo.done), todo.todo, protocol, jobs) as progress:
        failed = Runner(protocol, out, pool, progress.hear).run(todo.todo)
    for cell in failed:
        print(f"failed: {cell}: {progress.failures[cell]}", file=sys.stderr)
    return failed


def _check_folder(folder):
    """Fail before the training, not after it.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".writable"
    probe.touch()
    probe.unlink()
