"""Choosing a new password with a token from a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from auth.password_reset import NOBODY, TOKEN_TTL_SECONDS
from common import keys
from common.errors import (
    InvalidCredentials,
    InvalidFields,
    PasswordResetUnavailable,
    RefreshTokenInvalid,
    ResetTokenInvalid,
    TooManyAttempts,
    Unavailable,
)
from common.limits import RESETS_PER_EMAIL
from common.updates import Delete
from tests.fakes.mail import Mail, Mailbox
from tests.fakes.tables import FaultyTable, InMemoryTable, WatchedTable
from tests.unit.auth.parts import (
    EMAIL,
    FREE_PASSWORDS,
    FREE_RESETS,
    NETWORK,
    PASSWORD,
    Auth,
    build_auth,
    overtaken,
)

if TYPE_CHECKING:
    import io

NEW_PASSWORD = "a longer journey"
STRANGER = "eve@example.com"


def token_in(mail: Mail) -> str:
    (token,) = re.findall(r"[0-9A-Z]{26}\.[\w-]{43}", mail.text)
    return str(token)


@pytest.fixture
def token(auth: Auth, mailbox: Mailbox) -> str:
    """Sign up, forget the password and read the mail."""
    auth.sign_up()
    auth.resets.request(EMAIL, NETWORK)
    return token_in(mailbox.mails[-1])


def test_the_token_goes_to_the_accounts_address(
    auth: Auth, mailbox: Mailbox, table: InMemoryTable
) -> None:
    auth.sign_up()
    auth.resets.request(EMAIL, NETWORK)
    (mail,) = mailbox.mails
    assert mail.recipient == EMAIL
    assert f"https://travel.example/new-password#token={token_in(mail)}\n" in mail.text
    assert token_in(mail).partition(".")[2] not in repr(table.items)


def test_without_a_page_the_mail_has_the_bare_token(table: InMemoryTable) -> None:
    mailbox = Mailbox()
    auth = build_auth(table, mailer=mailbox, page_url="")
    auth.sign_up()
    auth.resets.request(EMAIL, NETWORK)
    assert f"\n{token_in(mailbox.mails[0])}\n" in mailbox.mails[0].text
    assert "#token" not in mailbox.mails[0].text


def test_the_token_sets_the_password(auth: Auth, token: str) -> None:
    auth.resets.confirm(token, NEW_PASSWORD)
    with pytest.raises(InvalidCredentials):
        auth.sign_in(PASSWORD)
    assert auth.sign_in(NEW_PASSWORD).username == "Ada"


def test_a_reset_ends_every_session(auth: Auth, token: str) -> None:
    here, there = auth.sign_in(), auth.sign_in()
    auth.resets.confirm(token, NEW_PASSWORD)
    for session in (here, there):
        with pytest.raises(RefreshTokenInvalid):
            auth.sessions.refresh(session.refresh_token)
    again = auth.sign_in(NEW_PASSWORD)
    assert auth.sessions.refresh(again.refresh_token).user_id == here.user_id


def test_a_reset_lets_in_who_had_been_locked_out(auth: Auth, token: str) -> None:
    for _ in range(FREE_PASSWORDS):
        with pytest.raises(InvalidCredentials):
            auth.sign_in("wrong password")
    auth.resets.confirm(token, NEW_PASSWORD)
    assert auth.sign_in(NEW_PASSWORD).username == "Ada"


def test_a_token_works_once(auth: Auth, token: str) -> None:
    auth.resets.confirm(token, NEW_PASSWORD)
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, "another journey")
    assert auth.sign_in(NEW_PASSWORD).username == "Ada"


def test_of_two_uses_at_once_one_works(auth: Auth, table: InMemoryTable, token: str) -> None:
    slow = overtaken(table, "write", lambda: auth.resets.confirm(token, NEW_PASSWORD))
    with pytest.raises(ResetTokenInvalid):
        auth.over(slow).resets.confirm(token, "another journey")
    assert auth.sign_in(NEW_PASSWORD).username == "Ada"


def test_a_token_works_for_an_hour(auth: Auth, token: str) -> None:
    auth.clock.sleep(TOKEN_TTL_SECONDS)
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, NEW_PASSWORD)
    assert auth.sign_in(PASSWORD).username == "Ada"


def test_a_new_token_voids_the_one_before(auth: Auth, mailbox: Mailbox, token: str) -> None:
    auth.resets.request(EMAIL, NETWORK)
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, NEW_PASSWORD)
    auth.resets.confirm(token_in(mailbox.mails[-1]), NEW_PASSWORD)


def test_a_change_of_password_voids_the_token(auth: Auth, token: str) -> None:
    auth.accounts.change_password(token[:26], PASSWORD, NEW_PASSWORD)
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, "another journey")


def test_a_token_is_for_its_own_account(auth: Auth, token: str) -> None:
    other = auth.sign_up(STRANGER, "Eve")
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(f"{other.user_id}.{token.partition('.')[2]}", NEW_PASSWORD)


@pytest.mark.parametrize("token", ["", "x", ".", "0" * 26, "0" * 26 + ".", "0" * 26 + ".x"])
def test_what_was_never_sent_is_no_token(auth: Auth, token: str) -> None:
    auth.sign_up()
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, NEW_PASSWORD)


def test_an_account_without_a_request_has_no_token(auth: Auth) -> None:
    user_id = auth.sign_up().user_id
    for secret in ("", "None"):
        with pytest.raises(ResetTokenInvalid):
            auth.resets.confirm(f"{user_id}.{secret}", NEW_PASSWORD)


def test_the_token_of_a_deleted_account_is_void(
    auth: Auth, table: InMemoryTable, token: str
) -> None:
    table.write(Delete(keys.credentials(EMAIL)))
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, NEW_PASSWORD)


def test_a_refused_password_leaves_the_token_good(auth: Auth, token: str) -> None:
    with pytest.raises(InvalidFields):
        auth.resets.confirm(token, EMAIL)
    auth.resets.confirm(token, NEW_PASSWORD)


def test_a_throttled_reset_leaves_the_token_good(
    auth: Auth, table: InMemoryTable, token: str
) -> None:
    for successes in range(3):
        throttled = auth.over(FaultyTable(table, [*[None] * successes, Unavailable()]))
        with pytest.raises(Unavailable):
            throttled.resets.confirm(token, NEW_PASSWORD)
    auth.resets.confirm(token, NEW_PASSWORD)


def test_an_unknown_address_costs_the_same_work_and_tells_nobody(table: InMemoryTable) -> None:
    calls: list[list[str]] = []
    mailbox = Mailbox()
    build_auth(table).sign_up()
    for email in (EMAIL, STRANGER):
        calls.append([])
        build_auth(WatchedTable(table, calls[-1].append), mailer=mailbox).resets.request(
            email, NETWORK
        )
    known, unknown = mailbox.mails
    assert calls[0] == calls[1]
    assert unknown.recipient == NOBODY
    assert (unknown.subject, len(unknown.text)) == (known.subject, len(known.text))
    assert keys.credentials(STRANGER) not in table.items
    with pytest.raises(ResetTokenInvalid):
        build_auth(table).resets.confirm(token_in(unknown), NEW_PASSWORD)


def test_without_a_sender_there_are_no_resets(table: InMemoryTable) -> None:
    with pytest.raises(PasswordResetUnavailable):
        build_auth(table).resets.request(EMAIL, NETWORK)
    assert table.items == {}


@pytest.mark.parametrize("email", [EMAIL, STRANGER])
def test_nobodys_mailbox_is_flooded(auth: Auth, mailbox: Mailbox, email: str) -> None:
    auth.sign_up()
    for _ in range(RESETS_PER_EMAIL.free):
        auth.resets.request(email, NETWORK)
    with pytest.raises(TooManyAttempts) as refusal:
        auth.resets.request(email, NETWORK)
    assert refusal.value.retry_after_seconds == 60
    assert len(mailbox.mails) == RESETS_PER_EMAIL.free


def test_one_network_asks_for_a_few_mails_an_hour(auth: Auth) -> None:
    for at in range(FREE_RESETS):
        auth.resets.request(f"u{at}@example.com", NETWORK)
    with pytest.raises(TooManyAttempts):
        auth.resets.request(EMAIL, NETWORK)
    auth.resets.request(EMAIL, "198.51.100.1")


def test_a_busy_mail_service_is_told_and_asked_again(table: InMemoryTable) -> None:
    mailbox = Mailbox([Unavailable()])
    auth = build_auth(table, mailer=mailbox)
    auth.sign_up()
    with pytest.raises(Unavailable):
        auth.resets.request(EMAIL, NETWORK)
    auth.resets.request(EMAIL, NETWORK)
    auth.resets.confirm(token_in(mailbox.mails[0]), NEW_PASSWORD)


def test_no_token_is_logged(auth: Auth, token: str, logged: io.StringIO) -> None:
    auth.resets.request(EMAIL, NETWORK)
    with pytest.raises(ResetTokenInvalid):
        auth.resets.confirm(token, NEW_PASSWORD)
    assert token.partition(".")[2] not in logged.getvalue()
