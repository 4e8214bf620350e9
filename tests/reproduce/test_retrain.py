"""`verify` trains published cells again and ends with 1 where they differ."""

from dataclasses import replace

import pytest

from reproduce.cli import main
from reproduce.experiment.store import Store
from reproduce.report import build
from reproduce.training import schedule

from .report.conftest import make_record


@pytest.fixture
def published(tmp_path):
    for seed in range(3):
        Store(tmp_path / "published").write(make_record(1, "sgd", seed))
    build(tmp_path / "published")
    return tmp_path / "published"


def verify(monkeypatch, published, trained):
    """The status of `verify` if training a cell again leaves `trained(record)`."""

    def train_missing(tasks, out, pool):
        for task in tasks:
            task.store.write(trained(Store(published).read(task.cell)))

    monkeypatch.setattr(schedule, "train_missing", train_missing)
    return main(
        ["verify", "--out", str(published / "none"), "--against", str(published)]
    )


def test_the_same_bytes_are_a_success(published, monkeypatch, capsys):
    assert verify(monkeypatch, published, lambda record: record) == 0
    assert "arch1 sgd seed 0: same bytes" in capsys.readouterr().out


def test_a_value_outside_the_spread_is_a_failure(published, monkeypatch, capsys):
    def slower(record):
        return replace(record, epochs=9 * record.epochs)

    assert verify(monkeypatch, published, slower) == 1
    assert "neither (epochs" in capsys.readouterr().out


def test_without_retraining_only_the_verdicts_are_compared(published, capsys):
    arguments = ["--out", str(published), "--against", str(published)]
    assert main(["verify", "--retrain", "0", *arguments]) == 0
    assert "trained again" not in capsys.readouterr().out
