"""The month's calls and the cache of descriptions, on the real table."""

from __future__ import annotations

import itertools

import pytest

from describe.month import Month
from tests.contracts.describe_contract import BudgetContract, CacheContract
from tests.fakes.clocks import ManualClock

_FIRST_MONTH_MS = 1_795_000_000_000
_months = itertools.count()


@pytest.fixture
def clock() -> ManualClock:
    """Give every test two months of its own: they share one table."""
    moment_ms = _FIRST_MONTH_MS
    for _ in range(2 * next(_months)):
        moment_ms = Month.of(moment_ms).ends_at_ms + 1_000_000
    return ManualClock(moment_ms)


class TestBudgetInDynamo(BudgetContract):
    """The calls, counted in the table."""


class TestCacheInDynamo(CacheContract):
    """The cache, in the table."""
