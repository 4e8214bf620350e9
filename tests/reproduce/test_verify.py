"""`verify` pools one's runs with the published ones and trains some of these again."""

from dataclasses import replace

import pytest

from reproduce.cli import main
from reproduce.experiment.store import Store
from reproduce.training import schedule
from tests.reproduce.analysis.runs import run

EPOCHS = 153  # as the original has SGD on architecture 1


@pytest.fixture
def published(tmp_path):
    for seed in range(4):
        Store(tmp_path / "published").write(run(1, "sgd", seed, EPOCHS + 3 * seed - 4))
    return tmp_path / "published"


@pytest.fixture
def verify(tmp_path, published, monkeypatch):
    """The status of `verify` with some runs of one's own.

    Training a cell again leaves `trained(the published record)`, if that is a record.
    """

    def verify(runs=(), trained=lambda record: record, retrain=3):
        def train_missing(tasks, out, pool):
            for task in tasks:
                if record := trained(Store(published).read(task.cell)):
                    task.store.write(record)

        monkeypatch.setattr(schedule, "train_missing", train_missing)
        for record in runs:
            Store(tmp_path / "own").write(record)
        where = ["--out", str(tmp_path / "own"), "--against", str(published)]
        return main(["verify", *where, "--retrain", str(retrain), "--jobs", "1"])

    return verify


def test_one_seed_that_equals_the_published_is_judged_with_all_of_them(
    verify, published, capsys
):
    twin = Store(published).load()[0]
    assert verify([twin]) == 0
    output = capsys.readouterr().out
    assert "1 of your 1 run equals the published run" in output
    assert "3 numbers of the original judged" in output
    assert "the same bytes" in output


def test_runs_of_ones_own_that_turn_a_verdict_are_a_failure(verify, capsys):
    assert verify([run(1, "sgd", seed, 190) for seed in range(4, 64)]) == 1
    output = capsys.readouterr().out
    assert "SGD, epochs: AGREES before, DIFFERS now" in output


def test_without_runs_of_ones_own_some_are_trained_all_the_same(verify, capsys):
    assert verify() == 0
    output = capsys.readouterr().out
    assert "no runs of yours" in output and "1 of 4 published runs" in output


def test_runs_with_other_settings_are_not_compared(verify, capsys):
    variant = run(1, "sgd", 0, EPOCHS)
    variant = replace(variant, protocol=replace(variant.protocol, learning_rate=0.01))
    assert verify([variant]) == 0
    assert "other settings than the published" in capsys.readouterr().out


def test_a_run_outside_the_spread_is_a_failure(verify, capsys):
    assert (
        verify(trained=lambda record: run(1, "sgd", record.cell.seed, 9 * EPOCHS)) == 1
    )
    assert "outside the spread of 4 published seeds (epochs 1377" in (
        capsys.readouterr().out
    )


def test_a_training_that_fails_is_a_failure(verify, capsys):
    assert verify(trained=lambda record: None) == 1
    assert "training failed" in capsys.readouterr().out


def test_other_bytes_within_the_spread_are_a_success(verify, capsys):
    assert verify(trained=lambda record: replace(record, parameters=7)) == 0
    assert "within the spread of 4 published seeds" in capsys.readouterr().out


def test_without_retraining_only_verdicts_are_compared(verify, published, capsys):
    assert verify(Store(published).load(), retrain=0) == 0
    assert "trained again" not in capsys.readouterr().out


def test_nothing_published_is_said_in_one_line(tmp_path, capsys):
    nowhere = str(tmp_path / "nowhere")
    assert main(["verify", "--out", nowhere, "--against", nowhere]) == 2
    assert "no records found to compare with" in capsys.readouterr().err
