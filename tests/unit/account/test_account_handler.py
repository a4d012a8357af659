"""The routes of `account`, from event to answer."""

from __future__ import annotations

import pytest

from account import handler
from common.errors import Unavailable
from common.users import Profile, Users
from tests.fakes.events import load_event, read_json, signed_in_as
from tests.fakes.tables import FaultyTable, InMemoryTable

EVENT = load_event("profile")
ADA = Profile("U1", "ada@example.com", "ada", "2026-01-01T00:00:00.000+00:00", 0, 3)


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch) -> Users:
    users = Users(InMemoryTable())
    users.add(ADA, "$hash$")
    monkeypatch.setattr(handler, "users", users)
    return users


@pytest.mark.usefixtures("users")
def test_a_signed_in_user_sees_their_own_profile() -> None:
    answer = handler.handle(signed_in_as(EVENT, "U1"), None)
    assert answer["statusCode"] == 200
    assert read_json(answer) == {
        "user_id": "U1",
        "email": "ada@example.com",
        "username": "ada",
        "created_at": "2026-01-01T00:00:00.000+00:00",
        "itinerary_count": 0,
        "prediction_count": 3,
    }


@pytest.mark.usefixtures("users")
def test_the_token_of_a_deleted_account_is_404() -> None:
    answer = handler.handle(signed_in_as(EVENT, "U2"), None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (404, "account_not_found")


@pytest.mark.usefixtures("users")
def test_without_the_authorizer_it_is_401() -> None:
    event = load_event("profile")
    del event["requestContext"]["authorizer"]
    answer = handler.handle(event, None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (401, "not_authenticated")
    assert answer["headers"]["www-authenticate"] == "Bearer"


def test_a_throttled_table_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    table = FaultyTable(InMemoryTable(), [Unavailable()])
    monkeypatch.setattr(handler, "users", Users(table))
    assert handler.handle(signed_in_as(EVENT, "U1"), None)["statusCode"] == 503


def test_no_route_is_open_to_strangers() -> None:
    assert len(handler.api.routes) == 14
    assert not [route.path for route in handler.api.routes if route.public]
