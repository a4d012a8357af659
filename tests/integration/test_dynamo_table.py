"""The real table keeps the contract that the fake of the unit tests is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from common.keys import Key
from common.table import DynamoTable, Put
from tests.contracts.table_contract import RepositoriesContract, TableContract

if TYPE_CHECKING:
    from collections.abc import Callable


class TestDynamoTable(TableContract):
    """The adapter, as a table."""


class TestRepositoriesInDynamo(RepositoriesContract):
    """The repositories over the adapter."""


def test_a_table_that_does_not_exist_is_our_own_defect(
    make_client: Callable[[str], Any],
) -> None:
    missing = DynamoTable("no-such-table", lambda: make_client("dynamodb"))
    with pytest.raises(Exception, match="ResourceNotFound"):
        missing.write(Put(Key("USER#1", "PROFILE"), {}))
