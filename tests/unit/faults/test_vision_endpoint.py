"""The vision endpoint fails in every way there is; a photo is described all the same, in time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from describe.reasons import Reason
from tests.contracts.account_contract import Killed
from tests.fakes.aws_wire import Plan
from tests.fakes.events import read_json
from tests.fakes.faults import Fault
from tests.unit.faults.operations import OPERATIONS
from tests.unit.faults.test_every_operation import hold
from tests.unit.faults.world import Bytes, World, answer_remotely

if TYPE_CHECKING:
    from collections.abc import Callable

    Endpoint = Callable[[World, httpx.Request], httpx.Response]

(DESCRIBE,) = (operation for operation in OPERATIONS if operation.name == "describe a photo")
# Twice as long as an answer may be.
ENDLESS = b" " * (512 * 1024)


def _raises(error: type[httpx.TransportError], *, waited: str = "") -> Endpoint:
    """Fail in httpx, after one of the request's timeouts has run out where that is why."""

    def fail(world: World, request: httpx.Request) -> httpx.Response:
        if waited:
            world.wire.clock.sleep(request.extensions["timeout"][waited])
        message = "injected"
        raise error(message, request=request)

    return fail


def _says(status: int, body: bytes = b"{}", **headers: str) -> Endpoint:
    return lambda _world, _request: httpx.Response(
        status,
        headers={name.replace("_", "-"): text for name, text in headers.items()},
        stream=Bytes(body),
    )


def _breaks_off(error: type[httpx.TransportError]) -> Endpoint:
    return lambda _world, _request: httpx.Response(
        200, stream=Bytes(b'{"choices": [', error("injected"))
    )


def _trickles(world: World, _request: httpx.Request) -> httpx.Response:
    """Send a byte now and then: no timeout of httpx's ever runs out."""
    world.wire.clock.sleep(600)
    return answer_remotely(_request)


def _choice(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


ENDPOINTS: dict[str, Endpoint] = {
    "no connection in time": _raises(httpx.ConnectTimeout, waited="connect"),
    "no connection": _raises(httpx.ConnectError),
    "no answer in time": _raises(httpx.ReadTimeout, waited="read"),
    "takes nothing": _raises(httpx.WriteTimeout, waited="write"),
    "takes half": _raises(httpx.WriteError),
    "hangs up": _raises(httpx.RemoteProtocolError),
    "resets": _raises(httpx.ReadError),
    "no room": _raises(httpx.PoolTimeout, waited="pool"),
    "cannot be understood": _raises(httpx.UnsupportedProtocol),
    "breaks off": _breaks_off(httpx.RemoteProtocolError),
    "stops in the middle": _breaks_off(httpx.ReadTimeout),
    "trickles": _trickles,
    **{
        f"says {status}": _says(status)
        for status in (201, 204, 301, 307, 400, 401, 402, 403, 404, 408, 409, 413, 418, 422)
    },
    **{f"says {status}": _says(status) for status in (429, 500, 501, 502, 503, 504, 529)},
    "does not know the model": _says(400, b'{"error": "model_not_supported"}'),
    "wants a second": _says(429, retry_after="1"),
    "wants an hour": _says(503, retry_after="3600"),
    "wants a date": _says(503, retry_after="Sat, 28 Nov 2099 00:00:00 GMT"),
    "wants nonsense": _says(503, retry_after="soon"),
    "wants the past": _says(503, retry_after="-5"),
    "says nothing": _says(200, b""),
    "sends a page": _says(200, b"<html>busy</html>"),
    "sends half": _says(200, b'{"choices": [{"mess'),
    "sends no text": _says(200, b"\xff\xfe\x00"),
    "sends a list": _says(200, b"[]"),
    "sends null": _says(200, b"null"),
    "has no choice": _says(200, b'{"choices": []}'),
    "is lost for words": _says(200, _choice("")),
    "has no content": _says(200, _choice(None)),
    "answers with a number": _says(200, _choice(7)),
    "answers with odd parts": _says(200, _choice([{"type": "text"}, 7])),
    "only thinks": _says(200, _choice("<think>hm")),
    "never ends": _says(200, ENDLESS),
    "nests": _says(200, b"[" * 100_000),
}
CLASSIFIER_GONE = Fault("classifier gone", lambda sent: _throttled(sent.service))


def _throttled(service: str) -> tuple[int, str] | None:
    return (429, "TooManyRequestsException") if service == "lambda" else None


@pytest.mark.parametrize("from_call", [0, 1, 2])
@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "once"])
@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=ENDPOINTS)
def test_whatever_the_endpoint_does_a_photo_is_described(
    world: World, endpoint: Endpoint, *, lasting: bool, from_call: int
) -> None:
    use(world, endpoint, lambda call: call >= from_call if lasting else call == from_call)
    answer = DESCRIBE.send(world)
    hold(world, DESCRIBE, answer)
    assert answer["statusCode"] == 200
    body = read_json(answer)
    allowed = {None, Reason.MODEL_UNAVAILABLE, Reason.MODEL_TOO_SLOW, Reason.TOO_BUSY}
    assert body["reason"] in allowed
    assert (body["source"] == "llava") == (body["reason"] is None)
    assert "injected" not in answer["body"]


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=ENDPOINTS)
def test_without_the_classifier_either_the_caller_is_told_when_to_come_back(
    world: World, endpoint: Endpoint
) -> None:
    use(world, endpoint, lambda _call: True)
    world.wire.begin(Plan(CLASSIFIER_GONE, lambda _number: True))
    answer = DESCRIBE.send(world)
    hold(world, DESCRIBE, answer)
    assert answer["statusCode"] == 503


def test_a_function_that_is_killed_while_it_waits_for_the_endpoint_keeps_nobody_waiting_for_long(
    world: World,
) -> None:
    use(world, _killed, lambda call: call == 0)
    with pytest.raises(Killed):
        DESCRIBE.send(world)
    assert world.violations() == []
    world.wire.begin(keep_time=True)
    answer = DESCRIBE.send(world)
    hold(world, DESCRIBE, answer)
    # Its claim is respected for as long as it could have lived.
    assert read_json(answer)["reason"] == Reason.MODEL_TOO_SLOW
    world.wire.clock.sleep(16)
    world.wire.begin(keep_time=True)
    answer = DESCRIBE.send(world)
    hold(world, DESCRIBE, answer)
    assert read_json(answer)["source"] == "llava"


def _killed(_world: World, _request: httpx.Request) -> httpx.Response:
    raise Killed


def use(world: World, endpoint: Endpoint, fails: Callable[[int], bool]) -> None:
    """Let the calls of the endpoint fail that `fails` says, by their numbers from 0."""
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if fails(len(calls) - 1):
            return endpoint(world, request)
        return answer_remotely(request)

    world.vision = answer
