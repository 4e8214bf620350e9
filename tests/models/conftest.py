import numpy as np
import pytest

from reproduce.data import load_digits


@pytest.fixture(scope="session")
def examples():
    """120 training images and labels, the first ones."""
    split = load_digits().train.head(120)
    return split.images, split.labels.astype(np.int32)
