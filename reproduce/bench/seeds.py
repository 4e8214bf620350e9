"""Wall clock of whole runs against seeds: on one core, on two, on a Dask cluster."""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from reproduce.errors import UserError
from reproduce.training.pool import ROOT, cores

SEEDS = (1, 2, 4, 8)
ARCHITECTURE, METHOD = 1, "rmsprop"  # of which a run takes some seconds
WORKERS = 2
WAIT_SECONDS = 60  # for the workers


def measure_seeds(say):
    """Rows of `seeds.csv`: where so many seeds were trained, and the seconds it took.

    Args:
        say: told of each as it is done, and of what is left out.

    Raises:
        UserError: a run failed.
    """
    with ExitStack() as stack:
        places = {"1 core": ("--jobs", "1")}
        if len(cores()) > 1:
            places["2 cores"] = ("--jobs", "2")
        if len(cores()) > 1 and find_spec("distributed"):
            where = stack.enter_context(two_workers())
            places["2 Dask workers"] = ("--cluster", where)
        else:
            say("left out: 2 Dask workers, which need two cores and `make cluster`")
        return [_clocked(n, name, places[name], say) for n in SEEDS for name in places]


def _clocked(number, where, flags, say):
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "reproduce", "run", "--out", folder),
            *("--architectures", str(ARCHITECTURE), "--methods", METHOD),
            *("--seeds", str(number), *flags),
        ]
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        seconds = round(time.perf_counter() - begun, 1)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise UserError(f"bench: {' '.join(command[1:4])} failed: {last[-1]}")
    say(f"{where:14} {number} seeds {seconds:6.1f} s")
    return {
        "architecture": ARCHITECTURE,
        "method": METHOD,
        "where": where,
        "seeds": number,
        "seconds": seconds,
    }


@contextmanager
def two_workers():
    """`file:PATH` of a scheduler on this machine, with two workers of a thread each."""
    from distributed import Client

    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder, "scheduler.json")
        here = ("--scheduler-file", str(path), "--host", "127.0.0.1", "--no-dashboard")

        def start(*arguments):
            command = [sys.executable, "-m", "dask", *arguments, *here]
            process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)

        start("scheduler", "--port", "0")
        for _ in range(WORKERS):
            start(
                "worker", "--nthreads", "1", "--no-nanny", "--local-directory", folder
            )
        with Client(scheduler_file=str(path), timeout=WAIT_SECONDS) as client:
            client.wait_for_workers(WORKERS, timeout=WAIT_SECONDS)
        yield f"file:{path}"
