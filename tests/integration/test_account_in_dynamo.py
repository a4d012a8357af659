"""The repositories and rules of `account` over the real table (see `tests/contracts`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.account_contract import (
    DeletionContract,
    HistoryContract,
    ItinerariesContract,
    OnceContract,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.table import DynamoTable


@pytest.fixture
def everything(table: DynamoTable, make_client: Callable[[str], Any]) -> Callable[[], list[str]]:
    """Return a function that reads the whole table, past the adapter."""
    pages = make_client("dynamodb").get_paginator("scan")

    def read() -> list[str]:
        found = pages.paginate(TableName=table._name, ConsistentRead=True)
        return [repr(sorted(item.items())) for page in found for item in page["Items"]]

    return read


class TestHistory(HistoryContract):
    """Predictions and feedback."""


class TestItineraries(ItinerariesContract):
    """Itineraries and their versions."""


class TestOnce(OnceContract):
    """Requests with an `Idempotency-Key`."""


class TestDeletion(DeletionContract):
    """Leaving, and what one takes along."""
