"""Ids of somebody else: on every route as missing as ids of nobody, to the letter."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from common.ulids import new_ulid
from tests.unit.attacks.parts import FUNCTIONS, Service, apart_from_request_id, read

if TYPE_CHECKING:
    from collections.abc import Callable

TRIP = {"name": "Rome", "stops": [{"name": "Colosseum", "latitude": 41.9, "longitude": 12.5}]}
# Public, and of the catalogue: nobody's.
NOBODYS = {"GET /landmarks/{landmark_id}", "GET /docs/{file}"}


def jpeg(shade: int = 90) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, 120, 200)).save(encoded, "JPEG")
    return encoded.getvalue()


@dataclass
class Owned:
    """Somebody with one of everything that has an id."""

    user_id: str
    token: str
    prediction_id: str
    itinerary_id: str
    stop_id: str
    upload_key: str


def one_of_everything(service: Service, name: str) -> Owned:
    me = service.sign_up(name)
    token = me["access_token"]
    image = {"content-type": "image/jpeg"}
    seen = read(service.call("POST", "/predict", jpeg(), token=token, headers=image))
    trip = read(service.call("POST", "/itinerary", TRIP, token=token))
    form = read(service.call("POST", "/uploads", token=token))
    service.bucket.objects[form["upload_key"]] = jpeg()
    return Owned(
        me["user_id"],
        token,
        seen["prediction_id"],
        trip["itinerary_id"],
        trip["stops"][0]["stop_id"],
        form["upload_key"],
    )


@pytest.fixture(scope="module")
def ada(service: Service) -> Owned:
    return one_of_everything(service, "ada")


@pytest.fixture(scope="module")
def eve(service: Service) -> Owned:
    return one_of_everything(service, "evelyn")


IfMatch = {"if-match": '"1"'}
# Every route that takes an id of something that belongs to somebody: what to send, with an id.
ROUTES: dict[str, Callable[[str], dict[str, Any]]] = {
    "GET /predictions/{prediction_id}": lambda _: {},
    "DELETE /predictions/{prediction_id}": lambda _: {},
    "POST /feedback prediction_id": lambda it: {"body": {"prediction_id": it, "correct": True}},
    "POST /describe prediction_id": lambda it: {"body": {"prediction_id": it}},
    "POST /recommend prediction_id": lambda it: {"body": {"prediction_id": it}},
    "GET /itinerary/{itinerary_id}": lambda _: {},
    "PATCH /itinerary/{itinerary_id}": lambda _: {"body": {"name": "Mine"}, "headers": IfMatch},
    "DELETE /itinerary/{itinerary_id}": lambda _: {"headers": IfMatch},
    "GET /itinerary/{itinerary_id}/order": lambda _: {"query": {"day": "1"}},
    "POST /predict upload_key": lambda it: {"body": {"upload_key": it}},
    "POST /describe upload_key": lambda it: {"body": {"upload_key": it}},
}


def ask(service: Service, route: str, identifier: str, token: str) -> dict[str, Any]:
    method, path = route.split()[:2]
    address = re.sub(r"{\w+}", lambda _: identifier, path)
    return service.call(method, address, token=token, **ROUTES[route](identifier))


def identifiers(route: str, theirs: Owned, mine: Owned) -> tuple[str, str]:
    """Return an id of hers and one that nobody has, of the kind that a route takes."""
    if "upload_key" in route:
        return theirs.upload_key, f"uploads/{mine.user_id}/{new_ulid()}"
    owned = theirs.prediction_id if "prediction_id" in route else theirs.itinerary_id
    return owned, new_ulid()


@pytest.mark.parametrize("route", ROUTES)
def test_anothers_id_is_answered_to_the_letter_like_one_that_nobody_has(
    service: Service, ada: Owned, eve: Owned, route: str
) -> None:
    hers, nobodys = identifiers(route, ada, eve)
    before = dict(service.table.items)
    refused = apart_from_request_id(ask(service, route, hers, eve.token))
    missing = apart_from_request_id(ask(service, route, nobodys, eve.token))
    assert refused == missing
    assert refused[0] == 404
    assert service.table.items == before


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith("DELETE")])
def test_ones_own_id_is_answered(service: Service, ada: Owned, route: str) -> None:
    """Without this the refusals above would prove nothing."""
    own = identifiers(route, ada, ada)[0]
    assert ask(service, route, own, ada.token)["statusCode"] == 200


def test_every_route_with_an_id_is_tried(service: Service) -> None:
    listed = {" ".join(route.split()[:2]) for route in ROUTES} | NOBODYS
    for name in FUNCTIONS:
        for route in service.functions[name].api.routes:
            if "{" in route.path:
                assert f"{route.method} {route.path}" in listed
            fields = route.body.model_fields if route.body else {}
            for field in {"prediction_id", "upload_key", "itinerary_id"} & fields.keys():
                assert f"{route.method} {route.path} {field}" in ROUTES


def test_a_stop_of_anothers_trip_is_as_unknown_as_any(
    service: Service, ada: Owned, eve: Owned
) -> None:
    path = f"/itinerary/{eve.itinerary_id}"

    def place(stop_id: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        stops = [{**TRIP["stops"][0], "stop_id": stop_id}]  # type: ignore[dict-item]
        answer = service.call("PATCH", path, {"stops": stops}, token=eve.token, headers=IfMatch)
        return apart_from_request_id(answer)

    assert place(ada.stop_id) == place(new_ulid())
    assert place(ada.stop_id)[0] == 422
    asked = {"day": "1", "start": ada.stop_id}
    answer = service.call("GET", f"{path}/order", token=eve.token, query=asked)
    assert answer["statusCode"] in {404, 422}


@pytest.mark.parametrize(
    ("path", "key"), [("/predictions", "predictions"), ("/itinerary", "itineraries")]
)
def test_lists_and_exports_hold_ones_own_only(
    service: Service, ada: Owned, eve: Owned, path: str, key: str
) -> None:
    shown = service.call("GET", path, token=eve.token)
    exported = service.call("GET", "/user/export", token=eve.token)
    assert read(shown)[key]
    for foreign in (ada.user_id, ada.prediction_id, ada.itinerary_id, ada.stop_id, "ada@"):
        assert foreign not in shown["body"]
        assert foreign not in exported["body"]


INJECTED = (
    "{id}#PROFILE",
    "PROFILE",
    "../{id}",
    "{id}/..",
    "%23",
    "USER#{user}",
    "PREDICTION#{id}",
    "{id}\x00",
    "{id} ",
    "*",
    '{{"$gt":""}}',
    "' OR PK = 'USER#{user}",
    "{lower}",
    "\u2028{id}",
    "{id}\udc00",
)


@pytest.mark.parametrize("template", INJECTED)
@pytest.mark.parametrize("route", ROUTES)
def test_no_separator_or_expression_in_an_id_leads_anywhere(
    service: Service, ada: Owned, eve: Owned, route: str, template: str
) -> None:
    hers = identifiers(route, ada, eve)[0]
    text = template.format(id=hers, user=ada.user_id, lower=hers.lower())
    before = dict(service.table.items)
    answer = ask(service, route, text, eve.token)
    assert answer["statusCode"] in {400, 404, 405, 422}
    assert service.table.items == before


@pytest.mark.parametrize("path", ["/predictions", "/itinerary", "/user/export", "/landmarks"])
@pytest.mark.parametrize(
    "cursor", ["USER#x", "A" * 300, "=" * 40, "\x00", "a" * 100_000, "Li4v", "\ud800", "%00"]
)
def test_a_made_up_cursor_is_refused_on_every_list(
    service: Service, eve: Owned, path: str, cursor: str
) -> None:
    answer = service.call("GET", path, token=eve.token, query={"cursor": cursor})
    assert answer["statusCode"] == 422
    assert [error["field"] for error in read(answer)["errors"]] == ["cursor"]


def test_a_cursor_of_another_user_or_another_list_is_refused(
    service: Service, ada: Owned, eve: Owned
) -> None:
    trip = {"name": "Another"}
    for someone in (ada, eve):
        service.call("POST", "/itinerary", trip, token=someone.token)
    page = service.call("GET", "/itinerary", token=ada.token, query={"limit": "1"})
    cursor = read(page)["next_cursor"]
    assert cursor
    own = {"cursor": cursor, "limit": "1"}
    assert service.call("GET", "/itinerary", token=ada.token, query=own)["statusCode"] == 200
    assert service.call("GET", "/itinerary", token=eve.token, query=own)["statusCode"] == 422
    for other in ("/predictions", "/user/export", "/landmarks"):
        assert service.call("GET", other, token=ada.token, query=own)["statusCode"] == 422
    for changed in (cursor[:-1], cursor[1:], cursor + "A", cursor.swapcase(), cursor[::-1]):
        query = {"cursor": changed}
        assert service.call("GET", "/itinerary", token=ada.token, query=query)["statusCode"] == 422
