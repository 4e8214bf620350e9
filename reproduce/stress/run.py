"""All trials, one after the other."""

import random
import tempfile

from reproduce.errors import UserError
from reproduce.files import write_atomically
from reproduce.training.pool import ROOT

from .cleaning import clean_folders
from .cluster import lose_workers
from .corruption import damage_checkpoints, damage_records, retrain_damaged
from .crowding import (
    interrupt_once,
    interrupt_twice,
    pause,
    two_at_once,
    two_settings_at_once,
)
from .disk import full_disk, limited_files, read_only
from .forgery import copy_records, forge_checkpoints, forge_records, newer_records
from .inputs import bad_inputs
from .kills import kill_children, kill_parents
from .memory import many_runs
from .scene import Scene
from .table import as_csv, as_markdown

NEEDED = ("Makefile", "tests")  # of the project's folder, which no package brings
METHODS = ("nag", "adam", "sgd", "batch_gd")  # each kind of engine
TRIALS = (
    kill_parents,
    kill_children,
    lose_workers,
    damage_checkpoints,
    forge_checkpoints,
    damage_records,
    forge_records,
    copy_records,
    newer_records,
    retrain_damaged,
    two_at_once,
    two_settings_at_once,
    interrupt_once,
    interrupt_twice,
    pause,
    limited_files,
    full_disk,
    read_only,
    many_runs,
    clean_folders,
)


def stress(out, tries, seed, say):
    """Make all trials; write `stress.md` and `stress.csv`.

    Args:
        out: output folder.
        tries: how often each disturbance is tried.
        seed: of the random times and places.
        say: called with a line after each trial.

    Returns:
        The losses, in words.

    Raises:
        UserError: this is an installed copy, not the project's folder.
    """
    _check_folder()
    trials = []
    with tempfile.TemporaryDirectory(prefix="stress-") as folder:
        scene = Scene(folder, METHODS)
        say(f"undisturbed: {scene.seconds:.0f} s")
        for make in TRIALS:
            trials.append(make(scene, random.Random(f"{seed} {make.__name__}"), tries))
            say(_line(trials[-1]))
    for trial in bad_inputs():
        trials.append(trial)
        say(_line(trial))
    write_atomically(out / "stress.csv", as_csv(trials))
    write_atomically(out / "stress.md", as_markdown(trials, seed))
    return [loss for trial in trials for loss in trial.losses]


def _check_folder():
    missing = [name for name in NEEDED if not (ROOT / name).exists()]
    if missing:
        raise UserError(
            f"{ROOT}: no {' and no '.join(missing)}, which trials need: an installed "
            "copy lacks them; clone the project, and `make stress` in its folder"
        )


def _line(trial):
    losses = f"{len(trial.losses)} losses" if trial.losses else "nothing lost"
    counts = f"{trial.tries} tries, {trial.kills} kills, {trial.corruptions} damages"
    note = f" ({trial.note})" if trial.note else ""
    return f"{trial.name}: {counts}: {losses}{note}"
