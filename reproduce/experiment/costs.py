"""What cells are expected to take, from the committed measurements of `make bench`."""

import csv
import heapq
from functools import cache
from pathlib import Path

from reproduce.reported import EXAMPLES, HIDDEN_UNITS, INPUTS, OUTPUTS, RESULTS

from .protocol import METHODS

MEASURED = Path(__file__).parents[2] / "results" / "reference" / "bench" / "bench.csv"
UNMEASURED = {False: 50.0, True: 100_000.0}  # by full_batch, for want of a file
START_SECONDS = 6.0  # building, compiling, evaluating and saving, a cell


@cache
def microseconds():
    """(architecture, method) to microseconds an update; empty without the file."""
    try:
        with open(MEASURED, newline="", encoding="utf-8") as file:
            return {
                (int(row["architecture"]), row["method"]): float(row["engine_us"])
                for row in csv.DictReader(file)
            }
    except (OSError, KeyError, ValueError):
        return {}


def expected_epochs(cell, protocol):
    """The report's epochs for the cell, or the most it has for the method."""
    reported = RESULTS.get((cell.architecture, cell.method))
    legible = reported is not None and reported.epochs and not reported.note
    others = [
        r.epochs for r in RESULTS.values() if r.method == cell.method and r.epochs
    ]
    epochs = reported.epochs if legible else max(others, default=100)
    return min(epochs, protocol.max_epochs)


def expected_seconds(cell, protocol):
    """Seconds of one core for the whole cell."""
    examples = min(protocol.subset or EXAMPLES["train"], EXAMPLES["train"])
    updates = 1 if METHODS[cell.method].full_batch else examples
    each = microseconds_of(cell.architecture, cell.method)
    return START_SECONDS + 1e-6 * each * updates * expected_epochs(cell, protocol)


def microseconds_of(architecture, method):
    """An update's microseconds: measured, or scaled from the next in size."""
    measured = {a: us for (a, m), us in microseconds().items() if m == method}
    if not measured:
        return UNMEASURED[METHODS[method].full_batch]
    size = weights(architecture)
    nearest = min(measured, key=lambda a: abs(weights(a) - size))
    return measured[nearest] * size / weights(nearest)


def weights(architecture):
    """Weights of an architecture's kernels."""
    widths = (INPUTS, *HIDDEN_UNITS[architecture], OUTPUTS)
    return sum(a * b for a, b in zip(widths[:-1], widths[1:], strict=True))


def makespan(seconds, jobs):
    """Seconds until all are done, `jobs` at a time, in the given order.

    Args:
        seconds: of each cell, in the order in which they are started.
        jobs: how many run at a time.
    """
    busy_until = [0.0] * max(1, jobs)
    for duration in seconds:
        heapq.heapreplace(busy_until, busy_until[0] + duration)
    return max(busy_until)


def clock(seconds):
    """Seconds as h:mm:ss."""
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
