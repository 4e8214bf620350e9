"""Many cells: which are still to do, in which order, and how they are done."""

import signal
import sys
import threading
import time
import zipfile
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reproduce.data.source import store as store_data
from reproduce.errors import InvalidRecord
from reproduce.experiment.costs import clock, makespan, run_seconds
from reproduce.experiment.store import Store
from reproduce.files import sweep

from .checkpoints import Checkpoints
from .pool import Task
from .progress import Progress

POLL_SECONDS = 0.5


def train_missing(tasks, out, pool, cheap_first=False, data=None):
    """Train the tasks without a record, and say how it goes; return those that failed.

    Args:
        tasks: what to train.
        out: the output folder that they are below.
        pool: where, as `pool.open_pool` gives it.
        cheap_first: start with what is soon done, a cell's first seeds before its
            later ones; else with the longest, so that all ends together.
        data: `Digits` other than the embedded ones, that the tasks' protocol is of.

    Raises:
        ClusterError: the cluster that was the pool is gone.
        OSError: nothing can be written to `out`.
        OtherProtocol: a record there was made under another protocol, or another
            command is making some.
    """
    _check_folder(Path(out))
    with ExitStack() as held:
        for folder, common in settings(tasks).items():
            if held.enter_context(Store(folder).held(common)):
                print(
                    f"{folder}: another command trains there, too; what one of them "
                    "has finished the other does not start",
                    file=sys.stderr,
                )
            if data is not None:
                store_data(data, Store(folder).data_path)
        todo = plan(tasks, cheap_first)
        for line in todo.lines():
            print(line, file=sys.stderr)
        _remove_leftovers(Path(out), todo.done)
        return _train(todo, out, pool)


def settings(tasks):
    """Each folder of tasks to the settings that all runs there have in common.

    Parts of a study have limits of their own.
    """
    common = {}
    for task in tasks:
        common[task.store.folder] = settings = task.protocol.to_dict()
        if task.folder:
            del settings["max_epochs"]
    return common


def _train(todo, out, pool):
    jobs, bugs = max(1, min(pool.slots(), len(todo.todo))), {}
    with Progress(len(todo.done), todo.todo, jobs, _pace(Store(out))) as progress:

        def hear(task, event):
            if "traceback" in event:
                bugs[task] = event["traceback"]
            progress.hear(task, event)

        failed = Runner(out, pool, hear).run(todo.todo)
    for task in failed:
        print(f"failed: {task}: {progress.failures[task]}", file=sys.stderr)
        print(bugs.get(task, ""), end="", file=sys.stderr)
    return failed


def tasks_for(cells, protocol, out):
    """The tasks of cells under one protocol, in the output folder itself."""
    out = str(Path(out).resolve())
    return [Task(cell, protocol, out) for cell in cells]


def tasks_of(study, out, seeds=None, **limits):
    """The tasks of a study.

    Args:
        study: a `Study`.
        out: the output folder.
        seeds: which, for every cell alike; None: those of the study.
        limits: settings of the protocol that only shorten a run.
    """
    out = str(Path(out).resolve())
    return [
        Task(
            cell, protocol.changed(**limits), out, study.folder, None, study.times(cell)
        )
        for cell, protocol in study.protocols(seeds).items()
    ]


def plan_lines(tasks, jobs):
    """What tasks come to, before any is started: a line a folder, then all.

    Args:
        tasks: of one output folder, whose default runs tell this machine's pace.
        jobs: how many are trained at a time.
    """
    pace, folders = _pace(Store(tasks[0].out)), {}
    for task in tasks:
        folders.setdefault(task.folder, []).append(task)
    width = max(map(len, (*folders, "together")))
    seconds = []
    for folder, group in folders.items():
        todo = [t for t in group if not t.store.path(t.cell).exists()]
        folder_seconds = [pace * task.expected_seconds for task in todo]
        seconds += folder_seconds
        yield (
            f"{folder or 'runs':{width}} {len(todo):4} of {len(group):4} cells "
            f"to train {sum(folder_seconds) / 60:7.1f} core-minutes"
        )
    total = clock(makespan(sorted(seconds, reverse=True), jobs))
    yield (
        f"{'together':{width}} {len(seconds):4} of {len(tasks):4} cells to train "
        f"{sum(seconds) / 60:7.1f} core-minutes, {total} with {jobs} at a time"
    )


def _pace(store):
    """How much longer the runs there took than their epochs should have, together."""
    records = store.load()
    should = sum(run_seconds(r.cell, r.protocol, r.epochs) for r in records)
    return sum(r.core_seconds for r in records) / should if records else 1.0


@dataclass
class Plan:
    """What a request comes to.

    Attributes:
        todo: tasks without a record, in the order in which to start them.
        done: tasks whose record is there already.
        set_aside: invalid records that were moved out of the way.
        damaged: models that are not those of their records, which are to do again.
    """

    todo: list = field(default_factory=list)
    done: list = field(default_factory=list)
    set_aside: list = field(default_factory=list)
    damaged: list = field(default_factory=list)

    def lines(self):
        """What people should know of it."""
        for path in self.set_aside:
            yield f"set aside an invalid record: {path}"
        for path in self.damaged:
            yield f"damaged, so it is trained again: {path}"


def plan(tasks, cheap_first=False):
    """Find out what is left to do; invalid records are set aside.

    Raises:
        NewerRecord: a later version of this project made a record there.
        OtherProtocol: a record there was made under another protocol.
    """
    result = Plan()
    for task in tasks:
        store, record = task.store, None
        try:
            record = store.finished(task.cell, task.protocol)
        except InvalidRecord:
            result.set_aside += filter(None, [store.set_aside(store.path(task.cell))])
        if record is not None and store.model_is_damaged(record):
            result.damaged.append(store.model_path(task.cell))
            record = None
        (result.todo if record is None else result.done).append(task)

    def cost(task):
        return task.expected_seconds * (task.cell.seed + 1 if cheap_first else -1)

    result.todo.sort(key=cost)
    return result


class Runner:
    """Trains planned tasks, as many at a time as a pool has slots.

    Args:
        out: the output folder that all are below.
        pool: where they are trained, as `pool.open_pool` gives it.
        report: called with (task, event) from several threads, one at a time; the
            task is None where the event is about the whole.
    """

    def __init__(self, out, pool, report):
        self.out, self.pool = out, pool
        self._report, self._lock = report, threading.Lock()
        self._running, self._todo, self._stopping = {}, deque(), False

    def run(self, tasks):
        """Train the tasks in the order given; return those that failed.

        A first Ctrl-C lets the running tasks finish and starts no more; a second
        one ends them at once.

        Raises:
            KeyboardInterrupt: in the end, after either.
            ClusterError: the cluster that was the pool is gone.
        """
        self._todo, failed = deque(tasks), []
        with self.pool.serving(self.out, self._tell) as submit, ctrl_c() as asked:
            try:
                while self._running or self._todo:
                    if asked.is_set():
                        self._stop()
                    self._fill(submit)
                    failed += filter(self._end, self._ended())
            except BaseException:
                self._running.clear()  # nothing more is heard of them
                self.pool.stop_now()
                raise
        if asked.is_set():
            raise KeyboardInterrupt
        return failed

    def _stop(self):
        """Start no more; say so the first time."""
        if not self._stopping:
            self._tell(None, {"event": "stopping"})
        self._stopping = True
        self._todo.clear()

    def _fill(self, submit):
        """Start what fits and no more: a lost worker costs only what it ran."""
        slots = self.pool.slots()
        while self._todo and len(self._running) < slots:
            task = self._todo.popleft()
            with self._lock:  # it may be heard of before it is listed
                self._running[task] = submit(task)

    def _ended(self):
        """Wait a moment; return the running tasks that have ended by then."""
        if not self._running:
            time.sleep(POLL_SECONDS)
        ended, _ = wait(self._running.values(), POLL_SECONDS, FIRST_COMPLETED)
        return [task for task, future in self._running.items() if future in ended]

    def _end(self, task):
        """Take note of what became of a task; return whether it failed."""
        future = self._running.pop(task)
        if future.cancelled():  # its scheduler was lost
            self._todo.append(task)
            return False
        try:
            outcome = future.result()
            outcome.keep(task)
            event = outcome.event
        except Exception as error:  # a lost worker, a full disk: the others go on
            event = {"event": "failed", **self.pool.described(error)}
        with self._lock:
            self._report(task, event)
        return event["event"] == "failed"

    def _tell(self, task, event):
        with self._lock:
            if task is None or task in self._running:  # news may come late
                self._report(task, event)


@contextmanager
def ctrl_c():
    """Give an event that the first Ctrl-C sets; the second raises.

    Outside the main thread signals go elsewhere, and the event is never set.

    Raises:
        KeyboardInterrupt: at the second one.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def handle(*_):
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _check_folder(folder):
    """Fail before the training, not after it: a model is written as an archive.

    Raises:
        OSError: nothing can be written there.
        ValueError: the clock says a time before there were archives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".writable"
    try:
        with zipfile.ZipFile(probe, "w") as archive:
            archive.writestr("probe", "")
    finally:
        probe.unlink(missing_ok=True)


def _remove_leftovers(out, done):
    """Remove what killed processes may have left: of no use to any run."""
    for task in done:
        Checkpoints(task.store.checkpoint_paths(task.cell)).delete()
    for folder in {out, *(task.store.path(task.cell).parent for task in done)}:
        sweep(folder)
