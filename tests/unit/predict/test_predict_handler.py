"""The handler: from the event that API Gateway sends to the answer it passes on."""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from PIL import Image

from common import keys
from common.errors import ImageUnreadable, Unavailable
from common.predictions import PredictionCache, Predictions
from common.uploads import new_upload_key
from tests.fakes.events import load_event, read_json, signed_in_as, with_body, with_header
from tests.fakes.log_queries import read_lines, unanswered
from tests.fakes.tables import FaultyTable, InMemoryTable
from tests.unit.common.test_uploads import FakeS3, refused

if TYPE_CHECKING:
    from types import ModuleType

PHOTO = (Path(__file__).parents[2] / "photos" / "colosseum.jpg").read_bytes()


@pytest.fixture(scope="module")
def table() -> InMemoryTable:
    table = InMemoryTable()
    table.items[keys.profile("U1")] = {"prediction_count": 0}
    return table


@pytest.fixture(scope="module")
def handler(model_root: Path, table: InMemoryTable) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODEL_ROOT", str(model_root))
        patch.setenv("COMPILED_MODELS", str(model_root / "absent"))
        patch.setenv("UPLOADS_BUCKET", "uploads-bucket")
        patch.setattr("common.table.DynamoTable", lambda _name, _dynamodb: table)
        return importlib.import_module("predict.handler")


def event(body: bytes, content_type: str) -> dict[str, Any]:
    """Make the event of `POST /predict` with a binary body."""
    recorded = signed_in_as(load_event("predict"), "U1")
    binary = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return with_header({**recorded, **binary}, "content-type", content_type)


def batch(*photos: bytes) -> dict[str, Any]:
    """Make the event of `POST /predict` with several photos."""
    images = [base64.b64encode(photo).decode() for photo in photos]
    return with_body(signed_in_as(load_event("predict"), "U1"), {"images": images})


def test_a_photo_is_answered_and_counted(handler: ModuleType, table: InMemoryTable) -> None:
    answer = handler.handle(event(PHOTO, "image/jpeg"), None)
    body = read_json(answer)
    assert answer["statusCode"] == 200
    assert body["model_version"].startswith("test-3-")
    assert len(body["predictions"]) == 3
    assert table.items[keys.prediction("U1", body["prediction_id"])]["scene"] == body["scene"]
    assert table.items[keys.profile("U1")]["prediction_count"] == 1


def test_what_is_no_image_is_a_problem_document(handler: ModuleType) -> None:
    answer = handler.handle(event(b"hello", "image/jpeg"), None)
    assert answer["statusCode"] == 422
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert read_json(answer)["code"] == "image_unreadable"


def test_another_format_is_415_and_named(handler: ModuleType) -> None:
    answer = handler.handle(event(b"\x00\x00\x00\x18ftypheic\x00", "image/heic"), None)
    assert answer["statusCode"] == 415
    assert "HEIC" in read_json(answer)["detail"]


def test_without_the_authorizer_there_is_no_answer(handler: ModuleType) -> None:
    anonymous = event(PHOTO, "image/jpeg")
    del anonymous["requestContext"]["authorizer"]
    answer = handler.handle(anonymous, None)
    assert answer["statusCode"] == 401


def test_no_photo_and_no_location_is_logged(handler: ModuleType, logged: io.StringIO) -> None:
    handler.handle(event(PHOTO, "image/jpeg"), None)
    lines = logged.getvalue()
    assert '"answered"' in lines
    assert base64.b64encode(PHOTO).decode()[:40] not in lines
    assert "latitude" not in lines


def test_another_function_is_answered_without_a_trace_in_anybodys_history(
    handler: ModuleType, table: InMemoryTable
) -> None:
    before = dict(table.items)
    image = {"image": base64.b64encode(PHOTO).decode(), "image_sha256": "0" * 64}
    answer = handler.handle({"classify": image}, None)["answer"]
    assert len(answer["predictions"]) == 3
    assert answer["scene"]
    assert answer["model_version"].startswith("test-3-")
    assert table.items == before


def test_another_function_gets_what_was_answered_to_the_very_photo(handler: ModuleType) -> None:
    sent = read_json(handler.handle(event(PHOTO, "image/jpeg"), None))
    other = io.BytesIO()
    Image.new("RGB", (80, 60), (200, 30, 30)).save(other, "JPEG")
    asked = {
        "image": base64.b64encode(other.getvalue()).decode(),
        "image_sha256": hashlib.sha256(PHOTO).hexdigest(),
    }
    answer = handler.handle({"classify": asked}, None)["answer"]
    assert answer["predictions"][:3] == sent["predictions"]


def test_an_image_that_another_function_garbled_fails_the_invocation(handler: ModuleType) -> None:
    asked = {"image": base64.b64encode(b"hello").decode(), "image_sha256": "1" * 64}
    with pytest.raises(ImageUnreadable):
        handler.handle({"classify": asked}, None)


def test_of_several_photos_each_has_its_answer_or_its_problem(
    handler: ModuleType, table: InMemoryTable
) -> None:
    before = table.items[keys.profile("U1")]["prediction_count"]
    answer = handler.handle(batch(PHOTO, b"hello", PHOTO), None)
    first, bad, again = read_json(answer)["results"]
    assert answer["statusCode"] == 200
    assert (bad["status"], bad["code"]) == (422, "image_unreadable")
    assert bad["detail"]
    assert first["predictions"] == again["predictions"]
    assert first["prediction_id"] != again["prediction_id"]
    assert table.items[keys.prediction("U1", again["prediction_id"])]["scene"] == again["scene"]
    assert table.items[keys.profile("U1")]["prediction_count"] == before + 2


def test_of_bad_photos_alone_each_has_its_problem(handler: ModuleType) -> None:
    answer = handler.handle(batch(b"hello", b""), None)
    codes = [result["code"] for result in read_json(answer)["results"]]
    assert answer["statusCode"] == 200
    assert codes == ["image_unreadable", "image_missing"]


def test_another_ones_upload_is_not_there(handler: ModuleType) -> None:
    answer = handler.handle(signed_in_as(load_event("predict"), "U1"), None)
    assert answer["statusCode"] == 404
    assert read_json(answer)["code"] == "upload_not_found"


def test_an_upload_is_answered_like_a_photo_that_was_sent(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler.uploads, "read", lambda _user_id, _key, _seconds: PHOTO)
    uploaded = handler.handle(signed_in_as(load_event("predict"), "U1"), None)
    sent = handler.handle(event(PHOTO, "image/jpeg"), None)
    assert uploaded["statusCode"] == 200
    assert read_json(uploaded)["predictions"] == read_json(sent)["predictions"]


def test_a_form_for_an_upload_is_signed(handler: ModuleType) -> None:
    answer = handler.handle(signed_in_as(load_event("uploads"), "U1"), None)
    form = read_json(answer)
    assert answer["statusCode"] == 200
    assert form["upload_key"].startswith("uploads/U1/")
    assert form["url"] == "https://uploads-bucket.s3.us-east-1.amazonaws.com/"
    assert form["fields"]["key"] == form["upload_key"]
    assert form["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert (form["expires_in"], form["max_bytes"]) == (600, 25 * 1024 * 1024)


def test_a_form_is_for_those_who_are_signed_in(handler: ModuleType) -> None:
    anonymous = load_event("uploads")
    del anonymous["requestContext"]["authorizer"]
    assert handler.handle(anonymous, None)["statusCode"] == 401


def own_upload() -> dict[str, Any]:
    """Make the event of `POST /predict` with a key that was made for this user."""
    recorded = signed_in_as(load_event("predict"), "U1")
    return with_body(recorded, {"upload_key": new_upload_key("U1")})


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (EndpointConnectionError(endpoint_url="https://s3"), 503, "service_unavailable"),
        (refused("SlowDown", 503), 503, "service_unavailable"),
        (refused("NoSuchKey", 404), 404, "upload_not_found"),
        (refused("NoSuchBucket", 404), 500, "internal_error"),
    ],
    ids=str,
)
def test_what_storage_refuses_is_answered(
    handler: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    status: int,
    code: str,
) -> None:
    monkeypatch.setattr(handler.uploads, "_s3", lambda: FakeS3(fault))
    answer = handler.handle(own_upload(), None)
    assert (answer["statusCode"], read_json(answer)["code"]) == (status, code)
    assert ("retry-after" in answer["headers"]) == (status == 503)


@pytest.mark.parametrize("photos", [1, 2])
def test_a_throttled_history_is_503_and_worth_another_try(
    handler: ModuleType, table: InMemoryTable, monkeypatch: pytest.MonkeyPatch, photos: int
) -> None:
    busy = Predictions(FaultyTable(table, [Unavailable()]))
    monkeypatch.setattr(handler.identifier, "_history", busy)
    before = dict(table.items)
    event = batch(*[PHOTO] * photos)
    answer = handler.handle(event, None)
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) > 0
    assert table.items == before
    assert handler.handle(event, None)["statusCode"] == 200


def test_a_throttled_cache_is_done_without(
    handler: ModuleType, table: InMemoryTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = PredictionCache(FaultyTable(table, [Unavailable()] * 9))
    monkeypatch.setattr(handler.identifier, "_memory", busy)
    results = read_json(handler.handle(batch(PHOTO, PHOTO), None))["results"]
    assert [result["cached"] for result in results] == [False, True]


def test_what_its_dashboard_asks_for_is_logged(
    handler: ModuleType,
    table: InMemoryTable,
    monkeypatch: pytest.MonkeyPatch,
    logged: io.StringIO,
) -> None:
    for photo in (PHOTO, PHOTO, b"hello"):
        handler.handle(event(photo, "image/jpeg"), None)
    busy = Predictions(FaultyTable(table, [Unavailable()]))
    monkeypatch.setattr(handler.identifier, "_history", busy)
    handler.handle(event(PHOTO, "image/jpeg"), None)
    assert unanswered("predict", logged.getvalue()) == []


def test_each_photo_is_logged_once_with_where_its_answer_came_from(
    handler: ModuleType, logged: io.StringIO
) -> None:
    other = io.BytesIO()
    Image.new("RGB", (81, 61), (30, 30, 200)).save(other, "JPEG")
    handler.handle(batch(other.getvalue(), b"hello", other.getvalue()), None)
    lines = read_lines(logged.getvalue())
    assert [line["answered_by"] for line in lines if line.get("message") == "identified"] == [
        "network",
        "memory",
    ]
    assert [line["refusal"] for line in lines if line.get("message") == "photo refused"] == [
        "image_unreadable"
    ]
