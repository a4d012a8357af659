"""The routes of `account`, from event to answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gpxpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from account import handler
from account.deletion import Deletions
from account.history import History
from account.itineraries import MAX_ITINERARIES, Itineraries
from account.planner import Planner
from common import keys
from common.cursors import Cursors
from common.errors import PROBLEMS, Unavailable
from common.limits import Attempts, passwords_per_email
from common.predictions import Predictions
from common.ulids import new_ulid
from common.updates import Update
from common.users import Profile, Users
from tests.contracts.account_contract import PASSWORD, PASSWORD_HASH
from tests.fakes.events import (
    for_route,
    load_event,
    read_json,
    signed_in_as,
    with_body,
    with_header,
)
from tests.fakes.log_queries import unanswered
from tests.fakes.tables import FaultyTable, InMemoryTable

if TYPE_CHECKING:
    import io

    from common.table import Table

ADA, EVE = new_ulid(), new_ulid()
CREATED_AT = "2026-01-01T00:00:00.000+00:00"
SEEN: dict[str, Any] = {
    "landmark": "Colosseum",
    "recognised": True,
    "confidence_level": "high",
    "predictions": [
        {
            "landmark_id": "colosseum",
            "landmark": "Colosseum",
            "confidence": 0.93,
            "country": "IT",
            "city": "Rome",
            "latitude": 41.8902,
            "longitude": 12.4922,
        }
    ],
    "scene": [{"label": "amphitheatre", "confidence": 0.8}],
    "model_version": "v1",
    "image_sha256": "ab" * 32,
}
WRITTEN: dict[str, Any] = json.loads(load_event("itinerary")["body"])


def use(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the handler work over `table`."""
    users, cursors = Users(table), Cursors("unit-tests")
    for name, part in {
        "table": table,
        "users": users,
        "deletions": Deletions(table, users, Attempts(table), passwords_per_email(5)),
        "history": History(Predictions(table), cursors),
        "planner": Planner(table, Itineraries(table), cursors),
    }.items():
        monkeypatch.setattr(handler, name, part)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> InMemoryTable:
    table = InMemoryTable()
    for user_id, name in ((ADA, "ada"), (EVE, "eve")):
        profile = Profile(user_id, f"{name}@example.com", name, CREATED_AT)
        Users(table).add(profile, PASSWORD_HASH)
    use(table, monkeypatch)
    return table


def send(event: dict[str, Any], user_id: str = ADA) -> dict[str, Any]:
    return handler.handle(signed_in_as(event, user_id), None)


def call(
    method: str,
    path: str,
    body: object = None,
    *,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    user_id: str = ADA,
) -> dict[str, Any]:
    event = for_route(load_event("profile"), method, path, query)
    event = event if body is None else with_body(event, body)
    for name, text in (headers or {}).items():
        event = with_header(event, name, text)
    return send(event, user_id)


def problem(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["statusCode"], read_json(answer)["code"]


def wrong(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 422
    return [error["field"] for error in read_json(answer)["errors"]]


def add_predictions(table: Table, count: int, user_id: str = ADA) -> list[str]:
    return [Predictions(table).add(user_id, SEEN) for _ in range(count)]


def add_itinerary(**more: Any) -> tuple[str, str]:  # noqa: ANN401 - any field
    """Return path and tag of a new itinerary."""
    answer = call("POST", "/itinerary", {**WRITTEN, **more})
    assert answer["statusCode"] == 201
    return answer["headers"]["location"], answer["headers"]["etag"]


def test_no_route_is_open_to_strangers() -> None:
    assert len(handler.api.routes) == 14
    assert not [route.path for route in handler.api.routes if route.public]


def test_a_signed_in_user_sees_their_own_profile(table: InMemoryTable) -> None:
    add_predictions(table, 3)
    answer = send(load_event("profile"))
    assert answer["statusCode"] == 200
    assert read_json(answer) == {
        "user_id": ADA,
        "email": "ada@example.com",
        "username": "ada",
        "created_at": CREATED_AT,
        "itinerary_count": 0,
        "prediction_count": 3,
    }


def test_without_the_authorizer_it_is_401() -> None:
    event = load_event("profile")
    del event["requestContext"]["authorizer"]
    answer = handler.handle(event, None)
    assert problem(answer) == (401, "not_authenticated")
    assert answer["headers"]["www-authenticate"] == "Bearer"


@pytest.mark.usefixtures("table")
class TestProfile:
    """The account itself."""

    def test_the_token_of_a_deleted_account_is_404(self) -> None:
        for method, path, body in (
            ("GET", "/user/profile", None),
            ("PATCH", "/user/profile", {"username": "nobody"}),
            ("DELETE", "/user/profile", {"password": PASSWORD}),
            ("GET", "/user/export", None),
            ("POST", "/itinerary", WRITTEN),
        ):
            answer = call(method, path, body, user_id=new_ulid())
            assert problem(answer) == (404, "account_not_found"), path

    def test_a_new_username_is_shown_and_the_old_one_is_free(self) -> None:
        assert read_json(call("PATCH", "/user/profile", {"username": "Lady"}))["username"] == "Lady"
        assert read_json(call("GET", "/user/profile"))["username"] == "Lady"
        taken = call("PATCH", "/user/profile", {"username": "LADY"}, user_id=EVE)
        assert problem(taken) == (409, "username_taken")
        freed = call("PATCH", "/user/profile", {"username": "ada"}, user_id=EVE)
        assert freed["statusCode"] == 200
        assert wrong(call("PATCH", "/user/profile", {"username": "a b"})) == ["username"]

    def test_an_account_goes_with_its_password_only(self, table: InMemoryTable) -> None:
        add_predictions(table, 2)
        assert problem(call("DELETE", "/user/profile", {"password": "guess"})) == (
            *(403, "wrong_password"),
        )
        assert wrong(call("DELETE", "/user/profile", {})) == ["password"]
        answer = send(load_event("profile_delete"))
        assert (answer["statusCode"], answer["body"]) == (204, "")
        assert ADA not in repr(table.items)
        assert EVE in repr(table.items)

    def test_an_export_holds_what_there_is_and_no_secret(self, table: InMemoryTable) -> None:
        (prediction_id,) = add_predictions(table, 1)
        add_itinerary()
        answer = call("GET", "/user/export")
        export = read_json(answer)
        assert export["profile"]["email"] == "ada@example.com"
        assert [one["prediction_id"] for one in export["predictions"]] == [prediction_id]
        assert export["itineraries"][0]["name"] == "Rome"
        assert export["next_cursor"] is None
        assert PASSWORD_HASH not in answer["body"]

    def test_an_export_goes_on_with_its_cursor(
        self, table: InMemoryTable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("account.export.PART_BYTES", 2_000)
        made = add_predictions(table, 5)
        found: list[str] = []
        query: dict[str, str] | None = None
        while True:
            part = read_json(call("GET", "/user/export", query=query))
            found += [one["prediction_id"] for one in part["predictions"]]
            if part["next_cursor"] is None:
                break
            query = {"cursor": part["next_cursor"]}
        assert query is not None
        assert sorted(found) == sorted(made)
        assert wrong(call("GET", "/user/export", query=query, user_id=EVE)) == ["cursor"]


@pytest.mark.usefixtures("table")
class TestHistory:
    """Predictions and feedback."""

    def test_a_recorded_page_is_answered(self, table: InMemoryTable) -> None:
        made = add_predictions(table, 3)
        page = read_json(send(load_event("predictions")))
        assert len(page["predictions"]) == 2
        assert {one["prediction_id"] for one in page["predictions"]} <= set(made)
        assert page["predictions"][0]["predictions"][0]["landmark_id"] == "colosseum"
        assert page["predictions"][0]["feedback"] is None
        assert page["next_cursor"]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
    @given(count=st.integers(0, 7), limit=st.integers(1, 8), newer=st.integers(0, 2))
    def test_pages_hold_each_prediction_once_newest_first_whatever_is_added_meanwhile(
        self, table: InMemoryTable, count: int, limit: int, newer: int
    ) -> None:
        user_id = new_ulid()
        Users(table).add(Profile(user_id, user_id, user_id, CREATED_AT), PASSWORD_HASH)
        for at in range(count):
            identifier = new_ulid(1_000 + at)
            item = {**SEEN, "prediction_id": identifier, "created_at": str(at)}
            table.items[keys.prediction(user_id, identifier)] = item
        found: list[str] = []
        query = {"limit": str(limit)}
        while True:
            page = read_json(call("GET", "/predictions", query=query, user_id=user_id))
            assert len(page["predictions"]) <= limit
            found += [one["created_at"] for one in page["predictions"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
            add_predictions(table, newer, user_id)
        assert found == [str(at) for at in reversed(range(count))]

    def test_a_cursor_is_of_one_user_one_list_and_its_filters(self, table: InMemoryTable) -> None:
        add_predictions(table, 3)
        add_predictions(table, 3, EVE)
        query = {"limit": "1", "since": "2020-01-01T00:00:00Z"}
        cursor = read_json(call("GET", "/predictions", query=query))["next_cursor"]
        good = call("GET", "/predictions", query={**query, "cursor": cursor, "limit": "2"})
        assert good["statusCode"] == 200
        for changed in (
            call("GET", "/predictions", query={**query, "cursor": cursor}, user_id=EVE),
            call("GET", "/predictions", query={"limit": "1", "cursor": cursor}),
            call("GET", "/itinerary", query={"cursor": cursor}),
            call("GET", "/predictions", query={**query, "cursor": cursor[:-1]}),
            call("GET", "/predictions", query={**query, "cursor": "x" + cursor[1:]}),
        ):
            assert wrong(changed) == ["cursor"]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "x"),
            ("since", "x"),
            ("until", "2026-05-01T10:00:00"),
        ],
    )
    def test_a_parameter_that_cannot_be_is_named(self, name: str, text: str) -> None:
        assert wrong(call("GET", "/predictions", query={name: text})) == [name]

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
    def test_any_moment_may_be_asked_for(self, moment: str) -> None:
        for name in ("since", "until"):
            assert call("GET", "/predictions", query={name: moment})["statusCode"] == 200

    def test_anothers_prediction_is_as_missing_as_any(self, table: InMemoryTable) -> None:
        (theirs,) = add_predictions(table, 1, EVE)
        for prediction_id in (theirs, new_ulid(), "x", "x" * 3_000, theirs.lower()):
            path = f"/predictions/{prediction_id}"
            said = {"prediction_id": theirs, "correct": True}
            for answer in (
                call("GET", path),
                call("DELETE", path),
                call("POST", "/feedback", said),
            ):
                assert problem(answer) == (404, "prediction_not_found")
        assert call("GET", f"/predictions/{theirs}", user_id=EVE)["statusCode"] == 200

    def test_feedback_is_answered_and_read_back(self, table: InMemoryTable) -> None:
        (prediction_id,) = add_predictions(table, 1)
        event = load_event("feedback")
        said = {**json.loads(event["body"]), "prediction_id": prediction_id}
        given_back = read_json(send(with_body(event, said)))
        shown = read_json(call("GET", f"/predictions/{prediction_id}"))
        assert shown["feedback"] == given_back
        assert given_back["landmark"] == "Arles Amphitheatre"
        assert "label" not in shown
        contradiction = {**said, "correct": True}
        assert wrong(call("POST", "/feedback", contradiction)) == ["body"]

    def test_a_deleted_prediction_is_gone_and_counted_no_more(self, table: InMemoryTable) -> None:
        (prediction_id,) = add_predictions(table, 1)
        path = f"/predictions/{prediction_id}"
        assert call("DELETE", path)["statusCode"] == 204
        assert problem(call("GET", path)) == (404, "prediction_not_found")
        assert read_json(call("GET", "/user/profile"))["prediction_count"] == 0


@pytest.mark.usefixtures("table")
class TestItineraries:
    """Trips: made, read, changed and given to other programs."""

    def test_a_recorded_trip_is_made_with_a_tag_and_an_address(self) -> None:
        answer = send(load_event("itinerary"))
        assert answer["statusCode"] == 201
        made = read_json(answer)
        assert answer["headers"]["location"] == f"/itinerary/{made['itinerary_id']}"
        assert answer["headers"]["etag"] == made["etag"] == '"1"'
        assert [stop["date"] for stop in made["stops"]] == [
            *("2026-05-01", "2026-05-01", "2026-05-02"),
        ]
        assert read_json(call("GET", answer["headers"]["location"])) == made
        assert read_json(call("GET", "/user/profile"))["itinerary_count"] == 1

    def test_a_trip_sent_again_with_its_key_is_the_same_trip(self) -> None:
        first, second = (send(load_event("itinerary")) for _ in range(2))
        assert second["statusCode"] == 201
        assert read_json(second) == read_json(first)
        assert second["headers"]["etag"] == first["headers"]["etag"]
        assert send(load_event("itinerary"), EVE)["body"] != first["body"]
        other = with_body(load_event("itinerary"), {"name": "Paris"})
        assert problem(send(other)) == (422, "idempotency_key_reused")
        assert len(read_json(call("GET", "/itinerary"))["itineraries"]) == 1

    def test_a_repeated_request_shows_the_trip_as_it_is_by_then(self) -> None:
        made = send(load_event("itinerary"))
        path, tag = made["headers"]["location"], made["headers"]["etag"]
        call("PATCH", path, {"name": "Roma"}, headers={"if-match": tag})
        assert read_json(send(load_event("itinerary")))["name"] == "Roma"
        call("DELETE", path, headers={"if-match": '"2"'})
        assert problem(send(load_event("itinerary"))) == (404, "itinerary_not_found")

    @pytest.mark.parametrize("key", ["", " ", "x" * 256, "é", "two words"])
    def test_a_key_is_visible_text(self, key: str) -> None:
        answer = call("POST", "/itinerary", WRITTEN, headers={"idempotency-key": key})
        assert problem(answer) == (400, "malformed_request")

    def test_there_is_room_for_so_many_trips_and_no_more(self, table: InMemoryTable) -> None:
        full = {"itinerary_count": MAX_ITINERARIES}
        table.write(Update(keys.profile(ADA), assign=full))
        for headers in ({}, {"idempotency-key": "k"}, {"idempotency-key": "k"}):
            answer = call("POST", "/itinerary", WRITTEN, headers=headers)
            assert problem(answer) == (409, "too_many_itineraries")

    def test_trips_are_listed_in_pages_without_their_stops(self) -> None:
        for name in ("a", "b", "c"):
            add_itinerary(name=name)
        first = read_json(call("GET", "/itinerary", query={"limit": "2"}))
        rest = read_json(
            call("GET", "/itinerary", query={"limit": "2", "cursor": first["next_cursor"]})
        )
        listed = first["itineraries"] + rest["itineraries"]
        assert sorted(one["name"] for one in listed) == ["a", "b", "c"]
        assert {(one["stop_count"], one["day_count"], one["etag"]) for one in listed} == {
            (3, 2, '"1"')
        }
        assert rest["next_cursor"] is None
        assert read_json(call("GET", "/itinerary", user_id=EVE))["itineraries"] == []

    def test_a_recorded_change_needs_the_tag_of_now(self) -> None:
        path, tag = add_itinerary()
        event = load_event("itinerary_change")
        changed = send(for_route(event, "PATCH", path))
        assert (changed["statusCode"], changed["headers"]["etag"]) == (200, '"2"')
        assert read_json(changed)["name"] == "Roma"
        assert len(read_json(changed)["stops"]) == 3
        assert problem(send(for_route(event, "PATCH", path))) == (412, "precondition_failed")
        assert problem(call("PATCH", path, {"name": "R"})) == (428, "precondition_required")
        star = call("DELETE", path, headers={"if-match": "*"})
        assert problem(star) == (428, "precondition_required")
        assert problem(call("DELETE", path, headers={"if-match": tag})) == (
            *(412, "precondition_failed"),
        )
        assert call("DELETE", path, headers={"if-match": '"2"'})["statusCode"] == 204
        assert problem(call("GET", path)) == (404, "itinerary_not_found")

    def test_stops_are_reordered_changed_removed_and_added_as_one_list(self) -> None:
        path, tag = add_itinerary()
        colosseum, trevi, vatican = read_json(call("GET", path))["stops"]
        stops = [
            {**trevi, "note": "a coin"},
            {"name": "Hotel", "latitude": 41.9, "longitude": 12.5},
            {**colosseum, "day": 3},
        ]
        body = call("PATCH", path, {"stops": stops}, headers={"if-match": tag})
        now = read_json(body)["stops"]
        assert [(stop["name"], stop["day"]) for stop in now] == [
            ("Trevi Fountain", 1),
            ("Hotel", 1),
            ("Colosseum", 3),
        ]
        assert now[0]["stop_id"] == trevi["stop_id"]
        assert now[0]["note"] == "a coin"
        assert now[2]["landmark_id"] == "colosseum"
        gone = [{**vatican}]
        answer = call("PATCH", path, {"stops": gone}, headers={"if-match": '"2"'})
        assert wrong(answer) == ["stops.0.stop_id"]

    def test_anothers_trip_is_as_missing_as_any(self) -> None:
        path, tag = add_itinerary()
        for address in (
            path,
            f"/itinerary/{new_ulid()}",
            "/itinerary/x",
            f"/itinerary/{'x' * 3000}",
        ):
            match = {"if-match": tag}
            for answer in (
                call("GET", address, user_id=EVE),
                call("PATCH", address, {"name": "R"}, headers=match, user_id=EVE),
                call("DELETE", address, headers=match, user_id=EVE),
                call("GET", f"{address}/order", query={"day": "1"}, user_id=EVE),
            ):
                assert problem(answer) == (404, "itinerary_not_found")
        assert call("GET", path)["statusCode"] == 200

    @pytest.mark.parametrize(
        ("accept", "content_type", "tag"),
        [
            ("application/json", "application/json", '"1"'),
            ("application/geo+json", "application/geo+json", '"1-geojson"'),
            ("application/gpx+xml", "application/gpx+xml", '"1-gpx"'),
            ("text/calendar", "text/calendar; charset=utf-8", '"1-ics"'),
        ],
    )
    def test_a_trip_comes_in_the_form_that_is_asked_for(
        self, accept: str, content_type: str, tag: str
    ) -> None:
        path, _ = add_itinerary()
        answer = call("GET", path, headers={"accept": accept})
        assert answer["headers"]["content-type"] == content_type
        assert answer["headers"]["etag"] == tag
        assert answer["headers"]["vary"] == "accept"
        assert "Trevi Fountain" in answer["body"]
        changed = call("PATCH", path, {"name": "Roma"}, headers={"if-match": tag})
        assert changed["statusCode"] == 200

    def test_a_navigator_gets_a_file(self) -> None:
        path, _ = add_itinerary()
        answer = call("GET", path, headers={"accept": "application/gpx+xml"})
        identifier = path.rpartition("/")[2]
        assert f'filename="{identifier}.gpx"' in answer["headers"]["content-disposition"]
        assert len(gpxpy.parse(answer["body"]).waypoints) == 3

    def test_a_form_that_there_is_not_is_406(self) -> None:
        path, _ = add_itinerary()
        answer = call("GET", path, headers={"accept": "image/png"})
        assert problem(answer) == (406, "not_acceptable")
        undated, _ = add_itinerary(starts_on=None)
        answer = call("GET", undated, headers={"accept": "text/calendar"})
        assert problem(answer) == (409, "nothing_to_schedule")

    def test_an_order_is_suggested_for_a_day(self) -> None:
        path, _ = add_itinerary()
        stops = read_json(call("GET", path))["stops"]
        order = read_json(call("GET", f"{path}/order", query={"day": "1"}))
        assert order["exact"] is True
        assert order["distance_km"] == order["current_distance_km"] == pytest.approx(1.4, abs=0.1)
        assert sorted(order["stop_ids"]) == sorted(stop["stop_id"] for stop in stops[:2])
        start = {"day": "1", "start": stops[1]["stop_id"]}
        begun = read_json(call("GET", f"{path}/order", query=start))
        assert begun["stop_ids"][0] == stops[1]["stop_id"]
        assert wrong(call("GET", f"{path}/order")) == ["day"]
        other_day = {"day": "1", "start": stops[2]["stop_id"]}
        assert wrong(call("GET", f"{path}/order", query=other_day)) == ["start"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/user/profile", None),
        ("PATCH", "/user/profile", {"username": "lady"}),
        ("DELETE", "/user/profile", {"password": PASSWORD}),
        ("GET", "/user/export", None),
        ("GET", "/predictions", None),
        ("GET", f"/predictions/{new_ulid()}", None),
        ("DELETE", f"/predictions/{new_ulid()}", None),
        ("POST", "/feedback", {"prediction_id": new_ulid(), "correct": True}),
        ("POST", "/itinerary", WRITTEN),
        ("GET", "/itinerary", None),
        ("GET", f"/itinerary/{new_ulid()}", None),
        ("PATCH", f"/itinerary/{new_ulid()}", {"name": "R"}),
        ("DELETE", f"/itinerary/{new_ulid()}", None),
        ("GET", f"/itinerary/{new_ulid()}/order", None),
    ],
)
@pytest.mark.parametrize("key", [None, "k"])
def test_a_throttled_table_is_503_on_every_route(
    method: str, path: str, body: object, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(FaultyTable(InMemoryTable(), [Unavailable()] * 9), monkeypatch)
    headers = {"idempotency-key": key} if key else {}
    answer = call(method, path, body, query={"day": "1"}, headers=headers)
    assert problem(answer) == (503, "service_unavailable")
    assert int(answer["headers"]["retry-after"]) > 0


def test_what_a_route_can_answer_is_in_the_table_of_problems() -> None:
    for route in handler.api.routes:
        assert all(error in PROBLEMS for error in route.errors), route.path
        assert Unavailable in route.errors, route.path


JSON_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(JSON_TEXT, inner, max_size=3),
    max_leaves=8,
)
STOP = st.fixed_dictionaries(
    {"name": JSON_TEXT | ANYTHING, "latitude": st.floats(-90, 90), "longitude": st.floats()},
    optional={"day": st.integers(-1, 400), "note": ANYTHING, "stop_id": JSON_TEXT},
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "name": JSON_TEXT | ANYTHING,
        "note": ANYTHING,
        "starts_on": ANYTHING | st.dates().map(str),
        "stops": st.lists(STOP, max_size=3) | ANYTHING,
        "username": JSON_TEXT | ANYTHING,
        "prediction_id": JSON_TEXT | st.just(new_ulid()),
        "correct": st.booleans() | ANYTHING,
        "landmark": JSON_TEXT | ANYTHING,
        "comment": JSON_TEXT,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    route=st.sampled_from(
        [("POST", "/itinerary"), ("PATCH", None), ("PATCH", "/user/profile"), ("POST", "/feedback")]
    ),
    body=BODY,
    if_match=st.sampled_from(['"1"', '"2"', "*"]) | JSON_TEXT,
)
@pytest.mark.usefixtures("table")
def test_no_body_is_an_error_of_ours(
    route: tuple[str, str | None], body: dict[str, Any], if_match: str
) -> None:
    method, path = route
    address = path or add_itinerary()[0]
    text = json.dumps(body).replace("NaN", "null").replace("Infinity", "1")
    answer = call(method, address, text, headers={"if-match": if_match})
    assert answer["statusCode"] < 500, answer["body"]


def test_what_its_dashboard_asks_for_is_logged(
    monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    use(InMemoryTable(), monkeypatch)
    profile = signed_in_as(load_event("profile"), ADA)
    handler.handle(profile, None)
    use(FaultyTable(InMemoryTable(), [Unavailable()]), monkeypatch)
    handler.handle(profile, None)
    assert unanswered("account", logged.getvalue()) == []
