"""Each table of the report has the values that the runs have."""

import csv
import io
from dataclasses import replace

import pytest

from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS, at_rate, key_of
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES
from reproduce.publish import text
from reproduce.publish.table import Cell
from reproduce.publish.tables import tables

from ..analysis.runs import cut_off, diverged, run, world

LION = "keras:Lion"
OTHER = Protocol().changed(learning_rate=0.01)
OWN_DATA = Protocol().changed(data_sha256="ab" * 32, num_examples=300)
GLOROT = Protocol().changed(kernel_initializer="glorot_uniform")
REST = ("summary-1", "summary-5", "sentences", "checks", "hyperparameters", "claims")


def save(folder, records, study="report", protocol=None):
    """Write records where a study has them; returns the output folder."""
    definition = STUDIES[study]
    planned = definition.protocols({record.cell.seed for record in records})
    store = Store(folder / definition.folder)
    for record in records:
        usual = planned.get(record.cell, definition.protocol)
        store.write(replace(record, protocol=protocol or usual))
    return folder


def full(folder):
    """A folder with runs of several studies, a diverged and a cut-off one, and Lion."""
    runs = world(seeds=3, epochs={"batch_gd": 300, "adagrad": 200})
    lost = {(1, "sgd", 2): diverged, (2, "adam", 0): diverged, (2, "adam", 1): diverged}
    lost |= {(2, "adam", 2): diverged, (3, "momentum", 0): cut_off}
    runs = [
        lost.get((r.cell.architecture, r.cell.method, r.cell.seed), lambda x: x)(r)
        for r in runs
    ]
    save(folder, [*runs, run(1, LION, 0, epochs=12), run(1, LION, 1, epochs=14)])
    fast = [r for r in runs if r.cell.method in ("sgd", "momentum", "rmsprop", "adam")]
    save(folder, fast, "patience-2")
    glorot = [r for r in fast if r.cell.architecture < 3 and r.splits]
    save(folder, glorot, "glorot")
    sweep = [
        run(a, at_rate(method, rate), seed, epochs=60 if rate < 0.01 else 80)
        for a in (1, 4)
        for method in METHODS
        for rate in (0.001, 0.01)
        for seed in range(3)
    ]
    return save(folder, sweep, "sweep")


def own_digits(record, *digits):
    """The run as if its images were of these digits."""

    def moved(values):
        matrix = [[0] * 10 for _ in range(10)]
        for digit in digits:
            matrix[digit][digit] = 10
        return values | {"confusion": matrix, "accuracy": 1.0}

    splits = {name: moved(values) for name, values in record.splits.items()}
    return replace(record, splits=splits)


HOSTILE = [
    key_of("keras:Lion", {"a": value})
    for value in (
        "$\\hat m$|$\\none$",
        "![i](http://e.x/i)",
        "[l](http://e.x/l)",
        "<img src=//e.x/i>",
        "`[b](http://e.x/b)` *c*",
        "\x1b[31m\n\u202e|",
    )
]  # methods whose labels would be more than text, for Markdown, figures or terminals


def hostile(folder, base=full):
    """A folder with runs of these methods wherever a method is named, and others."""
    runs = [run(a, key, s, epochs=9) for a in (1, 4) for key in HOSTILE for s in (0, 1)]
    sweep = [run(1, at_rate(key, rate), 0) for key in HOSTILE for rate in (0.01, 0.1)]
    save(base(folder), runs)
    return save(folder, sweep, "sweep")


WORLDS = {
    "full": full,
    "one run": lambda folder: save(folder, [run(1, "sgd", 0, epochs=150)]),
    "one run, diverged": lambda folder: save(folder, [diverged(run(1, "sgd"))]),
    "only another optimizer": lambda folder: save(folder, [run(2, LION)]),
    "other settings": lambda f: save(f, world(seeds=1), protocol=OTHER),
    "other initializer": lambda f: save(f, world(seeds=1), protocol=GLOROT),
    "part of the images": lambda f: save(
        f, [run(1, "sgd", s) for s in range(3)], protocol=Protocol(subset=300)
    ),
    "other data": lambda f: save(
        f,
        [own_digits(run(4, "adam", s), 0, 7) for s in range(3)],
        protocol=OWN_DATA,
    ),
    "other data, diverged": lambda f: save(f, [diverged(run())], protocol=OWN_DATA),
}


def value(cell):
    return cell.value if isinstance(cell, Cell) else cell


def shown(table, column, **where):
    """What readers see in a column of the row that has these values."""
    (row,) = (
        row
        for row in table.rows
        if all(value(row.get(key)) == wanted for key, wanted in where.items())
    )
    at = [c.key for c in table.shown].index(column)
    return table.cells()[table.rows.index(row)][at]


def of(table, column):
    return [value(row.get(column)) for row in table.rows]


@pytest.mark.parametrize("name", WORLDS)
def test_every_table_is_written_in_every_world_and_hides_no_known_value(name, tmp_path):
    for table in tables(find(WORLDS[name](tmp_path))).values():
        page, lines = table.html(), table.markdown().splitlines()
        assert f"<table id={table.name}>" in page and lines
        header, *rows = csv.reader(io.StringIO(table.csv().decode()))
        assert header == [column.key for column in table.columns]
        assert len(rows) == len(table.rows) > 0
        for row, cells in zip(table.rows, table.cells(), strict=True):
            for column, cell in zip(table.shown, cells, strict=True):
                known = value(row.get(column.key)) not in (None, "")
                assert not (known and cell == text.MISSING), (table.name, column.key)


@pytest.mark.parametrize("name", WORLDS)
def test_a_name_is_given_once_and_is_that_of_the_table(name, tmp_path):
    folder_tables = tables(find(WORLDS[name](tmp_path)))
    assert all(table.name == key for key, table in folder_tables.items())
    assert set(REST) <= set(folder_tables)
    for table in folder_tables.values():
        keys = [column.key for column in table.columns]
        assert len(keys) == len(set(keys)), table.name
        titles = [column.title for column in table.shown]
        assert table.name == "patience" or len(titles) == len(set(titles)), table.name


def test_the_order_of_tables_is_that_of_the_report(full_tables):
    names = list(full_tables)
    assert names[:3] == ["overview", "labels", "verdicts"]
    assert names[-1] == "runs" and not full_tables["runs"].shown


def test_architectures_are_five(full_tables):
    names = [f"architecture-{number}" for number in ARCHITECTURES]
    assert [name for name in full_tables if name.startswith("architecture-")] == names
