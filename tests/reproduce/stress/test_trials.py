"""Whatever happens to a run, nothing is lost; with pretended training, in seconds."""

import pytest

from reproduce.experiment.store import Store
from reproduce.stress import corruption, crowding, disk, kills, memory
from reproduce.stress.scene import finished
from reproduce.stress.trial import Trial

TRIALS = {
    trial.__name__: trial
    for trial in (
        kills.kill_parents,
        kills.kill_children,
        corruption.damage_records,
        corruption.retrain_damaged,
        crowding.two_at_once,
        crowding.two_settings_at_once,
        crowding.interrupt_once,
        crowding.interrupt_twice,
        disk.limited_files,
        disk.full_disk,
        disk.read_only,
        memory.many_runs,
    )
}


@pytest.mark.parametrize("trial", TRIALS)
def test_nothing_is_lost(trial, scene, rng, monkeypatch):
    monkeypatch.setattr(kills, "MOST_ROUNDS", 6)  # `make stress` has time for more
    outcome = TRIALS[trial](scene, rng, 1)
    if outcome.note.startswith("left out"):
        pytest.skip(outcome.note)
    assert outcome.tries >= 1
    assert outcome.kills >= trial.startswith("kill")
    assert outcome.corruptions >= ("damage" in trial)
    assert outcome.losses == []


def test_a_command_that_is_killed_every_time_is_let_end_at_last(
    scene, rng, monkeypatch
):
    monkeypatch.setattr(kills, "MOST_ROUNDS", 1)
    outcome = kills.kill_parents(scene, rng, 1)
    assert outcome.kills == 1
    assert outcome.losses == []


def test_a_touched_a_missing_and_another_record_are_losses(scene):
    out = scene.fresh("losses")
    scene.finish(out)
    seen, store = finished(out), Store(out)
    touched, missing, *_ = scene.cells
    store.path(touched).touch()
    store.path(missing).unlink()
    trial = Trial("none")
    scene.check(trial, out, seen)
    said = "\n".join(trial.losses)
    assert f"{store.path(touched)}: touched when finished" in said
    assert f"{store.path(missing)}: missing, or not the same bytes" in said
    assert "other tables or figures" in said
