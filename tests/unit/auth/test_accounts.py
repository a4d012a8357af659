"""The rules of signing up and in, over a table in memory."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from auth import accounts as accounts_module
from auth.accounts import Accounts
from auth.sessions import hash_token
from common import keys
from common.errors import (
    DomainError,
    EmailTaken,
    InvalidCredentials,
    InvalidFields,
    Unavailable,
    UsernameTaken,
)
from common.passwords import verify_password
from common.signing_keys import KeysUnavailable, SigningKey
from common.tokens import AccessTokens
from common.users import Users
from tests.fakes.signing_keys import FixedSigningKeys
from tests.fakes.tables import FaultyTable, InMemoryTable

if TYPE_CHECKING:
    from common.table import Table

PASSWORD = "a lovely journey"
TOKENS = AccessTokens(FixedSigningKeys(), "https://issuer.test", "cv-location-classifier")
WEEK_SECONDS = 7 * 24 * 3600


def accounts_over(table: Table, tokens: AccessTokens = TOKENS) -> Accounts:
    return Accounts(
        table, tokens, access_ttl_seconds=1800, refresh_ttl_seconds=WEEK_SECONDS, bcrypt_cost=4
    )


@pytest.fixture
def table() -> InMemoryTable:
    return InMemoryTable()


def test_a_new_user_is_signed_in(table: InMemoryTable) -> None:
    signed_in = accounts_over(table).sign_up("ada@example.com", "Ada", PASSWORD)
    identity = TOKENS.verify(signed_in.access_token)
    assert (identity.user_id, identity.username) == (signed_in.user_id, "Ada")
    assert signed_in.expires_in_seconds == 1800
    profile = Users(table).find_profile(signed_in.user_id)
    assert profile is not None
    assert (profile.email, profile.username) == ("ada@example.com", "Ada")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", profile.created_at)


def test_whoever_signed_up_can_sign_in(table: InMemoryTable) -> None:
    accounts = accounts_over(table)
    first = accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    again = accounts.sign_in("ada@example.com", PASSWORD)
    assert (again.user_id, again.username) == (first.user_id, "Ada")
    assert TOKENS.verify(again.access_token).user_id == first.user_id
    assert again.refresh_token != first.refresh_token


def test_a_new_account_works_at_once_however_far_the_table_lags_behind() -> None:
    table = InMemoryTable(lagging=True)
    accounts = accounts_over(table)
    user_id = accounts.sign_up("ada@example.com", "Ada", PASSWORD).user_id
    assert accounts.sign_in("ada@example.com", PASSWORD).user_id == user_id
    assert Users(table).find_profile(user_id) is not None


def test_an_unknown_address_is_refused_even_if_its_hash_should_match(
    table: InMemoryTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "verify_password", lambda *_: True)
    with pytest.raises(InvalidCredentials):
        accounts_over(table).sign_in("eve@example.com", PASSWORD)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.com", "a lovely journez"),
        ("ada@example.com", "x" * 500),
        ("eve@example.com", PASSWORD),
    ],
)
def test_an_unknown_address_and_a_wrong_password_are_refused_alike(
    table: InMemoryTable, email: str, password: str
) -> None:
    accounts = accounts_over(table)
    accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    before = dict(table.items)
    with pytest.raises(InvalidCredentials) as refusal:
        accounts.sign_in(email, password)
    assert refusal.value.detail == InvalidCredentials.detail
    assert table.items == before


def test_an_unknown_address_costs_one_hash_of_the_same_cost(
    table: InMemoryTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[str] = []

    def remember(password: str, password_hash: str) -> bool:
        costs.append(password_hash[:7])
        return verify_password(password, password_hash)

    monkeypatch.setattr(accounts_module, "verify_password", remember)
    accounts = accounts_over(table)
    accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    for email in ("ada@example.com", "eve@example.com"):
        with pytest.raises(InvalidCredentials):
            accounts.sign_in(email, "wrong password")
    assert costs == ["$2b$04$", "$2b$04$"]


def test_neither_passwords_nor_tokens_are_stored(table: InMemoryTable) -> None:
    accounts = accounts_over(table)
    signed_up = accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    signed_in = accounts.sign_in("ada@example.com", PASSWORD)
    stored = repr(table.items)
    for secret in (PASSWORD, signed_up.refresh_token, signed_in.refresh_token):
        assert secret not in stored
        assert secret.rpartition(".")[2] not in stored


def test_a_refresh_token_is_stored_as_a_hash_with_its_family_and_end(
    table: InMemoryTable,
) -> None:
    signed_in = accounts_over(table).sign_up("ada@example.com", "Ada", PASSWORD)
    user_id, family_id, _secret = signed_in.refresh_token.split(".")
    assert user_id == signed_in.user_id
    session = table.items[keys.session(user_id, family_id)]
    assert session["family_id"] == family_id
    assert session["token_hash"] == hash_token(signed_in.refresh_token)
    assert session["expires_at"] == pytest.approx(time.time() + WEEK_SECONDS, abs=60)


def test_every_sign_in_opens_a_family_of_its_own(table: InMemoryTable) -> None:
    accounts = accounts_over(table)
    tokens = [accounts.sign_up("ada@example.com", "Ada", PASSWORD).refresh_token]
    tokens += [accounts.sign_in("ada@example.com", PASSWORD).refresh_token for _ in range(3)]
    assert len({token.split(".")[1] for token in tokens}) == 4


def test_a_refresh_token_is_no_access_token(table: InMemoryTable) -> None:
    signed_in = accounts_over(table).sign_up("ada@example.com", "Ada", PASSWORD)
    with pytest.raises(Exception, match="DecodeError"):
        TOKENS.verify(signed_in.refresh_token)


@pytest.mark.parametrize(
    ("email", "username", "error"),
    [
        ("ada@example.com", "Grace", EmailTaken),
        ("grace@example.com", "aDA", UsernameTaken),
        ("ada@example.com", "ADA", EmailTaken),
    ],
)
def test_a_taken_name_opens_nothing(
    table: InMemoryTable, email: str, username: str, error: type[DomainError]
) -> None:
    accounts = accounts_over(table)
    accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    before = dict(table.items)
    with pytest.raises(error):
        accounts.sign_up(email, username, PASSWORD)
    assert table.items == before


@pytest.mark.parametrize("password", ["ada@example.com", "ADA@example.com", "Lovelace1"])
def test_a_password_is_not_the_users_own_name(table: InMemoryTable, password: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        accounts_over(table).sign_up("ada@example.com", "lovelace1", password)
    assert [wrong.field for wrong in refusal.value.errors] == ["password"]
    assert table.items == {}


def test_a_throttled_sign_up_writes_nothing_and_can_be_repeated(table: InMemoryTable) -> None:
    accounts = accounts_over(FaultyTable(table, [Unavailable()]))
    with pytest.raises(Unavailable):
        accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    assert table.items == {}
    assert accounts.sign_up("ada@example.com", "Ada", PASSWORD).user_id


def test_a_throttled_sign_in_is_not_taken_for_a_wrong_password(table: InMemoryTable) -> None:
    accounts_over(table).sign_up("ada@example.com", "Ada", PASSWORD)
    with pytest.raises(Unavailable):
        accounts_over(FaultyTable(table, [Unavailable()])).sign_in("ada@example.com", PASSWORD)
    # The read succeeds, the write of the session does not: no token is handed out.
    with pytest.raises(Unavailable):
        accounts_over(FaultyTable(table, [None, Unavailable()])).sign_in(
            "ada@example.com", PASSWORD
        )


def test_without_signing_keys_no_account_is_opened(table: InMemoryTable) -> None:
    class NoKeys:
        def current(self) -> SigningKey:
            raise KeysUnavailable

        def find(self, _kid: str, /) -> SigningKey | None:
            raise KeysUnavailable

    accounts = accounts_over(table, AccessTokens(NoKeys(), "i", "a"))
    with pytest.raises(Unavailable):
        accounts.sign_up("ada@example.com", "Ada", PASSWORD)
    assert table.items == {}
