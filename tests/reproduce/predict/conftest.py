import numpy as np
import pytest

from reproduce.data import load_digits
from reproduce.data.digits import load_embedded

from .samples import scan


@pytest.fixture(scope="session")
def digits():
    """20 test images."""
    return load_digits().test.head(20)


@pytest.fixture(scope="session")
def shown():
    """An image of a 3, the same whatever is drawn for the splits."""
    return load_embedded().images[13498]


@pytest.fixture(scope="session")
def page(shown):
    """A digit as a scan: dark on light, eight times as large, off the middle."""
    return scan(shown)


@pytest.fixture(scope="session")
def model_bytes():
    """A `.keras` file of the smallest architecture, untrained."""
    from models import build_model
    from reproduce.training.cell import archive_bytes

    return archive_bytes(build_model(1, seed=0))


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A `.keras` file that tells digits rather well, of 5 or 10 outputs."""
    return {n: _trained(n, tmp_path_factory.mktemp("trained")) for n in (5, 10)}


def _trained(num_classes, folder):
    import keras

    from models import build_model

    keras.utils.set_random_seed(0)
    train = load_digits().train.head(3000)
    labels = np.searchsorted((1, 2, 3, 6, 9), train.labels)
    model = build_model(1, num_classes, "glorot_uniform", seed=0)
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    targets = labels if num_classes == 5 else train.labels
    model.fit(train.images.astype("float32"), targets, epochs=8, verbose=0)
    path = folder / "model.keras"
    model.save(path)
    return path
