import pytest

from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.record import Record
from reproduce.experiment.store import Store


@pytest.fixture
def cell():
    return Cell(4, "nag", 2)


@pytest.fixture
def record(cell):
    """A whole record of a run that never happened."""
    confusion = [[1, 1, *[0] * 8], *[[0] * 10] * 9]
    split = {"loss": 0.25, "accuracy": 0.5, "confusion": confusion}
    return Record(
        cell=cell,
        protocol=Protocol(),
        ending="threshold",
        epochs=2,
        history={"loss": [0.5, 0.25], "accuracy": [0.75, 0.875]},
        splits={name: split for name in ("train", "validation", "test")},
        trace={},
        parameters=575_050,
        initial_sha256="ab",
        model_sha256="cd",
        seconds={"setup": 1.0, "training": 2.0},
        provenance={"cpu": "any"},
    )


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "out")
