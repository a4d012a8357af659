"""The routes of `auth`, from the event that API Gateway sends to the answer it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auth import handler
from auth.accounts import Accounts
from common.errors import Unavailable
from common.tokens import AccessTokens
from tests.fakes.events import load_event, read_json, with_body
from tests.fakes.signing_keys import FixedSigningKeys
from tests.fakes.tables import FaultyTable, InMemoryTable

if TYPE_CHECKING:
    import io

    from common.table import Table

SIGN_UP = load_event("signup")
SIGN_IN = load_event("login")
ADA = {"email": "ada@example.com", "username": "ada", "password": "a lovely journey"}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> InMemoryTable:
    table = InMemoryTable()
    use(monkeypatch, table)
    return table


def use(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    tokens = AccessTokens(FixedSigningKeys(), "https://issuer.test", "cv-location-classifier")
    monkeypatch.setattr(
        handler,
        "accounts",
        Accounts(table, tokens, access_ttl_seconds=1800, refresh_ttl_seconds=86400, bcrypt_cost=4),
    )


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
    assert table.items == {}


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
    logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [
        handler.handle(SIGN_UP, None),
        handler.handle(SIGN_UP, None),
        handler.handle(SIGN_IN, None),
        handler.handle(with_body(SIGN_IN, {**ADA, "password": "wrong password"}), None),
        sign_up(password="short"),
    ]
    written = logged.getvalue() + capsys.readouterr().out
    secrets = ["ada@example.com", ADA["password"], "wrong password", "203.0.113.7"]
    for answer in (answers[0], answers[2]):
        secrets += [read_json(answer)["access_token"], read_json(answer)["refresh_token"]]
    assert len(logged.getvalue().splitlines()) == len(answers)
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


def test_both_routes_are_public_and_described() -> None:
    assert [(route.method, route.path, route.public) for route in handler.api.routes] == [
        ("POST", "/auth/signup", True),
        ("POST", "/auth/login", True),
    ]
    assert all(route.summary and route.body and route.response for route in handler.api.routes)
