"""Photos in words as deployed: nobody has put a token there, so that all answers are local."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from stacks.settings import REPOSITORY
from tests.fakes.pictures import draw_suspension_bridge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Traveller

PHOTOS = Path(__file__).parents[1] / "photos"
CATALOGUE = REPOSITORY / "model_layer" / "opt" / "data" / "landmarks_unified.json"


def photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def describe(api: httpx.Client, traveller: Traveller, **body: object) -> httpx.Response:
    return api.post("/describe", json=body, headers=traveller.headers)


def show(api: httpx.Client, traveller: Traveller, data: bytes) -> dict[str, Any]:
    """Describe a photo that is sent as it is."""
    headers = {**traveller.headers, "content-type": "image/jpeg"}
    answer = api.post("/describe", content=data, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def predict(api: httpx.Client, traveller: Traveller, data: bytes) -> str:
    """Have a photo named, and return the prediction's id."""
    headers = {**traveller.headers, "content-type": "image/jpeg"}
    answer = api.post("/predict", content=data, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["prediction_id"])


def upload(api: httpx.Client, traveller: Traveller, data: bytes) -> str:
    """Put a photo into the bucket, and return its key."""
    form = api.post("/uploads", headers=traveller.headers).json()
    files = {"file": ("photo.jpg", data)}
    sent = httpx.post(form["url"], data=form["fields"], files=files, timeout=60, trust_env=False)
    assert sent.status_code == 204, sent.text
    return str(form["upload_key"])


def test_a_landmark_is_told_with_what_the_catalogue_says_and_nothing_is_noted(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller = new_traveller()
    body = show(api, traveller, photo("colosseum.jpg"))
    (entry,) = (
        place
        for place in json.loads(CATALOGUE.read_text(encoding="utf-8"))
        if place["id"] == "colosseum"
    )
    opening = "This is the Colosseum in Rome, Italy."
    assert body["description"] == f"{opening} {entry['description']}"
    assert (body["source"], body["reason"], body["cached"]) == ("local", "no_token", False)
    assert body["quota"]["remaining"] == body["quota"]["limit"] > 0
    profile = api.get("/user/profile", headers=traveller.headers).json()
    assert profile["prediction_count"] == 0
    assert api.get("/predictions", headers=traveller.headers).json()["predictions"] == []


def test_a_place_that_no_class_knows_is_told_in_fitting_words(
    api: httpx.Client, traveller: Traveller
) -> None:
    data = photo("konark-sun-temple.jpg")
    description = show(api, traveller, data)["description"]
    assert description.startswith("I do not know this place. ")
    assert "temple" in description
    answer = api.post(
        "/recommend",
        json={"prediction_id": predict(api, traveller, data), "top_k": 5},
        headers=traveller.headers,
    )
    assert answer.status_code == 200, answer.text
    offers = answer.json()["recommendations"]
    assert sum("temple" in offer["categories"] for offer in offers) >= 3


def test_the_words_for_a_bridge_that_no_class_knows_lead_to_bridges(
    api: httpx.Client, traveller: Traveller
) -> None:
    description = show(api, traveller, draw_suspension_bridge())["description"]
    assert "suspension bridge" in description
    answer = api.post(
        "/recommend",
        json={"llava_description": description, "top_k": 5},
        headers=traveller.headers,
    )
    assert answer.status_code == 200, answer.text
    offers = answer.json()["recommendations"]
    assert sum("bridge" in offer["categories"] for offer in offers) >= 4


def test_a_photo_is_told_alike_however_it_was_sent(api: httpx.Client, traveller: Traveller) -> None:
    data = photo("machu-picchu.jpg")
    ways = [
        describe(api, traveller, image=base64.b64encode(data).decode()),
        describe(api, traveller, upload_key=upload(api, traveller, data)),
        describe(api, traveller, prediction_id=predict(api, traveller, data)),
        api.post(
            "/describe",
            files={"file": ("p.jpg", data, "image/jpeg")},
            data={"prompt": "Where is this?"},
            headers=traveller.headers,
        ),
    ]
    assert [way.status_code for way in ways] == [200] * 4
    assert len({way.json()["description"] for way in ways}) == 1
    assert "Machu Picchu" in ways[0].json()["description"]
    reasons = [way.json()["reason"] for way in ways]
    assert reasons == ["no_token", "no_token", "photo_not_kept", "no_token"]


def test_nobody_has_another_ones_photo_or_prediction_told(
    api: httpx.Client, traveller: Traveller, new_traveller: Callable[[], Traveller]
) -> None:
    upload_key = upload(api, traveller, photo("colosseum.jpg"))
    prediction_id = predict(api, traveller, photo("colosseum.jpg"))
    other = new_traveller()
    refused = [
        describe(api, other, upload_key=upload_key),
        describe(api, other, prediction_id=prediction_id),
    ]
    assert [answer.status_code for answer in refused] == [404, 404]
    assert [answer.json()["code"] for answer in refused] == [
        "upload_not_found",
        "prediction_not_found",
    ]
    own = [
        describe(api, traveller, upload_key=upload_key),
        describe(api, traveller, prediction_id=prediction_id),
    ]
    assert [answer.status_code for answer in own] == [200, 200]


def test_bad_input_is_a_problem_document(api: httpx.Client, traveller: Traveller) -> None:
    refused = [
        describe(api, traveller),
        describe(api, traveller, image="aGk=", prediction_id="x"),
        describe(api, traveller, image="aGk="),
        api.post("/describe", content=b"a,b", headers={**traveller.headers, "content-type": "a/b"}),
    ]
    assert [answer.status_code for answer in refused] == [422, 422, 422, 415]
    assert all(
        answer.headers["content-type"] == "application/problem+json"
        and answer.json()["request_id"] == answer.headers["x-request-id"]
        for answer in refused
    )
    assert refused[2].json()["code"] == "image_unreadable"
