"""Whatever happens to a run, nothing is lost; with pretended training, in seconds."""

import shutil
from dataclasses import replace

import pytest

from reproduce.experiment.store import Store
from reproduce.stress import (
    cleaning,
    cluster,
    corruption,
    crowding,
    disk,
    forgery,
    kills,
    run,
)
from reproduce.stress.scene import finished
from reproduce.stress.trial import Trial

# Those that train for long: `make stress` makes them; what they try is tested in
# tests/reproduce/training and experiment, a case each.
LONG = {
    corruption.damage_checkpoints,  # test_checkpoints.py
    forgery.forge_checkpoints,  # test_cell.py, and test_forgery.py in this folder
    kills.kill_children,  # test_cell.py, test_schedule.py
    kills.kill_parents,  # below, with one round
    cluster.lose_workers,  # test_cluster.py
    crowding.two_at_once,  # test_store.py, test_schedule.py
    crowding.two_settings_at_once,  # test_store.py, test_schedule.py
    crowding.interrupt_once,  # test_schedule.py
    crowding.interrupt_twice,  # test_schedule.py
    crowding.pause,  # test_pool.py
    disk.limited_files,  # test_schedule.py
}
TRIALS = {trial.__name__: trial for trial in run.TRIALS if trial not in LONG}
SHORTER = {
    (cleaning, "NAMES"): (*cleaning.NAMES[:2], *cleaning.NAMES[-2:]),
    (cleaning, "RANDOM"): 2,
    (forgery, "ODD"): (None, True, -1, 10**400, "../../x", [], {"x": None}),
    (forgery, "TEXTS"): ("", "\x1b[2J"),
    (forgery, "REPORTS"): 1,
}  # `make stress` has time for more


@pytest.mark.parametrize("trial", TRIALS)
def test_nothing_is_lost(trial, scene, rng, monkeypatch):
    for (module, name), value in SHORTER.items():
        monkeypatch.setattr(module, name, value)
    outcome = TRIALS[trial](scene, rng, 1)
    if outcome.note.startswith("left out"):
        pytest.skip(outcome.note)
    assert outcome.tries >= 1
    assert outcome.kills >= trial.startswith("kill")
    assert outcome.corruptions >= ("damage" in trial or "forge" in trial)
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
    text = "\n".join(trial.losses)
    assert f"{store.path(touched)}: touched when finished" in text
    assert f"{store.path(missing)}: missing, or not the same bytes" in text
    assert "other tables or figures" in text


def test_a_commit_that_is_made_meanwhile_is_no_loss(scene):
    out, trial = scene.fresh("committed"), Trial("none")
    shutil.copytree(scene.expected, out, dirs_exist_ok=True)
    store, cell = Store(out), scene.cells[0]
    source = {"commit": "0123456789ab+"}
    store.write(replace(store.read(cell), provenance=source))
    scene.check(trial, out)
    assert trial.losses == []
