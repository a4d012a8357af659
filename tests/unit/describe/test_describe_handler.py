"""The handler: from the event that API Gateway sends to the answer it passes on."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from common import keys
from describe.outcomes import Outcome, Reply
from tests.fakes.events import load_event, read_json, signed_in_as, with_body
from tests.fakes.log_queries import unanswered
from tests.fakes.tables import InMemoryTable
from tests.unit.describe.conftest import BRIDGE

if TYPE_CHECKING:
    from types import ModuleType

OPT = Path(__file__).parents[3] / "model_layer" / "opt"
EVENT = signed_in_as(load_event("describe"), "U1")


class Aws:
    """The clients of AWS: no token in SSM, and a `predict` that sees a bridge."""

    def __init__(self) -> None:
        self.out_of_reach = False

    def client(self, service: str, **_options: float) -> Any:  # noqa: ANN401 - as boto3
        assert service == "lambda"
        return self

    def invoke(self, **_arguments: object) -> dict[str, Any]:
        if self.out_of_reach:
            raise ConnectionError
        return {"Payload": io.BytesIO(json.dumps({"answer": BRIDGE}).encode())}


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.fixture(scope="module")
def handler(aws: Aws) -> ModuleType:
    table = InMemoryTable()
    table.items[keys.profile("U1")] = {"prediction_count": 0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODEL_ROOT", str(OPT))
        patch.setenv("PREDICT_FUNCTION_NAME", "predict")
        patch.setenv("UPLOADS_BUCKET", "uploads")
        patch.setenv("VISION_TOKEN_PARAMETER", "/unit/token")
        patch.setattr("common.table.DynamoTable", lambda _name, _client: table)
        patch.setattr("common.clients.client", aws.client)
        module = importlib.import_module("describe.handler")
        module.token._read = lambda: None
        return module


def test_a_photo_is_described(handler: ModuleType) -> None:
    answer = handler.handle(EVENT, None)
    assert answer["statusCode"] == 200
    assert read_json(answer) == {
        "description": "I do not know this place. The photo shows a suspension bridge, by the sea.",
        "source": "local",
        "model": "lite2-108",
        "cached": False,
        "reason": "no_token",
        "quota": {
            "limit": 100,
            "remaining": 100,
            "resets_at": read_json(answer)["quota"]["resets_at"],
        },
    }
    assert read_json(answer)["quota"]["resets_at"].endswith("-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid_fields"),
        ({"image": "aGVsbG8="}, 422, "image_unreadable"),
        ({"image": "%"}, 422, "image_encoding_invalid"),
        ({"prediction_id": "01J"}, 404, "prediction_not_found"),
        ({"upload_key": "uploads/somebody/01J"}, 404, "upload_not_found"),
    ],
)
def test_what_cannot_be_described_is_a_problem_document(
    handler: ModuleType, body: dict[str, str], status: int, code: str
) -> None:
    answer = handler.handle(with_body(EVENT, body), None)
    assert answer["statusCode"] == status
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert read_json(answer)["code"] == code


def test_without_the_authorizer_there_is_no_answer(handler: ModuleType) -> None:
    anonymous = load_event("describe")
    del anonymous["requestContext"]["authorizer"]
    assert handler.handle(anonymous, None)["statusCode"] == 401


def test_with_everything_out_of_reach_the_caller_is_told_when_to_come_back(
    handler: ModuleType, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "out_of_reach", True)
    answer = handler.handle(EVENT, None)
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) > 0
    assert "Try again" in read_json(answer)["detail"]


def test_neither_the_photo_nor_the_prompt_is_logged(
    handler: ModuleType, logged: io.StringIO
) -> None:
    handler.handle(EVENT, None)
    lines, body = logged.getvalue(), json.loads(EVENT["body"])
    assert '"described"' in lines
    assert body["prompt"] not in lines
    assert body["image"][:40] not in lines


def test_what_its_dashboard_asks_for_is_logged(
    handler: ModuleType, aws: Aws, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    handler.handle(EVENT, None)
    handler.handle(with_body(EVENT, {"image": "%"}), None)
    handler.describer._remote._record("a-model", Reply(Outcome.TIMED_OUT), 0.5)
    monkeypatch.setattr(aws, "out_of_reach", True)
    handler.handle(EVENT, None)
    assert unanswered("describe", logged.getvalue()) == []
