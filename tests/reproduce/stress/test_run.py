"""Trials are made in the project's folder, and nowhere else."""

import pytest

from reproduce.cli import main
from reproduce.stress import run


@pytest.mark.parametrize("names", [[], ["Makefile"], ["tests"]])
def test_without_the_projects_folder_it_says_at_once_how_to_get_one(
    names, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    for name in names:
        (tmp_path / name).mkdir()
    assert main(["stress", "--out", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{tmp_path}: no " in line and "clone the project" in line
    assert all(f"no {name}" not in line for name in names)
    assert not (tmp_path / "out").exists()


def test_the_projects_folder_has_all_that_trials_need():
    assert all((run.ROOT / name).exists() for name in run.NEEDED)
