"""How often somebody may try, and how long they wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import TooManyAttempts, Unavailable
from common.limits import LONGEST_PAUSE_SECONDS, Attempts, Limit, network_of
from tests.fakes.clocks import ManualClock
from tests.fakes.tables import FaultyTable, InMemoryTable, WatchedTable

DAY_SECONDS = 24 * 60 * 60
LIMIT = Limit("PASSWORD", free=5, window_seconds=DAY_SECONDS, first_pause_seconds=2)
EMAIL = "ada@example.com"


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def attempts(table: InMemoryTable, clock: ManualClock) -> Attempts:
    return Attempts(table, clock.monotonic)


def wait_seconds(attempts: Attempts, subject: str = EMAIL) -> int:
    """Try once; return how long to wait first, 0 if the attempt was let through."""
    try:
        attempts.take(LIMIT, subject)
    except TooManyAttempts as refusal:
        return refusal.retry_after_seconds
    return 0


@given(st.integers(0, 10**9))
def test_pauses_never_shrink_and_end_at_a_quarter_of_an_hour(count: int) -> None:
    pause_seconds = LIMIT.pause_seconds(count)
    assert (pause_seconds == 0) == (count < LIMIT.free)
    assert pause_seconds <= LIMIT.pause_seconds(count + 1) <= LONGEST_PAUSE_SECONDS


def test_the_first_attempts_need_no_pause_and_the_next_do(attempts: Attempts) -> None:
    assert [wait_seconds(attempts) for _ in range(LIMIT.free)] == [0] * LIMIT.free
    assert wait_seconds(attempts) == 2


def test_pauses_double_up_to_a_quarter_of_an_hour(attempts: Attempts, clock: ManualClock) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    pauses = []
    for _ in range(12):
        pauses.append(wait_seconds(attempts))
        clock.sleep(pauses[-1])
        assert wait_seconds(attempts) == 0
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_a_refused_attempt_does_not_make_the_wait_longer(
    attempts: Attempts, clock: ManualClock
) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    assert {wait_seconds(attempts) for _ in range(50)} == {2}
    clock.sleep(2)
    assert wait_seconds(attempts) == 0


def test_what_is_left_of_a_pause_is_told_in_whole_seconds(
    attempts: Attempts, clock: ManualClock
) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    clock.sleep(0.4)
    assert wait_seconds(attempts) == 2
    clock.sleep(1.1)
    assert wait_seconds(attempts) == 1


def test_a_guesser_gets_about_a_hundred_attempts_a_day(
    attempts: Attempts, clock: ManualClock
) -> None:
    # From the beginning of a window.
    clock.sleep(DAY_SECONDS - clock.monotonic() % DAY_SECONDS)
    end = clock.monotonic() + DAY_SECONDS
    let_through = 0
    while clock.monotonic() < end:
        wait = wait_seconds(attempts)
        let_through += wait == 0
        clock.sleep(wait)
    assert let_through == 108


def test_a_new_window_begins_without_pauses(attempts: Attempts, clock: ManualClock) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    clock.sleep(DAY_SECONDS)
    assert [wait_seconds(attempts) for _ in range(LIMIT.free)] == [0] * LIMIT.free


def test_no_pause_outlasts_its_window(attempts: Attempts, clock: ManualClock) -> None:
    clock.sleep(DAY_SECONDS - clock.monotonic() % DAY_SECONDS - 1)
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    assert wait_seconds(attempts) == 1


def test_a_forgotten_count_begins_anew(table: InMemoryTable, attempts: Attempts) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    table.write(attempts.forgetting(LIMIT, EMAIL))
    assert [wait_seconds(attempts) for _ in range(LIMIT.free)] == [0] * LIMIT.free


def test_everybody_and_everything_has_a_count_of_its_own(attempts: Attempts) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    assert wait_seconds(attempts, "eve@example.com") == 0
    attempts.take(Limit("RESET", 5, DAY_SECONDS, 2), EMAIL)


def test_of_many_attempts_at_once_only_the_free_ones_pass(attempts: Attempts) -> None:
    with ThreadPoolExecutor(40) as pool:
        waits = list(pool.map(lambda _: wait_seconds(attempts), range(40)))
    assert waits.count(0) == LIMIT.free


def test_of_two_attempts_that_meet_after_a_pause_one_passes(
    table: InMemoryTable, attempts: Attempts, clock: ManualClock
) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
    clock.sleep(2)
    calls: list[str] = []

    def before(name: str) -> None:
        # The slow one has read the count, and not written its own yet.
        calls.append(name)
        if len(calls) == 2:
            attempts.take(LIMIT, EMAIL)

    slow = Attempts(WatchedTable(table, before), clock.monotonic)
    assert wait_seconds(slow) == 4


def test_checking_counts_nothing_and_recording_does(attempts: Attempts, clock: ManualClock) -> None:
    for _ in range(20):
        attempts.check(LIMIT, EMAIL)
    for _ in range(LIMIT.free):
        attempts.record(LIMIT, EMAIL)
    with pytest.raises(TooManyAttempts) as refusal:
        attempts.check(LIMIT, EMAIL)
    assert refusal.value.retry_after_seconds == 2
    attempts.record(LIMIT, EMAIL)
    clock.sleep(2)
    attempts.check(LIMIT, EMAIL)


def test_counts_name_nobody_and_expire_with_their_window(
    table: InMemoryTable, attempts: Attempts, clock: ManualClock
) -> None:
    for _ in range(LIMIT.free):
        attempts.take(LIMIT, EMAIL)
        (item,) = table.items.values()
        assert clock.monotonic() < item["expires_at"] <= clock.monotonic() + DAY_SECONDS
    assert "ada" not in repr(table.items)


def test_a_busy_table_is_not_taken_for_too_many_attempts(table: InMemoryTable) -> None:
    for call in (Attempts.take, Attempts.check, Attempts.record):
        attempts = Attempts(FaultyTable(table, [Unavailable()]), ManualClock().monotonic)
        with pytest.raises(Unavailable):
            call(attempts, LIMIT, EMAIL)


@pytest.mark.parametrize(
    ("source_ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_a_home_is_one_network_however_many_addresses_it_has(source_ip: str, network: str) -> None:
    assert network_of(source_ip) == network
