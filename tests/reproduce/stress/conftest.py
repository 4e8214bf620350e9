import random

import pytest

from reproduce.stress.scene import FAKE_SERVE, Scene


@pytest.fixture(scope="session")
def scene(tmp_path_factory):
    """Real commands and processes, but children that only pretend to train."""
    folder = tmp_path_factory.mktemp("stress")
    return Scene(folder, ("sgd", "batch_gd", "nag", "adam"), FAKE_SERVE)


@pytest.fixture
def rng():
    return random.Random(0)
