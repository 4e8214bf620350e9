"""Measured times in; `bench.csv`, `bench.md` and `bench.png` out."""

import csv
import io
from statistics import median

from reproduce.experiment.methods import METHODS
from reproduce.files import write_atomically
from reproduce.original import EXAMPLES, kernel_shapes
from reproduce.training.provenance import PACKAGES, cpu, versions

SIDES = {"engine": "engine", "stock": "fit", "jax": "jax", "torch": "torch"}


def summarize(cell, times):
    """One row: medians and ranges in microseconds, ratios pair by pair.

    Args:
        cell: what was measured.
        times: name of a side to its repeated seconds of one update (of one epoch
            for full batches), and `peak_megabytes`.
    """
    row = {"architecture": cell.architecture, "method": cell.method}
    for side, name in SIDES.items():
        seconds = times.get(side)
        for suffix, statistic in (("", median), ("_min", min), ("_max", max)):
            row[f"{name}_us{suffix}"] = seconds and round(statistic(seconds) * 1e6, 2)
    pairs = zip(times["stock"], times["engine"], strict=True)
    row["ratio"] = round(median(stock / engine for stock, engine in pairs), 2)
    row["gflops"] = row["matmul_gflops"] = None
    if "matmul_gflops" in times:
        row["gflops"] = round(flops(cell.architecture) / row["engine_us"] / 1e3, 1)
        row["matmul_gflops"] = round(median(times["matmul_gflops"]), 1)
    row["peak_megabytes"] = round(times["peak_megabytes"])
    return row


def flops(architecture):
    """Floating-point operations of one full-batch epoch's matrix products.

    Two a weight and example for the forward pass, two for the kernel's gradient,
    two for the layer's input's, which the first layer does not need.
    """
    products = [a * b for a, b in kernel_shapes(architecture)]
    return EXAMPLES["train"] * (6 * sum(products) - 2 * products[0])


def read(folder):
    """The rows of an earlier measurement, of updates and of two cores; or none."""
    return _rows(folder / "bench.csv"), _rows(folder / "scaling.csv")


def _rows(path):
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [
            {name: _value(name, text) for name, text in row.items()}
            for row in csv.DictReader(file)
        ]


def _value(name, text):
    if name == "method":
        return text
    if name in ("architecture", "peak_megabytes"):
        return int(text)
    return float(text) if text else None


def write(folder, rows, scaled):
    """Write both tables as CSV, the page, and the figure."""
    from .figure import draw  # matplotlib, which no other verb should wait for

    write_atomically(folder / "bench.csv", _csv(rows))
    if scaled:
        write_atomically(folder / "scaling.csv", _csv(scaled))
    write_atomically(folder / "bench.md", markdown(rows, scaled).encode())
    write_atomically(folder / "bench.png", draw(rows))


def _csv(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def markdown(rows, scaled=()):
    """The page: machine, updates of one example, full batches, two cores."""
    single = [row for row in rows if not METHODS[row["method"]].full_batch]
    full = [row for row in rows if METHODS[row["method"]].full_batch]
    parts = [
        "# Speed of the engine",
        "One core, pinned, single-threaded libraries; the engine and stock "
        "`fit(batch_size=1)` in turn in one process, compilation and a first round "
        "not counted; medians, range in brackets; the ratio is the median of the "
        "ratios pair by pair. Stock `fit` runs Keras's own optimizers. "
        "The engine is timed over whole epochs, stock `fit` "
        "between the ends of its batches. Only ratios carry over to other machines.",
        f"Machine: {cpu()}; " + ", ".join(f"{n} {v}" for n, v in versions(PACKAGES)),
    ]
    if single:
        parts += ["## Updates of one example, microseconds", _single(single)]
    if full:
        parts += ["## Full-batch epochs", _full(full)]
    if scaled:
        parts += ["## Two processes on two cores", _scaled(scaled)]
    peak = max(row["peak_megabytes"] for row in rows)
    parts.append(f"Peak memory of a measuring process: {peak:,} MB.")
    return "\n\n".join(parts) + "\n"


def _single(rows):
    lines = [
        "| Architecture | Method | Engine | Stock fit | Ratio | JAX scan | PyTorch |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        cells = [_range(row, name) for name in ("engine", "fit")]
        cells += [f"{row['ratio']:.0f}×", _range(row, "jax"), _range(row, "torch")]
        label = METHODS[row["method"]].label
        lines.append(f"| {row['architecture']} | {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _full(rows):
    lines = [
        "| Architecture | Epoch, ms | Stock fit, ms | GFLOP/s | "
        "Matrix product, GFLOP/s | Share |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        share = row["gflops"] / row["matmul_gflops"]
        lines.append(
            f"| {row['architecture']} | {row['engine_us'] / 1e3:.1f} "
            f"| {row['fit_us'] / 1e3:.1f} | {row['gflops']:.0f} "
            f"| {row['matmul_gflops']:.0f} | {share:.0%} |"
        )
    return "\n".join(lines)


def _scaled(rows):
    lines = [
        "| Architecture | Method | Alone, µs | Beside another, µs | Work of two |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for row in rows:
        label = METHODS[row["method"]].label
        lines.append(
            f"| {row['architecture']} | {label} | {row['alone_us']:,.1f} "
            f"| {row['together_us']:,.1f} "
            f"| {row['gain']:.2f}× ({row['gain_min']:.2f}–{row['gain_max']:.2f}) |"
        )
    return "\n".join(lines)


def _range(row, name):
    middle, low, high = (row[f"{name}_us{suffix}"] for suffix in ("", "_min", "_max"))
    if middle is None:
        return "–"
    digits = 1 if middle < 100 else 0
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"
