"""What is published under results/reference is what its records say."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reproduce.data import load_digits
from reproduce.experiment.store import Store
from reproduce.publish.build import build, renew_readme

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "results" / "reference"
MADE = ("tables", "figures", "REPORT.md", "report.html", "manifest.json")
MADE += ("best_model.json", "best_model.md", "seed-*.keras", "checkpoint-*")
MADE += ("verdicts.json",)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """A copy of all but what a report makes, with the report built anew."""
    folder = tmp_path_factory.mktemp("rebuilt") / "reference"
    shutil.copytree(REFERENCE, folder, ignore=shutil.ignore_patterns(*MADE))
    return folder, build(folder, published=None)


def test_the_report_is_rebuilt_byte_for_byte(rebuilt):
    folder, files = rebuilt
    assert len(files) > 50
    different = [
        path.relative_to(folder).as_posix()
        for path in files
        if path.read_bytes() != (REFERENCE / path.relative_to(folder)).read_bytes()
    ]
    assert different == []


def test_nothing_else_is_published_as_a_table_or_figure(rebuilt):
    folder, files = rebuilt
    published = {
        path.relative_to(REFERENCE)
        for kind in ("tables", "figures")
        for path in (REFERENCE / kind).iterdir()
    }
    assert published <= {path.relative_to(folder) for path in files}


def test_the_report_shows_every_figure_once():
    text = (REFERENCE / "REPORT.md").read_text()
    shown = re.findall(r"\]\((figures/.*?)\)", text)
    figures = (REFERENCE / "figures").iterdir()
    assert sorted(shown) == sorted(f"figures/{path.name}" for path in figures)


def test_the_readme_says_what_the_records_say(tmp_path):
    copy = tmp_path / "README.md"
    shutil.copy(ROOT / "README.md", copy)
    renew_readme(copy, REFERENCE)
    assert copy.read_bytes() == (ROOT / "README.md").read_bytes()


def test_every_published_record_is_whole():
    paths = list(REFERENCE.rglob("seed-*.json"))
    folders = {path.parents[3] for path in paths}
    assert REFERENCE in folders
    assert sum(len(Store(folder).load()) for folder in folders) == len(paths)


STRANGER = """
import sys, keras, numpy
model = keras.models.load_model(sys.argv[1])
outputs = model.predict(numpy.load(sys.argv[2]), verbose=0)
assert not any(name.startswith(("reproduce", "models.")) for name in sys.modules)
numpy.save(sys.argv[3], outputs)
"""


def test_the_best_model_works_where_this_project_is_not(tmp_path):
    card = json.loads((REFERENCE / "best_model.json").read_text(encoding="utf-8"))
    path = REFERENCE / "best_model.keras"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == card["sha256"]
    split = load_digits(card["cell"]["seed"]).test
    images, answers = tmp_path / "images.npy", tmp_path / "answers.npy"
    np.save(images, split.images)
    subprocess.run(
        [sys.executable, "-c", STRANGER, path, images, answers],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    outputs = np.load(answers)
    assert outputs.shape == (len(split.labels), 10)
    np.testing.assert_allclose(outputs.sum(axis=1), 1.0, rtol=1e-5)
    accuracy = np.mean(outputs.argmax(axis=1) == split.labels)
    assert accuracy == pytest.approx(card["expected"]["test"]["accuracy"], abs=1e-3)
