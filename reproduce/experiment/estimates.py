"""What sets of runs would take, before they are started."""

from statistics import median

from .costs import expected_epochs, run_seconds
from .records import Store

EVALUATION_SECONDS = 0.3  # of both splits, after an epoch
MINUTE = 60


def expected_minutes(run_sets, seeds, out):
    """Lines of a plan: cells to train and core-minutes, a set a line, then all.

    Args:
        run_sets: name to `RunSet`.
        seeds: of every cell.
        out: output folder; what is there already is not trained again, and its
            default runs tell how fast this machine is.
    """
    pace, total, lines = _pace(out), 0.0, []
    width = max(map(len, (*run_sets, "together")))
    for name, own in run_sets.items():
        store, cells = Store(out / own.folder), own.cells(seeds)
        todo = [cell for cell in cells if not store.path(cell).exists()]
        minutes = pace * sum(_seconds(cell, own) for cell in todo) / MINUTE
        total += minutes
        lines.append(
            f"{name:{width}} {len(todo):3} of {len(cells):3} cells to train "
            f"{minutes:6.1f} core-minutes  {own.folder or '.'}"
        )
    return [*lines, f"{'together':{width}} {'':23} {total:6.1f} core-minutes"]


def _pace(out):
    """How much longer the default runs took than their epochs should have."""
    paces = [
        record.core_seconds / run_seconds(record.cell, record.protocol, record.epochs)
        for record in Store(out).load()
    ]
    return median(paces) if paces else 1.0


def _seconds(cell, own):
    """Seconds of one core, by the report's epochs times what the set expects."""
    epochs = own.times * expected_epochs(cell, own.protocol)
    epochs = min(epochs, own.protocol.max_epochs)
    evaluation = EVALUATION_SECONDS if own.protocol.evaluate_epochs else 0.0
    return run_seconds(cell, own.protocol, epochs) + evaluation * epochs
