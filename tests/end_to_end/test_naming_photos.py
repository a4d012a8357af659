"""The main job: real photos, sent in every way the API takes them, named by the deployed bundle."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    import httpx
    from mypy_boto3_logs import CloudWatchLogsClient

    from tests.end_to_end.conftest import Traveller

PHOTOS = Path(__file__).parents[1] / "photos"
CLASSES = {
    "colosseum.jpg": "Colosseum",
    "great-wall-of-china.jpg": "Great Wall of China",
    "machu-picchu.jpg": "Machu Picchu",
}
ORIENTATION = 0x0112


def photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def send(
    api: httpx.Client, traveller: Traveller, data: bytes, kind: str = "image/jpeg", **query: int
) -> httpx.Response:
    headers = {**traveller.headers, "content-type": kind}
    return api.post("/predict", content=data, headers=headers, params=query)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_known_landmark_is_named(api: httpx.Client, traveller: Traveller, name: str) -> None:
    answer = send(api, traveller, photo(name), top_k=3)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["recognised"] is True
    assert body["landmark"] == CLASSES[name]
    assert body["confidence_level"] in {"high", "medium"}
    assert len(body["predictions"]) == 3
    assert body["predictions"][0]["latitude"] is not None
    assert body["scene"]
    assert answer.headers["x-request-id"]


def test_an_unknown_landmark_is_not_named(api: httpx.Client, traveller: Traveller) -> None:
    body = send(api, traveller, photo("konark-sun-temple.jpg")).json()
    assert body["recognised"] is False
    assert body["landmark"] is None
    assert body["confidence_level"] == "low"
    assert body["predictions"]


def test_a_large_phone_photo_upside_down_in_exif_is_named(
    api: httpx.Client, traveller: Traveller
) -> None:
    """12 megapixels, stored upside down, with the turn in EXIF, as phones do."""
    with Image.open(PHOTOS / "colosseum.jpg") as opened:
        large = opened.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    buffer = io.BytesIO()
    large.transpose(Image.Transpose.ROTATE_180).save(buffer, "JPEG", quality=85, exif=exif)
    body = send(api, traveller, buffer.getvalue()).json()
    assert body["landmark"] == "Colosseum"


def test_every_way_of_sending_a_photo_gives_the_same_answer(
    api: httpx.Client, traveller: Traveller
) -> None:
    data = photo("machu-picchu.jpg")
    encoded = base64.b64encode(data).decode()
    ways = [
        api.post("/predict", json={"image": encoded}, headers=traveller.headers),
        api.post(
            "/predict",
            json={"image": f"data:image/jpeg;base64,{encoded}", "top_k": 5},
            headers=traveller.headers,
        ),
        api.post(
            "/predict",
            files={"file": ("p.jpg", data, "image/jpeg")},
            data={"top_k": "5"},
            headers=traveller.headers,
        ),
        send(api, traveller, data),
    ]
    bodies = [way.json() for way in ways]
    assert [way.status_code for way in ways] == [200] * 4
    assert len({json.dumps(body["predictions"]) for body in bodies}) == 1
    assert len({body["prediction_id"] for body in bodies}) == 4
    assert all(body["cached"] for body in bodies[1:])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_formats_are_named_too(api: httpx.Client, traveller: Traveller, kind: str) -> None:
    buffer = io.BytesIO()
    with Image.open(PHOTOS / "colosseum.jpg") as opened:
        opened.resize((400, 300)).save(buffer, kind)
    body = send(api, traveller, buffer.getvalue(), f"image/{kind.lower()}").json()
    assert body["landmark"] == "Colosseum"


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"", "image/jpeg", 422, "image_missing"),
        (b"hello", "image/jpeg", 422, "image_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, None),
        (b'{"image": "%%%"}', "application/json", 422, "image_encoding_invalid"),
        (b'{"image": ', "application/json", 400, "malformed_request"),
        (b'{"image": "aGk=", "top_k": 0}', "application/json", 422, "invalid_fields"),
        (b"a,b", "text/csv", 415, "unsupported_media_type"),
    ],
)
def test_bad_input_is_a_problem_document_that_says_what_to_do(
    api: httpx.Client, traveller: Traveller, data: bytes, kind: str, status: int, code: str | None
) -> None:
    answer = send(api, traveller, data, kind)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert code in {None, problem["code"]}
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_a_truncated_photo_is_refused(api: httpx.Client, traveller: Traveller) -> None:
    data = photo("colosseum.jpg")
    answer = send(api, traveller, data[: len(data) // 2])
    assert answer.status_code == 422
    assert answer.json()["code"] == "image_unreadable"


def test_predictions_count_in_the_profile(api: httpx.Client, traveller: Traveller) -> None:
    def counted() -> int:
        return int(api.get("/user/profile", headers=traveller.headers).json()["prediction_count"])

    before = counted()
    send(api, traveller, photo("colosseum.jpg"))
    send(api, traveller, b"no photo")
    assert counted() == before + 1


def test_no_photo_is_kept_in_the_logs(
    api: httpx.Client, traveller: Traveller, logs: CloudWatchLogsClient
) -> None:
    encoded = base64.b64encode(photo("colosseum.jpg")).decode()
    api.post("/predict", json={"image": encoded}, headers=traveller.headers)
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    written = "\n".join(
        event["message"]
        for group in groups
        for event in logs.filter_log_events(logGroupName=group)["events"]
    )
    assert "POST /predict" in written
    assert encoded[:60] not in written


def test_info_tells_the_model_and_its_figures(api: httpx.Client) -> None:
    classifier = api.get("/info").json()["models"]["classifier"]
    assert classifier["classes"] == 108
    assert classifier["metrics"]["top1"] > 0.9
