"""Describing with everything real but `predict`: the table, the client, the clock, the waiting.

Several instances of the function share one table, as they do on Lambda. What they do is asserted,
never how long they take.
"""

from __future__ import annotations

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from common import keys
from common.bounded import run_within
from common.errors import UploadNotFound
from common.predictions import Predictions
from common.table import DynamoTable, Put, Table
from describe.api_token import ApiToken
from describe.budget import Budget, Limits
from describe.cache import DescriptionCache
from describe.catalogue import Catalogue
from describe.chat import ChatEndpoint
from describe.clock import SystemClock
from describe.describer import Describer
from describe.intake import Question
from describe.month import Month
from describe.outcomes import ANOTHER_MODEL_HELPS, RETRY_HELPS, Outcome
from describe.photo import Photo
from describe.reasons import Reason
from describe.remote import RemoteDescriptions
from tests.fakes.tables import InMemoryTable
from tests.stand_ins.chat_server import (
    TOKEN,
    ChatServer,
    Drip,
    Drop,
    Hang,
    Raw,
    Say,
    Status,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from describe.models import DescribeResponse

MODELS = ("first", "second")
# So long that only a hang exceeds it, on whatever machine.
HANG_SECONDS = 300.0
CLOCK = SystemClock()


class NoUploads:
    """A bucket that nobody put anything into."""

    def read(self, *_: object) -> bytes:
        raise UploadNotFound


class CannedPredict:
    """A `predict` that sees a waterfall in everything."""

    def classify(self, *_: object) -> Mapping[str, Any]:
        return {
            "recognised": False,
            "confidence_level": "low",
            "predictions": [],
            "scene": [{"label": "fountain", "confidence": 0.6}],
            "model_version": "v1",
        }


LOCAL_TEXT = "I do not know this place. The photo shows a fountain."


def photo(number: int) -> Photo:
    encoded = io.BytesIO()
    Image.new("RGB", (48, 32), (number % 256, number // 256, 90)).save(encoded, "PNG")
    return Photo(encoded.getvalue())


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def sign_up(table: Table, count: int) -> list[str]:
    users = [f"U{number}" for number in range(count)]
    for user_id in users:
        table.write(Put(keys.profile(user_id), {"prediction_count": 0}))
    return users


def instance(
    table: Table,
    server: ChatServer,
    catalogue: Path,
    *,
    limits: Limits,
    answer_within_seconds: float = 120.0,
    local_answer_seconds: float = 5.0,
    shortest_call_seconds: float = 0.2,
) -> Describer:
    """Put one instance of the function together."""
    budget = Budget(table, limits, CLOCK)
    return Describer(
        remote=RemoteDescriptions(
            endpoint=ChatEndpoint(server.base_url, max_tokens=300, connect_timeout_seconds=10.0),
            models=MODELS,
            token=ApiToken(lambda: TOKEN),
            budget=budget,
            cache=DescriptionCache(table, 86_400, CLOCK),
            clock=CLOCK,
            shortest_call_seconds=shortest_call_seconds,
        ),
        budget=budget,
        classifier=CannedPredict(),
        history=Predictions(table),
        uploads=NoUploads(),
        places=Catalogue(catalogue / "absent.json"),
        clock=CLOCK,
        default_prompt="Describe this.",
        answer_within_seconds=answer_within_seconds,
        local_answer_seconds=local_answer_seconds,
    )


def ask_at_once(
    instances: list[Describer], questions: list[tuple[str, Photo]]
) -> list[DescribeResponse]:
    """Ask all the questions in as many threads, spread over the instances."""
    with ThreadPoolExecutor(len(questions)) as pool:
        futures = [
            pool.submit(instances[at % len(instances)].describe, user_id, Question(shown))
            for at, (user_id, shown) in enumerate(questions)
        ]
        return [future.result(timeout=HANG_SECONDS) for future in futures]


def calls_counted(table: DynamoTable, users: list[str]) -> tuple[int, int]:
    """Return what the table says: everybody's calls, and the sum of the users' shares."""
    month = Month.of(CLOCK.now_ms()).name
    whole = table.get(keys.description_budget(month), consistent=True) or {}
    shares = [
        (table.get(keys.description_share(user_id, month), consistent=True) or {}).get("calls", 0)
        for user_id in users
    ]
    return whole.get("calls", 0), sum(shares)


def test_200_requests_at_once_make_the_50_calls_there_are_at_their_pace_and_all_are_answered(
    own_table: DynamoTable, server: ChatServer, tmp_path: Path
) -> None:
    interval_ms = 50
    users = sign_up(own_table, 10)
    limits = Limits(monthly_calls=50, monthly_calls_per_user=50, interval_ms=interval_ms)
    instances = [instance(own_table, server, tmp_path, limits=limits) for _ in range(8)]
    start_ms = CLOCK.now_ms()
    answers = ask_at_once(instances, [(users[at % 10], photo(at)) for at in range(200)])

    assert len(server.calls) == 50
    assert server.refusals == []
    arrivals_ms = sorted(call.at_ms for call in server.calls)
    # No call comes before its place in the row: the first place lies after the start.
    assert all(at_ms >= start_ms + n * interval_ms for n, at_ms in enumerate(arrivals_ms))
    assert Counter((answer.source, answer.reason) for answer in answers) == {
        ("llava", None): 50,
        ("local", Reason.BUDGET_SPENT): 150,
    }
    assert {answer.description for answer in answers if answer.source == "local"} == {LOCAL_TEXT}
    assert calls_counted(own_table, users) == (50, 50)
    assert answers[-1].quota.remaining is not None
    assert instances[0].describe("U0", Question(photo(999))).quota.remaining == 0


def test_more_than_can_wait_are_answered_without_a_call(
    own_table: DynamoTable, server: ChatServer, tmp_path: Path
) -> None:
    interval_ms = 1_500
    users = sign_up(own_table, 5)
    limits = Limits(monthly_calls=1_000, monthly_calls_per_user=1_000, interval_ms=interval_ms)
    instances = [
        instance(
            own_table,
            server,
            tmp_path,
            limits=limits,
            answer_within_seconds=14.0,
            local_answer_seconds=4.0,
            shortest_call_seconds=4.0,
        )
        for _ in range(4)
    ]
    start_ms = CLOCK.now_ms()
    answers = ask_at_once(instances, [(users[at % 5], photo(at)) for at in range(40)])
    reasons = Counter(answer.reason for answer in answers)
    assert set(reasons) <= {None, Reason.TOO_BUSY, Reason.MODEL_TOO_SLOW}
    assert reasons[Reason.TOO_BUSY] > 0
    assert len(server.calls) >= reasons[None] > 0
    arrivals_ms = sorted(call.at_ms for call in server.calls)
    assert all(at_ms >= start_ms + n * interval_ms for n, at_ms in enumerate(arrivals_ms))
    whole, shares = calls_counted(own_table, users)
    assert whole == shares >= len(server.calls)


def test_one_photo_asked_about_by_30_at_once_is_paid_for_once(
    own_table: DynamoTable, server: ChatServer, tmp_path: Path
) -> None:
    server.script(Say("A castle on a hill.", after_seconds=0.5))
    users = sign_up(own_table, 30)
    limits = Limits(monthly_calls=100, monthly_calls_per_user=10, interval_ms=10)
    instances = [instance(own_table, server, tmp_path, limits=limits) for _ in range(6)]
    answers = ask_at_once(instances, [(user_id, photo(1)) for user_id in users])
    assert len(server.calls) == 1
    assert {answer.description for answer in answers} == {"A castle on a hill."}
    assert Counter(answer.cached for answer in answers) == {True: 29, False: 1}
    assert calls_counted(own_table, users) == (1, 1)


def test_one_photo_that_no_model_can_describe_is_not_paid_for_by_everybody(
    own_table: DynamoTable, server: ChatServer, tmp_path: Path
) -> None:
    server.script(Status(401, after_seconds=0.5))
    users = sign_up(own_table, 12)
    limits = Limits(monthly_calls=100, monthly_calls_per_user=10, interval_ms=10)
    instances = [instance(own_table, server, tmp_path, limits=limits) for _ in range(3)]
    answers = ask_at_once(instances, [(user_id, photo(1)) for user_id in users])
    assert {answer.description for answer in answers} == {LOCAL_TEXT}
    assert {answer.reason for answer in answers} == {Reason.MODEL_UNAVAILABLE}
    # Who comes after a failure may try; who waited for it does not.
    assert len(server.calls) < len(users)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Status(401), Outcome.TOKEN_REFUSED),
        (Status(402), Outcome.CREDIT_SPENT),
        (Status(403), Outcome.ACCESS_DENIED),
        (Status(404), Outcome.MODEL_NOT_FOUND),
        (Status(400, "model_not_supported"), Outcome.MODEL_UNSUPPORTED),
        (Status(413), Outcome.PHOTO_TOO_LARGE),
        (Status(429), Outcome.RATE_LIMITED),
        (Status(429, retry_after="60"), Outcome.RATE_LIMITED),
        (Status(500), Outcome.SERVER_ERROR),
        (Status(503, retry_after="60"), Outcome.SERVER_ERROR),
        (Raw(b"<html>"), Outcome.BROKEN_ANSWER),
        (Say(""), Outcome.EMPTY_ANSWER),
        (Drop(after_head=False), Outcome.CONNECTION_LOST),
        (Drop(after_head=True), Outcome.CONNECTION_LOST),
        (Hang(), Outcome.TIMED_OUT),
        (Drip(in_head=True), Outcome.TIMED_OUT),
        (Drip(in_head=False), Outcome.TIMED_OUT),
    ],
)
def test_whatever_the_endpoint_does_there_is_an_answer(
    server: ChatServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    step: Step,
    outcome: Outcome,
) -> None:
    server.script(step)
    table = InMemoryTable()
    sign_up(table, 1)
    describer = instance(
        table,
        server,
        tmp_path,
        limits=Limits(monthly_calls=100, monthly_calls_per_user=10, interval_ms=1),
        answer_within_seconds=8.0 if outcome != Outcome.TIMED_OUT else 5.5,
    )
    answer = run_within(HANG_SECONDS, lambda: describer.describe("U0", Question(photo(1))))
    assert (answer.source, answer.description) == ("local", LOCAL_TEXT)
    slow = outcome == Outcome.TIMED_OUT
    assert answer.reason == (Reason.MODEL_TOO_SLOW if slow else Reason.MODEL_UNAVAILABLE)
    told_to_wait = isinstance(step, Status) and step.retry_after
    expected = ["first"]
    if outcome in RETRY_HELPS and not told_to_wait:
        expected.append("first")
    if outcome in ANOTHER_MODEL_HELPS and not told_to_wait:
        expected.append("second")
    assert [call.model for call in server.calls] == expected
    logged = [vars(line)["outcome"] for line in caplog.records if line.msg == "upstream call"]
    assert logged == [outcome.value] * len(expected)
    assert answer.quota.remaining == 10 - len(expected)


def test_a_model_that_recovers_is_heard(server: ChatServer, tmp_path: Path) -> None:
    server.script(Status(503, retry_after="1"), Status(404), Say("A castle."))
    table = InMemoryTable()
    sign_up(table, 1)
    limits = Limits(monthly_calls=100, monthly_calls_per_user=10, interval_ms=1)
    describer = instance(table, server, tmp_path, limits=limits)
    answer = describer.describe("U0", Question(photo(1)))
    assert (answer.description, answer.model) == ("A castle.", "second")
    assert [call.model for call in server.calls] == ["first", "first", "second"]
    first, second, _ = (call.at_ms for call in server.calls)
    assert second >= first + 1_000
