"""Two processes on two cores beside one alone: what a second core is worth."""

import json
import os
import subprocess
import sys
from statistics import median

from reproduce.errors import UserError
from reproduce.training.pool import ROOT, cores, environment, pin

CELLS = ((1, "sgd"), (4, "adagrad"), (4, "adam"), (4, "batch_gd"))


def scaling(cell, repeats):
    """Measure one cell's engine alone on each of two cores, then on both at once.

    Returns:
        A row: microseconds of an update (of an epoch for full batches) alone and
        beside another, medians over cores and repetitions, and `gain`, the work
        that two do in the time in which one does 1, with its range. None on a
        single core.

    Raises:
        UserError: a measuring process failed.
    """
    pair = cores()[:2]
    if len(pair) < 2:
        return None
    sides = [_start(cell, core) for core in pair]
    try:
        alone, together = [], []
        for _ in range(repeats):
            for side in sides:
                _go(side)
                alone.append(_answer(side))
            for side in sides:
                _go(side)
            together.append([_answer(side) for side in sides])
    finally:
        for side in sides:
            side.kill()
            side.communicate()
    single = median(alone)
    gains = [sum(single / seconds for seconds in both) for both in together]
    beside = median(seconds for both in together for seconds in both)
    return {
        "architecture": cell.architecture,
        "method": cell.method,
        "alone_us": round(single * 1e6, 2),
        "together_us": round(beside * 1e6, 2),
        "gain": round(median(gains), 3),
        "gain_min": round(min(gains), 3),
        "gain_max": round(max(gains), 3),
    }


def _start(cell, core):
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "reproduce.bench.engine_side"),
            *(str(cell.architecture), cell.method),
        ],
        env={**os.environ, **environment()},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: pin(core),
    )


def _go(side):
    side.stdin.write("go\n")
    side.stdin.flush()


def _answer(side):
    line = side.stdout.readline()
    if not line:
        said = side.stderr.read().strip().splitlines() or ["it said nothing"]
        raise UserError(f"{' '.join(side.args[1:])} failed: {said[-1]}")
    return json.loads(line)
