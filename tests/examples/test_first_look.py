"""The notebook runs from top to bottom, and is kept without its results."""

import json
from pathlib import Path

import matplotlib
import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "first-look.ipynb"


@pytest.fixture
def code():
    """The notebook's code cells."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_no_results_are_kept_in_it(code):
    kept = [(cell["outputs"], cell["execution_count"]) for cell in code]
    assert kept == [([], None)] * len(code)


@pytest.mark.parametrize("folder", [NOTEBOOK.parent, NOTEBOOK.parents[1]])
def test_every_cell_runs(code, folder, monkeypatch, capsys):
    matplotlib.use("Agg")
    from matplotlib import pyplot

    monkeypatch.chdir(folder)
    names = {}
    for cell in code:
        exec("".join(cell["source"]), names)
    assert "test images are told right" in capsys.readouterr().out
    assert names["accuracy"] > 0.95
    assert len(names["axis"].lines) == 3
    pyplot.close("all")
