"""A traveller's whole life with the service: photos, feedback, a trip, and leaving."""

from __future__ import annotations

import base64
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gpxpy
import icalendar

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.end_to_end.conftest import Traveller

PHOTO = Path(__file__).parents[1] / "photos" / "colosseum.jpg"
CHANGES = 50
# A new account runs ten functions at a time, and each is a process here. All 50 at once race for
# the table itself in `tests/integration/test_account_in_dynamo.py`.
AT_ONCE = 10
STOPS = [
    {"name": "Colosseum", "landmark_id": "colosseum", "latitude": 41.8902, "longitude": 12.4922},
    {"name": "Trevi Fountain", "latitude": 41.9009, "longitude": 12.4833, "note": "a coin"},
    {"name": "Hotel", "latitude": 41.8986, "longitude": 12.4769, "day": 2},
]


def items_that_mention(dynamodb: DynamoDBClient, table_name: str, *texts: str) -> list[str]:
    """Search the whole table, keys and values."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table_name, ConsistentRead=True)
    lines = [repr(item) for page in pages for item in page["Items"]]
    return [line for line in lines if any(text in line for text in texts)]


def predict(api: httpx.Client, traveller: Traveller) -> dict[str, Any]:
    encoded = base64.b64encode(PHOTO.read_bytes()).decode()
    answer = api.post("/predict", json={"image": encoded}, headers=traveller.headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def add_trip(api: httpx.Client, traveller: Traveller, **more: object) -> httpx.Response:
    trip = {"name": "Rome", "starts_on": "2026-05-01", "stops": STOPS, **more}
    answer = api.post("/itinerary", json=trip, headers=traveller.headers)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_prediction_is_found_again_takes_feedback_and_goes(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller = new_traveller()
    made = [predict(api, traveller)["prediction_id"] for _ in range(3)]
    said = {"prediction_id": made[0], "correct": False, "landmark": "Arles Amphitheatre"}
    answer = api.post("/feedback", json=said, headers=traveller.headers)
    assert answer.status_code == 200, answer.text

    first = api.get("/predictions", params={"limit": 2}, headers=traveller.headers).json()
    cursor = first["next_cursor"]
    rest = api.get(
        "/predictions", params={"limit": 2, "cursor": cursor}, headers=traveller.headers
    ).json()
    listed = [one["prediction_id"] for one in first["predictions"] + rest["predictions"]]
    assert listed == made[::-1]
    assert rest["next_cursor"] is None
    other = api.get("/predictions", params={"cursor": cursor}, headers=new_traveller().headers)
    assert (other.status_code, other.json()["code"]) == (422, "invalid_fields")

    shown = api.get(f"/predictions/{made[0]}", headers=traveller.headers).json()
    assert shown["landmark"] == "Colosseum"
    assert shown["feedback"]["landmark"] == "Arles Amphitheatre"
    assert api.get(f"/predictions/{made[0]}", headers=new_traveller().headers).status_code == 404
    for expected in (204, 404):
        gone = api.delete(f"/predictions/{made[0]}", headers=traveller.headers)
        assert gone.status_code == expected
    profile = api.get("/user/profile", headers=traveller.headers).json()
    assert profile["prediction_count"] == 2


def test_a_trip_goes_to_maps_navigators_and_calendars(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller = new_traveller()
    added = add_trip(api, traveller)
    url = added.headers["location"]

    def get(accept: str) -> httpx.Response:
        return api.get(url, headers={**traveller.headers, "accept": accept})

    as_json = get("application/json")
    assert as_json.headers["etag"] == added.headers["etag"]
    assert [stop["date"] for stop in as_json.json()["stops"]] == [
        *("2026-05-01", "2026-05-01", "2026-05-02"),
    ]
    gpx = get("application/gpx+xml")
    assert gpx.headers["content-type"] == "application/gpx+xml"
    assert [point.name for point in gpxpy.parse(gpx.text).waypoints] == [
        stop["name"] for stop in STOPS
    ]
    geo = json.loads(get("application/geo+json").text)
    assert geo["features"][0]["geometry"]["coordinates"] == [12.4922, 41.8902]
    calendar = icalendar.Calendar.from_ical(get("text/calendar").text)
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == [
        stop["name"] for stop in STOPS
    ]
    assert get("image/png").status_code == 406
    order = api.get(f"{url}/order", params={"day": 1}, headers=traveller.headers).json()
    assert order["exact"] is True
    assert len(order["stop_ids"]) == 2


def test_of_50_changes_of_one_version_one_is_made_and_49_are_told(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller = new_traveller()
    added = add_trip(api, traveller)
    url, etag = added.headers["location"], added.headers["etag"]

    def rename(at: int) -> httpx.Response:
        return api.patch(
            url, json={"name": f"Rome {at}"}, headers={**traveller.headers, "if-match": etag}
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(rename, range(CHANGES)))
    made = [answer for answer in answers if answer.status_code == 200]
    told = [answer for answer in answers if answer.status_code == 412]
    assert (len(made), len(told)) == (1, CHANGES - 1)
    now = api.get(url, headers=traveller.headers)
    assert now.json() == made[0].json()
    assert now.headers["etag"] != etag
    assert api.patch(url, json={"name": "R"}, headers=traveller.headers).status_code == 428
    stale = api.delete(url, headers={**traveller.headers, "if-match": etag})
    assert stale.status_code == 412


def test_a_trip_that_is_sent_again_with_its_key_is_made_once(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller = new_traveller()
    headers = {**traveller.headers, "idempotency-key": secrets.token_hex(8)}
    answers = [api.post("/itinerary", json={"name": "Rome"}, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["itinerary_id"] for answer in answers}) == 1
    reused = api.post("/itinerary", json={"name": "Paris"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    listed = api.get("/itinerary", headers=traveller.headers).json()["itineraries"]
    assert [one["name"] for one in listed] == ["Rome"]


def test_a_new_name_is_used_at_once_and_the_old_one_is_free(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    traveller, other = new_traveller(), new_traveller()
    taken = api.patch("/user/profile", json={"username": other.username}, headers=traveller.headers)
    assert (taken.status_code, taken.json()["code"]) == (409, "username_taken")
    name = f"renamed-{secrets.token_hex(4)}"
    renamed = api.patch("/user/profile", json={"username": name}, headers=traveller.headers)
    assert renamed.json()["username"] == name
    login = {"email": traveller.email, "password": traveller.password}
    assert api.post("/auth/login", json=login).json()["username"] == name
    freed = api.patch("/user/profile", json={"username": traveller.username}, headers=other.headers)
    assert freed.status_code == 200


def test_after_leaving_nothing_of_the_user_is_left(
    api: httpx.Client,
    dynamodb: DynamoDBClient,
    table_name: str,
    new_traveller: Callable[[], Traveller],
) -> None:
    traveller = new_traveller()
    user_id = traveller.signed_in["user_id"]
    prediction_id = predict(api, traveller)["prediction_id"]
    said = {"prediction_id": prediction_id, "correct": True, "comment": "yes"}
    assert api.post("/feedback", json=said, headers=traveller.headers).status_code == 200
    trip = {"name": "Rome", "stops": STOPS}
    once = {**traveller.headers, "idempotency-key": "1"}
    assert api.post("/itinerary", json=trip, headers=once).status_code == 201
    login = {"email": traveller.email, "password": traveller.password}
    assert api.post("/auth/login", json=login).status_code == 200
    refreshed = api.post(
        "/auth/refresh", json={"refresh_token": traveller.signed_in["refresh_token"]}
    )
    assert refreshed.status_code == 200

    export = api.get("/user/export", headers=traveller.headers).json()
    assert export["profile"]["email"] == traveller.email
    assert [one["prediction_id"] for one in export["predictions"]] == [prediction_id]
    assert [stop["name"] for stop in export["itineraries"][0]["stops"]] == [
        stop["name"] for stop in STOPS
    ]
    assert len(export["sessions"]) == 2
    assert "hash" not in json.dumps(export)
    assert export["next_cursor"] is None

    def leave(password: str) -> httpx.Response:
        return api.request(
            "DELETE", "/user/profile", json={"password": password}, headers=traveller.headers
        )

    traces = (user_id, traveller.email, traveller.username)
    assert leave("not the password").status_code == 403
    # The account with its names, a prediction, a trip, the request for it, and two sessions.
    assert len(items_that_mention(dynamodb, table_name, *traces)) >= 8
    assert leave(traveller.password).status_code == 204
    assert items_that_mention(dynamodb, table_name, *traces) == []

    assert api.get("/user/profile", headers=traveller.headers).status_code == 404
    assert api.post("/auth/login", json=login).status_code == 401
    assert leave(traveller.password).status_code == 404
    again = {"email": traveller.email, "username": traveller.username, "password": "a new one 1"}
    assert api.post("/auth/signup", json=again).status_code == 201
