"""The best model is scored on images that took no part in anything."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from reproduce.cli import main
from reproduce.data import load_digits
from reproduce.data.build import left_over, read_mnist
from reproduce.report.unseen import UNSEEN, unseen_scores, unseen_sentence

ROOT = Path(__file__).parents[2]
MNIST = ROOT.parent / "shared" / "mnist"
PUBLISHED = ROOT / "results" / "reference"
needs_mnist = pytest.mark.skipif(
    not MNIST.is_dir(), reason="MNIST itself is not beside the project"
)


@needs_mnist
def test_no_image_left_over_is_in_a_split():
    split, digits = left_over(*read_mnist(MNIST)), load_digits()
    drawn = {
        image.tobytes()
        for part in (digits.train, digits.validation, digits.test)
        for image in part.images
    }
    assert sum(image.tobytes() in drawn for image in split.images) == 0
    assert set(split.labels) == {1, 2, 3, 6, 9}


@needs_mnist
def test_the_scores_are_written_and_said_with_their_interval(tmp_path, capsys):
    for name in ("best_model.keras", "best_model.json"):
        (tmp_path / name).write_bytes((PUBLISHED / name).read_bytes())
    assert main(["unseen", "--mnist", str(MNIST), "--out", str(tmp_path)]) == 0
    scores = json.loads((tmp_path / UNSEEN).read_bytes())
    confusion = np.array(scores["confusion"])
    assert (
        confusion.sum() == scores["images"] == len(left_over(*read_mnist(MNIST)).labels)
    )
    assert scores["accuracy"] == np.trace(confusion) / scores["images"]
    assert unseen_sentence(scores) in capsys.readouterr().out


def test_scores_of_another_model_are_left_out(tmp_path):
    best = SimpleNamespace(model_sha256="a" * 64)
    scores = {"model_sha256": best.model_sha256, "images": 100, "accuracy": 0.97}
    (tmp_path / UNSEEN).write_text(json.dumps(scores))
    assert unseen_scores(tmp_path, best) == scores
    (tmp_path / UNSEEN).write_text(json.dumps({**scores, "model_sha256": "other"}))
    assert unseen_scores(tmp_path, best) is None


def test_what_is_not_mnist_is_refused_in_one_line(tmp_path, capsys):
    for name in ("best_model.keras", "best_model.json"):
        (tmp_path / name).write_bytes((PUBLISHED / name).read_bytes())
    assert main(["unseen", "--mnist", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "four IDX files" in capsys.readouterr().err
