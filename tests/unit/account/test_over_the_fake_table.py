"""The repositories and rules of `account` over the fake table (see `tests/contracts`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.account_contract import (
    DeletionContract,
    HistoryContract,
    ItinerariesContract,
    OnceContract,
)
from tests.fakes.tables import InMemoryTable

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


@pytest.fixture
def everything(table: InMemoryTable) -> Callable[[], list[str]]:
    return lambda: [f"{key} {item}" for key, item in table.items.items()]


class TestHistory(HistoryContract):
    """Predictions and feedback."""


class TestItineraries(ItinerariesContract):
    """Itineraries and their versions."""


class TestOnce(OnceContract):
    """Requests with an `Idempotency-Key`."""


class TestDeletion(DeletionContract):
    """Leaving, and what one takes along."""
