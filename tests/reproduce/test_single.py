"""One cell from Python is the command line's; mistakes are said before it starts."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import reproduce
from reproduce.cli import main
from reproduce.errors import UserError
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.training import pool

ROOT = Path(__file__).parents[2]
SHORT = {"max_epochs": 2, "subset": 60, "patience": 1}
FLAGS = ["--max-epochs", "2", "--subset", "60", "--patience", "1", "--seeds", "4-4"]
TIMED = ("seconds", "file_sha256")  # what differs from run to run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that somebody works in, with the optimizer of the tutorial."""
    shutil.copy(ROOT / "examples" / "sign_momentum.py", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sign_momentum", raising=False)
    return tmp_path


def content(out, record):
    """All that is kept of a run, seconds aside."""
    store = Store(out)
    values = json.loads(store.path(record.cell).read_bytes())
    model = store.model_path(record.cell).read_bytes()
    return {k: v for k, v in values.items() if k not in TIMED}, model


def test_an_optimizer_gives_the_record_of_the_command_line(folder):
    from sign_momentum import SignMomentum

    optimizer = SignMomentum(0.0003, beta=0.5)
    record = reproduce.run(1, optimizer, seed=4, out=folder / "python", **SHORT)
    asked = ["--optimizer", "sign_momentum:SignMomentum", "--optimizer-args"]
    asked += ['{"beta": 0.5, "learning_rate": 0.0003}', "--architectures", "1"]
    assert main(["run", *asked, *FLAGS, "--out", str(folder / "line")]) == 0
    assert content(folder / "python", record) == content(folder / "line", record)


def test_what_the_folder_has_is_not_trained_again(store, record):
    adam = replace(record, cell=Cell(1, "adam", 0))  # what `run` trains if not told
    store.write(adam)
    assert reproduce.run(out=store.folder) == adam
    with pytest.raises(UserError, match="made under other settings"):
        reproduce.run(out=store.folder, max_epochs=2)


def test_the_history_is_a_table_with_a_row_an_epoch(record):
    frame = record.to_frame()
    index = pd.RangeIndex(1, 3, name="epoch")
    pd.testing.assert_index_equal(frame.index, index)
    assert frame.to_dict("list") == record.history


SCRIPT = """
import keras
import reproduce

class MyLion(keras.optimizers.Lion):
    pass

def train():
    record = reproduce.run(optimizer=MyLion(), max_epochs=1, subset=20)
    print(record.cell.method.split(" sha256")[0], record.epochs)

{}
"""


@pytest.mark.parametrize(
    ("call", "output"),
    [
        ('if __name__ == "__main__": train()', "try_it:MyLion 1\n"),
        ("train()", 'put the call under `if __name__ == "__main__":`'),
    ],
)
def test_a_script_trains_the_optimizer_that_it_defines(call, output, tmp_path):
    """Also where it has a module of the name of one of ours beside it."""
    (tmp_path / "try_it.py").write_text(SCRIPT.format(call))
    (tmp_path / "models.py").write_text("")
    done = subprocess.run(
        [sys.executable, tmp_path / "try_it.py"],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert output in done.stdout + done.stderr


MISTAKES = [
    ({"architecture": 6}, "architecture: 6; expected one of 1, 2, 3, 4, 5"),
    ({"seed": -1}, "seed: -1; expected a whole number from 0"),
    ({"seed": True}, "seed: True"),
    ({"optimizer": "adamm"}, "'adamm'"),
    ({"optimizer": None}, "optimizer: None; expected a method's key"),
    ({"patence": 2}, "patence: no setting of a run; did you mean patience?"),
    ({"data_sha256": "ab"}, "data_sha256: no setting of a run"),
    ({"learning_rate": 0}, "learning_rate: '0' is not a number above 0"),
    ({"patience": 1.5}, "patience: '1.5' is not a whole number of at least 0"),
    ({"mode": "up"}, "mode: 'up'; expected one of 'decrease', 'absolute'"),
    ({"evaluate_epochs": "no"}, "evaluate_epochs: 'no'; expected one of True, False"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_a_mistake_is_said_before_anything_starts(arguments, message, monkeypatch):
    monkeypatch.setattr(pool.Child, "start", None)
    with pytest.raises(UserError) as error:
        reproduce.run(**arguments)
    assert message in str(error.value)


def test_cell_and_settings_are_those_of_the_flags(monkeypatch):
    """One left at its default, or None, is not told."""
    seen = []
    event = {"event": "failed", "message": "seen"}
    monkeypatch.setattr(pool.Child, "run", lambda *a: seen.append(a[1:3]) or event)
    with pytest.raises(UserError, match="seen"):
        reproduce.run(
            2, "rmsprop", 4, monitor="evaluated_loss", subset=None, patience=0, rho=0.5
        )
    asked = Protocol().changed(rho=0.5, monitor="evaluated_loss", evaluate_epochs=True)
    assert seen == [(Cell(2, "rmsprop", 4), asked)]


def test_a_failure_that_is_nobodys_mistake_shows_where_it_was(monkeypatch):
    event = {"event": "failed", "message": "x", "traceback": "Traceback: in line 3"}
    monkeypatch.setattr(pool.Child, "run", lambda *a: event)
    with pytest.raises(RuntimeError, match="in line 3"):
        reproduce.run()
