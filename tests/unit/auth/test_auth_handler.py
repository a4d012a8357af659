"""The routes of `auth`, from the event that API Gateway sends to the answer it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auth import handler
from common.errors import Unavailable
from tests.fakes.events import load_event, read_json, signed_in_as, with_body
from tests.fakes.log_queries import unanswered
from tests.fakes.tables import FaultyTable, InMemoryTable
from tests.unit.auth.parts import FREE_PASSWORDS, FREE_RESETS, FREE_SIGN_UPS, build_auth

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from common.table import Table
    from tests.fakes.mail import Mailbox

SIGN_UP = load_event("signup")
SIGN_IN = load_event("login")
REFRESH = load_event("refresh")
SIGN_OUT = load_event("logout")
CHANGE_PASSWORD = load_event("password")
REQUEST_RESET = load_event("password-reset-request")
CONFIRM_RESET = load_event("password-reset-confirm")
KINDS = ("access_token", "refresh_token")
ADA = {"email": "ada@example.com", "username": "ada", "password": "a lovely journey"}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> InMemoryTable:
    table = InMemoryTable()
    use(monkeypatch, table, mailbox)
    return table


def use(monkeypatch: pytest.MonkeyPatch, table: Table, mailbox: Mailbox | None = None) -> None:
    auth = build_auth(table, mailer=mailbox)
    for part in ("accounts", "sessions", "resets"):
        monkeypatch.setattr(handler, part, getattr(auth, part))


def call(event: dict[str, Any], **body: object) -> dict[str, Any]:
    return handler.handle(with_body(event, body) if body else event, None)


def token_in(mailbox: Mailbox) -> str:
    return mailbox.mails[-1].text.partition("#token=")[2].partition("\n")[0]


def sign_up(**changes: object) -> dict[str, Any]:
    return handler.handle(with_body(SIGN_UP, ADA | changes), None)


@pytest.mark.usefixtures("table")
def test_signing_up_and_signing_in_give_the_same_kind_of_answer() -> None:
    created = handler.handle(SIGN_UP, None)
    assert created["statusCode"] == 201
    signed_in = handler.handle(SIGN_IN, None)
    assert signed_in["statusCode"] == 200
    for answer in (created, signed_in):
        body = read_json(answer)
        assert body.keys() == {
            "user_id",
            "username",
            "access_token",
            "refresh_token",
            "token_type",
            "expires_in",
        }
        assert (body["username"], body["token_type"], body["expires_in"]) == ("ada", "bearer", 1800)
        assert answer["headers"]["cache-control"] == "no-store"
    assert read_json(created)["user_id"] == read_json(signed_in)["user_id"]


@pytest.mark.usefixtures("table")
def test_the_address_is_one_however_it_is_typed() -> None:
    assert sign_up(email=" Ada@Example.COM ")["statusCode"] == 201
    body = {"email": "ADA@example.com", "password": ADA["password"]}
    assert handler.handle(with_body(SIGN_IN, body), None)["statusCode"] == 200
    again = sign_up(username="other")
    assert (again["statusCode"], read_json(again)["code"]) == (409, "email_taken")


@pytest.mark.usefixtures("table")
def test_a_taken_username_is_told_apart() -> None:
    sign_up()
    again = sign_up(email="grace@example.com", username="ADA")
    assert (again["statusCode"], read_json(again)["code"]) == (409, "username_taken")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": "ada"}, ["email"]),
        ({"email": None}, ["email"]),
        ({"username": "a"}, ["username"]),
        ({"username": ["ada"]}, ["username"]),
        ({"password": "short"}, ["password"]),
        ({"password": "é" * 40}, ["password"]),
        ({"password": 12345678}, ["password"]),
        ({"password": "ADA@EXAMPLE.COM"}, ["password"]),
        ({"email": "", "username": "", "password": ""}, ["email", "username", "password"]),
    ],
)
def test_what_cannot_be_used_is_named(
    table: InMemoryTable, changes: dict[str, object], fields: list[str]
) -> None:
    answer = sign_up(**changes)
    problem = read_json(answer)
    assert (answer["statusCode"], problem["code"]) == (422, "invalid_fields")
    assert [wrong["field"] for wrong in problem["errors"]] == fields
    assert not [key for key in table.items if not key.pk.startswith("ATTEMPTS#")]


@pytest.mark.usefixtures("table")
def test_a_missing_field_is_named() -> None:
    answer = handler.handle(with_body(SIGN_UP, {"email": "ada@example.com"}), None)
    assert [wrong["field"] for wrong in read_json(answer)["errors"]] == ["username", "password"]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("body", ["", "{", "[]", '{"email": "a@b.de", "email": "c@d.de"}'])
@pytest.mark.parametrize("event", [SIGN_UP, SIGN_IN], ids=["signup", "login"])
def test_a_body_that_cannot_be_read_is_400(event: dict[str, Any], body: str) -> None:
    answer = handler.handle(with_body(event, body), None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (400, "malformed_request")


@pytest.mark.usefixtures("table")
def test_the_two_ways_to_fail_to_sign_in_cannot_be_told_apart() -> None:
    sign_up()
    wrong = handler.handle(with_body(SIGN_IN, {**ADA, "password": "wrong"}), None)
    unknown = handler.handle(with_body(SIGN_IN, {**ADA, "email": "eve@example.com"}), None)
    assert wrong["statusCode"] == 401
    assert read_json(wrong)["code"] == "invalid_credentials"
    assert wrong["headers"]["www-authenticate"] == "Bearer"
    assert wrong == unknown


def test_a_throttled_table_is_503_with_a_time_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, FaultyTable(InMemoryTable(), [Unavailable()] * 2))
    for event in (SIGN_UP, SIGN_IN):
        answer = handler.handle(event, None)
        assert (answer["statusCode"], read_json(answer)["code"]) == (503, "service_unavailable")
        assert int(answer["headers"]["retry-after"]) > 0


def test_a_broken_table_is_500_without_detail(
    monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    use(monkeypatch, FaultyTable(InMemoryTable(), [KeyError("ada@example.com")]))
    answer = handler.handle(SIGN_UP, None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (500, "internal_error")
    assert "ada@example.com" not in answer["body"] + logged.getvalue()


@pytest.mark.usefixtures("table")
def test_nothing_personal_is_logged(
    logged: io.StringIO, capsys: pytest.CaptureFixture[str], mailbox: Mailbox
) -> None:
    answers = [handler.handle(SIGN_UP, None), handler.handle(SIGN_IN, None)]
    spent = read_json(answers[0])["refresh_token"]
    user_id = read_json(answers[0])["user_id"]
    answers += [call(REFRESH, refresh_token=spent) for _ in range(2)]
    answers.append(handler.handle(signed_in_as(CHANGE_PASSWORD, user_id), None))
    secrets = [read_json(answer)[kind] for answer in answers for kind in KINDS]
    others = [
        handler.handle(SIGN_UP, None),
        call(SIGN_IN, email=ADA["email"], password="wrong password"),
        sign_up(password="short"),
        call(REQUEST_RESET, email=ADA["email"]),
        call(SIGN_OUT, refresh_token=spent),
    ]
    secrets.append(token_in(mailbox))
    others += [call(CONFIRM_RESET, token=token_in(mailbox), password="yet another") for _ in "ab"]
    written = logged.getvalue() + capsys.readouterr().out
    secrets += [ADA["email"], ADA["password"], "wrong password", "yet another", "203.0.113.7"]
    assert len(logged.getvalue().splitlines()) == len(answers) + len(others)
    assert not [secret for secret in secrets if secret in written]


@pytest.mark.usefixtures("table")
def test_sign_ups_and_sign_ins_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    handler.handle(SIGN_UP, None)
    handler.handle(SIGN_IN, None)
    handler.handle(with_body(SIGN_IN, {**ADA, "password": "wrong"}), None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [
        metric["Name"]
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    ]
    assert names == ["SignUps", "SignIns", "SignInsRefused"]


def test_every_route_is_described_and_only_changing_the_password_wants_an_access_token() -> None:
    routes = {f"{route.method} {route.path}": route for route in handler.api.routes}
    assert set(routes) == {
        "POST /auth/signup",
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/password",
        "POST /auth/password-reset/request",
        "POST /auth/password-reset/confirm",
    }
    assert [path for path, route in routes.items() if not route.public] == ["POST /auth/password"]
    assert all(route.summary and route.body for route in routes.values())
    for route in routes.values():
        assert (route.response is None) == (route.status == 204), route.path


@pytest.mark.usefixtures("table")
def test_a_session_is_refreshed_and_ended() -> None:
    first = read_json(sign_up())
    answer = call(REFRESH, refresh_token=first["refresh_token"])
    assert answer["statusCode"] == 200
    second = read_json(answer)
    assert second.keys() == first.keys()
    ended = call(SIGN_OUT, refresh_token=second["refresh_token"])
    assert (ended["statusCode"], ended["body"]) == (204, "")
    refused = call(REFRESH, refresh_token=second["refresh_token"])
    assert (refused["statusCode"], read_json(refused)["code"]) == (401, "refresh_token_invalid")


@pytest.mark.usefixtures("table")
def test_every_session_is_ended_when_asked() -> None:
    here, there = read_json(sign_up()), read_json(handler.handle(SIGN_IN, None))
    answer = call(SIGN_OUT, refresh_token=here["refresh_token"], everywhere=True)
    assert answer["statusCode"] == 204
    assert call(REFRESH, refresh_token=there["refresh_token"])["statusCode"] == 401


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("event", [REFRESH, SIGN_OUT], ids=["refresh", "logout"])
def test_a_token_of_another_form_is_refused(event: dict[str, Any]) -> None:
    access_token = read_json(sign_up())["access_token"]
    for token, code in (("x", "refresh_token_invalid"), (access_token, "invalid_fields")):
        assert read_json(call(event, refresh_token=token))["code"] == code


@pytest.mark.usefixtures("table")
def test_a_password_is_changed_by_whom_the_authorizer_vouched_for() -> None:
    user_id = read_json(sign_up())["user_id"]
    nobody = signed_in_as(CHANGE_PASSWORD, "")
    assert read_json(handler.handle(nobody, None))["code"] == "not_authenticated"
    answer = handler.handle(signed_in_as(CHANGE_PASSWORD, user_id), None)
    assert answer["statusCode"] == 200
    assert read_json(answer)["user_id"] == user_id
    again = handler.handle(signed_in_as(CHANGE_PASSWORD, user_id), None)
    assert (again["statusCode"], read_json(again)["code"]) == (403, "wrong_password")
    assert "www-authenticate" not in again["headers"]


@pytest.mark.usefixtures("table")
def test_a_new_password_keeps_the_rules_under_its_own_name() -> None:
    event = signed_in_as(CHANGE_PASSWORD, read_json(sign_up())["user_id"])
    for password in ("short", ADA["email"]):
        answer = call(event, current_password=ADA["password"], new_password=password)
        assert [wrong["field"] for wrong in read_json(answer)["errors"]] == ["new_password"]


@pytest.mark.usefixtures("table")
def test_a_forgotten_password_is_replaced(mailbox: Mailbox) -> None:
    sign_up()
    asked = handler.handle(REQUEST_RESET, None)
    assert asked["statusCode"] == 202
    assert token_in(mailbox) not in asked["body"]
    confirmed = call(CONFIRM_RESET, token=token_in(mailbox), password="a longer journey")
    assert (confirmed["statusCode"], confirmed["body"]) == (204, "")
    signed_in = call(SIGN_IN, email=ADA["email"], password="a longer journey")
    assert signed_in["statusCode"] == 200
    again = call(CONFIRM_RESET, token=token_in(mailbox), password="a longer journey")
    assert (again["statusCode"], read_json(again)["code"]) == (400, "reset_token_invalid")


@pytest.mark.usefixtures("table")
def test_who_asks_for_a_reset_does_not_learn_whether_the_account_exists() -> None:
    sign_up()
    known = call(REQUEST_RESET, email=ADA["email"])
    unknown = call(REQUEST_RESET, email="eve@example.com")
    assert known == unknown


def test_without_a_sender_a_reset_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, InMemoryTable())
    answer = handler.handle(REQUEST_RESET, None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (501, "password_reset_unavailable")


@pytest.mark.usefixtures("table")
def test_too_many_attempts_are_429_with_a_time_to_come_back() -> None:
    attempts: list[tuple[int, Callable[[int], dict[str, Any]]]] = [
        (FREE_SIGN_UPS, lambda at: sign_up(email=f"u{at}@example.com", username=f"user{at}")),
        (FREE_PASSWORDS, lambda _: call(SIGN_IN, email="eve@example.com", password="wrong")),
        (FREE_RESETS, lambda at: call(REQUEST_RESET, email=f"u{at}@example.com")),
    ]
    for free, attempt in attempts:
        assert {attempt(at)["statusCode"] for at in range(free)} <= {201, 202, 401}
        answer = attempt(free)
        assert (answer["statusCode"], read_json(answer)["code"]) == (429, "too_many_attempts")
        assert int(answer["headers"]["retry-after"]) > 0


@pytest.mark.usefixtures("table")
def test_a_limited_address_reads_the_same_whether_it_has_an_account_or_not() -> None:
    sign_up()
    last = {}
    for email in (ADA["email"], "eve@example.com"):
        for _ in range(FREE_PASSWORDS + 1):
            last[email] = call(SIGN_IN, email=email, password="wrong")
    known, unknown = last.values()
    assert known["statusCode"] == 429
    assert known == unknown


@pytest.mark.usefixtures("table")
def test_what_its_dashboard_asks_for_is_logged(
    monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    handler.handle(SIGN_UP, None)
    handler.handle(SIGN_IN, None)
    handler.handle(with_body(SIGN_IN, {**ADA, "password": "wrong"}), None)
    use(monkeypatch, FaultyTable(InMemoryTable(), [Unavailable()]))
    handler.handle(SIGN_IN, None)
    assert unanswered("auth", logged.getvalue()) == []
