"""How fast the engine is beside others: README's table, and the page of `make bench`.

A row of `bench.csv` has the microseconds of an update by one method on one
architecture (of an epoch, for full batches): the engine's and each rival's. What was
not measured is None.
"""

import csv

from reproduce.experiment.methods import METHODS
from reproduce.original import kernel_shapes

from . import text
from .rendering import phrase, render
from .table import Cell, Column, Table

RIVALS = {
    "fit": "default `fit`",
    "tuned": "tuned `fit`",
    "c": "C",
    "jax": "JAX",
    "jax_rows": "JAX, inked rows",
    "torch": "PyTorch",
}  # by the start of their columns' names
SHOWN, SHOWN_RIVALS = (1, 4), ("fit", "tuned", "c")  # in README
ONLINE = [method for method, settings in METHODS.items() if not settings.full_batch]
ARCHITECTURE = Column("architecture", "Architecture", "count")
METHOD = Column("method", "Method")
ENGINE = Column("engine", "Engine, µs", "seconds")
EACH = Column("each", "ps a parameter", "seconds")
PARAMETERS = Column("parameters", "Parameters", "count")
SEEDS = Column("seeds", "Seeds", "count")


def read(path):
    """Rows of a CSV file of `make bench`; none without the file."""
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [
            {name: _value(name, text_) for name, text_ in row.items()}
            for row in csv.DictReader(file)
        ]


def _value(name, text_):
    if name in ("method", "where", "hidden_units"):
        return text_
    if name in ("architecture", "parameters", "seeds", "peak_megabytes"):
        return int(text_)
    return float(text_) if text_ else None


def times(row, rival):
    """How many times as fast as a rival the engine is; None: not measured."""
    duration = row.get(f"{rival}_us")
    return duration and duration / row["engine_us"]


def readme(rows):
    """README's block, in Markdown.

    Args:
        rows: of `bench.csv`.
    """
    by_cell = {(row["architecture"], row["method"]): row for row in rows}
    if not all((number, method) in by_cell for number in SHOWN for method in ONLINE):
        return phrase("words.j2", "not_measured")
    lines = []
    for method in ONLINE:
        line = {METHOD: METHODS[method].label}
        for number in SHOWN:
            row, title = by_cell[number, method], f"Architecture {number}: µs"
            line[Column(f"engine_{number}", title, "seconds")] = row["engine_us"]
            for rival in SHOWN_RIVALS:
                column = Column(f"{rival}_{number}", RIVALS[rival], "times")
                line[column] = times(row, rival)
        lines.append(line)
    shown = [by_cell[number, "sgd"] for number in SHOWN]
    table = Table.of("speed", "", lines)
    return render(
        "bench.md.j2", page=False, headlines=_headlines(shown), table=table
    ).strip()


def page(rows, larger, seeds, machine):
    """`bench.md` as text.

    Args:
        rows: of `bench.csv`.
        larger: of `larger.csv`: networks beyond the original's, with `parameters`.
        seeds: of `seeds.csv`: the wall clock of whole runs.
        machine: what it was measured on, in words.
    """
    online = [row for row in rows if row["method"] in ONLINE]
    tables = {
        "speeds": _speeds(online),
        "updates": _updates(online),
        "full": _full([row for row in rows if row["method"] not in ONLINE]),
        "growth": _growth(growth(rows, larger)),
        "seeds": _seeds(seeds),
    }
    return render(
        "bench.md.j2",
        page=True,
        headlines=_headlines(row for row in online if row["method"] == "sgd"),
        tables={name: Table.of(name, "", rows) for name, rows in tables.items()},
        machine=machine,
        trained=seeds[:1],
        peak=max(row["peak_megabytes"] for row in rows),
    )


def growth(rows, larger):
    """(parameters, row) of the methods measured on larger networks, by size."""
    methods = {row["method"] for row in larger}
    sized = [
        (_parameters(r["architecture"]), r) for r in rows if r["method"] in methods
    ]
    sized += [(row["parameters"], row) for row in larger]
    return sorted(sized, key=lambda pair: (ONLINE.index(pair[1]["method"]), pair[0]))


def _parameters(architecture):
    return sum((inputs + 1) * units for inputs, units in kernel_shapes(architecture))


def _headlines(rows):
    return [
        {
            "architecture": row["architecture"],
            "method": METHODS[row["method"]].label,
            "engine": row["engine_us"],
            **{rival: times(row, rival) for rival in SHOWN_RIVALS},
        }
        for row in rows
    ]


def _cell(row):
    return {
        ARCHITECTURE: row["architecture"],
        METHOD: METHODS[row["method"]].label,
    }


def _speeds(rows):
    for row in rows:
        ratios = {Column(r, RIVALS[r], "times"): times(row, r) for r in RIVALS}
        yield {**_cell(row), ENGINE: row["engine_us"], **ratios}


def _updates(rows):
    for row in rows:
        rivals = {Column(r, RIVALS[r], "seconds"): _spread(row, r) for r in RIVALS}
        yield {**_cell(row), ENGINE: _spread(row, "engine"), **rivals}


def _spread(row, side):
    """Median and range of what a side takes."""
    median, *ends = (row.get(f"{side}_us{suffix}") for suffix in ("", "_min", "_max"))
    if median is None:
        return None
    write = text.seconds if median < 100 else lambda number: f"{number:,.0f}"
    return Cell(median, f"{write(median)} ({'–'.join(map(write, ends))})")


def _full(rows):
    for row in rows:
        share = row["gflops"] / row["matmul_gflops"]
        yield {
            ARCHITECTURE: row["architecture"],
            Column("epoch", "Epoch, ms", "seconds"): row["engine_us"] / 1e3,
            Column("fit", "stock `fit`, ms", "seconds"): row["fit_us"] / 1e3,
            Column("gflops", "GFLOP/s", "count"): round(row["gflops"]),
            Column("product", "of a product", "count"): round(row["matmul_gflops"]),
            Column("share", "Share", "percent"): Cell(share, text.percent(share, 0)),
        }


def _growth(sized):
    for parameters, row in sized:
        yield {
            METHOD: METHODS[row["method"]].label,
            PARAMETERS: parameters,
            ENGINE: _spread(row, "engine"),
            EACH: 1e6 * row["engine_us"] / parameters,
        }


def _seeds(rows):
    lines = {}
    for row in rows:
        line = lines.setdefault(row["seeds"], {SEEDS: row["seeds"]})
        line[Column(row["where"], row["where"], "seconds")] = row["seconds"]
    return lines.values()
