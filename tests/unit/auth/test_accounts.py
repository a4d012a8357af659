"""The rules of signing up, signing in and changing the password, over a table in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from auth import accounts as accounts_module
from auth.sessions import hash_token
from common import keys
from common.errors import (
    AccountNotFound,
    DomainError,
    EmailTaken,
    InvalidCredentials,
    InvalidFields,
    RefreshTokenInvalid,
    TooManyAttempts,
    Unavailable,
    UsernameTaken,
    WrongPassword,
)
from common.passwords import verify_password
from common.signing_keys import KeysUnavailable, SigningKey
from common.tokens import AccessTokens
from common.updates import Delete
from common.users import Users
from tests.fakes.tables import FaultyTable, InMemoryTable, WatchedTable
from tests.unit.auth.parts import (
    EMAIL,
    FREE_FAILURES,
    FREE_PASSWORDS,
    FREE_SIGN_UPS,
    NETWORK,
    PASSWORD,
    WEEK_SECONDS,
    Auth,
    build_auth,
    overtaken,
)

if TYPE_CHECKING:
    from common.table_values import Item

NEW_PASSWORD = "a longer journey"


def lasting(table: InMemoryTable) -> dict[keys.Key, Item]:
    """Return what the table holds besides counts of attempts."""
    return {
        key: dict(item) for key, item in table.items.items() if not key.pk.startswith("ATTEMPTS#")
    }


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the beginnings of the hashes that passwords are compared with."""
    compared: list[str] = []

    def remember(password: str, password_hash: str) -> bool:
        compared.append(password_hash[:7])
        return verify_password(password, password_hash)

    monkeypatch.setattr(accounts_module, "verify_password", remember)
    return compared


def try_wrong_passwords(auth: Auth, times: int, email: str = EMAIL) -> None:
    for _ in range(times):
        with pytest.raises(InvalidCredentials):
            auth.sign_in("wrong password", email)


def test_a_new_user_is_signed_in(auth: Auth, table: InMemoryTable) -> None:
    signed_in = auth.sign_up()
    identity = auth.tokens.verify(signed_in.access_token)
    assert (identity.user_id, identity.username) == (signed_in.user_id, "Ada")
    assert signed_in.expires_in_seconds == 1800
    profile = Users(table).find_profile(signed_in.user_id)
    assert profile is not None
    assert (profile.email, profile.username) == (EMAIL, "Ada")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", profile.created_at)


def test_whoever_signed_up_can_sign_in(auth: Auth) -> None:
    first = auth.sign_up()
    again = auth.sign_in()
    assert (again.user_id, again.username) == (first.user_id, "Ada")
    assert auth.tokens.verify(again.access_token).user_id == first.user_id
    assert again.refresh_token != first.refresh_token


def test_a_new_account_works_at_once_however_far_the_table_lags_behind() -> None:
    table = InMemoryTable(lagging=True)
    auth = build_auth(table)
    signed_up = auth.sign_up()
    assert auth.sign_in().user_id == signed_up.user_id
    assert auth.sessions.refresh(signed_up.refresh_token).user_id == signed_up.user_id
    assert Users(table).find_profile(signed_up.user_id) is not None


def test_an_unknown_address_is_refused_even_if_its_hash_should_match(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "verify_password", lambda *_: True)
    with pytest.raises(InvalidCredentials):
        auth.sign_in(email="eve@example.com")


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "a lovely journez"), (EMAIL, "x" * 500), ("eve@example.com", PASSWORD)],
)
def test_an_unknown_address_and_a_wrong_password_are_refused_alike(
    auth: Auth, table: InMemoryTable, email: str, password: str
) -> None:
    auth.sign_up()
    before = lasting(table)
    with pytest.raises(InvalidCredentials) as refusal:
        auth.sign_in(password, email)
    assert refusal.value.detail == InvalidCredentials.detail
    assert lasting(table) == before


def test_an_unknown_address_costs_the_same_work(auth: Auth, hashed: list[str]) -> None:
    auth.sign_up()
    calls: list[list[str]] = []
    for email in (EMAIL, "eve@example.com"):
        calls.append([])
        watched = auth.over(WatchedTable(auth.table, calls[-1].append))
        with pytest.raises(InvalidCredentials):
            watched.sign_in("wrong password", email)
    assert hashed == ["$2b$04$", "$2b$04$"]
    assert calls[0] == calls[1]


def test_neither_passwords_nor_tokens_are_stored(auth: Auth, table: InMemoryTable) -> None:
    signed_up, signed_in = auth.sign_up(), auth.sign_in()
    stored = repr(table.items)
    for secret in (PASSWORD, signed_up.refresh_token, signed_in.refresh_token):
        assert secret not in stored
        assert secret.rpartition(".")[2] not in stored


def test_a_refresh_token_is_stored_as_a_hash_with_its_family_and_end(
    auth: Auth, table: InMemoryTable
) -> None:
    signed_in = auth.sign_up()
    user_id, family_id, _secret = signed_in.refresh_token.split(".")
    assert user_id == signed_in.user_id
    session = table.items[keys.session(user_id, family_id)]
    assert session["family_id"] == family_id
    assert session["token_hash"] == hash_token(signed_in.refresh_token)
    assert session["expires_at"] == auth.clock.now_ms() // 1000 + WEEK_SECONDS


def test_every_sign_in_opens_a_family_of_its_own(auth: Auth) -> None:
    tokens = [auth.sign_up().refresh_token, *[auth.sign_in().refresh_token for _ in range(3)]]
    assert len({token.split(".")[1] for token in tokens}) == 4


def test_a_refresh_token_is_no_access_token(auth: Auth) -> None:
    with pytest.raises(Exception, match="DecodeError"):
        auth.tokens.verify(auth.sign_up().refresh_token)


@pytest.mark.parametrize(
    ("email", "username", "error"),
    [
        (EMAIL, "Grace", EmailTaken),
        ("grace@example.com", "aDA", UsernameTaken),
        (EMAIL, "ADA", EmailTaken),
    ],
)
def test_a_taken_name_opens_nothing(
    auth: Auth, table: InMemoryTable, email: str, username: str, error: type[DomainError]
) -> None:
    auth.sign_up()
    before = lasting(table)
    with pytest.raises(error):
        auth.sign_up(email, username)
    assert lasting(table) == before


@pytest.mark.parametrize("password", [EMAIL, "ADA@example.com", "Lovelace1"])
def test_a_password_is_not_the_users_own_name(
    auth: Auth, table: InMemoryTable, password: str
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        auth.accounts.sign_up(EMAIL, "lovelace1", password, NETWORK)
    assert [wrong.field for wrong in refusal.value.errors] == ["password"]
    assert table.items == {}


@pytest.mark.parametrize("successes", [0, 1])
def test_a_throttled_sign_up_opens_nothing_and_can_be_repeated(
    auth: Auth, table: InMemoryTable, successes: int
) -> None:
    throttled = auth.over(FaultyTable(table, [*[None] * successes, Unavailable()]))
    with pytest.raises(Unavailable):
        throttled.sign_up()
    assert lasting(table) == {}
    assert throttled.sign_up().user_id


@pytest.mark.parametrize("successes", range(4))
def test_a_throttled_sign_in_is_not_taken_for_a_wrong_password(
    auth: Auth, table: InMemoryTable, successes: int
) -> None:
    auth.sign_up()
    before = lasting(table)
    throttled = auth.over(FaultyTable(table, [*[None] * successes, Unavailable()]))
    with pytest.raises(Unavailable):
        throttled.sign_in()
    assert lasting(table) == before


def test_without_signing_keys_no_account_is_opened(table: InMemoryTable) -> None:
    class NoKeys:
        def current(self) -> SigningKey:
            raise KeysUnavailable

        def find(self, _kid: str, /) -> SigningKey | None:
            raise KeysUnavailable

    with pytest.raises(Unavailable):
        build_auth(table, tokens=AccessTokens(NoKeys(), "i", "a")).sign_up()
    assert lasting(table) == {}


@pytest.mark.parametrize("email", [EMAIL, "eve@example.com"])
def test_after_a_few_wrong_passwords_the_next_has_to_wait_whoever_it_is(
    auth: Auth, hashed: list[str], email: str
) -> None:
    auth.sign_up()
    try_wrong_passwords(auth, FREE_PASSWORDS, email)
    hashed.clear()
    for password in ("wrong password", PASSWORD):
        with pytest.raises(TooManyAttempts) as refusal:
            auth.sign_in(password, email)
        assert refusal.value.retry_after_seconds == 2
    assert hashed == []


def test_after_the_pause_the_right_password_opens_and_the_count_begins_anew(auth: Auth) -> None:
    auth.sign_up()
    try_wrong_passwords(auth, FREE_PASSWORDS)
    auth.clock.sleep(2)
    auth.sign_in()
    try_wrong_passwords(auth, FREE_PASSWORDS - 1)
    auth.sign_in()


def test_who_signs_in_often_is_never_limited(auth: Auth) -> None:
    auth.sign_up()
    for _ in range(3 * FREE_FAILURES):
        auth.sign_in()


def test_many_wrong_passwords_from_one_network_make_all_of_it_wait(
    auth: Auth, hashed: list[str]
) -> None:
    auth.sign_up()
    for at in range(FREE_FAILURES):
        try_wrong_passwords(auth, 1, f"guess{at}@example.com")
    hashed.clear()
    with pytest.raises(TooManyAttempts):
        auth.sign_in()
    assert hashed == []
    assert auth.accounts.sign_in(EMAIL, PASSWORD, "198.51.100.1").user_id
    auth.clock.sleep(2)
    assert auth.sign_in().user_id


def test_one_network_opens_a_few_accounts_an_hour(auth: Auth) -> None:
    for at in range(FREE_SIGN_UPS):
        auth.sign_up(f"u{at}@example.com", f"user{at}")
    with pytest.raises(TooManyAttempts) as refusal:
        auth.sign_up()
    assert refusal.value.retry_after_seconds == 60
    assert auth.accounts.sign_up(EMAIL, "Ada", PASSWORD, "198.51.100.1").user_id
    auth.clock.sleep(3600)
    assert auth.sign_up("eve@example.com", "Eve").user_id


def test_a_sign_in_that_meets_a_change_of_password_opens_nothing(
    auth: Auth, table: InMemoryTable
) -> None:
    user_id = auth.sign_up().user_id

    def change() -> None:
        auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)

    # After the old password was found right, before the session is written.
    with pytest.raises(InvalidCredentials):
        auth.over(overtaken(table, "write", change)).sign_in()


def test_a_sign_in_that_meets_a_sign_out_everywhere_opens_nothing(
    auth: Auth, table: InMemoryTable
) -> None:
    token = auth.sign_up().refresh_token
    before = lasting(table)
    slow = overtaken(table, "write", lambda: auth.sessions.end_all(token))
    with pytest.raises(InvalidCredentials):
        auth.over(slow).sign_in()
    assert lasting(table).keys() == before.keys()


def test_a_sign_in_that_meets_the_deletion_of_its_account_leaves_no_session(
    auth: Auth, table: InMemoryTable
) -> None:
    user_id = auth.sign_up().user_id

    def delete() -> None:
        for key in [key for key in table.items if key.pk in {f"USER#{user_id}", f"EMAIL#{EMAIL}"}]:
            table.write(Delete(key))

    with pytest.raises(InvalidCredentials):
        auth.over(overtaken(table, "write", delete)).sign_in()
    assert not [key for key in table.items if key.pk == f"USER#{user_id}"]


def test_a_changed_password_is_the_only_one(auth: Auth) -> None:
    user_id = auth.sign_up().user_id
    changed = auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)
    assert (changed.user_id, changed.username) == (user_id, "Ada")
    assert auth.tokens.verify(changed.access_token).user_id == user_id
    with pytest.raises(InvalidCredentials):
        auth.sign_in(PASSWORD)
    assert auth.sign_in(NEW_PASSWORD).user_id == user_id


def test_a_change_of_password_ends_every_session_but_the_new_one(auth: Auth) -> None:
    here, there = auth.sign_up(), auth.sign_in()
    changed = auth.accounts.change_password(here.user_id, PASSWORD, NEW_PASSWORD)
    for ended in (here, there):
        with pytest.raises(RefreshTokenInvalid):
            auth.sessions.refresh(ended.refresh_token)
    assert auth.sessions.refresh(changed.refresh_token).user_id == here.user_id


def test_a_wrong_current_password_changes_nothing_and_counts(
    auth: Auth, table: InMemoryTable
) -> None:
    user_id = auth.sign_up().user_id
    before = lasting(table)
    for _ in range(FREE_PASSWORDS):
        with pytest.raises(WrongPassword):
            auth.accounts.change_password(user_id, "wrong password", NEW_PASSWORD)
    with pytest.raises(TooManyAttempts):
        auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)
    with pytest.raises(TooManyAttempts):
        auth.sign_in()
    assert lasting(table) == before


def test_a_new_password_is_not_the_users_own_name(auth: Auth) -> None:
    user_id = auth.sign_up(username="lovelace1").user_id
    for password in (EMAIL, "LOVELACE1"):
        with pytest.raises(InvalidFields) as refusal:
            auth.accounts.change_password(user_id, PASSWORD, password)
        assert [wrong.field for wrong in refusal.value.errors] == ["new_password"]
    assert auth.sign_in().user_id == user_id


def test_who_has_been_deleted_changes_no_password(auth: Auth, table: InMemoryTable) -> None:
    user_id = auth.sign_up().user_id
    table.write(Delete(keys.profile(user_id)))
    with pytest.raises(AccountNotFound):
        auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)
    table.write(Delete(keys.credentials(EMAIL)))
    with pytest.raises(AccountNotFound):
        auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)


def test_of_two_changes_at_once_the_first_holds(auth: Auth, table: InMemoryTable) -> None:
    user_id = auth.sign_up().user_id

    def change() -> None:
        auth.accounts.change_password(user_id, PASSWORD, NEW_PASSWORD)

    with pytest.raises(WrongPassword):
        auth.over(overtaken(table, "write", change)).accounts.change_password(
            user_id, PASSWORD, "another journey"
        )
    assert auth.sign_in(NEW_PASSWORD).user_id == user_id


@pytest.mark.parametrize("successes", range(4))
def test_a_throttled_change_changes_nothing(
    auth: Auth, table: InMemoryTable, successes: int
) -> None:
    signed_up = auth.sign_up()
    throttled = auth.over(FaultyTable(table, [*[None] * successes, Unavailable()]))
    with pytest.raises(Unavailable):
        throttled.accounts.change_password(signed_up.user_id, PASSWORD, NEW_PASSWORD)
    assert auth.sign_in().user_id == signed_up.user_id
    assert auth.sessions.refresh(signed_up.refresh_token).user_id == signed_up.user_id
