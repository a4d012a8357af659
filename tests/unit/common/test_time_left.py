"""A request knows how long it may still take, and calls nobody who might not answer in time."""

from __future__ import annotations

import math

import pytest

from common.clients import client
from common.errors import Unavailable
from common.http import HttpApi, Reply, Request
from common.table import DynamoTable
from common.time_left import ANSWER_SECONDS, seconds_left, until_time_limit
from tests.fakes.aws_wire import AwsWire
from tests.fakes.events import load_event


class Context:
    """What Lambda passes to a function that has so many milliseconds left."""

    def __init__(self, left_ms: int) -> None:
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


def test_outside_of_requests_there_is_all_the_time() -> None:
    assert seconds_left() == math.inf
    with until_time_limit(None):
        assert seconds_left() == math.inf


def test_the_time_of_a_request_ends_with_it() -> None:
    told: list[float] = []
    api = HttpApi()

    @api.route("GET", "/health")
    def show(_request: Request) -> Reply:
        told.append(seconds_left())
        return Reply()

    assert api.handle(load_event("health"), Context(9_000))["statusCode"] == 200
    assert told == [9.0 - ANSWER_SECONDS]
    assert seconds_left() == math.inf


@pytest.mark.parametrize(("left_ms", "is_asked"), [(3_900, False), (4_000, True)])
def test_a_call_that_might_end_too_late_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, left_ms: int, *, is_asked: bool
) -> None:
    wire = AwsWire()
    wire.install(monkeypatch)
    table = DynamoTable("unit-tests", lambda: client("dynamodb"), wire.clock.sleep)
    with until_time_limit(Context(left_ms)):
        if is_asked:
            assert table.query("USER#U1").rows == []
        else:
            with pytest.raises(Unavailable):
                table.query("USER#U1")
    assert len(wire.sent) == is_asked
    client.cache_clear()
