"""A run that goes on from a checkpoint ends as if it had never been interrupted."""

import os
import shutil
import signal
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.training.cell import RunState, Stopwatch, make_model, order, train
from reproduce.training.checkpoints import Checkpoint, Checkpoints, state_of
from reproduce.training.pool import Child

# Four epochs, whatever the losses do.
SHORT = replace(Protocol(), max_epochs=4, subset=40, mode="absolute", threshold=0.0)


def are_equal(first, second):
    """Whether (record, model) pairs are equal, but for the time they took."""
    records = [replace(record, seconds={}) for record, _ in (first, second)]
    return records[0] == records[1] and first[1] == second[1]


def interrupted(cell, protocol, paths, after):
    """Train with a checkpoint each epoch; keep those of the first `after` epochs."""
    copies = [path.with_suffix(".kept") for path in paths]

    def on_epoch(epoch, loss):
        if epoch == after + 1:  # its own checkpoint is not written yet
            for path, copy in zip(paths, copies, strict=True):
                shutil.copy(path, copy)

    whole = train(cell, protocol, on_epoch, Checkpoints(paths, 0.0))
    for path, copy in zip(paths, copies, strict=True):
        os.replace(copy, path)
    return whole


@pytest.mark.parametrize("method", METHODS)
def test_it_ends_in_the_same_bytes(method, store):
    cell = Cell(1, method, 3)
    paths = store.checkpoint_paths(cell)
    whole = interrupted(cell, SHORT, paths, after=2)
    epochs = []
    resumed = train(cell, SHORT, lambda e, _: epochs.append(e), Checkpoints(paths))
    assert epochs == [3, 4]
    assert are_equal(whole, resumed)


def test_checkpoints_change_nothing_and_their_seconds_are_counted(store):
    cell = Cell(1, "batch_gd", 0)
    protocol = replace(SHORT, evaluate_epochs=True, monitor="evaluated_loss")
    paths = store.checkpoint_paths(cell)
    whole = interrupted(cell, protocol, paths, after=3)
    assert are_equal(whole, train(cell, protocol))
    content = paths[0].read_bytes()
    earlier = Checkpoint.from_bytes(content)
    longer = replace(earlier, seconds={name: 1000.0 for name in earlier.seconds})
    for path in paths:
        path.write_bytes(longer.to_bytes())
    resumed = train(cell, protocol, None, Checkpoints(paths))
    assert are_equal(whole, resumed)
    assert all(1000 < seconds < 1100 for seconds in resumed[0].seconds.values())


def test_the_criterion_compares_with_the_epoch_before_the_interruption(store):
    cell = Cell(1, "batch_gd", 0)
    converging = replace(SHORT, mode="decrease", threshold=1e3)  # at the second epoch
    paths = store.checkpoint_paths(cell)
    paths[0].parent.mkdir(parents=True)
    paths[1].touch()
    whole = interrupted(cell, converging, paths, after=1)
    assert whole[0].epochs == 2
    assert are_equal(whole, train(cell, converging, None, Checkpoints(paths)))


@pytest.fixture(scope="module")
def state():
    """The state of a run of SHORT with its model made, before its first epoch."""
    cell = Cell(1, "momentum", 0)
    model = make_model(cell, SHORT, load_digits().train.head(4))
    return RunState({"of": "this run"}, model, Stopwatch())


def checkpoint(state, **changes):
    """One after two epochs; a name in `history` or `seconds` is changed in it."""
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    history = {name: [0.5, 0.25] for name in names}
    seconds = {"setup": 1.0, "training": 2.0}
    for name in [name for name in changes if name in history]:
        history[name] = changes.pop(name)
    values = {"identity": state.identity, "epoch": 2, "history": history}
    values["arrays"] = [variable.numpy() for variable in state_of(state.model)]
    return Checkpoint(**{**values, "seconds": seconds, **changes})


FORGED = {
    "of another run": {"identity": {"of": "another"}},
    "epoch in words": {"epoch": "2"},
    "half an epoch": {"epoch": 2.0},
    "an epoch below zero": {"epoch": -2},
    "more epochs than errors": {"epoch": 3},
    "the last epoch": {"epoch": 4},
    "a list for a history": {"history": [0.5, 0.25]},
    "no history": {"history": {}},
    "a quantity that is not there": {"history": {"loss": [1, 1], "accuracy": [1, 1]}},
    "errors in words": {"loss": ["0.5", "0.25"]},
    "an error that is none": {"loss": [0.5, None]},
    "an error that is not finite": {"loss": [0.5, float("nan")]},
    "an accuracy in percent": {"accuracy": [50.0, 75.0]},
    "one validation too few": {"validation_loss": [0.5]},
    "seconds in words": {"seconds": {"setup": "1", "training": 2.0}},
    "a list for seconds": {"seconds": [1.0, 2.0]},
    "endless seconds": {"seconds": {"setup": 1.0, "training": float("inf")}},
    "seconds that no record takes": {"seconds": {"setup": 1.0, "training": 1e308}},
    "seconds that no float takes": {"seconds": {"setup": 10**400, "training": 2.0}},
    "no seconds": {"seconds": {}},
    "no arrays": {"arrays": []},
    "other arrays": {"arrays": [np.zeros(3, np.float32)] * 13},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_a_checkpoint_that_does_not_fit_the_run_is_as_good_as_none(
    changes, state, store, cell
):
    checkpoints = Checkpoints(store.checkpoint_paths(cell))
    checkpoints.write(checkpoint(state))
    assert checkpoints.load(partial(state.fits, SHORT)).epoch == 2
    checkpoints.write(checkpoint(state, **changes))
    checkpoints.write(checkpoint(state, **changes))
    assert checkpoints.load(partial(state.fits, SHORT)) is None


def test_arrays_of_another_precision_or_shape_do_not_fit(state):
    arrays = checkpoint(state).arrays
    assert state.fits(SHORT, checkpoint(state))
    for first in (arrays[0].astype(np.float64), arrays[0].T):
        assert not state.fits(SHORT, checkpoint(state, arrays=[first, *arrays[1:]]))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, -1])  # of the weights, of the optimizer's
def test_arrays_with_a_number_that_is_not_finite_do_not_fit(place, number, state):
    arrays = checkpoint(state).arrays
    arrays[place] = arrays[place].copy()
    arrays[place].flat[-1] = number
    assert not state.fits(SHORT, checkpoint(state, arrays=arrays))


def test_a_run_with_a_forged_checkpoint_starts_over_and_ends_the_same(store):
    cell = Cell(1, "batch_gd", 3)
    paths = store.checkpoint_paths(cell)
    whole = interrupted(cell, SHORT, paths, after=2)
    for path in paths:
        left = Checkpoint.from_bytes(path.read_bytes())
        path.write_bytes(replace(left, seconds=["1.5"]).to_bytes())
    epochs = []
    rerun = train(cell, SHORT, lambda e, _: epochs.append(e), Checkpoints(paths))
    assert epochs == [1, 2, 3, 4]
    assert are_equal(whole, rerun)


def test_a_killed_child_leaves_a_checkpoint_and_the_next_one_ends_the_run(store):
    cell, protocol = Cell(1, "batch_gd", 1), replace(SHORT, max_epochs=1000)
    child = Child(checkpoint_seconds=0.1)

    def kill(event):
        if event["epoch"] > 1:  # not the first, which compiling delays
            os.kill(child.process.pid, signal.SIGKILL)

    event = child.run(cell, protocol, store.folder, kill)
    assert "signal 9" in event["message"]
    left = [path for path in store.checkpoint_paths(cell) if path.exists()]
    assert max(Checkpoint.from_bytes(path.read_bytes()).epoch for path in left) > 0
    assert child.run(cell, protocol, store.folder, print)["event"] == "done"
    child.stop()
    whole = train(cell, protocol)
    folder = Store(store.folder).path(cell).parent
    assert sorted(p.name for p in folder.iterdir() if p.suffix != ".tmp") == [
        "seed-1.json",
        "seed-1.keras",
    ]
    assert are_equal(whole, (store.read(cell), store.model_path(cell).read_bytes()))


def test_the_order_of_examples_follows_seed_architecture_and_epoch_alone():
    first = order(Cell(1, "sgd", 0), 500, 0)
    assert sorted(first.tolist()) == list(range(500))
    for twin in (Cell(1, "sgd", 0), Cell(1, "adam", 0)):
        assert (order(twin, 500, 0) == first).all()
    for stranger, epoch in ((Cell(2, "sgd", 0), 0), (Cell(1, "sgd", 1), 0)):
        assert (order(stranger, 500, epoch) != first).any()
    assert (order(Cell(1, "sgd", 0), 500, 1) != first).any()
