"""Requests that meet: what the rules of `auth` promise then, on a real table."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from auth.accounts import AccountLimits, Accounts
from auth.sessions import Sessions
from common.errors import InvalidCredentials, RefreshTokenInvalid, TooManyAttempts
from common.limits import Attempts
from common.tokens import AccessTokens
from tests.fakes.signing_keys import FixedSigningKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from auth.sessions import SignedIn
    from common.table import DynamoTable

AT_ONCE = 12
FREE_PASSWORDS = 5
PASSWORD = "a lovely journey"
NEW_PASSWORD = "a longer journey"
NETWORK = "203.0.113.7"


@pytest.fixture
def email() -> str:
    return f"{secrets.token_hex(8)}@example.com"


@pytest.fixture
def accounts(table: DynamoTable) -> Accounts:
    return accounts_over(table, free_passwords=1000)


def accounts_over(table: DynamoTable, *, free_passwords: int) -> Accounts:
    limits = AccountLimits.allowing(
        sign_ups_per_network=1000, passwords_per_email=free_passwords, failures_per_network=1000
    )
    return Accounts(table, sessions_over(table), Attempts(table), limits, bcrypt_cost=4)


def sessions_over(table: DynamoTable, *, grace_seconds: int = 30) -> Sessions:
    return Sessions(
        table,
        AccessTokens(FixedSigningKeys(), "https://issuer.test", "audience"),
        access_ttl_seconds=1800,
        refresh_ttl_seconds=86_400,
        reuse_grace_seconds=grace_seconds,
    )


@pytest.fixture
def someone(accounts: Accounts, email: str) -> SignedIn:
    return accounts.sign_up(email, email.partition("@")[0], PASSWORD, NETWORK)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, range(AT_ONCE)))


def refresh(sessions: Sessions, token: str) -> str | None:
    try:
        return sessions.refresh(token).refresh_token
    except RefreshTokenInvalid:
        return None


def test_of_many_refreshes_at_once_one_spends_the_token_and_all_get_its_successor(
    table: DynamoTable, someone: SignedIn
) -> None:
    sessions = sessions_over(table)
    (successor,) = set(at_once(lambda _: refresh(sessions, someone.refresh_token)))
    assert successor is not None
    assert refresh(sessions, successor) is not None


def test_without_a_grace_one_refresh_wins_and_the_others_end_the_session(
    table: DynamoTable, someone: SignedIn
) -> None:
    sessions = sessions_over(table, grace_seconds=0)
    outcomes = at_once(lambda _: refresh(sessions, someone.refresh_token))
    (successor,) = (outcome for outcome in outcomes if outcome is not None)
    assert refresh(sessions, successor) is None


def test_a_spent_token_ends_its_session(table: DynamoTable, someone: SignedIn) -> None:
    first = someone.refresh_token
    patient, strict = sessions_over(table), sessions_over(table, grace_seconds=0)
    second = refresh(patient, first)
    assert second is not None
    assert refresh(patient, first) == second
    assert refresh(strict, first) is None
    assert refresh(patient, second) is None


def test_signing_out_everywhere_meets_refreshes_and_ends_them_all(
    table: DynamoTable, someone: SignedIn
) -> None:
    sessions = sessions_over(table)

    def act(at: int) -> str | None:
        if at == AT_ONCE // 2:
            sessions.end_all(someone.refresh_token)
        return refresh(sessions, someone.refresh_token)

    for token in filter(None, at_once(act)):
        assert refresh(sessions, token) is None


def test_of_many_guesses_at_once_only_the_free_ones_are_looked_at(
    table: DynamoTable, email: str
) -> None:
    accounts = accounts_over(table, free_passwords=FREE_PASSWORDS)
    accounts.sign_up(email, email.partition("@")[0], PASSWORD, NETWORK)

    def guess(at: int) -> str:
        try:
            accounts.sign_in(email, f"guess {at}", NETWORK)
        except InvalidCredentials:
            return "looked at"
        except TooManyAttempts:
            return "refused"
        return "signed in"

    outcomes = at_once(guess)
    assert outcomes.count("looked at") == FREE_PASSWORDS
    assert outcomes.count("refused") == AT_ONCE - FREE_PASSWORDS


def test_a_new_password_and_old_sign_ins_at_once_leave_no_old_session(
    table: DynamoTable, accounts: Accounts, someone: SignedIn, email: str
) -> None:
    def act(at: int) -> SignedIn | None:
        try:
            if at == 1:
                return accounts.change_password(someone.user_id, PASSWORD, NEW_PASSWORD)
            return accounts.sign_in(email, PASSWORD, NETWORK)
        except InvalidCredentials:
            return None

    opened = at_once(act)
    changed = opened.pop(1)
    assert changed is not None
    sessions = sessions_over(table)
    assert refresh(sessions, changed.refresh_token) is not None
    assert [each for each in opened if each and refresh(sessions, each.refresh_token)] == []
