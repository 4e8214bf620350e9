"""Fixtures of synthetic records and folders."""

import pytest

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.store import Store

from .synthetic import make_record, world


@pytest.fixture(scope="session")
def record():
    """The factory of records."""
    return make_record


@pytest.fixture(scope="session")
def five():
    """Five seeds of all cells; effects as the report claims them."""
    return world(5)


@pytest.fixture
def grid_of_records():
    """All 35 cells, one seed."""
    return [make_record(a, m) for a in ARCHITECTURES for m in METHODS]


@pytest.fixture
def output_folder(tmp_path):
    """Writes records below a folder and returns it."""

    def write(records, folder="out"):
        for one in records:
            Store(tmp_path / folder).write(one)
        return tmp_path / folder

    return write
