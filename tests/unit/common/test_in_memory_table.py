"""The fake table keeps the contract of the real one (see `tests/contracts`)."""

from __future__ import annotations

import pytest

from tests.contracts.table_contract import RepositoriesContract, TableContract
from tests.fakes.tables import InMemoryTable


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


class TestInMemoryTable(TableContract):
    """The fake, as a table."""


class TestRepositoriesInMemory(RepositoriesContract):
    """The repositories over the fake."""
