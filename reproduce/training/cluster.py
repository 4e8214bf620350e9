"""A Dask cluster as the pool that trains cells.

Workers run this project from their own copy of it: one cell a thread, in child
processes. They write into the output folder where they see it; elsewhere they send
both files of a run back.

    ClusterPool                   on the driver's side
    enlist, train_here, dismiss   what runs in the workers
"""

import json
import logging
import sys
import time
import uuid
import warnings
from collections import Counter
from concurrent import futures
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import NoneType

from reproduce.errors import ClusterError, described, visible
from reproduce.experiment.protocol import differences
from reproduce.files import write_atomically

from .pool import MARK, Children, Task, train_one
from .provenance import fingerprint

WORKER_SECONDS = 60  # without any worker before giving up
CONNECT_SECONDS = 10
MOST_LOSSES = 4  # of all workers that a cell may be trained by
MOST = 200  # characters of a message
CERTIFICATE = tuple(
    f"DASK_DISTRIBUTED__COMM__TLS__{name}"
    for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY")
)
START_WORKER = "`.venv/bin/python -m dask worker` in the project's folder"


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
        self._asked, self._losses = {}, Counter()
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
            self._good.intersection_update(threads)
            self._vet(set(threads) - self._good - self._refused)
            self._take_back()
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
        """Submit tasks whose records go below the folder `out`."""
        folder, mark = Path(out).resolve(), uuid.uuid4().hex
        topic = f"reproduce-{mark}"
        write_atomically(folder / MARK, mark.encode())
        submitted = {}  # the name of a task to the task
        self._losses.clear()

        def hear(stamped):
            if (news := _news(stamped, submitted)) is not None:
                tell(*news)

        def submit(task):
            submitted[str(task)] = task
            return self._submit(task, replace(task, out=str(folder), mark=mark), topic)

        self._client.subscribe_topic(topic, hear)
        try:
            yield submit
        finally:
            self._client.unsubscribe_topic(topic)
            if Task(None, None, str(folder), mark=mark).sees_folder():
                (folder / MARK).unlink(missing_ok=True)

    def _submit(self, task, sent, topic):
        """Have the workers that there are now train a task, which they know as `sent`.

        Returns:
            A future; it is cancelled when all of them are lost.
        """
        if self._losses[task] >= MOST_LOSSES:
            failed = futures.Future()
            failed.set_exception(
                ClusterError(f"all its workers were lost, {MOST_LOSSES} times over")
            )
            return failed
        key, workers = f"{train_here.__name__}-{uuid.uuid4().hex}", set(self._good)
        future = self._executor.submit(
            *(train_here, sent, topic, self._ours), key=key, workers=list(workers)
        )
        self._asked[key] = task, workers, future
        return future

    def _take_back(self):
        """Cancel what only lost workers may do: Dask waits for them for ever."""
        from distributed import Future

        for key, (task, workers, future) in list(self._asked.items()):
            lost = workers.isdisjoint(self._good)
            if lost and not future.done():
                self._losses[task] += 1
                self._client.cancel([Future(key, self._client)])
            if lost or future.done():
                del self._asked[key]

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
                line = visible(f"worker {address} not used: it {problem}")
                print(line, file=sys.stderr)


def _problem(answer, ours):
    """Why a worker that answered so cannot be used; empty if it can."""
    if "No module named" in str(answer):  # Dask wraps it in a plain Exception
        return f"does not find this project: start it with {START_WORKER}"
    if isinstance(answer, Exception):
        return f"does not answer: {type(answer).__name__}: {answer}"
    different = differences(answer, ours)
    return different and (
        f"has {different}; use the same checkout and requirements on every machine"
    )


def _news(stamped, submitted):
    """The task and the event that a worker tells of; None if that is no such news.

    Whoever reaches the scheduler can tell anything.

    Args:
        stamped: what came under the topic: a time, and what `train_here` tells.
        submitted: names of tasks to tasks.
    """
    with suppress(KeyError, TypeError, ValueError):
        _, message = stamped
        task, event = submitted[message["task"]], message["event"]
        kind = event["event"]
        if kind == "started":
            return task, {"event": kind}
        if kind == "no checkpoint" and isinstance(event["message"], str):
            return task, {"event": kind, "message": visible(event["message"])[:MOST]}
        if kind == "epoch":
            epoch, loss = event["epoch"], event["loss"]
            if type(epoch) is int and epoch > 0 and type(loss) in (float, NoneType):
                return task, {"event": kind, "epoch": epoch, "loss": loss}
    return None


def connect(where):
    """A Dask client of the scheduler at `tcp://HOST:PORT` or `file:PATH`.

    Raises:
        ClusterError: Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "--cluster needs Dask: `make cluster`, or "
            "`.venv/bin/pip install -r requirements-cluster.txt`"
        ) from None
    address = _address(where)
    if address.startswith("tls:"):
        _check_certificate(where)
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # we say it ourselves
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:
        raise ClusterError(
            f"{where}: no scheduler answers at {address} ({type(error).__name__}); "
            "start one with `.venv/bin/python -m dask scheduler`"
        ) from error


def _check_certificate(where):
    from distributed import Security

    why = "there is none"
    try:
        if Security().get_connection_args("client")["ssl_context"] is not None:
            return
    except (OSError, ValueError) as error:  # of a file, or of what is in it
        why = str(error)
    raise ClusterError(
        f"{where}: needs a certificate to show to the scheduler ({why}); set "
        f"{', '.join(CERTIFICATE[:2])} and {CERTIFICATE[2]} to files in PEM format"
    )


def _address(where):
    if not where.startswith("file:"):
        return where
    path = Path(where.removeprefix("file:"))
    try:
        return json.loads(path.read_text(encoding="utf-8"))["address"]
    except FileNotFoundError:
        raise ClusterError(
            f"{path}: no such file; start a scheduler with "
            f"`.venv/bin/python -m dask scheduler --scheduler-file {path}`"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ClusterError(
            f"{path}: not a scheduler file, as `dask scheduler --scheduler-file` writes"
        ) from None


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

    different = differences(fingerprint(), expected)
    if different:
        raise ClusterError(f"a worker has {different}")
    worker = get_worker()
    key = worker.get_current_task()

    def tell(task, event):
        if not _wanted(worker, key):
            raise Unwanted(str(task))
        worker.log_event(topic, {"task": str(task), "event": event})

    return train_one(task, _CHILDREN, tell, scratch=worker.local_directory)


def _wanted(worker, key):
    """Whether a driver still waits for the task that this worker runs."""
    task = worker.state.tasks.get(key)
    ending = worker.status.name in ("closing", "closed", "failed")
    return task is not None and task.state != "cancelled" and not ending
