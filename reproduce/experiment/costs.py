"""What cells are expected to take, from the committed measurements of `make bench`."""

import csv
import heapq
import math
from functools import cache
from statistics import median

from reproduce.original import EXAMPLES, RESULTS, kernel_shapes
from reproduce.published import PUBLISHED

from .methods import METHODS, variant_of

MEASURED = PUBLISHED / "bench" / "bench.csv"
UNMEASURED = {False: 50.0, True: 100_000.0}  # by full_batch, for want of a file
# An update of whole kernels (mini-batches, optimizers other than the original's), a
# weight in it, and an example in a mini-batch beside one in a full batch.
START_MICROSECONDS, WHOLE_MICROSECONDS, BATCH_TIMES = 20.0, 1e-3, 2.5
FORWARD = 1 / 3  # of the work on an example: without gradient and update
TRACED_EPOCHS = 3
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


def expected_epochs(cell, protocol, times=1.0):
    """The original's epochs for the cell, or the most it has for the method.

    For a method that the original lacks, the median of all its epochs.

    Args:
        cell, protocol: what is trained; no more than `protocol.max_epochs`.
        times: what to multiply them with.
    """
    method = variant_of(cell.method)
    row = RESULTS.get((cell.architecture, method))
    legible = row is not None and row.epochs and not row.note
    method_epochs = [
        r.epochs for r in RESULTS.values() if r.method == method and r.epochs
    ]
    if not method_epochs:
        method_epochs = [round(median(r.epochs for r in RESULTS.values() if r.epochs))]
    epochs = row.epochs if legible else max(method_epochs)
    return min(max(1, round(times * epochs)), protocol.max_epochs)


def expected_seconds(cell, protocol):
    """Seconds of one core for the whole cell."""
    return run_seconds(cell, protocol, expected_epochs(cell, protocol))


def run_seconds(cell, protocol, epochs):
    """Seconds of one core for so many epochs, start included."""
    traced = TRACED_EPOCHS * protocol.trace_updates
    trace = traced * _forward_seconds(cell, examples_per_epoch(protocol))
    return START_SECONDS + epochs * epoch_seconds(cell, protocol) + trace


def epoch_seconds(cell, protocol):
    """Seconds of one core for an epoch, validation included."""
    examples = examples_per_epoch(protocol)
    validation = examples * EXAMPLES["validation"] / EXAMPLES["train"]
    seconds = _training_seconds(cell, protocol) + _forward_seconds(
        cell, validation / protocol.validation_interval(cell.method)
    )
    if protocol.evaluate_epochs:
        seconds += _forward_seconds(cell, examples)
    return seconds


def _training_seconds(cell, protocol):
    examples, size = examples_per_epoch(protocol), protocol.batch_size
    if protocol.full_batch(cell.method):
        return 1e-6 * _pass_microseconds(cell.architecture) * examples
    if (size or 1) == 1:
        return 1e-6 * microseconds_of(cell.architecture, cell.method) * examples
    updates = math.ceil(examples / size)
    whole = START_MICROSECONDS + WHOLE_MICROSECONDS * weights(cell.architecture)
    passes = BATCH_TIMES * examples * _pass_microseconds(cell.architecture)
    return 1e-6 * (updates * whole + passes)


def _forward_seconds(cell, examples):
    return 1e-6 * FORWARD * _pass_microseconds(cell.architecture) * examples


def _pass_microseconds(architecture):
    """An example's share of a full batch."""
    return microseconds_of(architecture, "batch_gd") / EXAMPLES["train"]


def examples_per_epoch(protocol):
    """Training examples, each of which gives one gradient an epoch."""
    examples = protocol.num_examples or EXAMPLES["train"]
    return min(protocol.subset or examples, examples)


def microseconds_of(architecture, method):
    """An update's microseconds: measured, or scaled from the next in size."""
    variant, size = variant_of(method), weights(architecture)
    measured = {a: us for (a, m), us in microseconds().items() if m == variant}
    if variant is None:
        return START_MICROSECONDS + WHOLE_MICROSECONDS * size
    if not measured:
        return UNMEASURED[METHODS[method].full_batch]
    nearest = min(measured, key=lambda a: abs(weights(a) - size))
    return measured[nearest] * size / weights(nearest)


def weights(architecture):
    """Weights of an architecture's kernels."""
    return sum(a * b for a, b in kernel_shapes(architecture))


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
