"""A Dask cluster whose workers are killed, and that is told what no worker said."""

import importlib.util
import random
import threading
from contextlib import contextmanager, suppress

from reproduce.training.cluster import connect
from reproduce.training.local_cluster import LocalCluster
from reproduce.training.pool import MARK

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
        program = ("-c", CODE.format(serve=scene.serve))
        folder = scene.fresh("scheduler")
        with LocalCluster(folder, WORKERS, program) as cluster:
            process = scene.start(out, more=("--cluster", cluster.where))
            tasks = [*map(str, scene.cells)]
            with _forging(cluster.where, out, tasks, rng) as forged:
                children = _lose_some(trial, cluster, process, scene.seconds, rng)
                errors = process.communicate()[1].strip()
        trial.corruptions += len(forged)
        trial.expect(process.returncode == 0, f"status {process.returncode}: {errors}")
        trial.expect("Traceback" not in errors, f"a traceback: {errors}")
        trial.expect(
            not processes.survivors(children), "children outlived their worker"
        )
        trial.expect(not (out / MARK).exists(), f"{out / MARK}: left behind")
        scene.check(trial, out)
    return trial


def _lose_some(trial, cluster, process, seconds, rng):
    """Kill workers now and then, once all of them; return the children they had."""
    children, all_at = [], rng.randrange(MOST_LOSSES)
    for number in range(MOST_LOSSES):
        wait = number and rng.uniform(0, seconds)
        pids = [worker.pid for worker in cluster.workers]
        children += processes.children_after(process, wait, pids)
        if process.poll() is not None:
            break
        lost = WORKERS if number == all_at else 1
        trial.kills += cluster.lose(rng.sample(cluster.workers, lost))
        cluster.add(lost)
    return children


@contextmanager
def _forging(where, out, tasks, rng):
    """Tell forged events of a run as long as the block lasts.

    Args:
        where: the scheduler.
        out: the run's output folder.
        tasks: names of its tasks.
        rng: of a random sequence.

    Yields:
        A list of what was told.
    """
    forged, over = [], threading.Event()
    forger = random.Random(rng.random())

    def tell(client):
        while not over.wait(TELL_SECONDS):
            with suppress(OSError):  # there is no run yet, or no more
                mark = (out / MARK).read_text(encoding="utf-8")
                forged.append(forged_event(tasks, forger))
                client.log_event(f"reproduce-{mark}", forged[-1])

    with connect(where) as client:
        thread = threading.Thread(target=tell, args=(client,))
        thread.start()
        try:
            yield forged
        finally:
            over.set()
            thread.join()


def forged_event(tasks, rng):
    """Something that was never told by a worker, though one may tell the like."""
    event = {"event": rng.choice(KINDS)}
    event |= {
        name: rng.choice((likely, rng.choice(ODD))) for name, likely in LIKELY.items()
    }
    message = {"task": rng.choice(tasks), "event": rng.choice((event, rng.choice(ODD)))}
    return rng.choice((message, message, rng.choice(ODD)))
