"""The classifier is asked as a function, and only for so long."""

from __future__ import annotations

import base64
import io
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from common.bounded import run_within
from describe.classifier import ClassifierUnavailable, PredictFunction

if TYPE_CHECKING:
    from collections.abc import Callable

PHOTO = b"\xff\xd8 a photo"


class FakeLambda:
    """AWS Lambda with one function."""

    def __init__(self, run: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._run = run
        self.invoked: list[tuple[str, dict[str, Any]]] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's
        event = json.loads(Payload)
        self.invoked.append((FunctionName, event))
        return self._run(event)


def answering(document: object, **extra: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda _event: {"Payload": io.BytesIO(json.dumps(document).encode()), **extra}


def test_the_photo_is_classified() -> None:
    aws = FakeLambda(answering({"answer": {"recognised": True}}))
    answer = PredictFunction("predict", lambda: aws).classify(PHOTO, "ab", 5)
    assert answer == {"recognised": True}
    ((name, event),) = aws.invoked
    assert name == "predict"
    assert base64.b64decode(event["classify"]["image"]) == PHOTO
    assert event["classify"]["image_sha256"] == "ab"


def fail(_event: dict[str, Any]) -> dict[str, Any]:
    message = "TooManyRequestsException"
    raise RuntimeError(message)


@pytest.mark.parametrize(
    "run",
    [
        fail,
        answering({"errorMessage": "out of memory"}, FunctionError="Unhandled"),
        answering({"statusCode": 200}),
        answering("nothing"),
    ],
)
def test_a_function_that_fails_is_out_of_reach(
    run: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    with pytest.raises(ClassifierUnavailable) as refusal:
        PredictFunction("predict", lambda: FakeLambda(run)).classify(PHOTO, "ab", 5)
    assert refusal.value.retry_after_seconds > 0


def test_a_function_that_hangs_is_not_waited_for() -> None:
    released = threading.Event()

    def hang(_event: dict[str, Any]) -> dict[str, Any]:
        released.wait(30)
        return {}

    with pytest.raises(ClassifierUnavailable):
        PredictFunction("predict", lambda: FakeLambda(hang)).classify(PHOTO, "ab", 0.05)
    assert not released.is_set()
    released.set()


def test_bounded_work_gives_what_it_gives() -> None:
    assert run_within(10, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        run_within(10, lambda: 1 // 0)
