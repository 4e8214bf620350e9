"""Records in other tools' formats hold every epoch of every run."""

import pandas as pd
import pytest
import tensorflow as tf

from reproduce.cli import main
from reproduce.experiment.store import Store
from tests.reproduce.analysis.runs import run

RECORDS = [run(1, "adam"), run(1, "rmsprop", 1), run(4, "nag")]
VALIDATED = run(1, "sgd", epochs=5)
VALIDATED.history.update(
    {
        "loss": [0.5, 0.4, 0.3, 0.2, 0.1],
        "accuracy": [0.1, 0.2, 0.3, 0.4, 0.5],
        "validation_accuracy": [0.25, None, None, 0.5, 0.75],
    }
)  # as batch GD has it: not after every epoch
RECORDS.append(VALIDATED)


@pytest.fixture
def folder(tmp_path):
    for record in RECORDS:
        Store(tmp_path).write(record)
    return tmp_path


def test_the_csv_has_a_row_an_epoch(folder):
    assert main(["export", "--format", "csv", "--out", str(folder)]) == 0
    frame = pd.read_csv(folder / "history.csv")
    assert [*frame][:4] == ["architecture", "method", "seed", "epoch"]
    runs = frame.groupby(["architecture", "method", "seed"])
    assert len(runs) == len(RECORDS)
    for record in RECORDS:
        run = runs.get_group(tuple(vars(record.cell).values()))
        assert run["epoch"].tolist() == list(range(1, record.epochs + 1))
        for name, values in record.history.items():
            column = [None if pd.isna(value) else value for value in run[name]]
            assert column == values


def read(path):
    """{(tag, step): value} of an event file."""
    return {
        (value.tag, event.step): value.simple_value
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    }


def test_an_event_file_has_every_epoch_of_its_run(folder):
    logs = folder / "logs"
    command = ["export", "--format", "tensorboard", "--out", str(folder)]
    for _ in range(2):  # the second time replaces what the first has written
        assert main([*command, "--to", str(logs)]) == 0
    assert len(list(logs.rglob("events.out.tfevents.*"))) == len(RECORDS)
    for record in RECORDS:
        (path,) = (logs / record.cell.path.removesuffix(".json")).iterdir()
        scalars = read(path)
        for name, values in record.history.items():
            curve = [
                scalars.get((f"epoch/{name}", i + 1)) for i in range(record.epochs)
            ]
            assert curve == pytest.approx(values)
        accuracy = record.splits["test"]["accuracy"]
        assert scalars["final/test_accuracy", record.epochs] == pytest.approx(accuracy)


def test_a_run_leaves_its_event_file(tmp_path):
    short = "run --architectures 1 --methods batch_gd --max-epochs 2 --subset 60"
    logs = tmp_path / "logs"
    places = ["--out", str(tmp_path / "out"), "--tensorboard", str(logs), "--jobs=1"]
    assert main([*short.split(), *places]) == 0
    (record,) = Store(tmp_path / "out").load()
    (path,) = logs.rglob("events.out.tfevents.*")
    assert read(path)["epoch/loss", 2] == pytest.approx(record.history["loss"][1])


@pytest.mark.parametrize("form", ["csv", "tensorboard"])
def test_no_records_is_one_line(form, tmp_path, capsys):
    assert main(["export", "--format", form, "--out", str(tmp_path)]) == 2
    assert "no records" in capsys.readouterr().err
