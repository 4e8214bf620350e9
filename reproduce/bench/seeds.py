"""Wall clock of whole runs against seeds: on one core, on two, on a Dask cluster."""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.util import find_spec

from reproduce.errors import UserError
from reproduce.training.local_cluster import LocalCluster
from reproduce.training.pool import ROOT, cores

SEEDS = (1, 2, 4, 8)
ARCHITECTURE, METHOD = 1, "rmsprop"  # of which a run takes some seconds


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
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            cluster = stack.enter_context(LocalCluster(folder, workers=2))
            cluster.wait()
            places["2 Dask workers"] = ("--cluster", cluster.where)
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
