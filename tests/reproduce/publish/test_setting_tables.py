"""Tables of settings: what was chosen, what explains the original, what is best."""

from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol
from reproduce.publish.tables import tables

from .test_tables import WORLDS, of, shown, value


def test_every_method_of_a_sweep_has_its_best_rate(made):
    table = made["sweep-4"]
    assert of(table, "method") == list(METHODS)
    assert set(of(table, "rates")) == {2} and set(of(table, "runs")) == {6}
    assert shown(table, "epochs_best", method="adam") == "50"
    assert "sweep-2" not in made and len(made["sweep-points"].rows) == 28


def test_candidates_are_ranked_and_those_without_runs_wait(made):
    table = made["candidates"]
    own = [row for row in table.rows if row["key"] == "kernel-initializer"]
    assert [value(row["place"]) for row in own[:2]] == [1, 2]
    assert own[0]["distance"] <= own[1]["distance"]
    assert [row["place"].shown for row in own[2:]] == ["waits for runs"] * 2
    assert {row["left_out"] for row in made["leave-one-out"].rows} == {1, 2}


def test_settings_are_the_originals_and_ours(made, tmp_path):
    table = made["hyperparameters"]
    assert shown(table, "value", setting="kernel_initializer") == "N(0, 1)"
    assert shown(table, "original", setting="kernel_initializer") == "not stated"
    assert shown(table, "original", setting="learning_rate") == "0.001"
    other = tables(find(WORLDS["other settings"](tmp_path)))["hyperparameters"]
    assert shown(other, "value", setting="learning_rate") == "0.01"
    names = set(of(table, "setting"))
    assert {name for name in Protocol().to_dict() if name != "name"} <= names
