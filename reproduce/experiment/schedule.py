"""Many cells: which are still to do, in which order, on which cores."""

import os
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from .children import Child
from .costs import expected_seconds
from .records import InvalidRecord, Store


class OtherProtocol(ValueError):
    """The output folder holds records made under other settings."""


@dataclass
class Plan:
    """What a request comes to.

    Attributes:
        todo: cells to train, the longest first.
        done: cells whose record is there already.
        set_aside: invalid records that were moved out of the way.
    """

    todo: list = field(default_factory=list)
    done: list = field(default_factory=list)
    set_aside: list = field(default_factory=list)


def plan(cells, protocol, out):
    """Find out what is left to do; invalid records are set aside.

    Raises:
        OtherProtocol: a record there was made under another protocol.
    """
    store, result = Store(out), Plan()
    for cell in cells:
        try:
            record = store.read(cell)
        except InvalidRecord:
            result.set_aside.append(store.set_aside(cell))
            record = None
        if record is None:
            result.todo.append(cell)
        elif record.protocol != protocol:
            raise OtherProtocol(
                f"{store.path(cell)}: made under other settings "
                f"({differences(record.protocol, protocol)}). Choose another --out, "
                "or delete the folder with `make purge`."
            )
        else:
            result.done.append(cell)
    result.todo.sort(key=lambda cell: -expected_seconds(cell, protocol))
    return result


def differences(theirs, ours):
    """The settings in which two protocols differ, in words."""
    ours, theirs = ours.to_dict(), theirs.to_dict()
    return ", ".join(
        f"{name} {theirs[name]!r}, not {ours[name]!r}"
        for name in ours
        if ours[name] != theirs[name]
    )


class Runner:
    """Trains planned cells in child processes, one core each.

    Args:
        protocol, out: as for every run.
        jobs: child processes at a time.
        report: called with (cell, event) from several threads, one at a time.
    """

    def __init__(self, protocol, out, jobs, report):
        self.protocol, self.out, self.jobs = protocol, out, jobs
        self._report, self._lock = report, threading.Lock()
        cores = sorted(os.sched_getaffinity(0))
        self._free = [Child(cores[i % len(cores)]) for i in range(jobs)]
        self._all = list(self._free)
        self._stopping = threading.Event()

    def run(self, cells):
        """Train the cells; return those that failed.

        A `KeyboardInterrupt` lets the running cells finish and starts no more; a
        second one ends them at once. It is raised again in the end.
        """
        failed, interrupted = [], None
        with ThreadPoolExecutor(self.jobs) as pool:
            waiting = {pool.submit(self._one, cell): cell for cell in cells}
            try:
                while waiting:
                    try:
                        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                    except KeyboardInterrupt as error:
                        if interrupted:
                            raise
                        interrupted = error
                        self._stopping.set()
                        self._report(None, {"event": "stopping"})
                        continue
                    for future in finished:
                        cell = waiting.pop(future)
                        if future.result() == "failed":
                            failed.append(cell)
            finally:
                self._stopping.set()
                for child in self._all:
                    child.stop()
        if interrupted:
            raise interrupted
        return failed

    def _one(self, cell):
        if self._stopping.is_set():
            return "skipped"
        child = self._free.pop()
        try:
            self._tell(cell, {"event": "started"})
            event = child.run(
                cell, self.protocol, self.out, lambda event: self._tell(cell, event)
            )
            self._tell(cell, event)
            return event["event"]
        finally:
            self._free.append(child)

    def _tell(self, cell, event):
        with self._lock:
            self._report(cell, event)
