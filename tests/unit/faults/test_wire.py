"""The faults are injected behind the real adapter, which keeps its contract over this wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from common.clients import client
from common.table import DynamoTable
from tests.contracts.table_contract import RepositoriesContract, TableContract
from tests.fakes.aws_wire import AwsWire

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def table() -> Iterator[DynamoTable]:
    wire = AwsWire()
    with pytest.MonkeyPatch.context() as patch:
        wire.install(patch)
        yield DynamoTable("unit-tests", lambda: client("dynamodb"), wire.clock.sleep)
    client.cache_clear()


class TestTable(TableContract):
    """The real adapter."""


class TestRepositories(RepositoriesContract):
    """What stands on it."""
