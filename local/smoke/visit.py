"""What a traveller does at the API, and leaving it as it was."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.smoke.patience import PatientClient

PHOTO = Path(__file__).resolve().parents[2] / "tests" / "photos" / "colosseum.jpg"
LANDMARK = "Colosseum"

_SHOWN_CHARACTERS = 300


class CheckFailedError(Exception):
    """The API did not answer as it should; the message says how it did."""


@dataclass
class Visit:
    """One traveller's visit to the API behind `client`."""

    client: PatientClient
    version: str = ""
    """What `/info` has to call itself; anything where empty."""
    name: str = field(default_factory=lambda: f"smoke-{secrets.token_hex(6)}")
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _signing_up: bool = field(default=False, init=False)
    _token: str = field(default="", init=False)
    _prediction_id: str = field(default="", init=False)
    _places: list[dict[str, Any]] = field(default_factory=list, init=False)
    _itinerary_id: str = field(default="", init=False)

    @property
    def email(self) -> str:
        """An address that nobody has: the domain is reserved for examples."""
        return f"{self.name}@example.com"

    @property
    def checks(self) -> list[tuple[str, Callable[[], str]]]:
        """What is checked, in order; each returns what it found, or raises `CheckFailedError`."""
        return [
            ("health", self._check_health),
            ("info", self._check_info),
            ("openapi", self._check_description),
            ("no token", self._check_closed_door),
            ("sign-up", self._sign_up),
            ("predict", self._name_photo),
            ("describe", self._describe),
            ("recommend", self._recommend),
            ("itinerary", self._plan),
            ("export", self._export),
        ]

    def leave(self) -> str:
        """Delete the account, even where the answer to signing up was lost.

        Raises `CheckFailedError` when it may still be there.
        """
        if not self._signing_up:
            return "no account was opened"
        if not self._token and not self._sign_in():
            return "no account was opened"
        self._send(204, "DELETE", "/user/profile", json={"password": self.password})
        self._send(404, "GET", "/user/profile")
        return ""

    def _check_health(self) -> str:
        health = self._get("/health")
        _expect(health.get("status") == "healthy", f"the status is {health.get('status')!r}")
        return ""

    def _check_info(self) -> str:
        info = self._get("/info")
        version, classifier = info["version"], info["models"]["classifier"]
        _expect(
            self.version in {"", version},
            f"version {version} answers, not {self.version}",
        )
        _expect(bool(classifier), "no classifier is deployed")
        _expect(info["landmarks"] > 0, "the catalogue is empty")
        return f"{info['environment']} {version}, {info['landmarks']} landmarks"

    def _check_description(self) -> str:
        document = self._get("/openapi.json")
        _expect("/predict" in document.get("paths", {}), "it does not describe /predict")
        return f"{len(document['paths'])} paths"

    def _check_closed_door(self) -> str:
        self._send(401, "GET", "/user/profile")
        return "refused"

    def _sign_up(self) -> str:
        self._signing_up = True
        body = {"email": self.email, "username": self.name, "password": self.password}
        response = self.client.send("POST", "/auth/signup", json=body)
        # It may have been done by a request whose answer did not arrive.
        if response.status_code == httpx.codes.CONFLICT and self.client.repeated:
            _expect(self._sign_in(), "the account is there, but cannot be signed in to")
        else:
            _expect_status(response, httpx.codes.CREATED)
            self._token = response.json()["access_token"]
        return ""

    def _sign_in(self) -> bool:
        body = {"email": self.email, "password": self.password}
        response = self.client.send("POST", "/auth/login", json=body)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return False
        _expect_status(response, httpx.codes.OK)
        self._token = response.json()["access_token"]
        return True

    def _name_photo(self) -> str:
        response = self._send(
            200,
            "POST",
            "/predict",
            content=PHOTO.read_bytes(),
            headers={"content-type": "image/jpeg"},
        )
        answer = response.json()
        self._prediction_id = answer["prediction_id"]
        _expect(answer["landmark"] == LANDMARK, f"{PHOTO.name} was named {answer['landmark']!r}")
        return f"{LANDMARK}, {answer['latency_ms']:.0f} ms in the function"

    def _describe(self) -> str:
        answer = self._post("/describe", {"prediction_id": self._prediction_id})
        _expect(bool(answer["description"].strip()), "the description is empty")
        return f"in words of {answer['model']}"

    def _recommend(self) -> str:
        body = {"prediction_id": self._prediction_id, "top_k": 3}
        self._places = self._post("/recommend", body)["recommendations"]
        _expect(bool(self._places), "no place is recommended")
        return ", ".join(place["landmark"] for place in self._places)

    def _plan(self) -> str:
        stops = [
            {
                "name": place["landmark"],
                "latitude": place["latitude"],
                "longitude": place["longitude"],
            }
            for place in self._places
        ]
        made = self._post("/itinerary", {"name": "Smoke test", "stops": stops}, status=201)
        self._itinerary_id = made["itinerary_id"]
        kept = self._get(f"/itinerary/{self._itinerary_id}")
        _expect(
            [stop["name"] for stop in kept["stops"]] == [stop["name"] for stop in stops],
            "it is kept with other stops than were sent",
        )
        return f"{len(stops)} stops"

    def _export(self) -> str:
        everything = self._get("/user/export")
        _expect(everything["profile"]["email"] == self.email, "it is somebody else's")
        for kind, its_id in (
            ("predictions", self._prediction_id),
            ("itineraries", self._itinerary_id),
        ):
            _expect(its_id in str(everything[kind]), f"{its_id} is missing from its {kind}")
        return ""

    def _get(self, path: str) -> dict[str, Any]:
        return _object(self._send(200, "GET", path))

    def _post(self, path: str, body: object, *, status: int = 200) -> dict[str, Any]:
        return _object(self._send(status, "POST", path, json=body))

    def _send(self, status: int, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401 - as httpx has it
        headers = dict(request.pop("headers", {}))
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        response = self.client.send(method, path, headers=headers, **request)
        _expect_status(response, status)
        return response


def _object(response: httpx.Response) -> dict[str, Any]:
    body = response.json()
    _expect(isinstance(body, dict), "the answer is no JSON object")
    return dict(body)


def _expect_status(response: httpx.Response, status: int) -> None:
    _expect(
        response.status_code == status,
        f"{response.request.method} {response.request.url.path} answered {response.status_code}, "
        f"not {status}: {response.text[:_SHOWN_CHARACTERS]}",
    )


def _expect(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like assert
    if not condition:
        raise CheckFailedError(otherwise)
