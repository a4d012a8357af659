"""The visit of a deployed API: patience, and leaving nothing behind whatever went wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.smoke.__main__ import visit_api
from local.smoke.patience import PatientClient
from local.smoke.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = httpx.Response
PLACE = {"landmark": "Roman Forum", "latitude": 41.89, "longitude": 12.48}


@dataclass
class FakeApi:
    """Answers like the API, but for what `instead` says; remembers who has an account."""

    instead: dict[str, Callable[[httpx.Request], Answer | None]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> Answer:
        route = f"{request.method} {request.url.path}"
        self.asked.append(route)
        if route in self.instead:
            answer = self.instead[route](request)
            if answer is not None:
                return answer
        return self.answer(route, request)

    def answer(self, route: str, request: httpx.Request) -> Answer:
        if route in {"POST /auth/signup", "POST /auth/login"}:
            return self.admit(route, json.loads(request.content))
        if route in {"GET /user/profile", "DELETE /user/profile"}:
            return self.door(request)
        bodies: dict[str, dict[str, Any]] = {
            "GET /health": {"status": "healthy"},
            "GET /info": {
                "version": "1.0",
                "environment": "staging",
                "landmarks": 3,
                "models": {"classifier": {"image_size": 260}},
            },
            "GET /openapi.json": {"paths": {"/predict": {}}},
            "POST /predict": {"prediction_id": "P1", "landmark": "Colosseum", "latency_ms": 9.1},
            "POST /describe": {"description": "Arches.", "model": "words"},
            "POST /recommend": {"recommendations": [PLACE]},
            "POST /itinerary": {"itinerary_id": "I1"},
            "GET /itinerary/I1": {"stops": [{"name": "Roman Forum"}]},
            "GET /user/export": {
                "profile": {"email": next(iter(self.accounts), "")},
                "predictions": [{"prediction_id": "P1"}],
                "itineraries": [{"itinerary_id": "I1"}],
            },
        }
        return Answer(201 if route == "POST /itinerary" else 200, json=bodies[route])

    def admit(self, route: str, details: dict[str, str]) -> Answer:
        email, password = details["email"], details["password"]
        if route == "POST /auth/login":
            known = self.accounts.get(email) == password
            return Answer(200, json={"access_token": "t"}) if known else Answer(401)
        if email in self.accounts:
            return Answer(409)
        self.accounts[email] = password
        return Answer(201, json={"access_token": "t"})

    def door(self, request: httpx.Request) -> Answer:
        if "authorization" not in request.headers:
            return Answer(401)
        if request.method == "DELETE":
            self.accounts.clear()
            return Answer(204)
        return Answer(200 if self.accounts else 404)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def visit(api: FakeApi, *, version: str = "", clock: Clock | None = None) -> bool:
    clock = clock or Clock()
    http = httpx.Client(transport=httpx.MockTransport(api.handle), base_url="https://api.test")
    client = PatientClient(http, 300, clock=lambda: clock.now, sleep=clock.sleep)
    with http:
        return visit_api(Visit(client, version))


def always(status: int, **headers: str) -> Callable[[httpx.Request], Answer]:
    return lambda _request: Answer(status, headers=headers)


def first(*answers: Callable[[httpx.Request], Answer | None]) -> Callable[..., Answer | None]:
    """Answer like these, one after the other, and like the API from then on."""
    waiting = list(answers)
    return lambda request: waiting.pop(0)(request) if waiting else None


def unreachable(_request: httpx.Request) -> Answer:
    message = "no answer"
    raise httpx.ReadTimeout(message)


def test_an_api_that_works_is_well_and_nobody_is_left() -> None:
    api = FakeApi()
    assert visit(api, version="1.0")
    assert api.accounts == {}


@pytest.mark.parametrize(
    "route",
    [
        *("GET /health", "GET /info", "GET /openapi.json", "POST /auth/signup", "POST /predict"),
        *("POST /describe", "POST /recommend", "POST /itinerary", "GET /itinerary/I1"),
        "GET /user/export",
    ],
)
def test_any_route_that_fails_is_a_failure_and_nobody_is_left(route: str) -> None:
    api = FakeApi(instead={route: always(500)})
    assert not visit(api)
    assert api.accounts == {}
    assert api.asked.count(route) == 1, "a fault was asked for again"


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("GET /health", {"status": "unwell"}),
        ("GET /info", {"version": "1.0", "models": {"classifier": None}, "landmarks": 3}),
        ("GET /openapi.json", {"paths": {}}),
        ("GET /user/profile", {"username": "anybody"}),
        ("POST /predict", {"prediction_id": "P", "landmark": "Louvre", "latency_ms": 1}),
        ("POST /predict", {"landmark": "Colosseum"}),
        ("POST /predict", ["Colosseum"]),
        ("POST /describe", {"description": " ", "model": "words"}),
        ("POST /recommend", {"recommendations": []}),
        ("GET /itinerary/I1", {"stops": []}),
        (
            "GET /user/export",
            {"profile": {"email": "else@example.com"}, "predictions": [], "itineraries": []},
        ),
    ],
)
def test_an_answer_that_makes_no_sense_is_a_failure(route: str, body: object) -> None:
    api = FakeApi(instead={route: first(lambda _request: Answer(200, json=body))})
    assert not visit(api)
    assert api.accounts == {}


def test_a_page_in_place_of_json_is_a_failure() -> None:
    api = FakeApi(instead={"GET /health": lambda _request: Answer(200, text="<html>")})
    assert not visit(api)


def test_another_version_is_a_failure() -> None:
    assert not visit(FakeApi(), version="0.9")


def test_a_cold_or_throttled_function_is_asked_again_when_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    throttled = always(503, **{"retry-after": "3"})
    api = FakeApi(instead={"POST /predict": first(throttled, always(429), unreachable)})
    assert visit(api, clock=clock)
    assert clock.slept == [3, 2, 4]
    assert "3 requests repeated" in capsys.readouterr().out


def test_patience_ends_and_leaving_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    api = FakeApi(instead={"POST /describe": always(503, **{"retry-after": "100"})})
    api.instead["DELETE /user/profile"] = first(always(503, **{"retry-after": "60"}))
    assert not visit(api, clock=clock)
    assert clock.slept == [100, 100, 60]
    assert api.accounts == {}
    assert "POST /describe answered 503" in capsys.readouterr().out


def test_an_api_that_never_answers_is_given_up() -> None:
    clock = Clock()
    assert not visit(FakeApi(instead={"GET /health": unreachable}), clock=clock)
    assert 250 < clock.now < 300


def test_an_account_whose_opening_was_not_answered_is_found_and_deleted() -> None:
    api = FakeApi()

    def open_silently(request: httpx.Request) -> Answer:
        api.admit("POST /auth/signup", json.loads(request.content))
        return unreachable(request)

    api.instead["POST /auth/signup"] = first(open_silently)
    assert visit(api)
    assert api.accounts == {}

    api.instead["POST /auth/signup"] = open_silently
    assert not visit(api)
    assert api.accounts == {}


def test_an_account_that_cannot_be_deleted_is_a_failure_and_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    api = FakeApi(instead={"DELETE /user/profile": always(500)})
    assert not visit(api)
    (email,) = api.accounts
    assert email in capsys.readouterr().out


def test_an_account_that_is_still_there_after_its_deletion_is_a_failure() -> None:
    assert not visit(FakeApi(instead={"DELETE /user/profile": always(204)}))
