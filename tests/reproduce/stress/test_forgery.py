"""Forgeries have checksums that agree, and change nothing where they are believed."""

import random
from functools import partial

import numpy as np
import pytest

from reproduce.experiment.protocol import Cell
from reproduce.experiment.store import Store
from reproduce.stress import forgery
from reproduce.stress.corruption import LONG
from reproduce.stress.trial import Trial
from reproduce.training.checkpoints import Checkpoint, Checkpoints

EPOCHS = 5


@pytest.fixture(scope="module")
def state():
    """The state of a long run, before its first epoch."""
    from reproduce.data import load_digits
    from reproduce.training.cell import RunState, Stopwatch, make_model

    cell = Cell(1, "momentum", 0)
    model = make_model(cell, LONG, load_digits().train.head(4))
    identity = {"cell": {"method": "momentum", "seed": 0}, "code": "ab"}
    return RunState(identity, model, Stopwatch())


@pytest.fixture(scope="module")
def true(state):
    """A checkpoint that a run may have left."""
    from reproduce.training.checkpoints import state_of

    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    return Checkpoint(
        identity=state.identity,
        epoch=EPOCHS,
        history={name: [0.5] * EPOCHS for name in names},
        seconds={"setup": 1.0, "training": 2.0, "cpu": 3.0},
        arrays=[variable.numpy() for variable in state_of(state.model)],
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_forged_checkpoint_is_the_true_one_or_as_good_as_none(
    seed, state, true, tmp_path
):
    content, fits = true.to_bytes(), partial(state.fits, LONG)
    path, seen = tmp_path / "forged", set()
    path.write_bytes(content)
    assert Checkpoints([path]).load(fits) is not None
    for name, forged in forgery.forged_checkpoints(content, random.Random(seed)):
        path.write_bytes(forged)
        believed = Checkpoints([path]).load(fits)
        seen.add(believed is None)
        if believed is not None:
            assert (believed.epoch, believed.history) == (true.epoch, true.history)
            for theirs, ours in zip(believed.arrays, true.arrays, strict=True):
                np.testing.assert_array_equal(theirs, ours, err_msg=name)
    assert seen == {True, False}


def test_a_forged_checkpoint_is_refused_for_what_is_in_it_alone(true):
    """Its SHA-256 agrees."""
    forged = forgery.forged_checkpoints(true.to_bytes(), random.Random(0))
    for _, content in forged:
        digest, _, body = content.partition(b"\n")
        assert digest.decode() == forgery.hashlib.sha256(body).hexdigest()
    assert len(forged) > len(forgery.ARRAYS) + forgery.HEADERS


def record_that_is_believed(scene, monkeypatch, **wrong):
    """What a trial says of a record that is believed, where a function is wrong."""
    store, cell = Store(scene.expected), scene.cells[0]
    for name, function in wrong.items():
        monkeypatch.setattr(forgery, name, function)
    trial, copies = Trial("forged"), Store(scene.fresh("copies"))
    content, place = store.path(cell).read_bytes(), ("epochs", 3)
    target = Store(scene.fresh("own"))
    target.path(cell).parent.mkdir(parents=True)
    forgery._is_believed(trial, place, content, target, cell, copies)
    return trial.losses


def test_a_record_that_is_whole_is_no_loss(scene, monkeypatch):
    assert record_that_is_believed(scene, monkeypatch) == []


def test_a_reader_that_raises_anything_else_is_a_loss(scene, monkeypatch):
    def fail(content):
        raise KeyError("seconds")

    (loss,) = record_that_is_believed(scene, monkeypatch, parse=fail)
    assert loss == "forged: 'epochs' 3: KeyError('seconds')"


def test_a_report_that_fails_is_a_loss(scene, monkeypatch):
    def fail(folder, published):
        raise ZeroDivisionError

    cell, out = scene.cells[0], Store(scene.fresh("reported"))
    content = Store(scene.expected).path(cell).read_bytes()
    for neighbour in scene.cells:
        out.path(neighbour).parent.mkdir(parents=True)
    monkeypatch.setattr(forgery, "build", fail)
    trial = Trial("forged")
    forgery._report(trial, scene, out, cell, ("epochs", 3), content)
    assert trial.losses == ["forged: 'epochs' 3: the report: ZeroDivisionError()"]
