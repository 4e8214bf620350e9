"""The project installs: all of it is in the wheel, which works from any folder."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint, version
from pathlib import Path

import pytest

from reproduce.cli import main
from reproduce.data import load_digits

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
OLDEST = 77  # setuptools that can build it
CODE = ("callbacks", "models", "reproduce")
RESULTS = "results/reference"
READ = ("best_model.json", "best_model.keras", "bench/bench.csv", "**/runs/**/*.json")
NOT_BUILT = "setuptools of {} or later is needed to build it, not {}"


def sources():
    """The files that a wheel should have, relative to the project."""
    paths = [path for folder in CODE for path in (ROOT / folder).rglob("[!.]*")]
    paths += [path for pattern in READ for path in (ROOT / RESULTS).glob(pattern)]
    return {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_folder_with_code_is_a_package_that_is_named():
    folders = {Path(name).parent for name in sources() if name.endswith(".py")}
    named = set(SETUPTOOLS["packages"]) - set(SETUPTOOLS["package-dir"])
    assert named == {".".join(folder.parts) for folder in folders}


def test_the_requirements_that_a_person_reads_are_the_ones_it_installs():
    dynamic = SETUPTOOLS["dynamic"]
    assert dynamic["dependencies"] == {"file": "requirements.txt"}
    extras = {entry["file"] for entry in dynamic["optional-dependencies"].values()}
    assert extras == {path.name for path in ROOT.glob("requirements-*.txt")}


def test_its_version_is_the_one_to_cite():
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert f"version: {PROJECT['project']['version']}" in cited


def test_the_command_is_the_command_line():
    command = PROJECT["project"]["scripts"]["reproduce"]
    assert EntryPoint("reproduce", command, "console_scripts").load() is main


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the project, without a network."""
    release = version("setuptools")
    if int(release.partition(".")[0]) < OLDEST and "REQUIRE_WHEEL" not in os.environ:
        pytest.skip(NOT_BUILT.format(OLDEST, release))  # CI sets it
    folder = tmp_path_factory.mktemp("project")
    names = {*sources(), *(path.name for path in ROOT.glob("requirements*.txt"))}
    for name in {*names, "pyproject.toml", "README.md", "LICENSE"}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    subprocess.run(
        [sys.executable, "-c", build], cwd=folder, check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths}


def test_every_file_that_code_reads_is_in_the_wheel(installed):
    names = {name for name in files(installed) if ".dist-info/" not in name}
    published = SETUPTOOLS["package-dir"]["reproduce.reference"]
    assert published == RESULTS
    assert names == {
        name.replace(RESULTS, "reproduce/reference", 1) for name in sources()
    }


COMMANDS = """
from reproduce.cli import main

def reproduce(*words, status=0):
    print(end="\\0", flush=True)  # apart from the output of the one before
    given = main([*words])
    assert given == status, (words, given)

if __name__ == "__main__":
    cells = ["--architectures", "1", "--methods", "sgd", "--seeds", "3-3"]
    reproduce("run", *cells, "--max-epochs=2", "--subset=50", "--out=own")
    reproduce("report", "--out", "own")
    reproduce("predict", "--json", "digit.png")
    reproduce("verify", "--out", "nothing", "--retrain", "1")
    reproduce("stress", status=2)
"""


def test_what_is_installed_trains_reports_and_predicts_in_another_folder(
    installed, tmp_path
):
    from PIL import Image

    Image.fromarray(load_digits().test.images[0]).save(tmp_path / "digit.png")
    (tmp_path / "commands.py").write_text(COMMANDS)
    before = files(installed)
    environment = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "commands.py"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    record = next((tmp_path / "own/runs").rglob("*.json"))
    assert json.loads(record.read_text())["provenance"]["commit"] is None
    assert (tmp_path / "own/report.html").is_file()
    *_, predicted, verified, _ = done.stdout.split("\0")
    assert json.loads(predicted)[0]["digit"] == load_digits().test.labels[0]
    assert "arch1" in verified
    assert "clone the project" in done.stderr
    assert files(installed) == before
