"""Many runs, and what the process that has them trained keeps of each."""

import contextlib
import io

from reproduce.experiment.protocol import Protocol, grid
from reproduce.training import pool
from reproduce.training.schedule import tasks_for, train_missing

from .processes import resident_megabytes
from .trial import Trial

WARM_UP, RUNS = 70, 350
MOST_MEGABYTES = 5.0
ANSWER = """
import sys
for line in sys.stdin:
    for epoch in range(1, 200):
        print('{"event": "epoch", "epoch": %d, "loss": 0.5}' % epoch)
    print('{"event": "done", "ending": "threshold", "epochs": 200, '
          '"accuracy": 0.9, "seconds": 1.0}', flush=True)
"""


def many_runs(scene, rng, tries):
    """350 fake runs; memory may not grow with them."""
    trial = Trial(f"{RUNS} fake runs, memory watched", RUNS)
    _pretend(scene, WARM_UP)
    before = resident_megabytes()
    _pretend(scene, RUNS)
    grown = resident_megabytes() - before
    trial.note = f"the parent grew by {max(grown, 0):.1f} MB"
    trial.expect(grown <= MOST_MEGABYTES, trial.note)
    return trial


def _pretend(scene, runs):
    """Train so many cells in children that only say that they did."""
    real, pool.SERVE = pool.SERVE, ANSWER
    try:
        out = scene.fresh("fake")
        tasks = tasks_for(grid(seeds=range(runs // 35)), Protocol(), out)
        with pool.LocalPool(2) as local, contextlib.redirect_stdout(io.StringIO()):
            train_missing(tasks, out, local)
    finally:
        pool.SERVE = real
