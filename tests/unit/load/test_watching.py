"""Answers that should not be are seen on their way, and waiting ends."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.load.day import activity_at
from local.load.device import TRIES, Device, UnsureError
from local.load.witness import Witness
from travel_client import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[[httpx.Request], httpx.Response]

DOCUMENT = json.loads((Path(__file__).resolve().parents[3] / "docs" / "openapi.json").read_text())
URL = "https://api.test/$default"
LATER = {"retry-after": "1"}


@pytest.fixture
def witness() -> Witness:
    return Witness(URL, DOCUMENT)


def see(witness: Witness, path: str, answer: httpx.Response) -> list[str]:
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as http:
        witness.watch(http)
        http.get(f"{URL}{path}")
    return witness.findings


@pytest.mark.parametrize("path", ["/health", "/landmarks/colosseum", "/predictions?limit=2"])
def test_what_is_declared_is_no_finding(witness: Witness, path: str) -> None:
    assert see(witness, path, httpx.Response(200, json={})) == []
    assert witness.statuses == {200: 1}


def test_a_503_that_says_when_to_come_back_is_no_finding(witness: Witness) -> None:
    assert see(witness, "/health", httpx.Response(503, json={}, headers=LATER)) == []


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/health", httpx.Response(503, json={}), "without a Retry-After"),
        ("/health", httpx.Response(503, json={}, headers={"retry-after": "x"}), "without"),
        ("/health", httpx.Response(500, json={}), "a fault of the server's"),
        ("/health", httpx.Response(502, json={}), "does not declare"),
        ("/health", httpx.Response(418, json={}), "does not declare"),
        ("/nowhere", httpx.Response(200, json={}), "does not declare"),
        ("/predictions", httpx.Response(404, json={}), "does not declare"),
        ("/user/profile", httpx.Response(404, text="gone"), "not JSON"),
    ],
)
def test_what_should_not_be_is_found(
    witness: Witness, path: str, answer: httpx.Response, words: str
) -> None:
    found = see(witness, path, answer)
    assert any(words in one for one in found)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("local.load.device.time.sleep", slept.append)
    return slept


def refusal(status: int, code: str, headers: dict[str, str] | None = None) -> ApiError:
    return ApiError(httpx.Response(status, json={"code": code}, headers=headers))


def in_turn(*outcomes: Any) -> Callable[[], Any]:  # noqa: ANN401 - an answer or an exception
    left = list(outcomes)

    def call() -> Any:  # noqa: ANN401
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return call


@pytest.fixture
def device(witness: Witness) -> Device:
    return Device(URL, witness, random.Random(1))  # noqa: S311 - nothing secret


BUSY = (503, "service_unavailable", LATER)


def test_what_is_put_off_is_asked_for_again(device: Device, waits: list[float]) -> None:
    assert device.patiently(in_turn(refusal(*BUSY), refusal(*BUSY), "done")) == "done"
    assert waits == [1, 1]


def test_nobody_knows_what_is_put_off_until_the_end(device: Device, waits: list[float]) -> None:
    with pytest.raises(UnsureError):
        device.patiently(in_turn(*[refusal(*BUSY)] * TRIES))
    assert len(waits) == TRIES


def test_nobody_knows_what_is_not_answered_and_a_broken_connection_is_found(
    device: Device, witness: Witness
) -> None:
    for error in (httpx.ReadTimeout("too long"), httpx.RemoteProtocolError("cut")):
        with pytest.raises(UnsureError):
            device.patiently(in_turn(error))
    assert (witness.hung_up, witness.unanswered, len(witness.findings)) == (0, 1, 1)


def test_who_hangs_up_finds_nothing(
    device: Device, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.load.device._HASTY_SHARE", 1.0)
    with pytest.raises(UnsureError):
        device.perhaps_hastily(in_turn(httpx.ReadTimeout("gave up")))
    assert (witness.hung_up, witness.findings) == (1, [])
    with pytest.raises(UnsureError):
        device.perhaps_hastily(in_turn(httpx.ConnectError("refused")))
    assert len(witness.findings) == 1


def test_what_is_there_after_a_try_that_was_put_off_may_be_that_tries(
    device: Device, waits: list[float]
) -> None:
    taken = refusal(409, "email_taken")
    with pytest.raises(UnsureError):
        device.patiently(in_turn(refusal(*BUSY), taken), done="email_taken")
    with pytest.raises(ApiError):
        device.patiently(in_turn(taken), done="email_taken")
    assert len(waits) == 1


def test_most_happens_at_noon_and_in_the_evening() -> None:
    assert activity_at(3) < activity_at(9) < activity_at(12) == activity_at(19)


def test_what_was_put_off_is_counted_and_forgotten(device: Device, waits: list[float]) -> None:
    device.patiently(in_turn(refusal(*BUSY), refusal(429, "too_many_attempts"), "done"))
    assert (device.put_off, len(waits)) == (1, 2)
    device.patiently(in_turn("done"))
    assert device.put_off == 0


def test_what_the_gateway_refuses_while_keys_cannot_be_read_is_asked_for_again(
    device: Device, waits: list[float]
) -> None:
    forbidden = ApiError(httpx.Response(403, json={"message": "Forbidden"}))
    assert device.patiently(in_turn(forbidden, "done")) == "done"
    with pytest.raises(ApiError):
        device.patiently(in_turn(refusal(403, "wrong_password")))
    assert (device.put_off, len(waits)) == (0, 1)
