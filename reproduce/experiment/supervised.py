"""One cell under supervision: what a thread does here and on a cluster's worker."""

import tempfile
import time

from .children import Child
from .records import Store
from .tasks import Outcome

NEEDS_FOLDER = (
    "--data needs an output folder that all machines see; this worker does not see it"
)


class Children:
    """Child processes, each to be used again when it is free.

    Args:
        cores: a child for each, which stays on it; more are made as needed.
    """

    def __init__(self, cores=()):
        self._idle = [Child(core) for core in cores]
        self._busy = set()

    def run(self, *task):
        """`Child.run` in a child that is free; it is ended where that raises."""
        try:
            child = self._idle.pop()
        except IndexError:
            child = Child()
        child.stop_if_dead()
        self._busy.add(child)
        try:
            return child.run(*task)
        except BaseException:
            child.stop()
            raise
        finally:
            self._busy.discard(child)
            self._idle.append(child)

    def stop_idle(self):
        """End the children that have nothing to do, and forget them."""
        while True:
            try:
                self._idle.pop().stop()
            except IndexError:
                return

    def stop_busy(self):
        """End the children that train; their runs fail."""
        while self._busy:  # one may be about to start its process
            for child in list(self._busy):
                child.kill()
            time.sleep(0.05)


def train_one(task, children, tell, scratch=None):
    """Train a cell in a child process, which first looks for its record.

    Args:
        task: what to train.
        children: `Children` to do it.
        tell: called with (cell, event) while it runs; what it raises ends the run.
        scratch: where to work if the output folder is out of reach.
    """
    if task.sees_folder():
        return Outcome(_train(task, task.out, children, tell))
    if task.protocol.data_sha256:
        return Outcome({"event": "failed", "message": NEEDS_FOLDER})
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        event = _train(task, folder, children, tell)
        if event["event"] == "failed":
            return Outcome(event)
        store = Store(folder)
        model = store.model_path(task.cell)
        return Outcome(
            event,
            store.path(task.cell).read_bytes(),
            model.read_bytes() if model.exists() else None,
        )


def _train(task, folder, children, tell):
    tell(task.cell, {"event": "started"})
    return children.run(
        task.cell, task.protocol, folder, lambda event: tell(task.cell, event)
    )
