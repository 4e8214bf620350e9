"""A Dask cluster whose workers are killed, and that is told what no worker said."""

import importlib.util
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

from reproduce.training.cluster import connect
from reproduce.training.pool import MARK, ROOT

from . import processes
from .forgery import NO_TEXT, TABLES, TEXTS
from .trial import Trial, left_out

WORKERS = 2
MOST_LOSSES = 3  # a try; that of one more worker is one too many for Dask
CODE = """
import sys
from dask.__main__ import main
from reproduce.training import pool
pool.SERVE = {serve!r}
main()
"""
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")
TELL_SECONDS = 0.1  # from one forged event to the next
KINDS = ("started", "epoch", "no checkpoint", "done", "failed", "stopping", "x", None)
LIKELY = {"epoch": 7, "loss": 0.5, "message": "x", "traceback": "x"}
ODD = (None, True, 0, 7, -1, 0.5, 1e308, float("nan"), *TABLES)
ODD += tuple(text for text in TEXTS if text != NO_TEXT)


def lose_workers(scene, rng, tries):
    """Workers are killed, one or all, and new ones come; it ends as if undisturbed."""
    trial = Trial("workers of a cluster killed, and events forged")
    if not importlib.util.find_spec("distributed"):
        return left_out(trial.name, "Dask is not installed (make cluster)")
    for _ in range(tries):
        out = scene.fresh("cluster")
        trial.tries += 1
        with Cluster(scene) as cluster:
            process = scene.start(out, more=("--cluster", cluster.where))
            with cluster.forging(out, [*map(str, scene.cells)], rng) as told:
                own = _lose_some(trial, cluster, process, scene.seconds, rng)
                said = process.communicate()[1].strip()
        trial.corruptions += len(told)
        trial.expect(process.returncode == 0, f"status {process.returncode}: {said}")
        trial.expect("Traceback" not in said, f"a traceback: {said}")
        trial.expect(not processes.survivors(own), "children outlived their worker")
        trial.expect(not (out / MARK).exists(), f"{out / MARK}: left behind")
        scene.check(trial, out)
    return trial


def _lose_some(trial, cluster, process, seconds, rng):
    """Kill workers now and then, once all of them; return the children they had."""
    own, all_at = [], rng.randrange(MOST_LOSSES)
    for number in range(MOST_LOSSES):
        wait = number and rng.uniform(0, seconds)
        pids = [worker.pid for worker in cluster.workers]
        own += processes.children_after(process, wait, pids)
        if process.poll() is not None:
            break
        lost = WORKERS if number == all_at else 1
        trial.kills += cluster.lose(rng.sample(cluster.workers, lost))
    return own


class Cluster:
    """A scheduler and workers on this machine alone, in a `with` block.

    Args:
        scene: whose children the workers start.

    Attributes:
        where: what `--cluster` takes.
        workers: their processes.
    """

    def __init__(self, scene):
        self._scene, self._file = scene, scene.fresh("scheduler") / "scheduler.json"
        self.where, self.workers = f"file:{self._file}", []

    def __enter__(self):
        self._scheduler = self._start("scheduler", "--port", "0")
        try:
            while not self._is_ready():
                time.sleep(0.05)
            self._client = connect(self.where)
            self._add(WORKERS)
        except BaseException:
            _end([self._scheduler])
            raise
        return self

    def __exit__(self, *error):
        self._client.close()
        _end([*self.workers, self._scheduler])

    def lose(self, lost):
        """Kill workers, and start as many; return how many."""
        _end(lost)
        self.workers = [worker for worker in self.workers if worker not in lost]
        self._add(len(lost))
        return len(lost)

    @contextmanager
    def forging(self, out, tasks, rng):
        """Tell forged events of a run as long as the block lasts.

        Args:
            out: its output folder.
            tasks: names of its tasks.
            rng: of a random sequence.

        Yields:
            A list of what was told.
        """
        told, over, own = [], threading.Event(), random.Random(rng.random())

        def tell():
            while not over.wait(TELL_SECONDS):
                with suppress(OSError):  # there is no run yet, or no more
                    mark = (out / MARK).read_text(encoding="utf-8")
                    told.append(forged_event(tasks, own))
                    self._client.log_event(f"reproduce-{mark}", told[-1])

        thread = threading.Thread(target=tell)
        thread.start()
        try:
            yield told
        finally:
            over.set()
            thread.join()

    def _add(self, number):
        for _ in range(number):
            folder = self._scene.fresh("worker")
            words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
            self.workers.append(self._start("worker", *words))

    def _start(self, *words):
        code = CODE.format(serve=self._scene.serve)
        return subprocess.Popen(
            [sys.executable, "-c", code, *words, *LOCAL]
            + ["--scheduler-file", str(self._file)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _is_ready(self):
        """Whether the scheduler has said where it is.

        Raises:
            RuntimeError: it has ended.
        """
        if self._scheduler.poll() is not None:
            raise RuntimeError("the scheduler did not start")
        try:
            return bool(json.loads(self._file.read_bytes()))
        except (OSError, ValueError):  # not yet, or not all of it
            return False


def _end(ended):
    for process in ended:
        process.kill()
        process.wait()


def forged_event(tasks, rng):
    """Something that was never told by a worker, though one may tell the like."""
    event = {"event": rng.choice(KINDS)}
    event |= {name: rng.choice((own, rng.choice(ODD))) for name, own in LIKELY.items()}
    told = {"task": rng.choice(tasks), "event": rng.choice((event, rng.choice(ODD)))}
    return rng.choice((told, told, rng.choice(ODD)))
