"""Attacks on the deployed app, as far as only the whole can show what comes of them.

The others are tried on all functions in one process: `tests/unit/attacks`.
"""

from __future__ import annotations

import base64
import hmac
import io
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from common.ulids import new_ulid
from local.attacks import pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_logs import CloudWatchLogsClient

    from tests.end_to_end.conftest import Traveller

IMAGE = {"content-type": "image/jpeg"}
LATITUDE, LONGITUDE = 48.858371, 2.294483
GPS = 0x8825


def part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def taken_apart(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims = (
        json.loads(base64.urlsafe_b64decode(f"{one}==")) for one in token.split(".")[:2]
    )
    return header, claims


def jpeg(seed: int = 1, exif: Image.Exif | None = None) -> bytes:
    encoded = io.BytesIO()
    picture = Image.effect_noise((160, 120), 20 + seed).convert("RGB")
    picture.save(encoded, "JPEG", exif=exif or Image.Exif())
    return encoded.getvalue()


def told(answer: httpx.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return what an answer says, apart from the request's id, the time and the server."""
    others = {"x-request-id", "date", "apigw-requestid", "x-amzn-requestid", "x-amz-request-id"}
    headers = {name: text for name, text in answer.headers.items() if name not in others}
    headers = {name: text for name, text in headers.items() if not name.startswith("x-amz")}
    body = answer.json() if answer.content else {}
    body.pop("request_id", None)
    return answer.status_code, headers, body


def test_the_gateways_memory_of_tokens_never_gives_one_traveller_anothers_answer(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    travellers = [new_traveller() for _ in range(4)]

    def ask(turn: int) -> bool:
        me = travellers[turn % len(travellers)]
        answer = api.get("/user/profile", headers=me.headers)
        return bool(answer.json()["user_id"] == me.signed_in["user_id"])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(80)))


def test_a_refused_token_stays_refused_beside_a_good_one(
    api: httpx.Client, traveller: Traveller
) -> None:
    """The memory is of the whole header: neither answer is given for the other."""
    good = traveller.headers["authorization"]
    for _ in range(3):
        assert api.get("/user/profile", headers={"authorization": good}).status_code == 200
        bad = {"authorization": good[:-4] + "AAAA"}
        assert api.get("/user/profile", headers=bad).status_code == 403
    twice = [("authorization", good), ("authorization", good)]
    assert api.get("/user/profile", headers=twice).status_code in {401, 403}


@pytest.mark.parametrize("attack", ["public key", "path", "oversized", "own key"])
def test_a_key_of_the_forgers_choice_opens_nothing(
    api: httpx.Client, traveller: Traveller, attack: str
) -> None:
    header, claims = taken_apart(traveller.signed_in["access_token"])
    secret = {"public key": b"-----BEGIN PUBLIC KEY-----", "path": b"\0"}.get(attack, b"k" * 32)
    others: dict[str, dict[str, Any]] = {
        "public key": {"alg": "HS256"},
        "path": {"kid": "../../../../../../dev/null"},
        "oversized": {},
        "own key": {"jwk": {"kty": "oct", "k": part("k" * 32)}, "jku": "https://evil.test/k"},
    }
    header |= others[attack]
    if attack == "oversized":
        claims["username"] = "a" * 6_000
    signed = f"{part(header)}.{part(claims)}"
    signature = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256"))
    authorization = {"authorization": f"Bearer {signed}.{signature.decode().rstrip('=')}"}
    assert api.get("/user/profile", headers=authorization).status_code in {403, 431}


@pytest.mark.parametrize(
    "path",
    [
        *("/user/profile/", "//user/profile", "/user/%2e/profile", "/user/x/%2e%2e/profile"),
        *("/user%2Fprofile", "/User/Profile", "/user/profile%00", "/user/profile;a=b"),
        *("/docs/%2e%2e/user/profile", "/docs/..%2f..%2fhandler.py", "/landmarks/%2e%2e"),
        *("/landmarks/..%2f..%2fuser%2fprofile", "/health/%2e%2e/user/export"),
    ],
)
def test_no_spelling_of_a_path_goes_round_the_token(
    api: httpx.Client, traveller: Traveller, path: str
) -> None:
    without, with_token = api.get(path), api.get(path, headers=traveller.headers)
    assert without.status_code in {400, 401, 403, 404}
    # Some spellings are a route's own, once they are decoded; then the token says whose it is.
    if with_token.status_code == 200:
        assert with_token.json()["user_id"] == traveller.signed_in["user_id"]
    for answer in (without, with_token):
        assert "def " not in answer.text


def test_anothers_ids_are_answered_to_the_letter_like_nobodys(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    ada, eve = new_traveller(), new_traveller()
    seen = api.post("/predict", content=jpeg(), headers={**ada.headers, **IMAGE}).json()
    trip = api.post("/itinerary", json={"name": "Rome"}, headers=ada.headers).json()
    match = {**eve.headers, "if-match": '"1"'}

    def ask(prediction_id: str, itinerary_id: str) -> list[httpx.Response]:
        itinerary = f"/itinerary/{itinerary_id}"
        by_id = {"prediction_id": prediction_id}
        return [
            api.get(f"/predictions/{prediction_id}", headers=eve.headers),
            api.delete(f"/predictions/{prediction_id}", headers=eve.headers),
            api.post("/feedback", json={**by_id, "correct": True}, headers=eve.headers),
            api.post("/describe", json=by_id, headers=eve.headers),
            api.post("/recommend", json=by_id, headers=eve.headers),
            api.get(itinerary, headers=eve.headers),
            api.patch(itinerary, json={"name": "Mine"}, headers=match),
            api.delete(itinerary, headers=match),
            api.get(f"{itinerary}/order", params={"day": 1}, headers=eve.headers),
        ]

    hers = [told(answer) for answer in ask(seen["prediction_id"], trip["itinerary_id"])]
    nobodys = [told(answer) for answer in ask(new_ulid(), new_ulid())]
    assert hers == nobodys
    assert {status for status, _, _ in hers} == {404}
    for path in (f"/predictions/{seen['prediction_id']}", f"/itinerary/{trip['itinerary_id']}"):
        assert api.get(path, headers=ada.headers).status_code == 200


def test_a_cursor_opens_no_other_travellers_list(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    ada, eve = new_traveller(), new_traveller()
    for someone in (ada, ada, eve, eve):
        api.post("/itinerary", json={"name": "Rome"}, headers=someone.headers)
    page = api.get("/itinerary", params={"limit": 1}, headers=ada.headers).json()
    query = {"limit": 1, "cursor": page["next_cursor"]}
    assert api.get("/itinerary", params=query, headers=ada.headers).status_code == 200
    assert api.get("/itinerary", params=query, headers=eve.headers).status_code == 422
    assert api.get("/predictions", params=query, headers=ada.headers).status_code == 422


@pytest.mark.parametrize("name", sorted(pictures.TOO_MANY_PARTS))
def test_a_picture_that_would_keep_a_decoder_busy_is_refused(
    api: httpx.Client, traveller: Traveller, name: str
) -> None:
    picture = pictures.TOO_MANY_PARTS[name](300_000)
    answer = api.post("/predict", content=picture, headers={**traveller.headers, **IMAGE})
    assert (answer.status_code, answer.json()["code"]) == (422, "image_unreadable")


def test_a_large_bomb_by_way_of_the_bucket_is_refused_and_the_next_photo_named(
    api: httpx.Client, traveller: Traveller
) -> None:
    """24 MB of colour profiles took 52 s; the function has 29."""
    form = api.post("/uploads", headers=traveller.headers).json()
    bomb = pictures.TOO_MANY_PARTS["png of many profiles"](24_000_000)

    def send(data: bytes) -> int:
        files = {"file": ("photo.png", data)}
        sent = httpx.post(
            form["url"], data=form["fields"], files=files, timeout=60, trust_env=False
        )
        return sent.status_code

    assert send(bomb) == 204
    for path in ("/predict", "/describe"):
        asked = {"upload_key": form["upload_key"]}
        answer = api.post(path, json=asked, headers=traveller.headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "image_unreadable")
    # A form may be used again until it expires: whoever has it replaces a photo of their own.
    assert send(jpeg(9)) == 204
    named = api.post("/predict", json={"upload_key": form["upload_key"]}, headers=traveller.headers)
    assert named.status_code == 200, named.text


def test_a_form_is_good_for_no_key_but_its_own(
    api: httpx.Client, traveller: Traveller, new_traveller: Callable[[], Traveller]
) -> None:
    """Also not with the rest of somebody else's form."""
    other = new_traveller()
    mine = api.post("/uploads", headers=traveller.headers).json()
    theirs = api.post("/uploads", headers=other.headers).json()
    for changed in (
        {"key": theirs["upload_key"]},
        {"policy": theirs["fields"]["policy"]},
        {"x-amz-signature": theirs["fields"]["x-amz-signature"]},
        {"key": theirs["upload_key"], "policy": theirs["fields"]["policy"]},
        {"policy": base64.b64encode(b'{"conditions": []}').decode()},
        {"x-amz-date": "20300101T000000Z"},
    ):
        sent = httpx.post(
            mine["url"],
            data={**mine["fields"], **changed},
            files={"file": ("photo.jpg", jpeg())},
            timeout=60,
            trust_env=False,
        )
        assert 400 <= sent.status_code < 500, changed
    asked = {"upload_key": theirs["upload_key"]}
    assert api.post("/predict", json=asked, headers=other.headers).status_code == 404


def test_a_name_that_looks_like_anothers_is_not_given_twice(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    me = new_traveller()
    body = {"email": f"{secrets.token_hex(6)}@example.com", "password": me.password}
    for name, status in ((me.username.upper(), 409), (me.username[:-1] + "\u034f1", 422)):
        assert api.post("/auth/signup", json={**body, "username": name}).status_code == status
    mixed = me.username.replace("a", "\u0430")
    assert api.post("/auth/signup", json={**body, "username": mixed}).status_code == 422
    again = {**body, "email": me.email.upper(), "username": f"x{secrets.token_hex(6)}"}
    assert api.post("/auth/signup", json=again).json()["code"] == "email_taken"


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":"a@example.com","email":"b@example.com","password":"x"}',
        b"[" * 1_000_000,
        b'{"email":"\\ud800"}',
        b'\xef\xbb\xbf{"email":"a@example.com"}',
        b'{"email":NaN}',
        b" " * 5_900_000,
    ],
)
def test_bodies_that_readers_may_disagree_on_are_refused(api: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = api.post("/auth/login", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


def test_no_secret_of_a_day_is_in_any_log_group(
    api: httpx.Client, logs: CloudWatchLogsClient
) -> None:
    """The functions run at level DEBUG here: at no level do they say more."""
    name = f"canary-{secrets.token_hex(4)}"
    password, note = secrets.token_urlsafe(16), f"note {secrets.token_hex(8)}"
    email, started_ms = f"{name}@example.com", int((time.time() - 1) * 1000)
    details = {"email": email, "username": name, "password": password}
    signed_up = api.post("/auth/signup", json=details).json()
    api.post("/auth/login", json={**details, "password": f"{password}!"})
    tokens = api.post("/auth/refresh", json={"refresh_token": signed_up["refresh_token"]}).json()
    me = {"authorization": f"Bearer {tokens['access_token']}", "user-agent": f"agent {name}"}
    exif = Image.Exif()
    exif[0x010E] = f"words {name}"
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 30.1), 3: "E", 4: (2.0, 17.0, 40.1)})
    photo = jpeg(3, exif)
    encoded = base64.b64encode(photo).decode()
    seen = api.post("/predict", content=photo, headers={**me, **IMAGE}).json()
    api.post("/predict", json={"images": [encoded, "%%%"]}, headers=me)
    api.post("/describe", json={"image": encoded, "prompt": note}, headers=me)
    by_id = {"prediction_id": seen["prediction_id"]}
    api.post("/feedback", json={**by_id, "correct": True, "comment": note}, headers=me)
    place = {"name": note, "latitude": LATITUDE, "longitude": LONGITUDE, "note": note}
    api.post("/itinerary", json={"name": note, "stops": [place]}, headers=me)
    at = {"latitude": LATITUDE, "longitude": LONGITUDE}
    api.post("/recommend", json={**at, "llava_description": note}, headers=me)
    api.get("/landmarks", params={"near": f"{LATITUDE},{LONGITUDE}", "q": note})
    api.get("/user/export", headers=me)
    api.post("/auth/password-reset/request", json={"email": email})
    api.request("DELETE", "/user/profile", json={"password": password}, headers=me)
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    pages = logs.get_paginator("filter_log_events")
    written = "\n".join(
        event["message"]
        for group in groups
        for page in pages.paginate(logGroupName=group, startTime=started_ms)
        for event in page["events"]
    )
    for route in ("POST /auth/signup", "POST /predict", "POST /recommend", "DELETE /user/profile"):
        assert route in written
    assert "CloudWatchMetrics" in written
    secrets_told = [
        *(email, name, password, note, str(LATITUDE), str(LONGITUDE), f"words {name}"),
        *(signed_up["access_token"], signed_up["refresh_token"], tokens["refresh_token"]),
        *(encoded[start : start + 40] for start in range(0, len(encoded) - 40, 499)),
    ]
    assert [secret for secret in secrets_told if secret in written] == []
