"""Leaving goes on from wherever it was interrupted, and nobody is let in meanwhile."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from account.deletion import ITEMS_AT_ONCE, PATIENCE_SECONDS, Deletions
from account.itineraries import Itineraries
from common import keys
from common.errors import AccountNotFound, TooManyAttempts, Unavailable, WrongPassword
from common.limits import Attempts, passwords_per_email
from common.predictions import Predictions
from common.users import Users
from tests.contracts.account_contract import PASSWORD, ROME, SEEN, Killed, live, new_user
from tests.fakes.tables import FaultyTable, InMemoryTable

if TYPE_CHECKING:
    from common.table import Page, Table

FREE_PASSWORDS = 5


class FailsAtQuery(FaultyTable):
    """A table whose query number `at`, counted from 1, fails."""

    def __init__(self, table: Table, at: int, fault: BaseException) -> None:
        super().__init__(table, [])
        self._left, self._fault = at, fault

    def query(self, partition: str, **arguments: Any) -> Page:  # noqa: ANN401 - see `Table.query`
        self._left -= 1
        if self._left == 0:
            raise self._fault
        return super().query(partition, **arguments)


def deletions(table: Table, clock_step_seconds: float = 0.0) -> Deletions:
    """Delete with a clock that takes a step whenever somebody looks at it."""
    ticks = itertools.count(step=clock_step_seconds)
    passwords = passwords_per_email(FREE_PASSWORDS)
    return Deletions(table, Users(table), Attempts(table), passwords, lambda: next(ticks))


def traces(table: InMemoryTable, user_id: str) -> list[str]:
    return [str(key) for key, item in table.items.items() if user_id in f"{key} {item}"]


def calls_of_a_deletion() -> int:
    """Count how often a whole deletion turns to the table."""
    table = InMemoryTable()
    profile = new_user(table)
    live(table, profile.user_id)
    asked = itertools.count()
    faults = (None for _ in iter(lambda: next(asked), -1))
    deletions(FaultyTable(table, faults)).delete(profile.user_id, PASSWORD)
    return next(asked)


@pytest.mark.parametrize("fault", [Unavailable(), Killed()], ids=["busy", "killed"])
def test_whatever_interrupts_a_deletion_the_same_request_finishes_it(
    fault: Exception | BaseException,
) -> None:
    for at in range(calls_of_a_deletion()):
        table = InMemoryTable()
        profile, other = new_user(table), new_user(table)
        for one in (profile, other):
            live(table, one.user_id)
        kept = traces(table, other.user_id)
        interrupted = FaultyTable(table, [*[None] * at, fault])
        try:
            deletions(interrupted).delete(profile.user_id, PASSWORD)
        except type(fault):
            if not traces(table, profile.user_id):
                # It was done but for looking after others.
                continue
            deletions(table).delete(profile.user_id, PASSWORD)
        assert traces(table, profile.user_id) == []
        assert traces(table, other.user_id) == kept


def test_the_next_deletion_of_anybody_finishes_what_was_left() -> None:
    table = InMemoryTable()
    profile, other = new_user(table), new_user(table)
    live(table, profile.user_id)
    begin(table, profile.user_id)
    assert len(traces(table, profile.user_id)) > 100
    deletions(table).delete(other.user_id, PASSWORD)
    assert table.items == {}


def begin(table: InMemoryTable, user_id: str) -> None:
    """Let a deletion die right after it has begun."""
    with pytest.raises(Killed):
        deletions(FailsAtQuery(table, 1, Killed())).delete(user_id, PASSWORD)
    assert keys.deletion(user_id) in table.items
    assert keys.profile(user_id) not in table.items


def test_once_it_has_begun_nobody_signs_in_and_nothing_is_added() -> None:
    table = InMemoryTable()
    profile = new_user(table)
    live(table, profile.user_id)
    begin(table, profile.user_id)
    assert Users(table).find_credentials(profile.email) is None
    assert Users(table).find_profile(profile.user_id) is None
    before = traces(table, profile.user_id)
    for attempt in (
        lambda: Predictions(table).add(profile.user_id, SEEN),
        lambda: Itineraries(table).add(profile.user_id, ROME),
        lambda: Users(table).rename(profile.user_id, "another-name"),
    ):
        with pytest.raises(AccountNotFound):
            attempt()
    assert traces(table, profile.user_id) == before


def test_when_time_is_up_the_request_is_to_be_sent_again() -> None:
    table = InMemoryTable()
    profile = new_user(table)
    for _ in range(5):
        Predictions(table).add_all(profile.user_id, [SEEN] * 90)
    with pytest.raises(Unavailable, match="Send the same request again") as refusal:
        deletions(table, clock_step_seconds=PATIENCE_SECONDS / 2).delete(profile.user_id, PASSWORD)
    assert refusal.value.retry_after_seconds == 1
    left = len(traces(table, profile.user_id))
    assert 0 < left <= 450 - ITEMS_AT_ONCE + 1
    deletions(table).delete(profile.user_id, "whatever: it is not asked for again")
    assert table.items == {}


def test_sessions_go_before_the_rest() -> None:
    table = InMemoryTable()
    profile = new_user(table)
    live(table, profile.user_id)
    with pytest.raises(Killed):
        deletions(FailsAtQuery(table, 2, Killed())).delete(profile.user_id, PASSWORD)
    kinds = {key.sk.partition("#")[0] for key in table.items if profile.user_id in key.pk}
    assert "SESSION" not in kinds
    assert "PREDICTION" in kinds


def test_others_unfinished_deletions_do_not_spoil_ones_own() -> None:
    table = InMemoryTable()
    profile, stuck = new_user(table), new_user(table)
    begin(table, stuck.user_id)
    # The first two empty one's own partition, the third looks for others.
    for at in (3, 4):
        deletions(FailsAtQuery(table, at, Unavailable())).delete(profile.user_id, PASSWORD)
        assert traces(table, profile.user_id) == []
        assert keys.deletion(stuck.user_id) in table.items
        profile = new_user(table)
    deletions(table).delete(profile.user_id, PASSWORD)
    assert table.items == {}


def test_passwords_are_not_to_be_guessed_here_either() -> None:
    table = InMemoryTable()
    profile = new_user(table)
    for _ in range(FREE_PASSWORDS):
        with pytest.raises(WrongPassword):
            deletions(table).delete(profile.user_id, "a guess")
    with pytest.raises(TooManyAttempts):
        deletions(table).delete(profile.user_id, PASSWORD)
    assert Users(table).find_profile(profile.user_id) is not None


def test_a_password_that_was_changed_meanwhile_deletes_nothing() -> None:
    table = InMemoryTable()
    profile = new_user(table)

    class ChangesPassword(FaultyTable):
        def write(self, *writes: object) -> None:
            table.items[keys.credentials(profile.email)]["password_hash"] = "another"
            super().write(*writes)  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        deletions(ChangesPassword(table, [])).delete(profile.user_id, PASSWORD)
    assert Users(table).find_profile(profile.user_id) == profile
