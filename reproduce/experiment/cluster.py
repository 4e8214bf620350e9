"""A Dask cluster as the pool that trains cells.

Workers run this project from their own copy of it. They write into the output
folder where they see it; elsewhere they send both files of a run back.
"""

import sys
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

from reproduce.errors import described

from .cells import Cell
from .cluster_client import START_WORKER, ClusterError, connect
from .cluster_worker import dismiss, enlist, train_here
from .fingerprint import differences, fingerprint
from .records import write_atomically
from .tasks import MARK, Task

WORKER_SECONDS = 60  # without any worker before giving up


class ClusterPool:
    """The workers of a scheduler, as many cells at a time as they have threads.

    Args:
        where: `tcp://HOST:PORT`, `tls://HOST:PORT` or `file:PATH` of a scheduler
            file.

    Raises:
        ClusterError: no scheduler, no workers, or workers that are not like us.
    """

    def __init__(self, where):
        self._where, self._ours = where, fingerprint()
        self._good, self._refused, self._starting = set(), set(), True
        self._client = connect(where)
        # Runs are told apart by their records, not by Dask's keys.
        self._executor = self._client.get_executor(pure=False, retries=2)
        self._last_worker = time.monotonic()
        try:
            while not self.slots():
                time.sleep(0.2)
        except BaseException:
            self._client.close()
            raise
        self._starting = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        with suppress(Exception):  # whoever is gone needs no goodbye
            self.stop_now()
            self._client.run(dismiss, on_error="ignore")
        self._client.close()

    def slots(self):
        """Threads of the workers there are now.

        Raises:
            ClusterError: there has been none for a while, or no scheduler.
        """
        try:
            threads = self._client.nthreads()
            self._vet(set(threads) - self._good - self._refused)
        except (OSError, RuntimeError) as error:
            raise ClusterError(
                f"{self._where}: lost the scheduler; start it and its workers again, "
                "then the same command: what is finished is kept"
            ) from error
        now = time.monotonic()
        slots = sum(n for address, n in threads.items() if address in self._good)
        if slots:
            self._last_worker = now
        elif now - self._last_worker > WORKER_SECONDS:
            raise ClusterError(
                f"{self._where}: no worker for {WORKER_SECONDS} s; start some with "
                f"{START_WORKER}"
            )
        return slots

    @contextmanager
    def serving(self, out, tell):
        """Submit cells whose records go into the folder `out`."""
        folder, mark = Path(out).resolve(), uuid.uuid4().hex
        topic = f"reproduce-{mark}"
        write_atomically(folder / MARK, mark.encode())
        self._client.subscribe_topic(
            topic, lambda stamped: tell(Cell(**stamped[1]["cell"]), stamped[1]["event"])
        )

        def submit(cell, protocol):
            return self._executor.submit(
                train_here,
                Task(cell, protocol, str(folder), mark),
                topic,
                self._ours,
                workers=sorted(self._good),
                allow_other_workers=True,  # those that took the place of lost ones
            )

        try:
            yield submit
        finally:
            self._client.unsubscribe_topic(topic)
            if Task(None, None, str(folder), mark).sees_folder():
                (folder / MARK).unlink(missing_ok=True)

    def stop_now(self):
        """Let go of what runs; workers end it at the next epoch."""
        self._executor.shutdown(wait=False)

    def described(self, error):
        """What to say of a run that ended with an error, as `errors.described`."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            lost = error.allowed_failures + 1
            return {"message": f"{lost} workers were lost while they trained it"}
        return described(error)

    def _vet(self, addresses):
        """Accept those workers that are like us; at the start all must be."""
        if not addresses:
            return
        answers = self._client.run(enlist, workers=list(addresses), on_error="return")
        for address, answer in answers.items():
            problem = _problem(answer, self._ours)
            if not problem:
                self._good.add(address)
            elif isinstance(answer, OSError):
                continue  # gone, or not there yet
            elif self._starting:
                raise ClusterError(f"worker {address} {problem}")
            else:
                self._refused.add(address)
                print(f"worker {address} not used: it {problem}", file=sys.stderr)


def _problem(answer, ours):
    """Why a worker that answered so cannot be used; empty if it can."""
    if "No module named" in str(answer):  # Dask wraps it in a plain Exception
        return f"does not find this project: start it with {START_WORKER}"
    if isinstance(answer, Exception):
        return f"does not answer: {type(answer).__name__}: {answer}"
    found = differences(answer, ours)
    return found and (
        f"has {found}; use the same checkout and requirements on every machine"
    )
