"""What the month's calls and the cache of descriptions must do, whatever table they stand on.

`tests/unit/describe/test_budget_and_cache.py` runs it on the fake, and
`tests/integration/test_describe_tables.py` on the real table of the local cloud.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from common import keys
from common.errors import AccountNotFound
from common.table import Put, Table
from common.ulids import new_ulid
from describe.budget import Budget, Limits
from describe.cache import DescriptionCache, question_key
from describe.month import Month
from describe.reasons import NotDescribedError, Reason
from tests.contracts.table_contract import in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key
    from tests.fakes.clocks import ManualClock

INTERVAL_MS = 100
PLENTY_SECONDS = 60.0


def sign_up(table: Table) -> str:
    user_id = new_ulid()
    table.write(Put(keys.profile(user_id), {"prediction_count": 0}))
    return user_id


class BudgetContract:
    """Subclass it and give fixtures `table` and `clock`; the clock's month is the test's own."""

    @pytest.fixture
    def make_budget(self, table: Table, clock: ManualClock) -> Callable[..., Budget]:
        def make(calls: int = 1_000, share: int = 1_000, interval_ms: int = INTERVAL_MS) -> Budget:
            return Budget(table, Limits(calls, share, interval_ms), clock)

        return make

    def test_the_first_call_starts_at_once(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        assert make_budget().reserve(sign_up(table), PLENTY_SECONDS) == clock.now_ms()

    def test_calls_of_one_moment_stand_in_a_row(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, start = sign_up(table), clock.now_ms()
        places = [make_budget().reserve(user_id, PLENTY_SECONDS) for _ in range(4)]
        assert places == [start, start + 100, start + 200, start + 300]

    def test_after_a_pause_nobody_waits(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id = sign_up(table)
        make_budget().reserve(user_id, PLENTY_SECONDS)
        clock.sleep(5)
        assert make_budget().reserve(user_id, 0) == clock.now_ms()

    def test_who_cannot_wait_long_enough_is_told_and_keeps_their_share(
        self, table: Table, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, budget = sign_up(table), make_budget(share=10)
        for _ in range(3):
            budget.reserve(user_id, PLENTY_SECONDS)
        with pytest.raises(NotDescribedError) as refusal:
            budget.reserve(user_id, 0.25)
        assert refusal.value.reason == Reason.TOO_BUSY
        assert budget.left(user_id).remaining == 7

    def test_a_months_calls_are_given_out_once(
        self, table: Table, make_budget: Callable[..., Budget]
    ) -> None:
        budget, users = make_budget(calls=3), [sign_up(table) for _ in range(5)]
        for user_id in users[:3]:
            budget.reserve(user_id, PLENTY_SECONDS)
        for user_id in users[3:]:
            with pytest.raises(NotDescribedError) as refusal:
                budget.reserve(user_id, PLENTY_SECONDS)
            assert refusal.value.reason == Reason.BUDGET_SPENT
            assert budget.left(user_id).remaining == 0

    def test_nobody_gets_more_than_their_share(
        self, table: Table, make_budget: Callable[..., Budget]
    ) -> None:
        budget, greedy, modest = make_budget(share=2), sign_up(table), sign_up(table)
        for _ in range(2):
            budget.reserve(greedy, PLENTY_SECONDS)
        with pytest.raises(NotDescribedError) as refusal:
            budget.reserve(greedy, PLENTY_SECONDS)
        assert refusal.value.reason == Reason.SHARE_SPENT
        assert budget.left(greedy).remaining == 0
        assert budget.left(modest).remaining == 2
        budget.reserve(modest, PLENTY_SECONDS)

    def test_what_is_left_is_the_smaller_of_share_and_whole(
        self, table: Table, make_budget: Callable[..., Budget]
    ) -> None:
        budget, one, other = make_budget(calls=5, share=4), sign_up(table), sign_up(table)
        assert budget.left(one).limit == 4
        for _ in range(3):
            budget.reserve(one, PLENTY_SECONDS)
        assert budget.left(one).remaining == 1
        assert budget.left(other).remaining == 2

    @pytest.mark.parametrize(
        ("calls", "share", "reason"), [(0, 9, Reason.BUDGET_SPENT), (9, 0, Reason.SHARE_SPENT)]
    )
    def test_a_limit_of_none_lets_nobody_call(
        self,
        table: Table,
        make_budget: Callable[..., Budget],
        calls: int,
        share: int,
        reason: Reason,
    ) -> None:
        with pytest.raises(NotDescribedError) as refusal:
            make_budget(calls, share).reserve(sign_up(table), PLENTY_SECONDS)
        assert refusal.value.reason == reason

    def test_a_deleted_account_calls_nobody_and_leaves_nothing(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        gone = new_ulid()
        with pytest.raises(AccountNotFound):
            make_budget().reserve(gone, PLENTY_SECONDS)
        month = Month.of(clock.now_ms()).name
        assert table.get(keys.description_share(gone, month), consistent=True) is None

    def test_a_new_month_begins_with_everything(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, budget = sign_up(table), make_budget(calls=1, share=1)
        budget.reserve(user_id, PLENTY_SECONDS)
        assert budget.left(user_id).remaining == 0
        clock.sleep((Month.of(clock.now_ms()).ends_at_ms - clock.now_ms()) / 1000)
        assert budget.left(user_id).remaining == 1
        assert budget.reserve(user_id, 0) == clock.now_ms()

    def test_no_place_lies_so_late_that_the_next_months_first_call_would_meet_it(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, budget = sign_up(table), make_budget()
        month_ends_at_ms = Month.of(clock.now_ms()).ends_at_ms
        clock.sleep((month_ends_at_ms - 350 - clock.now_ms()) / 1000)
        places = [budget.reserve(user_id, PLENTY_SECONDS) for _ in range(3)]
        assert places[-1] <= month_ends_at_ms - INTERVAL_MS
        with pytest.raises(NotDescribedError) as refusal:
            budget.reserve(user_id, PLENTY_SECONDS)
        assert refusal.value.reason == Reason.TOO_BUSY

    def test_when_the_endpoint_wants_a_pause_everybody_waits(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, start = sign_up(table), clock.now_ms()
        make_budget().hold_off(7)
        assert make_budget().reserve(user_id, PLENTY_SECONDS) == start + 7_000
        assert make_budget().reserve(user_id, PLENTY_SECONDS) == start + 7_100
        with pytest.raises(NotDescribedError):
            make_budget().reserve(user_id, 5)

    def test_a_shorter_pause_does_not_let_anybody_forward(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        user_id, start = sign_up(table), clock.now_ms()
        make_budget().hold_off(7)
        make_budget().hold_off(2)
        assert make_budget().reserve(user_id, PLENTY_SECONDS) == start + 7_000

    def test_40_at_once_get_exactly_the_calls_there_are_each_at_its_own_time(
        self, table: Table, clock: ManualClock, make_budget: Callable[..., Budget]
    ) -> None:
        users, start = [sign_up(table) for _ in range(8)], clock.now_ms()

        def reserve(at: int) -> int | Reason:
            try:
                return make_budget(calls=15).reserve(users[at % 8], PLENTY_SECONDS)
            except NotDescribedError as refusal:
                return refusal.reason

        outcomes = in_parallel(40, reserve)
        places = sorted(place for place in outcomes if isinstance(place, int))
        assert places == [start + 100 * at for at in range(15)]
        assert Counter(o for o in outcomes if not isinstance(o, int)) == {Reason.BUDGET_SPENT: 25}
        assert make_budget(calls=15).left(users[0]).remaining == 0

    def test_20_at_once_of_one_user_get_their_share(
        self, table: Table, make_budget: Callable[..., Budget]
    ) -> None:
        user_id = sign_up(table)

        def reserve(_: int) -> Reason | None:
            try:
                make_budget(share=6).reserve(user_id, PLENTY_SECONDS)
            except NotDescribedError as refusal:
                return refusal.reason
            return None

        assert Counter(in_parallel(20, reserve)) == {None: 6, Reason.SHARE_SPENT: 14}


class CacheContract:
    """Subclass it and give fixtures `table` and `clock`."""

    @pytest.fixture
    def cache(self, table: Table, clock: ManualClock) -> DescriptionCache:
        return DescriptionCache(table, ttl_seconds=1_000, clock=clock)

    @pytest.fixture
    def key(self) -> Key:
        return question_key(new_ulid(), "What is this?", ["model"])

    def test_what_nobody_asked_is_not_known(self, cache: DescriptionCache, key: Key) -> None:
        entry = cache.find(key)
        assert (entry.text, entry.again_at_ms) == ("", 0)

    def test_what_was_said_is_remembered_until_it_is_too_old(
        self, cache: DescriptionCache, key: Key, clock: ManualClock
    ) -> None:
        cache.keep(key, "A hill.", "model")
        entry = cache.find(key)
        assert (entry.text, entry.model) == ("A hill.", "model")
        clock.sleep(1_001)
        assert cache.find(key).text == ""
        assert cache.claim(key, "me", 5) is None

    def test_of_those_who_ask_at_once_one_may(self, cache: DescriptionCache, key: Key) -> None:
        outcomes = in_parallel(15, lambda at: cache.claim(key, f"asker {at}", 10))
        assert outcomes.count(None) == 1
        (winner,) = {entry.asked_by for entry in outcomes if entry}
        assert outcomes[int(winner.split()[1])] is None

    def test_a_claim_ends_by_itself(
        self, cache: DescriptionCache, key: Key, clock: ManualClock
    ) -> None:
        assert cache.claim(key, "dead", 10) is None
        clock.sleep(11)
        assert cache.claim(key, "me", 10) is None

    def test_a_claim_that_was_given_up_leaves_the_next_one_free_and_says_why(
        self, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "one", 10) is None
        cache.give_up(key, "one", Reason.MODEL_UNAVAILABLE)
        assert cache.find(key).failure == Reason.MODEL_UNAVAILABLE
        assert cache.claim(key, "other", 10) is None
        assert cache.find(key).failure is None

    def test_nobody_ends_the_claim_of_another(self, cache: DescriptionCache, key: Key) -> None:
        assert cache.claim(key, "one", 10) is None
        cache.give_up(key, "other", None)
        standing = cache.claim(key, "other", 10)
        assert standing is not None
        assert standing.asked_by == "one"

    def test_who_comes_after_the_answer_gets_it(self, cache: DescriptionCache, key: Key) -> None:
        assert cache.claim(key, "one", 10) is None
        cache.keep(key, "A hill.", "model")
        standing = cache.claim(key, "other", 10)
        assert standing is not None
        assert standing.text == "A hill."
        cache.give_up(key, "other", None)
        assert cache.find(key).text == "A hill."
