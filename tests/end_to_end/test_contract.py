"""The API is what its description says, for whoever has nothing but the description."""

from __future__ import annotations

import base64
import re
import secrets
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import gpxpy

from local.docs_site import ROOT
from local.fuzz import fuzz_command
from tests.end_to_end.described_api import DescribedApi

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from local.deployment import Deployment
    from tests.end_to_end.conftest import Traveller

PHOTO = ROOT / "tests" / "photos" / "colosseum.jpg"
# Within the time that the whole suite has; `make fuzz` goes on for longer, and into every corner.
SECONDS = 60
STOPS = [
    {"name": "Colosseum", "landmark_id": "colosseum", "latitude": 41.8902, "longitude": 12.4922},
    {"name": "Trevi Fountain", "latitude": 41.9009, "longitude": 12.4833, "note": "a coin"},
    {"name": "Hotel", "latitude": 41.8986, "longitude": 12.4769, "day": 2},
]


def test_a_whole_life_can_be_lived_by_the_description_alone(api: httpx.Client) -> None:
    described = DescribedApi(api)
    name = f"reader-{secrets.token_hex(4)}"
    email, password, another = f"{name}@example.com", "a long walk in Rome", "two scoops, please"

    account = {"email": email, "username": name, "password": password}
    signed_up = described.call("signUp", account)
    assert signed_up.status == 201, signed_up.text
    assert described.call("signUp", account).body["code"] in {"email_taken", "username_taken"}
    described.token = signed_up.body["access_token"]

    photo = base64.b64encode(PHOTO.read_bytes()).decode()
    prediction = described.call("predict", {"image": photo, "top_k": 3}).body
    assert prediction["landmark"] == "Colosseum"
    prediction_id = prediction["prediction_id"]
    described_photo = described.call("describe", {"prediction_id": prediction_id})
    assert described_photo.body["description"]
    places = described.call("recommend", {"prediction_id": prediction_id}).body["recommendations"]
    assert described.call("showLandmark", landmark_id=places[0]["landmark_id"]).status == 200

    said = {"prediction_id": prediction_id, "correct": True, "comment": "of course"}
    assert described.call("giveFeedback", said).status == 200
    shown = described.call("showPrediction", prediction_id=prediction_id).body
    assert shown["feedback"]["correct"] is True
    history = described.call("listPredictions", limit=1).body
    assert [one["prediction_id"] for one in history["predictions"]] == [prediction_id]

    trip = {"name": "Rome", "starts_on": "2026-05-01", "stops": STOPS}
    made = described.call("createItinerary", trip, **{"Idempotency-Key": secrets.token_hex(8)})
    assert made.status == 201
    itinerary_id = made.body["itinerary_id"]
    gpx = described.call("showItinerary", itinerary_id=itinerary_id, accept="application/gpx+xml")
    assert [point.name for point in gpxpy.parse(gpx.text).waypoints] == [
        stop["name"] for stop in STOPS
    ]
    changed = described.call(
        "changeItinerary",
        {"name": "Rome in May"},
        itinerary_id=itinerary_id,
        **{"If-Match": made.headers["etag"]},
    )
    assert changed.body["name"] == "Rome in May"

    refreshed = described.call("refresh", {"refresh_token": signed_up.body["refresh_token"]})
    described.token = refreshed.body["access_token"]
    passwords = {"current_password": password, "new_password": another}
    described.token = described.call("changePassword", passwords).body["access_token"]
    assert described.call("signIn", {"email": email, "password": password}).status == 401
    assert described.call("signIn", {"email": email, "password": another}).status == 200

    export = described.call("exportAccount").body
    assert export["profile"]["username"] == name
    assert (len(export["predictions"]), len(export["itineraries"])) == (1, 1)
    assert described.call("deleteAccount", {"password": another}).status == 204
    assert described.call("showProfile").status == 404
    assert described.call("signIn", {"email": email, "password": another}).status == 401


def test_the_gateways_own_answers_are_described_too(api: httpx.Client) -> None:
    described = DescribedApi(api, token="nonsense")
    assert described.call("showProfile").status == 403
    described.document["security"] = []
    assert described.call("showProfile").status == 401


def test_the_page_and_all_that_it_loads_come_from_the_api_itself(
    api: httpx.Client, deployment: Deployment
) -> None:
    page = api.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    named = re.findall(r'(?:href|src)="([^":]+)"', page.text)
    assert len(named) == 4
    for link in named:
        # As a browser resolves it: below whatever prefix the API has.
        url = urljoin(str(page.url), link)
        assert url.startswith(deployment.url)
        assert api.get(url).status_code == 200
    script = api.get("/docs/swagger-ui-bundle.js", headers={"accept-encoding": "gzip"})
    assert script.headers["content-encoding"] == "gzip"
    assert len(script.content) > 1_000_000
    again = api.get(
        "/docs/swagger-ui-bundle.js",
        headers={"accept-encoding": "gzip", "if-none-match": script.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_at_random_gets_an_answer_that_is_not_described(
    deployment: Deployment, new_traveller: Callable[[], Traveller], tmp_path: Path
) -> None:
    """No 5xx, no status or type that is not in the document, no body against its schema."""
    token = new_traveller().signed_in["access_token"]
    bounded = ("--max-time", str(SECONDS), "--seed", "1")
    done = subprocess.run(  # noqa: S603 - a tool of this environment
        fuzz_command(deployment.url, token, *bounded, "--no-color"),
        capture_output=True,
        check=False,
        cwd=tmp_path,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
