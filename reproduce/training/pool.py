"""Where cells are trained: child processes of this machine, watched over by threads.

    environment, cores, pin   how a process trains: one thread, one core, XLA's flags
    Task, Outcome             what is handed to whoever trains a cell, what comes back
    serve                     a child's main loop: one task after another
    Child                     one child process; ended when it makes no progress
    Children                  children, each to be used again when it is free
    LocalPool, open_pool      as many at a time as there are jobs

A pool has `slots()`, how many cells fit at a time; `serving(out, tell)`, a context
that gives the function to submit a task with, which returns a
`concurrent.futures.Future` of an `Outcome`; `described(error)`, what to say where
that raises; and `stop_now()`. It is a context too. `cluster.ClusterPool` is the other.

A child reads one JSON task a line from standard input and answers in JSON lines:
`epoch` after the first that it trains and then now and then, `no checkpoint` where
none can be written, and `done` or `failed` at the end; `done` tells the most memory
that the process has had, too. The record is in its place before `done` is said. It ends
with its parent.
"""

import hashlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from reproduce.errors import InvalidRecord, described
from reproduce.experiment.costs import (
    clock,
    epoch_seconds,
    expected_epochs,
    run_seconds,
)
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store, parse

from .checkpoints import EVERY_SECONDS, Checkpoints

ROOT = Path(__file__).parents[2]
MARK = ".cluster"  # a file in the output folder while a cluster trains into it
SERVE = "import sys; from reproduce.training.pool import serve; serve(int(sys.argv[1]))"
# TensorFlow keeps some memory of every model; a cell alone takes up to 1,100 MB.
MOST_MEGABYTES = 1200
NOISE = re.compile(r"[IW]\d{4} |WARNING: ")  # what TensorFlow says anyway
EPOCH_EVENT_SECONDS = 0.5  # between two events of a child, at least
PARENT_LOOK_SECONDS = 1.0
LEAST_SILENCE_SECONDS = 600.0  # importing, compiling and evaluating, on a busy machine
TIMES_EXPECTED = 50
SERVING = threading.Event()  # set in a child process
LOOKS = 100  # of a watchdog, until the silence has been too long
NEEDS_FOLDER = (
    "--data needs an output folder that all machines see; this worker does not see it"
)

ONE_THREAD = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
# The widest vectors the processor has.
_WIDE = "--xla_cpu_prefer_vector_width=512"
# Whole loops as one function, without a dispatch for each operation in them. In it
# XLA writes matrix products as plain loops, which is slow for any but vectors.
_WHOLE_LOOPS = (
    "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=1000000000"
)


def environment(protocol=None):
    """What to set before TensorFlow is imported.

    Args:
        protocol: of the runs, for its `batch_size`; None: an example an update.
    """
    batches = protocol is not None and (protocol.batch_size or 1) > 1
    flags = (_WIDE,) if batches else (_WIDE, _WHOLE_LOOPS)
    return {**ONE_THREAD, "XLA_FLAGS": " ".join(flags)}


def cores():
    """Numbers of the processors this process may use; where that is not told, all."""
    try:
        return sorted(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return list(range(os.cpu_count() or 1))


def pin(core, pid=0):
    """Keep a process (this one: 0) on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {core})


@dataclass(frozen=True)
class Task:
    """A cell to train.

    Attributes:
        cell, protocol: what, under which settings.
        out: the output folder, absolute, where the driver runs.
        folder: below it, where the record goes (`Study.folder`).
        mark: content of the file `MARK` in `out`, by which another machine knows that
            it sees the same folder; None on the driver's own machine.
        times: epochs expected, as a multiple of the original's.
    """

    cell: Cell
    protocol: Protocol
    out: str
    folder: str = ""
    mark: str | None = None
    times: float = 1.0

    @property
    def expected_epochs(self):
        """Epochs that it should take."""
        return expected_epochs(self.cell, self.protocol, self.times)

    @property
    def expected_seconds(self):
        """Seconds of one core that it should take."""
        return run_seconds(self.cell, self.protocol, self.expected_epochs)

    @property
    def store(self):
        """Where the record and the model belong."""
        return Store(Path(self.out, self.folder))

    def sees_folder(self):
        """Whether the output folder is there, and is the driver's."""
        if self.mark is None:
            return True
        try:
            return Path(self.out, MARK).read_text(encoding="utf-8") == self.mark
        except (OSError, UnicodeDecodeError):
            return False

    def __str__(self):
        name = Path(self.folder).name
        return f"{name} {self.cell}" if name else str(self.cell)


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Attributes:
        event: `done` or `failed`, as progress displays hear it.
        record, model: bytes of both files, where they are not in their places yet.
    """

    event: dict
    record: bytes | None = None
    model: bytes | None = None

    def keep(self, task):
        """Put files that were sent into their places, the record last.

        Raises:
            InvalidRecord: they are not what was asked for, or not whole.
            UserError: as `Store.keep`.
            OSError: they cannot be written.
        """
        if self.record is None:
            return
        record = parse(self.record)
        sha256 = self.model and hashlib.sha256(self.model).hexdigest()
        if (record.cell, record.protocol) != (task.cell, task.protocol):
            raise InvalidRecord(f"a worker sent another run ({record.cell})")
        if record.model_sha256 != sha256:
            raise InvalidRecord("a worker sent a model that is not the record's")
        task.store.keep(record, self.model)


def serve(parent):
    """Serve tasks until standard input, or the parent process, ends."""
    SERVING.set()
    end_with(parent)
    say = _own_standard_output()
    for line in sys.stdin:
        try:
            _serve_one(json.loads(line), say)
        except Exception as error:  # the parent must hear of whatever it was
            say({"event": "failed", **described(error)})


def end_with(parent):
    """End this process, in the midst of whatever it does, when its parent has."""

    def watch():
        while os.getppid() == parent:
            time.sleep(PARENT_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _serve_one(task, say):
    from .provenance import peak_megabytes

    cell, protocol = Cell(**task["cell"]), Protocol.from_dict(task["protocol"])
    store = Store(task["out"])
    try:  # another run in the same folder may have been here first
        record = store.finished(cell, protocol)
    except InvalidRecord:
        record = None
    if record is None or store.model_is_damaged(record):
        record = _train_here(store, cell, protocol, task, say)
    say({"event": "done", **record.summary(), "megabytes": peak_megabytes()})


def _train_here(store, cell, protocol, task, say):
    """Train the cell; return the record that is in its place then."""
    from .cell import train

    def say_so(error):
        say({"event": "no checkpoint", **described(error)})

    if task.get("trial"):
        from .trial import try_out

        try_out(cell.method, protocol)
    every = task.get("checkpoint_seconds", EVERY_SECONDS)
    checkpoints = Checkpoints(store.checkpoint_paths(cell), every, say_so)
    trained = train(cell, protocol, _epoch_events(say), checkpoints, store.data_path)
    record = store.keep(*trained)
    checkpoints.delete()
    return record


def _epoch_events(say):
    """A function to call after each epoch, which says so the first time, and then now
    and then."""
    last = -math.inf

    def on_epoch(epoch, loss):
        nonlocal last
        if time.monotonic() - last >= EPOCH_EVENT_SECONDS:
            last = time.monotonic()
            say({"event": "epoch", "epoch": epoch, "loss": loss})

    return on_epoch


def _own_standard_output():
    """Keep standard output for answers; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event):
        answers.write(json.dumps(event) + "\n")
        answers.flush()

    return say


def silence_limit(cell, protocol):
    """Seconds without an event after which a cell's process is taken for hung.

    Epochs are what it tells of, so 50 times the longest that one should take.
    """
    return max(LEAST_SILENCE_SECONDS, TIMES_EXPECTED * epoch_seconds(cell, protocol))


class Watchdog:
    """Calls `bite` once, from a thread of its own, after too long a silence.

    Used in a `with` block, inside which it watches. It counts the moments in which it
    looked and heard nothing: while this process is stopped, as by Ctrl-Z, or the
    machine sleeps, it does not look.

    Args:
        limit: seconds from one `pat` to the next, at most.
        bite: what ends the silence.

    Attributes:
        bitten: whether it did.
    """

    def __init__(self, limit, bite):
        self.limit, self._bite = limit, bite
        self.bitten = False
        self._patted, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        self._thread.join()

    def pat(self):
        """There was progress."""
        self._patted.set()

    def _watch(self):
        moment, silent = self.limit / LOOKS, 0
        while silent < LOOKS:
            if self._over.wait(moment):
                return
            silent = 0 if self._patted.is_set() else silent + 1
            self._patted.clear()
        self.bitten = True
        self._bite()


def _search_path():
    """Where this process finds modules, for another one to find the same."""
    return os.pathsep.join(map(os.path.abspath, sys.path))


class Child:
    """A worker process on one core, started when first needed.

    Args:
        core: the processor to stay on, or None.
        checkpoint_seconds: between two checkpoints of a run, at least.
        trial: whether to try an optimizer out before a run, as `trial.try_out` does.
    """

    def __init__(self, core=None, checkpoint_seconds=EVERY_SECONDS, trial=False):
        self.core, self.checkpoint_seconds = core, checkpoint_seconds
        self.trial = trial
        self.process = self.environment = None

    def run(self, cell, protocol, out, on_event):
        """Train one cell in the child; return its last event.

        The event is `done` or `failed`; a child that dies, or is ended for making
        no progress, has failed, and the next call starts another.
        """
        self.start(environment(protocol))
        task = {
            "out": str(Path(out).resolve()),
            "cell": asdict(cell),
            "protocol": protocol.to_dict(),
            "checkpoint_seconds": self.checkpoint_seconds,
            "trial": self.trial,
        }
        limit = silence_limit(cell, protocol)
        with Watchdog(limit, self.process.kill) as watchdog:
            event = self._answer(task, on_event, watchdog)
        if event is None:
            how = self._post_mortem()
            if watchdog.bitten:
                how = f"no progress for {clock(limit)}, so its process was ended"
            event = {"event": "failed", "message": how}
        elif watchdog.bitten or event.get("megabytes", 0) > MOST_MEGABYTES:
            self.stop()  # bitten in the moment of the answer, or grown too large
        return event

    def start(self, variables):
        """Have a process with these environment variables, the same one if it has."""
        if self.process is not None and self.environment == variables:
            return
        self.stop()
        self.environment = variables
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                text=True,
                env={**os.environ, **variables, "PYTHONPATH": _search_path()},
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C is for the parent to deal with
            )
        except OSError:
            self.errors.close()
            raise
        if self.core is not None:
            pin(self.core, self.process.pid)

    def _answer(self, task, on_event, watchdog):
        """The child's last event, or None if it died."""
        try:
            self.process.stdin.write(json.dumps(task) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        for line in self.process.stdout:
            watchdog.pat()
            try:
                event = json.loads(line)
            except ValueError:  # it died in the midst of a line
                return None
            if event["event"] in ("done", "failed"):
                return event
            on_event(event)  # whose errors are not the child's
        return None

    def kill(self):
        """End its process, if it has one; may be called from any thread."""
        process = self.process
        if process is not None:
            process.kill()

    def stop_if_dead(self):
        """Forget a process that ended while it had nothing to do."""
        if self.process is not None and self.process.poll() is not None:
            self.stop()

    def stop(self):
        """End the child now."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
            self.errors.close()
            self.process = None

    def _post_mortem(self):
        code = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").split("\n")
        last_line = [ln for ln in lines if ln.strip() and not NOISE.match(ln)][-1:]
        self.stop()
        how = f"killed by signal {-code}" if code < 0 else f"exit status {code}"
        if code == -signal.SIGKILL:
            how += ", as where memory runs out: fewer --jobs need less"
        return ": ".join([f"its process ended ({how})", *last_line])


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
    """Train a task's cell in a child process, which first looks for its record.

    Args:
        task: what to train.
        children: `Children` to do it.
        tell: called with (task, event) while it runs; what it raises ends the run.
        scratch: where to work if the output folder is out of reach.
    """
    if task.sees_folder():
        return Outcome(_supervise(task, task.store.folder, children, tell))
    if task.protocol.data_sha256:
        return Outcome({"event": "failed", "message": NEEDS_FOLDER})
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        event = _supervise(task, folder, children, tell)
        if event["event"] == "failed":
            return Outcome(event)
        store = Store(folder)
        model = store.model_path(task.cell)
        return Outcome(
            event,
            store.path(task.cell).read_bytes(),
            model.read_bytes() if model.exists() else None,
        )


def _supervise(task, folder, children, tell):
    tell(task, {"event": "started"})
    return children.run(
        task.cell, task.protocol, folder, lambda event: tell(task, event)
    )


class LocalPool:
    """Threads that supervise a child process each, on a core of its own."""

    def __init__(self, jobs):
        available = cores()
        self._jobs = jobs
        self._children = Children(available[i % len(available)] for i in range(jobs))
        self._executor = ThreadPoolExecutor(jobs)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop_now()
        self._executor.shutdown(cancel_futures=True)
        self._children.stop_idle()

    def slots(self):
        return self._jobs

    @contextmanager
    def serving(self, out, tell):
        """Submit tasks whose records go below the folder `out`."""

        def submit(task):
            return self._executor.submit(train_one, task, self._children, tell)

        yield submit

    def described(self, error):
        """What to say of a run that ended with an error, as `errors.described`."""
        return described(error)

    def stop_now(self):
        """End what runs."""
        self._children.stop_busy()


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
