"""Tables of settings: what was chosen, what explains the original, what is best."""

from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol
from reproduce.publish.tables import tables

from .test_tables import WORLDS, of, shown, value


def test_every_method_of_a_sweep_has_its_best_rate(full_tables):
    table = full_tables["sweep-4"]
    assert of(table, "method") == list(METHODS)
    assert set(of(table, "rates")) == {2} and set(of(table, "runs")) == {6}
    assert shown(table, "epochs_best", method="adam") == "50"
    assert "sweep-2" not in full_tables and len(full_tables["sweep-points"].rows) == 28


def test_candidates_are_ranked_and_those_without_runs_wait(full_tables):
    table = full_tables["candidates"]
    rows = [row for row in table.rows if row["key"] == "kernel-initializer"]
    assert [value(row["place"]) for row in rows[:2]] == [1, 2]
    assert rows[0]["distance"] <= rows[1]["distance"]
    assert [row["place"].shown for row in rows[2:]] == ["waits for runs"] * 2
    assert {row["left_out"] for row in full_tables["leave-one-out"].rows} == {1, 2}


def test_settings_are_the_originals_and_ours(full_tables, tmp_path):
    table = full_tables["hyperparameters"]
    assert shown(table, "value", setting="kernel_initializer") == "N(0, 1)"
    assert shown(table, "original", setting="kernel_initializer") == "not stated"
    assert shown(table, "original", setting="learning_rate") == "0.001"
    settings = tables(find(WORLDS["other settings"](tmp_path)))["hyperparameters"]
    assert shown(settings, "value", setting="learning_rate") == "0.01"
    names = set(of(table, "setting"))
    assert {name for name in Protocol().to_dict() if name != "name"} <= names
