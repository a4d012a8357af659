"""Events as API Gateway sends them, for a function that just started, and what must come back."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.keys import prediction, profile
from common.table_values import encode_key
from local.image.function_environment import TABLE_NAME
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from local.image.running import RunningFunction
    from local.image.runtime_api import RuntimeApi

ROOT = Path(__file__).resolve().parents[2]
EVENT = ROOT / "tests" / "events" / "predict.json"
PHOTOS = ROOT / "tests" / "photos"

# Lambda ends the init phase after 10 s and starts it anew within the first invocation; this waits
# for longer, so that a busy machine shows a slow start and not a failed one.
START_SECONDS = 60.0
# The function's own time limit.
ANSWER_SECONDS = 29.0
_BROKEN = b"\xff\xd8\xff\xe0 no photo"


class TrialFailedError(CannotContinueError):
    """The function answered otherwise than it should."""


@dataclass(frozen=True)
class Trial:
    """What was measured; seconds of wall time, memory in 10^6 bytes."""

    init_seconds: float
    first_seconds: float
    warm_seconds: float
    peak_memory_mb: float


def try_function(function: RunningFunction, api: RuntimeApi, dynamodb: DynamoDBClient) -> Trial:
    """Send a started function everything that it must answer.

    Raises:
        FunctionFailedError: it does not answer.
        TrialFailedError: it answers otherwise than it should.

    """
    event = json.loads(EVENT.read_text())
    user_id = event["requestContext"]["authorizer"]["lambda"]["user_id"]
    colosseum = (PHOTOS / "colosseum.jpg").read_bytes()
    wall = (PHOTOS / "great-wall-of-china.jpg").read_bytes()

    def invoke(sent: Mapping[str, Any]) -> tuple[Any, float]:
        answered = api.invoke(sent, ANSWER_SECONDS, function.is_alive)
        return answered.payload, answered.seconds

    api.wait_until_ready(START_SECONDS, function.is_alive)
    init_seconds = api.ready_at - function.started_at

    answer, first_seconds = invoke(_with_photo(event, colosseum))
    body = _expect("the first photo", answer, 200, landmark="Colosseum", cached=False)
    key = encode_key(prediction(user_id, body["prediction_id"]))
    if "Item" not in dynamodb.get_item(TableName=TABLE_NAME, Key=key):
        message = f"the prediction {body['prediction_id']} is not in the table"
        raise TrialFailedError(message)

    answer, warm_seconds = invoke(_with_photo(event, wall))
    _expect("another photo", answer, 200, landmark="Great Wall of China", cached=False)
    answer, _ = invoke(_with_photo(event, _BROKEN))
    _expect("a broken photo", answer, 422, code="image_unreadable")
    answer, _ = invoke(_from_describe(wall))
    if answer.get("answer", {}).get("landmark") != "Great Wall of China":
        message = f"the event that `describe` sends was answered with {answer}"
        raise TrialFailedError(message)
    return Trial(init_seconds, first_seconds, warm_seconds, function.peak_memory_mb())


@contextmanager
def table_with_a_traveller(dynamodb: DynamoDBClient) -> Iterator[None]:
    """Create the function's table with the account that the event comes from; delete it after."""
    dynamodb.create_table(
        TableName=TABLE_NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE_NAME)
    user_id = json.loads(EVENT.read_text())["requestContext"]["authorizer"]["lambda"]["user_id"]
    item = {**encode_key(profile(user_id)), "prediction_count": {"N": "0"}}
    dynamodb.put_item(TableName=TABLE_NAME, Item=item)
    yield
    dynamodb.delete_table(TableName=TABLE_NAME)


def _with_photo(event: Mapping[str, Any], photo: bytes) -> dict[str, Any]:
    """Return the event of a request whose body is a photo: binary bodies come in base64."""
    headers = {**event["headers"], "content-type": "image/jpeg", "content-length": str(len(photo))}
    body = base64.b64encode(photo).decode()
    return {**event, "headers": headers, "body": body, "isBase64Encoded": True}


def _from_describe(photo: bytes) -> dict[str, Any]:
    return {
        "classify": {
            "image": base64.b64encode(photo).decode(),
            "image_sha256": hashlib.sha256(photo).hexdigest(),
        }
    }


def _expect(what: str, answer: Mapping[str, Any], status: int, **facts: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.get("body") or "{}")
    wrong = answer.get("statusCode") != status or any(
        body.get(name) != value for name, value in facts.items()
    )
    if wrong:
        message = f"{what}: expected {status} and {facts}, got {answer.get('statusCode')}: {body}"
        raise TrialFailedError(message)
    return body
