"""Measured times in; the rows of the bench's CSV files out."""

import csv
import io
from itertools import pairwise
from statistics import median

from reproduce.original import EXAMPLES, INPUTS, OUTPUTS, kernel_shapes
from reproduce.publish.speed import RIVALS

# Hidden units of networks beyond the original's, to see how an update's time grows.
LARGER = {6: (1024, 512, 256, 128), 7: (2048, 1024, 512, 256)}


def summarize(cell, rounds):
    """A row of `bench.csv`: medians and ranges in microseconds, and `ratio`, of fit's.

    Args:
        cell: what was measured.
        rounds: what was measured each time: seconds of one update (of one epoch, for
            full batches) by the name of a side, `peak_megabytes`, `matmul_gflops`.
    """
    row = {"architecture": cell.architecture, "method": cell.method}
    for side in ("engine", *RIVALS):
        times = [1e6 * measured[side] for measured in rounds if side in measured]
        row |= _median_and_range(f"{side}_us", times)
    row["ratio"] = round(row["fit_us"] / row["engine_us"], 2)
    row["gflops"] = row["matmul_gflops"] = None
    if rates := [
        measured["matmul_gflops"] for measured in rounds if "matmul_gflops" in measured
    ]:
        row["gflops"] = round(flops(cell.architecture) / row["engine_us"] / 1e3, 1)
        row["matmul_gflops"] = round(median(rates), 1)
    row["peak_megabytes"] = round(
        max(measured["peak_megabytes"] for measured in rounds)
    )
    return row


def summarize_larger(cell, rounds):
    """A row of `larger.csv`, of a network of `LARGER`: the engine alone."""
    widths = (INPUTS, *LARGER[cell.architecture], OUTPUTS)
    return {
        "architecture": cell.architecture,
        "hidden_units": "-".join(map(str, widths[1:-1])),
        "parameters": sum((a + 1) * b for a, b in pairwise(widths)),
        "method": cell.method,
        **_median_and_range(
            "engine_us", [1e6 * measured["engine"] for measured in rounds]
        ),
    }


def _median_and_range(name, times):
    return {
        name: round(median(times), 2) if times else None,
        f"{name}_min": round(min(times), 2) if times else None,
        f"{name}_max": round(max(times), 2) if times else None,
    }


def flops(architecture):
    """Floating-point operations of one full-batch epoch's matrix products.

    Two a weight and example for the forward pass, two for the kernel's gradient,
    two for the layer's input's, which the first layer does not need. All pixels
    count, also those that are blank in every image.
    """
    products = [a * b for a, b in kernel_shapes(architecture)]
    return EXAMPLES["train"] * (6 * sum(products) - 2 * products[0])


def as_csv(rows):
    """Rows as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
