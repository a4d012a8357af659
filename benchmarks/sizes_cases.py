"""What each function is asked to find its size: usual requests, and the slowest that it takes."""

from __future__ import annotations

import base64
import io
import json
import secrets
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.lambda_environment import SIGNING_KEYS, function_environment
from benchmarks.reports import ROOT
from common.passwords import hash_password
from common.photo_vector import VECTOR
from common.signing_keys import CachedSigningKeys
from common.table_values import encode
from common.tokens import AccessTokens
from recommend.models import MAX_DESCRIPTION_CHARACTERS, MAX_ITINERARY

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.aws_stand_in import StandIn

Event = dict[str, Any]
Cases = dict[str, list[Event]]

USER_ID, EMAIL, PASSWORD = "01M85BQ4ZVJ8T6K0N9C2D1E3FG", "ada@example.com", "five words in a row"
UPLOAD = f"uploads/{USER_ID}/01M85BSBS5EV87SRS3HY2JBXXW"
# An export is filled up to 4 MB; these are more.
PREDICTIONS = 2_500
# Wide and high as photos are; with the transparency, 200 MB once decoded.
LARGEST_PX = (8_000, 6_250)


def seed(aws: StandIn) -> None:
    """Give `aws` an account that has everything, a prediction, and the largest photo there is."""
    profile = {"user_id": USER_ID, "email": EMAIL, "username": "ada", "created_at": "2026-11-28"}
    secret = {"user_id": USER_ID, "username": "ada", "password_hash": hash_password(PASSWORD, 12)}
    examples = json.loads((ROOT / "local" / "openapi" / "examples.json").read_text("utf-8"))
    answer = examples["PredictAnswer"]["a landmark"]
    facts = {name: answer[name] for name in answer if name not in {"cached", "latency_ms"}}
    aws.prediction = facts
    kept = facts | {"created_at": "2026-11-28T12:00:00.000+00:00", "image_sha256": "0" * 64}
    kept[VECTOR] = np.zeros(384, np.float32).tobytes()
    for partition, sort_key, item in (
        (f"USER#{USER_ID}", "PROFILE", profile),
        (f"EMAIL#{EMAIL}", "CREDENTIALS", secret),
        *(
            (f"USER#{USER_ID}", f"PREDICTION#01M85BSBS5{number:016}", kept)
            for number in range(PREDICTIONS)
        ),
    ):
        aws.keep(encode({"PK": partition, "SK": sort_key, **item}))
    aws.uploads[UPLOAD] = largest_photo()


def largest_photo() -> bytes:
    """Return a WebP of 50 megapixels that may be seen through.

    Of all formats it takes the most memory, twice what a PNG takes, and the longest.
    """
    width, height = LARGEST_PX
    # A few stripes in each colour, and in how far one sees through.
    column, row = np.arange(width)[None, :, None], np.arange(height)[:, None, None]
    pixels = ((column + row) * np.array([1, 2, 3, 1]) // 8).astype(np.uint8)
    encoded = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(encoded, "WEBP", quality=50, method=0)
    return encoded.getvalue()


def cases_of(name: str, photo: Path, times: int) -> Cases:
    """Return the events of a function by case: the usual first, the slowest last.

    Each is asked `times` times, slow ones less often; `photo` is one of 12 megapixels.
    """
    few = max(2, times // 5)
    cases: dict[str, Cases] = {
        "authorizer": {"a token": [_authorise()] * times},
        "auth": {
            "POST /auth/login": [_post("/auth/login", {"email": EMAIL, "password": PASSWORD})]
            * times,
            "POST /auth/password": [
                _post(
                    "/auth/password",
                    {"current_password": PASSWORD, "new_password": "other words in a row"},
                )
            ]
            * few,
        },
        "account": {
            "GET /predictions": [_event("GET /predictions")] * times,
            "GET /user/export, a full part": [_event("GET /user/export")] * few,
        },
        "describe": {
            "POST /describe, 0.2 MB": [
                _send("/describe", ROOT / "tests" / "photos" / "colosseum.jpg")
                for _ in range(times)
            ],
            "POST /describe, 12 megapixels": [_send("/describe", photo) for _ in range(few)],
            "POST /describe, 50 megapixels of WebP": [_post("/describe", {"upload_key": UPLOAD})]
            * few,
        },
        "recommend": {
            "POST /recommend": [
                _post("/recommend", {
                    "itinerary_landmarks": ["Eiffel Tower"],
                    "llava_description": "historic monument with architecture",
                })
            ]
            * times,
            "POST /recommend, 20,000 characters": [
                _post("/recommend", {"llava_description": _longest_description()})
            ]
            * few,
            "POST /recommend, 100 misspelt names": [
                _post("/recommend", {"itinerary_landmarks": _misspelt(), "latitude": 0,
                                     "longitude": 0, "max_distance_km": None})
            ]
            * few,
        },
        "docs": {
            "GET /health": [_event("GET /health")] * times,
            "GET /docs": [_event("GET /docs")] * times,
            "GET /openapi.json": [_event("GET /openapi.json")] * times,
        },
        "predict": {
            "POST /predict, 12 megapixels": [_send("/predict", photo) for _ in range(times)],
            "POST /predict, 50 megapixels of WebP": [_post("/predict", {"upload_key": UPLOAD})]
            * few,
        },
    }  # fmt: skip
    return cases[name]


def _authorise() -> Event:
    environment = function_environment("authorizer")
    tokens = AccessTokens(
        CachedSigningKeys(lambda: SIGNING_KEYS),
        environment["JWT_ISSUER"],
        environment["JWT_AUDIENCE"],
    )
    token = tokens.issue(USER_ID, "ada", ttl_seconds=1800)
    return {**_event("GET /user/profile"), "headers": {"authorization": f"Bearer {token}"}}


def _longest_description() -> str:
    """Return other words than the catalogue's, each of which is looked up in it."""
    words = "a queit castel abov the rivver with statuettes and a cobbeled courtyard "
    return (words * MAX_DESCRIPTION_CHARACTERS)[:MAX_DESCRIPTION_CHARACTERS]


def _misspelt() -> list[str]:
    return [f"Eifel Towwer at the Chams de Mars nr {number}" for number in range(MAX_ITINERARY)]


def _send(path: str, photo: Path) -> Event:
    """Send a photo as the body, with bytes at its end that no decoder reads: it is a new one."""
    event = _event(f"POST {path}")
    body = photo.read_bytes() + secrets.token_bytes(8)
    return {
        **event,
        "headers": {"content-type": "image/jpeg"},
        "isBase64Encoded": True,
        "body": base64.b64encode(body).decode("ascii"),
    }


def _post(path: str, body: dict[str, Any]) -> Event:
    return {**_event(f"POST {path}"), "body": json.dumps(body)}


def _event(route: str) -> Event:
    method, _, path = route.partition(" ")
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "requestId": "benchmark",
            "http": {"method": method, "path": path, "sourceIp": "203.0.113.7"},
            "routeKey": route,
            "stage": "$default",
            "authorizer": {
                "lambda": {"user_id": USER_ID, "username": "ada", "token_id": "benchmark"}
            },
        },
        "isBase64Encoded": False,
    }
