"""Paths are those of the records, and the plane is what it is said to be."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from models import build_model
from reproduce import paths
from reproduce.data import load_digits
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.paths import surface
from reproduce.paths.plane import closest_plane
from reproduce.paths.walk import Walk, kept_epochs, walk
from reproduce.publish.figures import read_paths
from reproduce.training.cell import LOSS, make_model, train
from reproduce.training.evaluation import evaluate

SHORT = replace(Protocol(), max_epochs=3, subset=60)
CELLS = [Cell(1, method, 0) for method in ("batch_gd", "adam")]


@pytest.fixture(scope="module")
def walks():
    return {cell.method: walk(cell, SHORT) for cell in CELLS}


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_path_is_the_run_of_the_record(cell, walks):
    record, saved = train(cell, SHORT)
    path = walks[cell.method]
    assert path.epochs == list(range(record.epochs + 1))
    assert path.losses == record.history["loss"]


def test_a_path_begins_at_the_initial_weights(walks):
    initial = make_model(CELLS[0], SHORT, load_digits().train.head(60)).get_weights()
    for path in walks.values():
        assert (path.weights[0] == np.concatenate([w.ravel() for w in initial])).all()


def test_epochs_are_kept_ever_further_apart():
    epochs = kept_epochs(20_000)
    assert epochs[:8] == list(range(1, 9)) and epochs[-1] <= 20_000
    assert len(epochs) < 100
    assert max(b / a for a, b in zip(epochs[10:], epochs[11:], strict=False)) < 1.15


def test_paths_within_a_plane_are_wholly_in_it():
    rng = np.random.default_rng(0)
    start = rng.normal(size=50).astype(np.float32)
    inside = rng.normal(size=(2, 50)).astype(np.float32)
    steps = np.concatenate([np.zeros((2, 1, 2)), rng.normal(size=(2, 9, 2))], axis=1)
    weights = (start + steps @ inside).astype(np.float32)
    plane = closest_plane({str(i): Walk([], weights[i], []) for i in range(2)})
    assert plane.share == pytest.approx(1, abs=1e-5)
    assert plane.shares == pytest.approx({"0": 1, "1": 1}, abs=1e-5)
    np.testing.assert_allclose(
        plane.directions @ plane.directions.T, np.eye(2), atol=1e-5
    )
    places = plane.coordinates(weights[1])
    back = np.stack([plane.point(*place) for place in places])
    np.testing.assert_allclose(back, weights[1], atol=1e-4)


def test_the_surface_is_the_loss_of_the_plain_network(walks):
    plane, split = closest_plane(walks), load_digits().train.head(60)
    (loss,) = surface.losses(plane, CELLS[0], SHORT, split, [3.0], [-2.0])[0]
    model = build_model(1)
    shapes = [weight.shape for weight in model.weights]
    flat, weights = plane.point(3.0, -2.0), []
    for shape in shapes:
        size = int(np.prod(shape))
        weights.append(flat[:size].reshape(shape))
        flat = flat[size:]
    model.set_weights(weights)
    model.compile(loss=keras.losses.get(LOSS))
    assert loss == pytest.approx(evaluate(model, split)["loss"], rel=1e-5)


def test_the_command_leaves_what_the_report_draws(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ACROSS", 5)
    messages = []
    paths.draw_paths(tmp_path, CELLS, SHORT, messages.append)
    content = read_paths(tmp_path, SHORT)
    assert len(messages) == len(CELLS) + 1
    assert all(len(path["x"]) == 4 for path in content["paths"].values())
