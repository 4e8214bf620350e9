"""`make bench`: measure cell after cell on one pinned core."""

import importlib.util
import json
import os
import subprocess
import sys

from reproduce.errors import UserError
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell
from reproduce.training.pool import ONE_THREAD, ROOT, cores, environment, pin

from .scaling import CELLS, scaling
from .table import read, summarize, write

PARTS = ("updates", "scaling")
PEERS = {"jax": "jax_side", "torch": "torch_side"}


def bench(folder, architectures, methods, repeats, parts=PARTS, say=print):
    """Measure; write `bench.csv`, `scaling.csv`, `bench.md`, `bench.png` to `folder`.

    Args:
        folder: where to write.
        architectures, methods: what to measure.
        repeats: measurements of each, after one that does not count.
        parts: of `PARTS`; of the others, what the folder has stays.
        say: told of each cell as it is done.

    Returns:
        The rows of updates.

    Raises:
        UserError: a measuring process failed, with its last words; or there are
            no updates, measured now or before, to write a page of.
    """
    rows, scaled = read(folder)
    if "updates" in parts:
        rows = _updates(architectures, methods, repeats, say)
    if not rows:
        raise UserError(f"{folder}: has no bench.csv yet; measure updates as well")
    if "scaling" in parts:
        scaled = _scaling(architectures, methods, repeats, say)
    write(folder, rows, scaled)
    return rows


def _updates(architectures, methods, repeats, say):
    core = max(cores())
    peers = [name for name in PEERS if importlib.util.find_spec(name)]
    missing = sorted(set(PEERS) - set(peers))
    if missing:
        say(f"not installed, left out: {', '.join(missing)} (make peers)")
    rows = []
    for architecture in architectures:
        for method in methods:
            cell = Cell(architecture, method, 0)
            times = _side("keras_side", cell, repeats, core, environment())
            if not METHODS[method].full_batch:
                for peer in peers:
                    times |= _side(PEERS[peer], cell, repeats, core, {})
            rows.append(summarize(cell, times))
            say(_line(rows[-1]))
    return rows


def _scaling(architectures, methods, repeats, say):
    rows = []
    for architecture, method in CELLS:
        if architecture in architectures and method in methods:
            row = scaling(Cell(architecture, method, 0), repeats)
            if row:
                rows.append(row)
                say(f"arch{architecture} {method:9} two cores do {row['gain']:.2f} ×")
    return rows


def _side(module, cell, repeats, core, variables):
    """Run one measuring process on `core`; return what it printed."""
    command = [
        *(sys.executable, "-m", f"reproduce.bench.{module}"),
        *(str(cell.architecture), cell.method, str(repeats)),
    ]
    done = subprocess.run(
        command,
        env={**os.environ, **ONE_THREAD, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: pin(core),
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise UserError(f"{' '.join(command[1:])} failed: {said[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def _line(row):
    peers = "".join(
        f"  {peer} {row[f'{peer}_us']:8.1f}" for peer in PEERS if row[f"{peer}_us"]
    )
    return (
        f"arch{row['architecture']} {row['method']:9} engine {row['engine_us']:10.1f} "
        f"µs  fit {row['fit_us']:10.1f} µs  ratio {row['ratio']:6.1f}{peers}"
    )
