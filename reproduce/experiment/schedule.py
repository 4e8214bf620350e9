"""Many cells: which are still to do, in which order, and how they are done."""

import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, field

from reproduce.errors import OtherProtocol

from .costs import expected_seconds
from .fingerprint import differences
from .interrupts import ctrl_c
from .records import InvalidRecord, Store

POLL_SECONDS = 0.5


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
            found = differences(record.protocol.to_dict(), protocol.to_dict())
            raise OtherProtocol.at(store.path(cell), found, out)
        else:
            result.done.append(cell)
    result.todo.sort(key=lambda cell: -expected_seconds(cell, protocol))
    return result


class Runner:
    """Trains planned cells, as many at a time as a pool has slots.

    Args:
        protocol, out: as for every run.
        pool: where they are trained, as `executors.open_pool` gives it.
        report: called with (cell, event) from several threads, one at a time; the
            cell is None where the event is about the whole.
    """

    def __init__(self, protocol, out, pool, report):
        self.protocol, self.out, self.pool = protocol, out, pool
        self._report, self._lock = report, threading.Lock()
        self._running, self._todo, self._stopping = {}, deque(), False

    def run(self, cells):
        """Train the cells in the order given; return those that failed.

        A first Ctrl-C lets the running cells finish and starts no more; a second
        one ends them at once.

        Raises:
            KeyboardInterrupt: in the end, after either.
            ClusterError: the cluster that was the pool is gone.
        """
        self._todo, failed = deque(cells), []
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
            cell = self._todo.popleft()
            with self._lock:  # it may be heard of before it is listed
                self._running[cell] = submit(cell, self.protocol)

    def _ended(self):
        """Wait a moment; return the running cells that have ended by then."""
        if not self._running:
            time.sleep(POLL_SECONDS)
        ended, _ = wait(self._running.values(), POLL_SECONDS, FIRST_COMPLETED)
        return [cell for cell, future in self._running.items() if future in ended]

    def _end(self, cell):
        """Take note of what became of a cell; return whether it failed."""
        future = self._running.pop(cell)
        if future.cancelled():  # its scheduler was lost
            self._todo.append(cell)
            return False
        try:
            outcome = future.result()
            outcome.keep(cell, self.protocol, Store(self.out))
            event = outcome.event
        except Exception as error:  # a lost worker, a full disk: the others go on
            event = {"event": "failed", **self.pool.described(error)}
        with self._lock:
            self._report(cell, event)
        return event["event"] == "failed"

    def _tell(self, cell, event):
        with self._lock:
            if cell is None or cell in self._running:  # news may come late
                self._report(cell, event)
