"""The Makefile deletes runs of the user's own, and nothing else."""

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[1] / "Makefile"


@pytest.fixture
def checkout(tmp_path):
    """A folder like the project's, with something in it to lose."""
    folder = tmp_path / "checkout"
    for name in ("results/reference/runs", "results/mine/runs", "reproduce"):
        (folder / name).mkdir(parents=True)
    shutil.copy(MAKEFILE, folder)
    return folder


def make(folder, *words):
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("target", ["clean", "purge"])
@pytest.mark.parametrize(
    "out", ["", ".", "..", "results", "results/reference", "results/reference/runs"]
)
def test_what_is_not_a_folder_of_own_runs_is_never_deleted(checkout, target, out):
    before = sorted(checkout.rglob("*"))
    done = make(checkout, target, f"OUT={out}")
    assert done.returncode == 2
    assert f"OUT={out} is no folder of your own runs" in done.stdout
    assert sorted(checkout.rglob("*")) == before


def test_purge_deletes_the_folder_it_is_given(checkout):
    assert make(checkout, "purge", "OUT=results/mine").returncode == 0
    assert not (checkout / "results/mine").exists()
    assert (checkout / "results/reference/runs").exists()
