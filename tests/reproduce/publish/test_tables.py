"""Each table of the report has the values that the runs have."""

import csv
import io
from dataclasses import replace

import pytest

from reproduce.analysis.claims import CONTRADICTED, NOT_JUDGED, SUPPORTED, UNDECIDED
from reproduce.analysis.findings import find
from reproduce.analysis.verdicts import JUDGED
from reproduce.experiment.methods import METHODS, at_rate
from reproduce.experiment.protocol import ARCHITECTURES, Protocol
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES
from reproduce.original import CLAIMS, DIGITS, EXAMPLES, SENTENCES
from reproduce.publish import text
from reproduce.publish.table import Cell
from reproduce.publish.tables import (
    original_matrix,
    other_settings,
    shown_digits,
    tables,
)

from ..analysis.runs import cut_off, diverged, run
from ..analysis.test_claims import world

LION = "keras:Lion"
OTHER = Protocol().changed(learning_rate=0.01)
OWN_DATA = Protocol().changed(data_sha256="ab" * 32, num_examples=300)
GLOROT = Protocol().changed(kernel_initializer="glorot_uniform")
REST = ("summary-1", "summary-5", "sentences", "checks", "hyperparameters", "claims")


def save(folder, records, study="report", protocol=None):
    """Write records where a study has them; returns the output folder."""
    own = STUDIES[study]
    store, planned = Store(folder / own.folder), own.protocols()
    for record in records:
        usual = planned.get(record.cell, own.protocol)
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
    few = [r for r in fast if r.cell.architecture < 3 and r.splits]
    save(folder, few, "glorot")
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


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    return find(full(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="module")
def made(findings):
    return tables(findings)


def value(cell):
    return cell.value if isinstance(cell, Cell) else cell


def shown(table, column, **where):
    """What readers see in a column of the row that has these values."""
    (row,) = (
        row
        for row in table.rows
        if all(value(row.get(key)) == wanted for key, wanted in where.items())
    )
    at = [own.key for own in table.shown].index(column)
    return table.cells()[table.rows.index(row)][at]


def of(table, column):
    return [value(row.get(column)) for row in table.rows]


# All tables -------------------------------------------------------------------------


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
    made = tables(find(WORLDS[name](tmp_path)))
    assert all(table.name == key for key, table in made.items())
    assert set(REST) <= set(made)
    for table in made.values():
        keys = [column.key for column in table.columns]
        assert len(keys) == len(set(keys)), table.name
        titles = [column.title for column in table.shown]
        assert table.name == "patience" or len(titles) == len(set(titles)), table.name


def test_the_order_of_tables_is_that_of_the_report(made):
    names = list(made)
    assert names[:3] == ["overview", "labels", "verdicts"]
    assert names[-1] == "runs" and not made["runs"].shown


# Numbers ----------------------------------------------------------------------------


def test_the_overview_has_every_cell_and_both_rules_on_4_and_5(made):
    table = made["overview"]
    assert len(table.rows) == 35 + 14
    assert of(table, "stopping").count("patience 2") == 14
    at = {"architecture": 1, "method": "momentum", "stopping": "stated"}
    assert shown(table, "epochs_original", **at) == "41"
    assert shown(table, "epochs_verdict", **at) in JUDGED
    later = {"architecture": 5, "method": "momentum", "stopping": "patience 2"}
    assert shown(table, "epochs_original", **later) == "37"


def test_rows_labelled_batch_gd_are_marked_and_show_sgd(made, findings):
    table = made["overview"]
    for rule in ("stated", "patience 2"):
        at = {"architecture": 4, "method": "batch_gd", "stopping": rule}
        sgd = {"architecture": 4, "method": "sgd", "stopping": rule}
        assert shown(table, "label", **at) == "Batch GD †"
        assert shown(table, "epochs", **at) == shown(table, "epochs", **sgd)
        assert shown(table, "epochs_original", **sgd) == "not legible"
    marked = [cells for cells in table.cells() if "†" in " ".join(cells)]
    assert len(marked) == 4
    assert sum("†" in note for note in table.notes) == 1
    assert not any("†" in note for note in made["architecture-1"].notes)


def test_labels_add_up_to_the_numbers_of_the_original(made):
    for row in made["labels"].rows:
        counts = [row[label] for label in JUDGED]
        assert sum(counts) + row["waiting"] + row["illegible"] == 35
        assert row["illegible"] == 2


def test_a_verdict_has_the_original_the_runs_and_their_range(made):
    table = made["verdicts"]
    assert len(table.rows) == 105 + 42
    at = {"architecture": 1, "method": "rmsprop", "stopping": "stated"}
    assert shown(table, "original", quantity="epochs", **at) == "10"
    assert shown(table, "n", quantity="epochs", **at) == "3"
    assert shown(table, "original", quantity="train", **at) == "99.60 %"
    low, high = (shown(table, k, quantity="train", **at) for k in ("low", "high"))
    assert low.endswith(" %") and high.endswith(" %")
    assert shown(table, "original", architecture=3, method="nag", quantity="train",
                 stopping="stated") == "100 %"  # fmt: skip


def test_sensitivity_counts_the_same_verdicts_at_every_limit(made):
    table = made["sensitivity"]
    assert of(table, "factor") == [0.25, 0.5, 1.0, 2.0] * 2
    sums = [sum(row[label] for label in JUDGED) for row in table.rows]
    assert len(set(sums[:4])) == len(set(sums[4:])) == 1


def test_honest_counts_have_the_control_beside_the_same_cells(made):
    table = made["honest"]
    names = ["chose", "no say", "right protocol", "wrong protocol"]
    assert of(table, "cells") == names
    right, wrong = table.rows[2:]
    assert right["numbers"] >= wrong["numbers"] > 0
    assert right["agreeing"] == right["AGREES"] / right["numbers"]


def test_patience_has_both_rules_side_by_side(made):
    table = made["patience"]
    assert len(table.rows) == 14
    at = {"architecture": 4, "method": "sgd"}
    both = shown(table, "stated", **at), shown(table, "patient", **at)
    assert both[0] == both[1]  # the same runs under another name, here


# Architectures ----------------------------------------------------------------------


def test_a_diverged_run_is_called_so_and_counted(made):
    at = {"method": "sgd"}
    table = made["architecture-1"]
    assert shown(table, "ended", **at) == "2 by the threshold, 1 diverged"
    assert shown(table, "validation", **at).endswith(", 1 diverged")
    assert "never" in shown(table, "epochs", **at)
    lost = made["architecture-2"]
    assert shown(lost, "ended", method="adam") == "3 diverged"
    assert shown(lost, "test", method="adam") == "diverged"
    assert shown(lost, "epochs", method="adam") == "never"


def test_a_run_that_the_rule_did_not_stop_is_never_done(made):
    ended = shown(made["architecture-3"], "ended", method="momentum")
    assert ended == "2 by the threshold, 1 by the limit of epochs"
    assert "–never)" in shown(made["architecture-3"], "epochs", method="momentum")


def test_another_optimizer_has_a_row_and_no_verdict(made):
    table = made["architecture-1"]
    assert of(table, "method") == [*METHODS, LION]
    assert shown(table, "verdicts", method=LION) == "not in the original"
    assert shown(table, "epochs", method=LION) == "13 (12–14)"
    assert shown(table, "epochs_original", method=LION) == text.MISSING
    assert LION not in of(made["architecture-2"], "method")
    assert LION in of(made["time-to-target"], "method")
    assert "against_keras.Lion" in [c.key for c in made["chances"].columns]


def test_updates_are_one_a_full_batch_and_gradients_one_an_example(made):
    table = made["architecture-1"]
    (row,) = (row for row in table.rows if row["method"] == "batch_gd")
    assert row["updates"].value == row["epochs"].value
    assert row["gradients"].value == row["epochs"].value * EXAMPLES["train"]


def test_a_cell_that_was_not_run_says_so(tmp_path):
    made = tables(find(save(tmp_path, [run(1, "sgd", 0, epochs=150)])))
    table = made["architecture-1"]
    assert len(table.rows) == 7
    assert shown(table, "ended", method="adam") == "not run"
    assert shown(table, "epochs", method="adam") == text.MISSING
    assert shown(table, "epochs_original", method="adam") == "13"
    assert shown(table, "epochs", method="sgd") == "150"
    assert shown(table, "verdicts", method="sgd") == "fewer than 3 seeds"
    assert "patience" not in made and "sensitivity" not in made
    assert set(of(made["overview"], "stopping")) == {"stated"}


def test_the_layers_are_ours_beside_the_originals(made):
    table = made["summary-5"]
    assert of(table, "parameters")[-2:] == [330, 576_810]
    assert of(table, "original")[-2:] == [165, 576_645]
    assert shown(made["summary-2"], "original", layer="total") == "not legible"
    assert of(made["summary-1"], "parameters") == of(made["summary-1"], "original")


# Claims -----------------------------------------------------------------------------


def test_contradicted_claims_come_first_and_every_claim_is_there(made):
    table = made["claims"]
    assert sorted(of(table, "key")) == sorted(CLAIMS)
    order = [CONTRADICTED, SUPPORTED, UNDECIDED, NOT_JUDGED]
    places = [order.index(verdict) for verdict in of(table, "verdict")]
    assert places == sorted(places) and places[0] == 0
    for row in table.rows:
        assert row["tested"] and row["measured"] and row["change"]


def test_runs_that_are_no_rerun_have_claims_without_a_verdict(tmp_path):
    made = tables(find(WORLDS["part of the images"](tmp_path)))
    assert set(of(made["claims"], "verdict")) == {NOT_JUDGED}
    assert all("a part of the images" in row["measured"] for row in made["claims"].rows)
    assert "honest" not in made and "candidates" not in made


def test_every_sentence_says_where_it_is_judged(made):
    table = made["sentences"]
    assert of(table, "words") == [sentence.words for sentence in SENTENCES]
    assert "nag-faster: " in shown(
        table, "found", words="It corrects its course faster than momentum."
    )
    assert "what a method is" in table.rows[0]["found"]


# Speed and rates --------------------------------------------------------------------


def test_times_to_a_target_stand_beside_the_stopping_epoch(made, findings):
    table = made["time-to-target"]
    at = {"architecture": 1, "method": "momentum"}
    assert shown(table, "loss_0.05_epochs", **at) == "8"
    assert shown(table, "loss_0.05_epochs", architecture=1, method="batch_gd") == (
        "never"
    )
    (row,) = (r for r in table.rows if (r["architecture"], r["method"]) == (1, "nag"))
    assert row["loss_0.05_updates"] == 8 * EXAMPLES["train"]
    assert "loss_0.05_seconds" not in [column.key for column in table.shown]


def test_profiles_leave_out_what_was_not_run_everywhere(made):
    table = made["profiles"]
    assert LION not in of(table, "method") and "Lion" in table.notes[0]
    for row in table.rows:
        assert 0 <= value(row["within_1"]) <= value(row["within_16"]) <= 1
    assert [c.title for c in table.shown][2:] == ["1 ×", "2 ×", "4 ×", "8 ×", "16 ×"]


def test_chances_of_two_methods_add_up_to_one(made):
    rows = {(value(row["target"]), row["method"]): row for row in made["chances"].rows}
    for (target, method), row in rows.items():
        assert row[f"against_{method.replace(':', '.')}"] == Cell(None, "")
        if method in METHODS:
            there = value(row["against_sgd"])
            back = value(rows[target, "sgd"][f"against_{method}"])
            assert method == "sgd" or there + back == pytest.approx(1)


def test_every_method_of_a_sweep_has_its_best_rate(made):
    table = made["sweep-4"]
    assert of(table, "method") == list(METHODS)
    assert set(of(table, "rates")) == {2} and set(of(table, "runs")) == {6}
    assert shown(table, "epochs_best", method="adam") == "50"
    assert "sweep-2" not in made and len(made["sweep-points"].rows) == 28


# The rest ---------------------------------------------------------------------------


def test_candidates_are_ranked_and_those_without_runs_wait(made):
    table = made["candidates"]
    own = [row for row in table.rows if row["key"] == "kernel-initializer"]
    assert [value(row["place"]) for row in own[:2]] == [1, 2]
    assert own[0]["distance"] <= own[1]["distance"]
    assert [row["place"].shown for row in own[2:]] == ["waits for runs"] * 2
    assert {row["left_out"] for row in made["leave-one-out"].rows} == {1, 2}


def test_contenders_are_in_the_order_of_the_rule(made, findings):
    table, ranking = made["best-model"], findings.selection.ranking
    assert of(table, "architecture") == [one.architecture for one in ranking]
    assert sum(of(table, "tied")) == findings.selection.tied
    assert (2, "adam") not in {(r["architecture"], r["method"]) for r in table.rows}


def test_confusions_stand_beside_the_originals(made, findings):
    best = findings.selection.best
    for split in EXAMPLES:
        table = made[f"confusion-{split}"]
        assert of(table, "true") == list(DIGITS)
        ours = best.splits[split]["confusion"]
        for row, cells in zip(table.rows, table.cells(), strict=True):
            true = row["true"]
            assert row["predicted_2"].value == ours[true][2]
            assert row["original_2"] == original_matrix(split)[true][2]
            expected = f"({text.count(original_matrix(split)[true][2])})"
            assert cells[2].endswith(expected)
    assert "confusion-test-original-choice" in made


def test_a_prediction_outside_the_digits_has_its_column(tmp_path):
    record = run(1, "rmsprop", 0)
    matrix = [list(row) for row in record.splits["test"]["confusion"]]
    matrix[1][7] += 2
    splits = record.splits | {"test": record.splits["test"] | {"confusion": matrix}}
    table = tables(find(save(tmp_path, [replace(record, splits=splits)])))
    titles = [column.title for column in table["confusion-test"].shown]
    assert titles == ["True digit", "1", "2", "3", "6", "7", "9"]
    assert shown(table["confusion-test"], "predicted_7", true=1) == "2 (0)"


def test_scores_have_their_interval_and_the_originals(made):
    table = made["scores"]
    assert of(table, "split") == list(EXAMPLES)
    assert shown(table, "original_accuracy", split="validation") == "97.52 %"
    for row in table.rows:
        assert row["low"] < row["accuracy"] < row["high"] or row["accuracy"] == 1


def test_checks_use_our_runs_only_where_they_are_a_rerun(made, tmp_path):
    assert len(made["checks"].rows) == 9
    answers = dict(zip(of(made["checks"], "key"), of(made["checks"], "passes")))  # noqa: B905
    assert answers["row-sums"] is False and answers["matrix-accuracies"] is True
    assert answers["axis-ticks"] is not None
    other = tables(find(WORLDS["other data"](tmp_path)))["checks"]
    assert shown(other, "passes", key="axis-ticks") == "needs runs"
    assert shown(other, "passes", key="row-sums") == "no"


def test_settings_are_the_originals_and_ours(made, tmp_path):
    table = made["hyperparameters"]
    assert shown(table, "value", setting="kernel_initializer") == "N(0, 1)"
    assert shown(table, "original", setting="kernel_initializer") == "not stated"
    assert shown(table, "original", setting="learning_rate") == "0.001"
    other = tables(find(WORLDS["other settings"](tmp_path)))["hyperparameters"]
    assert shown(other, "value", setting="learning_rate") == "0.01"
    names = set(of(table, "setting"))
    assert {name for name in Protocol().to_dict() if name != "name"} <= names


def test_there_is_a_row_for_every_run_of_every_study(made, findings):
    table = made["runs"]
    runs = sum(map(len, findings.studies.values())) + len(findings.others)
    assert len(table.rows) == runs
    assert {"report", "patience-2", "glorot", "sweep"} == set(of(table, "study"))
    (lost,) = (
        row
        for row in table.rows
        if (row["study"], row["architecture"], row["method"], row["seed"])
        == ("report", 1, "sgd", 2)
    )
    assert lost["ending"] == "diverged" and lost["test_accuracy"] is None


def test_the_cost_sums_one_run_of_each_cell(made):
    table = made["cost"]
    *cells, total = table.rows
    assert len(cells) == 36  # Lion's too
    assert total["measured"].value == pytest.approx(
        sum(row["measured"].value for row in cells)
    )


def test_provenance_tells_nothing_of_whose_machine_it_was(tmp_path):
    record = run(1, "sgd", 0)
    told = {
        "host": "mine",
        "cpu": "any",
        "where": "/home/me",
        "data": {"sha": "a" * 64},
    }
    made = tables(find(save(tmp_path, [replace(record, provenance=told)])))
    assert [[c for c in row] for row in made["provenance"].cells()] == [
        ["cpu", "any"],
        ["data.sha", "a" * 12],
    ]


# One's own runs, settings and data --------------------------------------------------


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


def test_other_settings_are_named_and_no_candidate_is_ranked(tmp_path):
    findings = find(WORLDS["other initializer"](tmp_path))
    assert other_settings(findings) == ("kernel_initializer",)
    made = tables(findings)
    assert "candidates" not in made and "honest" not in made
    assert shown(made["labels"], "stopping", quantity="epochs") == "as run"


def test_architectures_are_five(made):
    names = [f"architecture-{number}" for number in ARCHITECTURES]
    assert [name for name in made if name.startswith("architecture-")] == names
