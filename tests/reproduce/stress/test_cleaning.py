"""A trial of cleaning counts what is gone, what is left and what has changed."""

import random
import re

import pytest

from reproduce.cleaning import delete
from reproduce.stress import cleaning
from reproduce.stress.trial import Trial


def lost(scene, monkeypatch, wrong, name="a b"):
    """What a trial says of a `make purge` that does something wrong."""

    def make(trial, checkout, target, name, rng):
        wrong(checkout / name, target)
        return f"make {target}"

    monkeypatch.setattr(cleaning, "_make", make)
    monkeypatch.setattr(cleaning, "NAMES", (name,))
    monkeypatch.setattr(cleaning, "RANDOM", 0)
    return cleaning.clean_folders(scene, random.Random(0), 1).losses


def purge(out, target):
    delete(out, runs=target == "purge")


def test_what_cleans_as_it_should_loses_nothing(scene, monkeypatch):
    assert lost(scene, monkeypatch, purge) == []


def take_another(out, target):
    purge(out, target)
    (out.parent / "Makefile").unlink(missing_ok=True)


def change_another(out, target):
    purge(out, target)
    (out.parent / "a" / "REPORT.md").write_text(target)


WRONG = {"left": print, "gone": take_another, "changed": change_another}


@pytest.mark.parametrize("fault", WRONG)
def test_what_cleans_otherwise_is_caught(fault, scene, monkeypatch):
    losses = lost(scene, monkeypatch, WRONG[fault])
    assert losses and all(re.search(rf": \d+ {fault}: ", loss) for loss in losses)


def test_what_make_says_and_how_it_ends_count(tmp_path):
    (tmp_path / "Makefile").write_text("purge:\n\t@echo Traceback >&2; false\n")
    trial = Trial("purge")
    cleaning._make(trial, tmp_path, "purge", "a", random.Random(0))
    assert len(trial.losses) == 2


def test_no_name_that_is_nearly_ours_is_ours(scene):
    files, rng = cleaning._products(scene)[0], random.Random(0)
    for name in files:
        assert cleaning._nearly(name, rng) not in files
