import pytest

from .samples import PUBLISHED


@pytest.fixture(scope="session")
def published():
    """Bytes of the published model's file: input, scaling, flattening, four dense."""
    return PUBLISHED.read_bytes()
