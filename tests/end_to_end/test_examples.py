"""The examples for clients, run as they are against the deployed API."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import gpxpy
import httpx
import pytest
from PIL import Image

from local.docs_site import ROOT
from travel_client import ApiError, Tokens, TravelApi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.deployment import Deployment

PHOTO = ROOT / "tests" / "photos" / "colosseum.jpg"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client


def test_the_python_client_walks_through_a_trip(deployment: Deployment, http: httpx.Client) -> None:
    api = TravelApi(deployment.url, http=http)
    name = f"pythonista-{secrets.token_hex(4)}"
    email, password = f"{name}@example.com", "a long walk in Rome"
    api.sign_up({"email": email, "username": name, "password": password})

    photo = PHOTO.read_bytes()
    answer = api.predict(photo, top_k=3)
    assert (answer["landmark"], len(answer["predictions"])) == ("Colosseum", 3)
    results = api.predict_all([photo, b"no photo"])["results"]
    assert "landmark" in results[0]
    assert "code" in results[1]
    said = api.give_feedback({"prediction_id": answer["prediction_id"], "correct": True})
    assert said["correct"] is True
    places = api.recommend({"prediction_id": answer["prediction_id"]})["recommendations"]
    first = places[0]
    found = api.list_landmarks(q=first["landmark"], limit=5)["landmarks"]
    assert first["landmark_id"] in {one["landmark_id"] for one in found}

    trip = api.create_itinerary(
        {
            "name": "Rome",
            "stops": [
                {
                    "name": place["landmark"],
                    "latitude": place["latitude"],
                    "longitude": place["longitude"],
                }
                for place in places[:3]
            ],
        },
        idempotency_key=secrets.token_hex(8),
    )
    gpx = api.save_itinerary(trip["itinerary_id"], "application/gpx+xml")
    assert len(gpxpy.parse(gpx.decode()).waypoints) == 3
    order = api.suggest_order(trip["itinerary_id"], 1)
    assert sorted(order["stop_ids"]) == sorted(stop["stop_id"] for stop in trip["stops"])
    changed = api.change_itinerary(trip["itinerary_id"], trip["etag"], {"name": "Rome in May"})
    with pytest.raises(ApiError) as stale:
        api.change_itinerary(trip["itinerary_id"], trip["etag"], {"name": "Rome in June"})
    assert (stale.value.status, stale.value.code) == (412, "precondition_failed")
    api.delete_itinerary(trip["itinerary_id"], changed["etag"])

    api.delete_account({"password": password})
    assert api.tokens is None


def test_the_python_client_goes_on_when_its_token_has_ended(
    deployment: Deployment, http: httpx.Client
) -> None:
    name = f"pythonista-{secrets.token_hex(4)}"
    account = TravelApi(deployment.url, http=http).sign_up(
        {"email": f"{name}@example.com", "username": name, "password": "a long walk in Rome"}
    )
    # What is left of a session on another day.
    stored = Tokens("a.token.long-ended", account["refresh_token"], time.time() + 600)
    api = TravelApi(deployment.url, tokens=stored, http=http)
    assert api.show_profile()["username"] == name
    assert api.tokens != stored


def test_the_react_component_names_photos_and_lists_places(
    deployment: Deployment, tmp_path: Path
) -> None:
    """Compiled, which checks its types, and run by Node in a DOM of its own."""
    large = tmp_path / "large.jpg"
    with Image.open(PHOTO) as photo:
        photo.convert("RGB").resize((4800, 3600)).save(large, quality=100)
    done = subprocess.run(
        ["npm", "test"],  # noqa: S607 - wherever Node is on this machine
        capture_output=True,
        check=False,
        cwd=ROOT / "examples" / "react",
        env={
            **os.environ,
            "API_URL": deployment.url,
            "PHOTO": str(PHOTO),
            "LARGE_PHOTO": str(large),
            "NO_PROXY": "*",
        },
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 4" in done.stdout


def test_the_python_example_names_a_photo(deployment: Deployment) -> None:
    example = ROOT / "examples" / "python" / "name_photo.py"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, example, deployment.url, PHOTO],
        capture_output=True,
        check=False,
        env={**os.environ, "NO_PROXY": "*"},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Colosseum"
    assert len(lines) == 4
