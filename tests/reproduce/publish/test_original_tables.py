"""Tables of the original have its numbers and sentences beside the runs'."""

from reproduce.analysis.claims import CONTRADICTED, NOT_JUDGED, SUPPORTED, UNDECIDED
from reproduce.analysis.findings import find
from reproduce.analysis.verdicts import JUDGED
from reproduce.experiment.methods import METHODS
from reproduce.original import CLAIMS, EXAMPLES, SENTENCES
from reproduce.publish import text
from reproduce.publish.original_tables import other_settings
from reproduce.publish.tables import tables

from ..analysis.runs import run
from .test_tables import LION, WORLDS, of, save, shown


def test_the_overview_has_every_cell_and_both_rules_on_4_and_5(full_tables):
    table = full_tables["overview"]
    assert len(table.rows) == 35 + 14
    assert of(table, "stopping").count("patience 2") == 14
    at = {"architecture": 1, "method": "momentum", "stopping": "stated"}
    assert shown(table, "epochs_original", **at) == "41"
    assert shown(table, "epochs_verdict", **at) in JUDGED
    later = {"architecture": 5, "method": "momentum", "stopping": "patience 2"}
    assert shown(table, "epochs_original", **later) == "37"


def test_rows_labelled_batch_gd_are_marked_and_show_sgd(full_tables, findings):
    table = full_tables["overview"]
    for rule in ("stated", "patience 2"):
        at = {"architecture": 4, "method": "batch_gd", "stopping": rule}
        sgd = {"architecture": 4, "method": "sgd", "stopping": rule}
        assert shown(table, "label", **at) == "Batch GD †"
        assert shown(table, "epochs", **at) == shown(table, "epochs", **sgd)
        assert shown(table, "epochs_original", **sgd) == "not legible"
    marked = [cells for cells in table.cells() if "†" in " ".join(cells)]
    assert len(marked) == 4
    assert sum("†" in note for note in table.notes) == 1
    assert not any("†" in note for note in full_tables["architecture-1"].notes)


def test_labels_add_up_to_the_numbers_of_the_original(full_tables):
    for row in full_tables["labels"].rows:
        counts = [row[label] for label in JUDGED]
        assert sum(counts) + row["waiting"] + row["illegible"] == 35
        assert row["illegible"] == 2


def test_a_verdict_has_the_original_the_runs_and_their_range(full_tables):
    table = full_tables["verdicts"]
    assert len(table.rows) == 105 + 42
    at = {"architecture": 1, "method": "rmsprop", "stopping": "stated"}
    assert shown(table, "original", quantity="epochs", **at) == "10"
    assert shown(table, "n", quantity="epochs", **at) == "3"
    assert shown(table, "original", quantity="train", **at) == "99.60 %"
    low, high = (shown(table, k, quantity="train", **at) for k in ("low", "high"))
    assert low.endswith(" %") and high.endswith(" %")
    assert shown(table, "original", architecture=3, method="nag", quantity="train",
                 stopping="stated") == "100 %"  # fmt: skip


def test_sensitivity_counts_the_same_verdicts_at_every_limit(full_tables):
    table = full_tables["sensitivity"]
    assert of(table, "factor") == [0.25, 0.5, 1.0, 2.0] * 2
    sums = [sum(row[label] for label in JUDGED) for row in table.rows]
    assert len(set(sums[:4])) == len(set(sums[4:])) == 1


def test_honest_counts_have_the_control_beside_the_same_cells(full_tables):
    table = full_tables["honest"]
    names = ["chose", "no say", "right protocol", "wrong protocol"]
    assert of(table, "cells") == names
    right, wrong = table.rows[2:]
    assert right["numbers"] >= wrong["numbers"] > 0
    assert right["agreeing"] == right["AGREES"] / right["numbers"]


def test_patience_has_both_rules_side_by_side(full_tables):
    table = full_tables["patience"]
    assert len(table.rows) == 14
    at = {"architecture": 4, "method": "sgd"}
    both = shown(table, "stated", **at), shown(table, "patient", **at)
    assert both[0] == both[1]  # the same runs under another name, here


def test_a_diverged_run_is_called_so_and_counted(full_tables):
    at = {"method": "sgd"}
    table = full_tables["architecture-1"]
    assert shown(table, "ended", **at) == "2 by the threshold, 1 diverged"
    assert shown(table, "validation", **at).endswith(", 1 diverged")
    assert "never" in shown(table, "epochs", **at)
    lost = full_tables["architecture-2"]
    assert shown(lost, "ended", method="adam") == "3 diverged"
    assert shown(lost, "test", method="adam") == "diverged"
    assert shown(lost, "epochs", method="adam") == "never"


def test_a_run_that_the_rule_did_not_stop_is_never_done(full_tables):
    ended = shown(full_tables["architecture-3"], "ended", method="momentum")
    assert ended == "2 by the threshold, 1 by the limit of epochs"
    assert "–never)" in shown(
        full_tables["architecture-3"], "epochs", method="momentum"
    )


def test_another_optimizer_has_a_row_and_no_verdict(full_tables):
    table = full_tables["architecture-1"]
    assert of(table, "method") == [*METHODS, LION]
    assert shown(table, "verdicts", method=LION) == "not in the original"
    assert shown(table, "epochs", method=LION) == "13 (12–14)"
    assert shown(table, "epochs_original", method=LION) == text.MISSING
    assert LION not in of(full_tables["architecture-2"], "method")
    assert LION in of(full_tables["time-to-target"], "method")
    assert "against_keras.Lion" in [c.key for c in full_tables["chances"].columns]


def test_updates_are_one_a_full_batch_and_gradients_one_an_example(full_tables):
    table = full_tables["architecture-1"]
    (row,) = (row for row in table.rows if row["method"] == "batch_gd")
    assert row["updates"].value == row["epochs"].value
    assert row["gradients"].value == row["epochs"].value * EXAMPLES["train"]


def test_a_cell_that_was_not_run_says_so(tmp_path):
    folder_tables = tables(find(save(tmp_path, [run(1, "sgd", 0, epochs=150)])))
    table = folder_tables["architecture-1"]
    assert len(table.rows) == 7
    assert shown(table, "ended", method="adam") == "not run"
    assert shown(table, "epochs", method="adam") == text.MISSING
    assert shown(table, "epochs_original", method="adam") == "13"
    assert shown(table, "epochs", method="sgd") == "150"
    assert shown(table, "verdicts", method="sgd") == "fewer than 3 seeds"
    assert "patience" not in folder_tables and "sensitivity" not in folder_tables
    assert set(of(folder_tables["overview"], "stopping")) == {"stated"}


def test_the_layers_are_ours_beside_the_originals(full_tables):
    table = full_tables["summary-5"]
    assert of(table, "parameters")[-2:] == [330, 576_810]
    assert of(table, "original")[-2:] == [165, 576_645]
    assert shown(full_tables["summary-2"], "original", layer="total") == "not legible"
    assert of(full_tables["summary-1"], "parameters") == of(
        full_tables["summary-1"], "original"
    )


def test_contradicted_claims_come_first_and_every_claim_is_there(full_tables):
    table = full_tables["claims"]
    assert sorted(of(table, "key")) == sorted(CLAIMS)
    order = [CONTRADICTED, SUPPORTED, UNDECIDED, NOT_JUDGED]
    places = [order.index(verdict) for verdict in of(table, "verdict")]
    assert places == sorted(places) and places[0] == 0
    for row in table.rows:
        assert row["tested"] and row["measured"] and row["change"]


def test_runs_that_are_no_rerun_have_claims_without_a_verdict(tmp_path):
    folder_tables = tables(find(WORLDS["part of the images"](tmp_path)))
    assert set(of(folder_tables["claims"], "verdict")) == {NOT_JUDGED}
    assert all(
        "a part of the images" in row["measured"]
        for row in folder_tables["claims"].rows
    )
    assert "honest" not in folder_tables and "candidates" not in folder_tables


def test_every_sentence_says_where_it_is_judged(full_tables):
    table = full_tables["sentences"]
    assert of(table, "words") == [sentence.words for sentence in SENTENCES]
    assert "nag-faster: " in shown(
        table, "found", words="It corrects its course faster than momentum."
    )
    assert "what a method is" in table.rows[0]["found"]


def test_checks_use_our_runs_only_where_they_are_a_rerun(full_tables, tmp_path):
    assert len(full_tables["checks"].rows) == 9
    answers = dict(
        zip(of(full_tables["checks"], "key"), of(full_tables["checks"], "passes"))  # noqa: B905
    )
    assert answers["row-sums"] is False and answers["matrix-accuracies"] is True
    assert answers["axis-ticks"] is not None
    checks = tables(find(WORLDS["other data"](tmp_path)))["checks"]
    assert shown(checks, "passes", key="axis-ticks") == "needs runs"
    assert shown(checks, "passes", key="row-sums") == "no"


def test_other_settings_are_named_and_no_candidate_is_ranked(tmp_path):
    findings = find(WORLDS["other initializer"](tmp_path))
    assert other_settings(findings) == ("kernel_initializer",)
    folder_tables = tables(findings)
    assert "candidates" not in folder_tables and "honest" not in folder_tables
    assert shown(folder_tables["labels"], "stopping", quantity="epochs") == "as run"
