"""The requests that are measured, as API Gateway would hand them to the functions."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

Event = dict[str, Any]

# The first of them is not counted.
TIMES = 8


class EventMaker:
    """Makes events for a traveller who has an account, a prediction and an itinerary."""

    def __init__(self, api: httpx.Client, photo: Path) -> None:
        """Sign the traveller up at `api`, a deployed one."""
        self._api = api
        self._photo = photo.read_bytes()
        self._password = secrets.token_urlsafe(12)
        self._email = f"{secrets.token_hex(4)}@example.com"
        signed_in = self._post(
            "/auth/signup",
            {"email": self._email, "username": secrets.token_hex(4), "password": self._password},
        )
        self._user_id = signed_in["user_id"]
        self._token = signed_in["access_token"]
        self._refresh_token = signed_in["refresh_token"]
        answer = api.post(
            "/predict",
            content=self._photo,
            headers={"content-type": "image/jpeg", "authorization": f"Bearer {self._token}"},
        )
        self._prediction_id = answer.raise_for_status().json()["prediction_id"]

    def events(self) -> dict[str, dict[str, list[Event]]]:
        """Return events by function and route."""
        make = self._event
        own = {"user_id": self._user_id, "username": "traveller", "token_id": "T1"}
        trip = {
            "name": "Rome",
            "stops": [{"name": "Colosseum", "latitude": 41.8902, "longitude": 12.4922}],
        }
        photos = [self._new_photo() for _ in range(2 * TIMES)]
        place = {"prediction_id": self._prediction_id, "top_k": 5}
        return {
            "authorizer": {
                "authorizer": [
                    {
                        **make("GET /user/profile"),
                        "type": "REQUEST",
                        "identitySource": [f"Bearer {self._token}"],
                        "headers": {"authorization": f"Bearer {self._token}"},
                    }
                ]
                * TIMES
            },
            "auth": {
                "POST /auth/signup": [self._sign_up() for _ in range(TIMES)],
                "POST /auth/login": [
                    make("POST /auth/login", {"email": self._email, "password": self._password})
                ]
                * TIMES,
                # Within the grace for two tabs, the same token is taken again.
                "POST /auth/refresh": [
                    make("POST /auth/refresh", {"refresh_token": self._refresh_token})
                ]
                * TIMES,
                "POST /auth/password-reset/request": [
                    make("POST /auth/password-reset/request", {"email": self._email})
                ]
                * 3,
            },
            "account": {
                "GET /user/profile": [make("GET /user/profile", user=own)] * TIMES,
                "GET /predictions": [make("GET /predictions", user=own)] * TIMES,
                "POST /feedback": [
                    make(
                        "POST /feedback",
                        {"prediction_id": self._prediction_id, "correct": True},
                        user=own,
                    )
                ]
                * TIMES,
                "POST /itinerary": [make("POST /itinerary", trip, user=own)] * TIMES,
                "GET /itinerary": [make("GET /itinerary", user=own)] * TIMES,
            },
            "predict": {
                "POST /predict": [
                    make("POST /predict", photo, user=own) for photo in photos[:TIMES]
                ],
                "predict for describe": [_ask_for_words(photo) for photo in photos[TIMES:]],
                "POST /uploads": [make("POST /uploads", {"content_type": "image/jpeg"}, user=own)]
                * TIMES,
            },
            "describe": {
                "POST /describe": [
                    make("POST /describe", photo, user=own) for photo in photos[TIMES:]
                ]
            },
            "recommend": {
                "POST /recommend": [make("POST /recommend", place, user=own)] * TIMES,
                "GET /landmarks": [make("GET /landmarks", query={"q": "tower"})] * TIMES,
                "GET /landmarks/{landmark_id}": [
                    make("GET /landmarks/{landmark_id}", path="/landmarks/colosseum")
                ]
                * TIMES,
            },
            "docs": {"GET /health": [make("GET /health")] * TIMES},
        }

    def _sign_up(self) -> Event:
        name = secrets.token_hex(5)
        details = {"email": f"{name}@example.com", "username": name, "password": self._password}
        return self._event("POST /auth/signup", details)

    def _new_photo(self) -> bytes:
        """Return the photo with bytes at its end that no decoder reads: not in any cache."""
        return self._photo + secrets.token_bytes(8)

    def _post(self, path: str, body: object) -> dict[str, Any]:
        answer: dict[str, Any] = self._api.post(path, json=body).raise_for_status().json()
        return answer

    def _event(
        self,
        route: str,
        body: bytes | dict[str, Any] | None = None,
        *,
        user: dict[str, str] | None = None,
        path: str = "",
        query: dict[str, str] | None = None,
    ) -> Event:
        method, _, pattern = route.partition(" ")
        raw = isinstance(body, bytes)
        context = {
            "requestId": secrets.token_hex(8),
            "http": {
                "method": method,
                "path": path or pattern,
                "sourceIp": "203.0.113.7",
                "userAgent": "measure",
            },
            "routeKey": route,
            "stage": "$default",
        }
        if user:
            context["authorizer"] = {"lambda": user}
        return {
            "version": "2.0",
            "routeKey": route,
            "rawPath": path or pattern,
            "rawQueryString": "",
            "headers": {"content-type": "image/jpeg" if raw else "application/json"},
            "requestContext": context,
            **({"pathParameters": {"landmark_id": path.rpartition("/")[2]}} if path else {}),
            **({"queryStringParameters": query} if query else {}),
            "isBase64Encoded": raw,
            "body": _encode(body),
        }


def _ask_for_words(photo: bytes) -> Event:
    """Return what `describe` asks `predict`."""
    image = base64.b64encode(photo).decode("ascii")
    return {"classify": {"image": image, "image_sha256": hashlib.sha256(photo).hexdigest()}}


def _encode(body: bytes | dict[str, Any] | None) -> str | None:
    if isinstance(body, bytes):
        return base64.b64encode(body).decode("ascii")
    return None if body is None else json.dumps(body)
