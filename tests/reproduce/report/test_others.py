"""Other optimizers, settings and data are shown, and never held against the report."""

from dataclasses import replace

import pytest

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.report import build
from reproduce.report.findings import find
from reproduce.report.limits import limits
from reproduce.report.statistics import compare
from reproduce.report.verdicts import NOT_COMPARABLE, judge

LION, MINE = "keras:Lion", f'm:Mine {{"a": 1}} sha256:{"0" * 64}'
OTHER_DATA = Protocol(data_sha256="0" * 64, num_examples=500)
OTHER = {
    "data": OTHER_DATA,
    "rate": Protocol().changed(learning_rate=0.01),
    "batches": Protocol().changed(batch_size=32),
}


def other(record, key, seed=0, **changes):
    return replace(record(1, "adam", seed, **changes), cell=Cell(1, key, seed))


def find_in(folder):
    return find(Store(folder))


@pytest.fixture
def records(record):
    """Two seeds of two methods of the report and of two others."""
    runs = [record(1, method, s) for method in ("sgd", "adam") for s in (0, 1)]
    best = {"splits": {**runs[0].splits}}
    best["splits"]["validation"] = {**best["splits"]["validation"], "accuracy": 1.0}
    return runs + [
        other(record, key, s, **best) for key in (LION, MINE) for s in (0, 1)
    ]


def test_they_are_rows_and_curves_of_their_own(records, output_folder):
    folder = output_folder(records)
    files = {path.name for path in build(folder)}
    assert {"architecture-1-keras.Lion.png", "architecture-1-sgd.png"} <= files
    page = (folder / "REPORT.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| Keras Lion |")]
    assert rows[0].count("not in the report") == 3
    assert "| Mine (a=1) |" in page
    assert f"`{MINE}`" in page


def test_neither_verdicts_nor_claims_nor_the_best_model_know_of_them(
    records, output_folder
):
    with_them = find_in(output_folder(records, "with"))
    without = find_in(output_folder(records[:4], "without"))
    assert with_them.verdicts == without.verdicts
    assert with_them.entries == without.entries
    assert with_them.pairs == without.pairs
    assert with_them.selection == without.selection
    assert len(with_them.rows) == 35
    assert [row.method for row in with_them.others] == [LION, MINE]


def test_alone_they_make_a_report_too(records, output_folder):
    folder = output_folder(records[4:])
    build(folder)
    page = (folder / "REPORT.md").read_text()
    assert "None of the report's methods was run." in page
    assert "Keras Lion" in page


def test_their_colours_are_no_others(records, output_folder):
    findings = find_in(output_folder(records))
    colours = [row.colour for row in findings.of(1)]
    assert len(set(colours)) == len(METHODS) + 2


@pytest.mark.parametrize("protocol", OTHER.values(), ids=OTHER)
def test_other_settings_and_data_are_not_comparable(protocol, record):
    runs = [record(1, "sgd", seed, protocol=protocol) for seed in range(3)]
    judged = [v for v in judge(compare(runs)) if v.values and v.reported is not None]
    assert {v.verdict for v in judged} == {NOT_COMPARABLE}
    assert limits(runs)


def test_what_the_report_leaves_unsaid_may_differ(record):
    runs = [record(1, "sgd", protocol=Protocol(kernel_initializer="he_normal"))]
    assert limits(runs) == ""


@pytest.mark.parametrize("protocol", OTHER.values(), ids=OTHER)
def test_the_page_says_so_before_anything_else(protocol, record, output_folder):
    folder = output_folder([record(1, "sgd", protocol=protocol)])
    build(folder)
    second = (folder / "REPORT.md").read_text().split("\n\n")[1]
    assert second.startswith("**These runs were made ")
    assert "neither bear out nor contradict the report" in second
