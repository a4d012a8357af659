"""Large photos by a form and the bucket, several at once, and places like a photo."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest
from PIL import Image

from common.ulids import new_ulid
from tests.fakes.pictures import draw_suspension_bridge, encode_jpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.deployment import Deployment
    from tests.end_to_end.conftest import Traveller

PHOTOS = Path(__file__).parents[1] / "photos"
ORIENTATION = 0x0112
# API Gateway's payload limit for Lambda.
REQUEST_BYTES = 6 * 1024 * 1024
BROWSER = {"origin": "https://travel.example"}


@pytest.fixture(scope="module")
def large_photo() -> bytes:
    """12 megapixels and more bytes than a request may have, on their side, as phones store them."""
    with Image.open(PHOTOS / "colosseum.jpg") as opened:
        large = opened.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(0).integers(-30, 31, (3000, 4000, 1))
    grainy = Image.fromarray((np.asarray(large) + grain).clip(0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encode_jpeg(grainy.transpose(Image.Transpose.ROTATE_90), 92, exif)
    assert len(data) > REQUEST_BYTES
    return data


def ask_for_form(api: httpx.Client, traveller: Traveller) -> dict[str, Any]:
    answer = api.post("/uploads", headers=traveller.headers)
    assert answer.status_code == 200, answer.text
    form: dict[str, Any] = answer.json()
    return form


def send(form: dict[str, Any], data: bytes) -> None:
    """Send a photo with its form, which the bucket has to take."""
    answer = post(form, data)
    assert answer.status_code == 204, answer.text


def post(form: dict[str, Any], data: bytes, **changed: str) -> httpx.Response:
    """Send a form as a browser does."""
    return httpx.post(
        form["url"],
        data={**form["fields"], **changed},
        files={"file": ("photo.jpg", data)},
        headers=BROWSER,
        timeout=60,
        trust_env=False,
    )


def name(api: httpx.Client, traveller: Traveller, **body: Any) -> httpx.Response:  # noqa: ANN401
    return api.post("/predict", json=body, headers=traveller.headers)


def encoded(photo: bytes) -> str:
    return base64.b64encode(photo).decode()


def test_a_large_photo_is_named_by_way_of_the_bucket(
    api: httpx.Client, traveller: Traveller, large_photo: bytes
) -> None:
    form = ask_for_form(api, traveller)
    assert form["upload_key"].startswith(f"uploads/{traveller.signed_in['user_id']}/")
    assert form["max_bytes"] > len(large_photo)
    sent = post(form, large_photo)
    assert sent.status_code == 204, sent.text
    assert sent.headers["access-control-allow-origin"] == "*"
    first = name(api, traveller, upload_key=form["upload_key"], top_k=3)
    assert first.status_code == 200, first.text
    assert first.json()["landmark"] == "Colosseum"
    assert len(first.json()["predictions"]) == 3
    assert first.json()["cached"] is False
    again = name(api, traveller, upload_key=form["upload_key"])
    assert again.json()["cached"] is True
    history = api.get("/predictions", headers=traveller.headers).json()["predictions"]
    assert history[0]["prediction_id"] == again.json()["prediction_id"]


def test_a_photo_is_remembered_however_it_was_sent(api: httpx.Client, traveller: Traveller) -> None:
    picture = encode_jpeg(Image.effect_noise((300, 200), 60).convert("RGB"))
    form = ask_for_form(api, traveller)
    send(form, picture)
    uploaded = name(api, traveller, upload_key=form["upload_key"]).json()
    (in_batch,) = name(api, traveller, images=[encoded(picture)]).json()["results"]
    alone = name(api, traveller, image=encoded(picture)).json()
    assert [answer["cached"] for answer in (uploaded, in_batch, alone)] == [False, True, True]
    assert uploaded["predictions"] == in_batch["predictions"] == alone["predictions"]


@pytest.mark.parametrize(
    ("changed", "size_bytes", "code"),
    [
        ({}, 25 * 1024 * 1024 + 1, "EntityTooLarge"),
        ({"Content-Type": "text/html"}, 10, "AccessDenied"),
        ({"key": "uploads/somebody-else/photo"}, 10, "AccessDenied"),
    ],
)
def test_the_bucket_takes_only_what_the_form_says(
    api: httpx.Client, traveller: Traveller, changed: dict[str, str], size_bytes: int, code: str
) -> None:
    form = ask_for_form(api, traveller)
    refused = post(form, bytes(size_bytes), **changed)
    assert refused.status_code in {400, 403}
    assert f"<Code>{code}</Code>" in refused.text
    assert name(api, traveller, upload_key=form["upload_key"]).status_code == 404


def test_nobody_reads_another_ones_upload_or_learns_of_it(
    api: httpx.Client, traveller: Traveller, new_traveller: Callable[[], Traveller]
) -> None:
    form = ask_for_form(api, traveller)
    send(form, (PHOTOS / "colosseum.jpg").read_bytes())
    other = new_traveller()
    missing = f"uploads/{other.signed_in['user_id']}/{new_ulid()}"
    answers = [
        name(api, other, upload_key=key) for key in (form["upload_key"], missing, "uploads/..", "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["code"] for answer in answers} == {"upload_not_found"}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert name(api, traveller, upload_key=form["upload_key"]).status_code == 200


def test_the_bucket_is_closed_to_everybody(
    deployment: Deployment, api: httpx.Client, traveller: Traveller
) -> None:
    form = ask_for_form(api, traveller)
    send(form, b"x")
    assert deployment.outputs()["UploadsBucketName"] in form["url"]
    address = f"{form['url'].rstrip('/')}/{form['upload_key']}"
    assert httpx.get(address, trust_env=False, timeout=60).status_code == 403


def test_of_several_photos_a_bad_one_fails_alone(api: httpx.Client, traveller: Traveller) -> None:
    names = ("colosseum.jpg", "machu-picchu.jpg", "great-wall-of-china.jpg")
    first, second, third = (encoded((PHOTOS / one).read_bytes()) for one in names)
    images = [first, encoded(b"no photo"), second, "%%%", third]
    answer = name(api, traveller, images=images, top_k=1)
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result.get("landmark") for result in results] == [
        "Colosseum",
        None,
        "Machu Picchu",
        None,
        "Great Wall of China",
    ]
    assert [result.get("code") for result in results] == [
        None,
        "image_unreadable",
        None,
        "image_encoding_invalid",
        None,
    ]
    ids = [result["prediction_id"] for result in results if "prediction_id" in result]
    history = api.get("/predictions", headers=traveller.headers, params={"limit": 3}).json()
    assert {one["prediction_id"] for one in history["predictions"]} == set(ids)


def test_more_than_eight_photos_are_refused(api: httpx.Client, traveller: Traveller) -> None:
    answer = name(api, traveller, images=["aGk="] * 9)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "images"


def test_a_bridge_that_no_class_knows_leads_to_bridges(
    api: httpx.Client, traveller: Traveller
) -> None:
    seen = name(api, traveller, image=encoded(draw_suspension_bridge())).json()
    assert seen["recognised"] is False
    assert "suspension bridge" in [tag["label"] for tag in seen["scene"]]
    assert "vector" not in seen
    answer = api.post(
        "/recommend",
        json={"prediction_id": seen["prediction_id"], "top_k": 5},
        headers=traveller.headers,
    )
    assert answer.status_code == 200, answer.text
    offers = answer.json()["recommendations"]
    assert sum("bridge" in offer["categories"] for offer in offers) >= 4
    assert all("like what your photo shows" in offer["reason"].lower() for offer in offers)


@pytest.mark.parametrize("photo", ["arles-amphitheatre.jpg", "konark-sun-temple.jpg"])
def test_a_photo_of_a_place_that_no_class_knows_leads_somewhere(
    api: httpx.Client, traveller: Traveller, photo: str
) -> None:
    seen = name(api, traveller, image=encoded((PHOTOS / photo).read_bytes())).json()
    answer = api.post(
        "/recommend", json={"prediction_id": seen["prediction_id"]}, headers=traveller.headers
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["recommendations"]


def test_an_export_holds_the_photos_vectors_as_text(
    api: httpx.Client, traveller: Traveller
) -> None:
    name(api, traveller, image=encoded((PHOTOS / "machu-picchu.jpg").read_bytes()))
    export = api.get("/user/export", headers=traveller.headers)
    assert export.status_code == 200, export.text
    vectors = [one["vector"] for one in export.json()["predictions"] if "vector" in one]
    assert vectors
    assert all(len(base64.b64decode(vector)) == 2 * 384 for vector in vectors)
