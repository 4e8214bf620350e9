"""The notebook runs from top to bottom in any folder, and is kept without results."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "examples" / "first-look.ipynb"
EXAMPLE = ROOT / "examples" / "sign_momentum.py"
WRITE = "%%writefile "  # Jupyter writes what follows to a file
UNSET = 'REPOSITORY = ""'


@pytest.fixture
def code():
    """The notebook's code cells."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def sources(code):
    return ["".join(cell["source"]) for cell in code]


def test_no_results_are_kept_in_it(code):
    results = [(cell["outputs"], cell["execution_count"]) for cell in code]
    assert results == [([], None)] * len(code)


def test_the_optimizer_in_it_is_the_example(sources):
    written = [source for source in sources if source.startswith(WRITE)]
    example = EXAMPLE.read_text(encoding="utf-8").rstrip("\n")
    assert written == [f"{WRITE}{EXAMPLE.name}\n{example}"]


def test_every_cell_runs(sources, tmp_path, monkeypatch, capsys):
    matplotlib.use("Agg")
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, EXAMPLE.stem, raising=False)
    names = {}
    for source in sources:
        if source.startswith(WRITE):
            first, rest = source.split("\n", 1)
            Path(first.removeprefix(WRITE)).write_text(rest, encoding="utf-8")
        else:
            exec(source, names)
    output = capsys.readouterr().out
    assert "test images are told right" in output
    assert names["accuracy"] > 0.95
    record, adam = names["record"], names["adam"]
    assert record.cell.method.startswith("sign_momentum:SignMomentum ")
    assert f"{record.ending} after {record.epochs} epochs, 9" in output
    assert len(adam) > 1
    assert len(names["axis"].lines) == len(adam) + 2
    pyplot.close("all")


@pytest.fixture
def set_up(sources, monkeypatch):
    """Runs the first cell where the project is not installed; returns its commands.

    Args of the function: the folder it runs in, and what it is to clone.
    """

    def run(folder, repository=""):
        commands = []
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "path", [])
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(
            subprocess, "run", lambda command, check: commands.append(command)
        )
        assert UNSET in sources[0]
        exec(sources[0].replace(UNSET, f"REPOSITORY = {repository!r}"), {})
        return commands

    return run


@pytest.mark.parametrize("folder", [ROOT, NOTEBOOK.parent])
def test_in_the_project_nothing_is_installed(folder, set_up):
    assert set_up(folder) == []
    assert sys.path == [str(ROOT)]


def test_elsewhere_it_is_cloned_and_installed(set_up, tmp_path):
    clone = tmp_path / "seven-optimizers"
    assert set_up(tmp_path, "some/address") == [
        ["git", "clone", "some/address", clone],
        [sys.executable, "-m", "pip", "install", "--quiet", clone],
    ]
    assert sys.path == [str(clone)]


def test_elsewhere_it_asks_for_the_address(set_up, tmp_path):
    with pytest.raises(ValueError, match="REPOSITORY: empty; set it"):
        set_up(tmp_path)
