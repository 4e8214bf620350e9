"""The wall clock of whole runs, wherever they can be trained here."""

import subprocess
from types import SimpleNamespace

import pytest

from reproduce.bench import seeds
from reproduce.errors import UserError


@pytest.fixture
def commands(monkeypatch):
    """The commands that were run, each of which ends at once."""
    commands = []

    def run(command, **options):
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_on_one_core_nothing_is_compared_with_two(commands, monkeypatch):
    monkeypatch.setattr(seeds, "cores", lambda: [0])
    messages = []
    rows = seeds.measure_seeds(messages.append)
    assert [(row["where"], row["seeds"]) for row in rows] == [
        ("1 core", number) for number in seeds.SEEDS
    ]
    assert "left out" in messages[0]
    assert all(command[-2:] == ["--jobs", "1"] for command in commands)


def test_a_run_that_fails_is_quoted(monkeypatch):
    monkeypatch.setattr(seeds, "cores", lambda: [0])
    failed = SimpleNamespace(returncode=1, stderr="some\nno room on the disk\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(UserError, match="no room on the disk"):
        seeds.measure_seeds(lambda line: None)
