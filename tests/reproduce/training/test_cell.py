"""A run that goes on from a checkpoint ends as if it had never been interrupted."""

import os
import shutil
import signal
from dataclasses import replace

import pytest

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.training.checkpoints import Checkpoint, Checkpoints
from reproduce.training.pool import Child

# Four epochs, whatever the losses do.
SHORT = replace(Protocol(), max_epochs=4, subset=40, mode="absolute", threshold=0.0)


def train(*arguments):
    from reproduce.training.cell import train

    return train(*arguments)


def same(one, other):
    """Whether (record, model) pairs are equal, but for the time they took."""
    records = [replace(record, seconds={}) for record, _ in (one, other)]
    return records[0] == records[1] and one[1] == other[1]


def interrupted(cell, protocol, paths, after):
    """Train with a checkpoint each epoch; keep those of the first `after` epochs."""
    kept = [path.with_suffix(".kept") for path in paths]

    def on_epoch(epoch, loss):
        if epoch == after + 1:  # its own checkpoint is not written yet
            for path, copy in zip(paths, kept, strict=True):
                shutil.copy(path, copy)

    whole = train(cell, protocol, on_epoch, Checkpoints(paths, 0.0))
    for path, copy in zip(paths, kept, strict=True):
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
    assert same(whole, resumed)


def test_checkpoints_change_nothing_and_their_seconds_are_counted(store):
    cell = Cell(1, "batch_gd", 0)
    protocol = replace(SHORT, evaluate_epochs=True, monitor="evaluated_loss")
    paths = store.checkpoint_paths(cell)
    whole = interrupted(cell, protocol, paths, after=3)
    assert same(whole, train(cell, protocol))
    content = paths[0].read_bytes()
    earlier = Checkpoint.from_bytes(content)
    longer = replace(earlier, seconds={name: 1000.0 for name in earlier.seconds})
    for path in paths:
        path.write_bytes(longer.to_bytes())
    resumed = train(cell, protocol, None, Checkpoints(paths))
    assert same(whole, resumed)
    assert all(1000 < seconds < 1100 for seconds in resumed[0].seconds.values())


def test_the_criterion_compares_with_the_epoch_before_the_interruption(store):
    cell = Cell(1, "batch_gd", 0)
    converging = replace(SHORT, mode="decrease", threshold=1e3)  # at the second epoch
    paths = store.checkpoint_paths(cell)
    paths[0].parent.mkdir(parents=True)
    paths[1].touch()
    whole = interrupted(cell, converging, paths, after=1)
    assert whole[0].epochs == 2
    assert same(whole, train(cell, converging, None, Checkpoints(paths)))


def test_a_killed_child_leaves_a_checkpoint_and_the_next_one_ends_the_run(store):
    cell, protocol = Cell(1, "momentum", 1), replace(SHORT, max_epochs=400)
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
    assert same(whole, (store.read(cell), store.model_path(cell).read_bytes()))


def test_the_order_of_examples_follows_seed_architecture_and_epoch_alone():
    from reproduce.training.cell import order

    first = order(Cell(1, "sgd", 0), 500, 0)
    assert sorted(first.tolist()) == list(range(500))
    for same in (Cell(1, "sgd", 0), Cell(1, "adam", 0)):
        assert (order(same, 500, 0) == first).all()
    for other, epoch in ((Cell(2, "sgd", 0), 0), (Cell(1, "sgd", 1), 0)):
        assert (order(other, 500, epoch) != first).any()
    assert (order(Cell(1, "sgd", 0), 500, 1) != first).any()
