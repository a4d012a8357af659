"""The month's calls and the cache keep their contract on the fake table; and their arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import keys
from common.errors import AccountNotFound, Unavailable
from common.table import Put
from describe.budget import MAX_HOLD_OFF_SECONDS, Budget, Limits, place_behind
from describe.cache import DescriptionCache, question_key
from describe.month import Month
from describe.reasons import NotDescribedError, Reason
from tests.contracts.describe_contract import BudgetContract, CacheContract
from tests.fakes.clocks import ManualClock
from tests.fakes.tables import FaultyTable, InMemoryTable, WatchedTable

MOMENTS_MS = st.integers(0, 4_000_000_000_000)


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


class TestBudgetInMemory(BudgetContract):
    """The calls, counted in the fake."""


class TestCacheInMemory(CacheContract):
    """The cache, in the fake."""


@given(MOMENTS_MS)
def test_a_month_holds_its_moments_and_ends_where_the_next_begins(moment_ms: int) -> None:
    month = Month.of(moment_ms)
    assert datetime.fromtimestamp(moment_ms // 1000, UTC).strftime("%Y-%m") == month.name
    assert moment_ms < month.ends_at_ms
    assert Month.of(month.ends_at_ms - 1) == month
    assert Month.of(month.ends_at_ms).name > month.name
    assert month.expires_at * 1000 > month.ends_at_ms


@given(
    calls=st.integers(0, 20),
    limit=st.integers(0, 20),
    next_call_at_ms=st.integers(0, 1_000),
    now_ms=st.integers(0, 1_000),
    wait_ms=st.integers(0, 1_000),
)
def test_a_place_is_there_exactly_when_a_call_is_left_and_its_time_comes_soon_enough(
    calls: int, limit: int, next_call_at_ms: int, now_ms: int, wait_ms: int
) -> None:
    found = {"calls": calls, "next_call_at_ms": next_call_at_ms}
    try:
        waits = place_behind(found, now_ms, now_ms + wait_ms, limit)
    except NotDescribedError as refusal:
        spent = refusal.reason == Reason.BUDGET_SPENT
        assert spent == (calls >= limit)
        assert spent or next_call_at_ms > now_ms + wait_ms
    else:
        assert calls < limit
        assert next_call_at_ms <= now_ms + wait_ms
        assert waits == (next_call_at_ms > now_ms)


@given(
    interval_ms=st.integers(1, 5_000),
    limit=st.integers(0, 12),
    steps=st.lists(
        st.tuples(st.floats(0, 3), st.floats(0, 6), st.sampled_from(["reserve", "hold_off"])),
        max_size=30,
    ),
)
def test_whatever_comes_when_calls_keep_their_distance_and_their_number(
    interval_ms: int, limit: int, steps: list[tuple[float, float, str]]
) -> None:
    table, clock = InMemoryTable(), ManualClock()
    table.write(Put(keys.profile("U1"), {"prediction_count": 0}))
    budget = Budget(table, Limits(limit, 1_000, interval_ms), clock)
    places: list[int] = []
    refusals: set[Reason] = set()
    held_until_ms = 0
    for pause_seconds, seconds, step in steps:
        clock.sleep(pause_seconds)
        if step == "hold_off":
            budget.hold_off(seconds)
            held_until_ms = clock.now_ms() + int(seconds * 1000)
            continue
        try:
            place = budget.reserve("U1", seconds)
        except NotDescribedError as refusal:
            refusals.add(refusal.reason)
            continue
        assert clock.now_ms() <= place <= clock.now_ms() + seconds * 1000
        assert place >= held_until_ms
        places.append(place)
    assert len(places) <= limit
    assert refusals <= {Reason.BUDGET_SPENT, Reason.TOO_BUSY}
    assert all(later - earlier >= interval_ms for earlier, later in pairwise(places))
    assert budget.left("U1").remaining == limit - len(places)


@pytest.mark.parametrize(
    ("calls", "wait_seconds", "reason"),
    [(2, 60, Reason.BUDGET_SPENT), (9, 0.15, Reason.TOO_BUSY)],
)
def test_who_is_overtaken_on_the_way_into_the_row_gets_no_more_than_is_left(
    table: InMemoryTable, clock: ManualClock, calls: int, wait_seconds: float, reason: Reason
) -> None:
    for user_id in ("U1", "U2"):
        table.write(Put(keys.profile(user_id), {"prediction_count": 0}))
    limits = Limits(calls, 9, 100)
    other = Budget(table, limits, clock)
    other.reserve("U2", 60)
    updates: list[str] = []

    def overtake(operation: str) -> None:
        updates.append(operation)
        # The try to start at once, and now the place behind the others.
        if updates.count("update") == 2 and operation == "update":
            other.reserve("U2", 60)

    with pytest.raises(NotDescribedError) as refusal:
        Budget(WatchedTable(table, overtake), limits, clock).reserve("U1", wait_seconds)
    assert refusal.value.reason == reason
    month = Month.of(clock.now_ms()).name
    assert table.items[keys.description_budget(month)]["calls"] == 2


def test_an_endpoint_cannot_silence_everybody_for_a_day(
    table: InMemoryTable, clock: ManualClock
) -> None:
    Budget(table, Limits(9, 9, 100), clock).hold_off(86_400)
    (item,) = table.items.values()
    assert item["next_call_at_ms"] == clock.now_ms() + MAX_HOLD_OFF_SECONDS * 1000


def test_an_account_that_is_deleted_on_the_way_leaves_no_counter(
    table: InMemoryTable, clock: ManualClock
) -> None:
    table.write(Put(keys.profile("U1"), {"prediction_count": 0}))

    def delete(operation: str) -> None:
        if operation in {"write", "update"}:
            table.items.pop(keys.profile("U1"), None)

    with pytest.raises(AccountNotFound):
        Budget(WatchedTable(table, delete), Limits(9, 9, 100), clock).reserve("U1", 60)
    assert table.items == {}


def test_a_claim_that_was_sent_twice_is_still_ones_own(
    table: InMemoryTable, clock: ManualClock
) -> None:
    cache, key = DescriptionCache(table, 60, clock), question_key("ab" * 32, "what?", ("m",))
    assert cache.claim(key, "me", 5.0) is None
    assert cache.claim(key, "me", 5.0) is None
    other = cache.claim(key, "another", 5.0)
    assert other is not None
    assert other.asked_by == "me"


def test_without_the_table_nothing_is_given_out(clock: ManualClock) -> None:
    for failing_call in range(2):
        table = InMemoryTable()
        table.write(Put(keys.profile("U1"), {"prediction_count": 0}))
        faulty = FaultyTable(table, [*([None] * failing_call), Unavailable()])
        with pytest.raises(Unavailable):
            Budget(faulty, Limits(9, 9, 100), clock).reserve("U1", 60)


def test_counters_leave_the_table_some_time_after_their_month(
    table: InMemoryTable, clock: ManualClock
) -> None:
    table.write(Put(keys.profile("U1"), {"prediction_count": 0}))
    Budget(table, Limits(9, 9, 100), clock).reserve("U1", 60)
    month = Month.of(clock.now_ms())
    for key in (keys.description_share("U1", month.name), keys.description_budget(month.name)):
        assert table.items[key]["expires_at"] > month.ends_at_ms / 1000


@given(st.text(), st.lists(st.text(), max_size=3), st.text(), st.lists(st.text(), max_size=3))
def test_another_prompt_or_other_models_are_another_question(
    prompt: str, models: list[str], other_prompt: str, other_models: list[str]
) -> None:
    same = (prompt, models) == (other_prompt, other_models)
    one, other = question_key("i", prompt, models), question_key("i", other_prompt, other_models)
    assert (one == other) == same
    assert question_key("j", prompt, models) != one


def test_a_prompt_is_not_stored(table: InMemoryTable, clock: ManualClock) -> None:
    cache = DescriptionCache(table, 1_000, clock)
    key = question_key("i", "a secret question", ["model"])
    cache.claim(key, "me", 10)
    cache.keep(key, "A hill.", "model")
    assert "secret" not in repr(table.items)


def test_a_cache_that_cannot_be_written_costs_nobody_their_answer(
    table: InMemoryTable, clock: ManualClock
) -> None:
    cache = DescriptionCache(FaultyTable(table, [Unavailable(), Unavailable()]), 1_000, clock)
    key = question_key("i", "p", ["model"])
    cache.keep(key, "A hill.", "model")
    cache.give_up(key, "me", None)
    assert not table.items
