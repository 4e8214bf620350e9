import pytest

from models import build_model
from reproduce.training.cell import archive_bytes


@pytest.fixture
def model_file(tmp_path):
    """Writes a `.keras` file of an untrained architecture 1 and returns its path."""

    def write(num_classes=10, initializer="glorot_uniform"):
        path = tmp_path / "model.keras"
        path.write_bytes(
            archive_bytes(build_model(1, num_classes, initializer, seed=0))
        )
        return path

    return write
