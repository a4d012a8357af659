"""The life of a session: refreshed, refreshed twice at once, stolen, ended."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.sessions import SignedIn, hash_token
from common import keys
from common.errors import RefreshTokenInvalid, Unavailable
from common.signing_keys import KeysUnavailable, SigningKey
from common.tokens import AccessTokens
from common.updates import Delete
from common.users import Users
from tests.fakes.tables import FaultyTable, InMemoryTable
from tests.unit.auth.parts import EMAIL, GRACE_SECONDS, WEEK_SECONDS, Auth, build_auth, overtaken

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable

    from common.table_values import Item
    from common.updates import Update


def refused(auth: Auth, token: str) -> bool:
    """Tell whether a refresh token is refused."""
    try:
        auth.sessions.refresh(token)
    except RefreshTokenInvalid:
        return True
    return False


def test_a_refreshed_session_goes_on_with_new_tokens(auth: Auth) -> None:
    signed_up = auth.sign_up()
    refreshed = auth.sessions.refresh(signed_up.refresh_token)
    assert (refreshed.user_id, refreshed.username) == (signed_up.user_id, "Ada")
    identity = auth.tokens.verify(refreshed.access_token)
    assert (identity.user_id, identity.username) == (signed_up.user_id, "Ada")
    assert refreshed.refresh_token != signed_up.refresh_token
    again = auth.sessions.refresh(refreshed.refresh_token)
    assert len({signed_up.access_token, refreshed.access_token, again.access_token}) == 3


def test_a_renamed_user_has_the_new_name_after_a_refresh(auth: Auth, table: InMemoryTable) -> None:
    signed_up = auth.sign_up()
    Users(table).rename(signed_up.user_id, "Countess")
    refreshed = auth.sessions.refresh(signed_up.refresh_token)
    assert refreshed.username == "Countess"
    assert auth.tokens.verify(refreshed.access_token).username == "Countess"


def test_a_session_in_use_lives_on_and_an_unused_one_ends(auth: Auth) -> None:
    token = auth.sign_up().refresh_token
    for _ in range(3):
        auth.clock.sleep(WEEK_SECONDS - 1)
        token = auth.sessions.refresh(token).refresh_token
    auth.clock.sleep(WEEK_SECONDS)
    assert refused(auth, token)


def test_two_refreshes_at_once_get_the_same_successor(auth: Auth, table: InMemoryTable) -> None:
    token = auth.sign_up().refresh_token
    first: list[SignedIn] = []
    slow = overtaken(table, "update", lambda: first.append(auth.sessions.refresh(token)))
    second = auth.over(slow).sessions.refresh(token)
    assert second.refresh_token == first[0].refresh_token
    assert auth.tokens.verify(second.access_token).user_id == second.user_id
    assert not refused(auth, second.refresh_token)


def test_a_client_that_lost_the_answer_asks_again(auth: Auth) -> None:
    token = auth.sign_up().refresh_token
    lost = auth.sessions.refresh(token)
    auth.clock.sleep(GRACE_SECONDS - 1)
    assert auth.sessions.refresh(token).refresh_token == lost.refresh_token
    assert not refused(auth, lost.refresh_token)


def test_a_spent_token_ends_the_session_of_thief_and_owner(auth: Auth, logged: io.StringIO) -> None:
    stolen = auth.sign_up().refresh_token
    current = auth.sessions.refresh(stolen).refresh_token
    auth.clock.sleep(GRACE_SECONDS)
    assert refused(auth, stolen)
    assert refused(auth, current)
    assert "spent refresh token used" in logged.getvalue()
    assert stolen not in logged.getvalue()


def test_without_a_grace_one_of_two_refreshes_at_once_ends_the_session(
    auth: Auth, table: InMemoryTable
) -> None:
    token = auth.sign_up().refresh_token
    winners: list[str] = []

    def win() -> None:
        winner = auth.over(table, grace_seconds=0).sessions.refresh(token)
        winners.append(winner.refresh_token)

    assert refused(auth.over(overtaken(table, "update", win), grace_seconds=0), token)
    assert refused(auth, winners[0])


def test_the_grace_is_for_the_last_spent_token_alone(auth: Auth) -> None:
    first = auth.sign_up().refresh_token
    second = auth.sessions.refresh(first).refresh_token
    third = auth.sessions.refresh(second).refresh_token
    assert refused(auth, first)
    assert refused(auth, third)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2 * GRACE_SECONDS)), max_size=12))
def test_no_way_of_using_spent_tokens_keeps_two_sessions_going(
    uses: list[tuple[int, int]],
) -> None:
    """Whoever holds whichever tokens: all that are good lead to one and the same successor."""
    auth = build_auth(InMemoryTable())
    held = [auth.sign_up().refresh_token]
    for back, pause_seconds in uses:
        auth.clock.sleep(pause_seconds)
        token = held[-1 - back % len(held)]
        try:
            successor = auth.sessions.refresh(token).refresh_token
        except RefreshTokenInvalid:
            # Used too late: now nobody gets in.
            assert all(refused(auth, any_token) for any_token in held)
            return
        if token == held[-1]:
            assert successor not in held
            held.append(successor)
        else:
            assert successor == held[-1]


def test_a_stolen_session_ends_alone(auth: Auth) -> None:
    stolen = auth.sign_up().refresh_token
    other = auth.sign_in().refresh_token
    auth.sessions.refresh(stolen)
    auth.clock.sleep(GRACE_SECONDS)
    assert refused(auth, stolen)
    assert not refused(auth, other)


def test_the_table_holds_nothing_that_a_session_could_be_continued_with(
    auth: Auth, table: InMemoryTable
) -> None:
    first = auth.sign_up().refresh_token
    second = auth.sessions.refresh(first).refresh_token
    stored = repr(table.items)
    for token in (first, second):
        assert token.rpartition(".")[2] not in stored
    assert hash_token(second) in stored


def test_a_spent_token_alone_does_not_give_its_successor_away(
    auth: Auth, table: InMemoryTable
) -> None:
    spent = auth.sign_up().refresh_token
    elsewhere = InMemoryTable()
    elsewhere.items = copy.deepcopy(table.items)
    successors = {
        auth.over(each).sessions.refresh(spent).refresh_token for each in (table, elsewhere)
    }
    assert len(successors) == 2


def forged(token: str) -> Iterable[str]:
    user_id, family_id, secret = token.split(".")
    yield f"{family_id}.{family_id}.{secret}"
    yield f"{user_id}.{user_id}.{secret}"


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "..", "U" * 26 + ".PROFILE.x", "0" * 26 + "." + "0" * 26, "é" * 99]
)
def test_what_is_no_refresh_token_is_refused_unread(auth: Auth, token: str) -> None:
    broken = auth.over(FaultyTable(InMemoryTable(), [KeyError("read")] * 3))
    for call in (broken.sessions.refresh, broken.sessions.end, broken.sessions.end_all):
        with pytest.raises(RefreshTokenInvalid):
            call(token)


def test_a_token_of_nobodys_session_is_refused(auth: Auth) -> None:
    token = auth.sign_up().refresh_token
    for other in forged(token):
        assert refused(auth, other)
    assert not refused(auth, token)


def test_an_access_token_refreshes_nothing(auth: Auth) -> None:
    assert refused(auth, auth.sign_up().access_token)


def test_signing_out_ends_one_session(auth: Auth) -> None:
    here, there = auth.sign_up().refresh_token, auth.sign_in().refresh_token
    auth.sessions.end(here)
    auth.sessions.end(here)
    assert refused(auth, here)
    assert not refused(auth, there)


def test_a_spent_token_signs_out_as_well(auth: Auth) -> None:
    spent = auth.sign_up().refresh_token
    current = auth.sessions.refresh(spent).refresh_token
    auth.sessions.end(spent)
    assert refused(auth, current)


def test_signing_out_everywhere_ends_every_session_of_this_user(auth: Auth) -> None:
    here, there = auth.sign_up().refresh_token, auth.sign_in().refresh_token
    other = auth.sign_up("eve@example.com", "Eve").refresh_token
    auth.sessions.end_all(here)
    assert refused(auth, here)
    assert refused(auth, there)
    assert not refused(auth, other)
    assert not refused(auth, auth.sign_in().refresh_token)


def test_a_spent_token_signs_nobody_out_everywhere(auth: Auth) -> None:
    spent, there = auth.sign_up().refresh_token, auth.sign_in().refresh_token
    auth.sessions.refresh(spent)
    auth.clock.sleep(GRACE_SECONDS)
    with pytest.raises(RefreshTokenInvalid):
        auth.sessions.end_all(spent)
    assert not refused(auth, there)


def test_a_refresh_that_meets_a_sign_out_is_refused(auth: Auth, table: InMemoryTable) -> None:
    token = auth.sign_up().refresh_token
    slow = overtaken(table, "update", lambda: auth.sessions.end(token))
    assert refused(auth.over(slow), token)
    assert not [key for key in table.items if key.sk.startswith("SESSION#")]


def test_the_sessions_of_a_deleted_account_are_over(auth: Auth, table: InMemoryTable) -> None:
    token = auth.sign_up().refresh_token
    table.write(Delete(keys.credentials(EMAIL)))
    assert refused(auth, token)
    with pytest.raises(RefreshTokenInvalid):
        auth.sessions.end_all(token)


def test_a_session_does_not_open_the_account_that_took_over_the_address(
    auth: Auth, table: InMemoryTable
) -> None:
    signed_up = auth.sign_up()
    table.write(Delete(keys.credentials(EMAIL)), Delete(keys.username("ada")))
    auth.sign_up()
    assert refused(auth, signed_up.refresh_token)


@pytest.mark.parametrize("successes", [0, 1, 2])
def test_a_busy_table_spends_no_token(auth: Auth, table: InMemoryTable, successes: int) -> None:
    token = auth.sign_up().refresh_token
    with pytest.raises(Unavailable):
        auth.over(FaultyTable(table, [*[None] * successes, Unavailable()])).sessions.refresh(token)
    auth.clock.sleep(2 * GRACE_SECONDS)
    assert not refused(auth, token)


def test_without_signing_keys_no_token_is_spent(auth: Auth, table: InMemoryTable) -> None:
    class NoKeys:
        def current(self) -> SigningKey:
            raise KeysUnavailable

        def find(self, _kid: str, /) -> SigningKey | None:
            raise KeysUnavailable

    token = auth.sign_up().refresh_token
    keyless = build_auth(table, clock=auth.clock, tokens=AccessTokens(NoKeys(), "i", "a"))
    with pytest.raises(Unavailable):
        keyless.sessions.refresh(token)
    auth.clock.sleep(2 * GRACE_SECONDS)
    assert not refused(auth, token)


def test_an_exchange_that_was_sent_twice_spends_its_token_once(
    auth: Auth, table: InMemoryTable
) -> None:
    class SendsTwice(FaultyTable):
        def update(self, update: Update) -> Item:
            super().update(update)
            return super().update(update)

    token = auth.sign_up().refresh_token
    twice = auth.over(SendsTwice(table, []), grace_seconds=0)
    refreshed = twice.sessions.refresh(token)
    assert not refused(auth, refreshed.refresh_token)
