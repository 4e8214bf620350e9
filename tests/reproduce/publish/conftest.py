"""The tables of a full folder, once for all modules that test them."""

import pytest

from reproduce.analysis.findings import find
from reproduce.publish.tables import tables

from .test_tables import full


@pytest.fixture(scope="session")
def findings(tmp_path_factory):
    return find(full(tmp_path_factory.mktemp("full")))


@pytest.fixture(scope="session")
def full_tables(findings):
    return tables(findings)
