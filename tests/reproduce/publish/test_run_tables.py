"""Tables of the runs have the values that the runs have."""

from dataclasses import replace

import pytest

from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS
from reproduce.original import DIGITS, EXAMPLES
from reproduce.publish import text
from reproduce.publish.run_tables import original_matrix, shown_digits
from reproduce.publish.table import Cell
from reproduce.publish.tables import tables

from ..analysis.runs import run
from .test_tables import LION, WORLDS, of, save, shown, value


def test_times_to_a_target_stand_beside_the_stopping_epoch(full_tables, findings):
    table = full_tables["time-to-target"]
    at = {"architecture": 1, "method": "momentum"}
    assert shown(table, "loss_0.05_epochs", **at) == "8"
    assert shown(table, "loss_0.05_epochs", architecture=1, method="batch_gd") == (
        "never"
    )
    (row,) = (r for r in table.rows if (r["architecture"], r["method"]) == (1, "nag"))
    assert row["loss_0.05_updates"] == 8 * EXAMPLES["train"]
    assert "loss_0.05_seconds" not in [column.key for column in table.shown]


def test_profiles_leave_out_what_was_not_run_everywhere(full_tables):
    table = full_tables["profiles"]
    assert LION not in of(table, "method") and "Lion" in table.notes[0]
    for row in table.rows:
        assert 0 <= value(row["within_1"]) <= value(row["within_16"]) <= 1
    assert [c.title for c in table.shown][2:] == ["1 ×", "2 ×", "4 ×", "8 ×", "16 ×"]


def test_chances_of_two_methods_add_up_to_one(full_tables):
    rows = {
        (value(row["target"]), row["method"]): row
        for row in full_tables["chances"].rows
    }
    for (target, method), row in rows.items():
        assert row[f"against_{method.replace(':', '.')}"] == Cell(None, "")
        if method in METHODS:
            chance = value(row["against_sgd"])
            back = value(rows[target, "sgd"][f"against_{method}"])
            assert method == "sgd" or chance + back == pytest.approx(1)


def test_contenders_are_in_the_order_of_the_rule(full_tables, findings):
    table, ranking = full_tables["best-model"], findings.selection.ranking
    assert of(table, "architecture") == [
        contender.architecture for contender in ranking
    ]
    assert sum(of(table, "tied")) == findings.selection.tied
    assert (2, "adam") not in {(r["architecture"], r["method"]) for r in table.rows}


def test_confusions_stand_beside_the_originals(full_tables, findings):
    best = findings.selection.best
    for split in EXAMPLES:
        table = full_tables[f"confusion-{split}"]
        assert of(table, "true") == list(DIGITS)
        ours = best.splits[split]["confusion"]
        for row, cells in zip(table.rows, table.cells(), strict=True):
            true = row["true"]
            assert row["predicted_2"].value == ours[true][2]
            assert row["original_2"] == original_matrix(split)[true][2]
            expected = f"({text.count(original_matrix(split)[true][2])})"
            assert cells[2].endswith(expected)
    assert "confusion-test-original-choice" in full_tables


def test_a_prediction_outside_the_digits_has_its_column(tmp_path):
    record = run(1, "rmsprop", 0)
    matrix = [list(row) for row in record.splits["test"]["confusion"]]
    mistaken = matrix[1][2]
    matrix[1][7], matrix[1][2] = mistaken, 0
    splits = record.splits | {"test": record.splits["test"] | {"confusion": matrix}}
    table = tables(find(save(tmp_path, [replace(record, splits=splits)])))
    titles = [column.title for column in table["confusion-test"].shown]
    assert titles == ["True digit", "1", "2", "3", "6", "7", "9"]
    assert shown(table["confusion-test"], "predicted_7", true=1) == f"{mistaken} (0)"


def test_scores_have_their_interval_and_the_originals(full_tables):
    table = full_tables["scores"]
    assert of(table, "split") == list(EXAMPLES)
    assert shown(table, "original_accuracy", split="validation") == "97.52 %"
    for row in table.rows:
        assert row["low"] < row["accuracy"] < row["high"] or row["accuracy"] == 1


def test_there_is_a_row_for_every_run_of_every_study(full_tables, findings):
    table = full_tables["runs"]
    runs = sum(map(len, findings.studies.values())) + len(findings.custom_records)
    assert len(table.rows) == runs
    assert {"report", "patience-2", "glorot", "sweep"} == set(of(table, "study"))
    (lost,) = (
        row
        for row in table.rows
        if (row["study"], row["architecture"], row["method"], row["seed"])
        == ("report", 1, "sgd", 2)
    )
    assert lost["ending"] == "diverged" and lost["test_accuracy"] is None


def test_the_cost_sums_one_run_of_each_cell(full_tables):
    table = full_tables["cost"]
    *cells, total = table.rows
    assert len(cells) == 36  # Lion's too
    assert total["measured"].value == pytest.approx(
        sum(row["measured"].value for row in cells)
    )


def test_provenance_tells_nothing_of_whose_machine_it_was(tmp_path):
    record = run(1, "sgd", 0)
    provenance = {
        "host": "mine",
        "cpu": "any",
        "where": "/home/me",
        "data": {"sha": "a" * 64},
    }
    folder_tables = tables(
        find(save(tmp_path, [replace(record, provenance=provenance)]))
    )
    assert [[c for c in row] for row in folder_tables["provenance"].cells()] == [
        ["cpu", "any"],
        ["data.sha", "a" * 12],
    ]


def test_ones_own_runs_stand_among_the_published_seeds(tmp_path):
    published = [run(1, "sgd", seed, epochs=150 + seed) for seed in range(3)]
    save(tmp_path / "published", published)
    save(tmp_path / "mine", [published[1], run(1, "sgd", 7, epochs=140)])
    findings = find(tmp_path / "mine", tmp_path / "published")
    table = tables(findings)["standings"]
    assert [row[2:5] for row in table.cells()] == [
        ["1", "equal", "151"],
        ["7", "seed not published", "140"],
    ]
    assert of(table, "stop_earlier") == [1, 0]
    runs = tables(findings)["runs"]
    assert of(runs, "in_folder") == [False, True, False, True]
    alone = tables(find(tmp_path / "mine"))
    assert "standings" not in alone


def test_own_data_is_named_by_its_digits(tmp_path):
    findings = find(WORLDS["other data"](tmp_path))
    assert shown_digits(findings) == (0, 7)
    table = tables(findings)["confusion-test"]
    assert of(table, "true") == [0, 7]
    assert not any(column.key.startswith("original_") for column in table.columns)
    assert "original_accuracy" not in [
        c.key for c in tables(findings)["scores"].columns
    ]
