"""What may be asked for, and how a bad wish is refused."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from account.itineraries import Itinerary, Plan, Stop, _as_item
from account.itinerary_models import (
    MAX_STOPS,
    ItineraryChanges,
    NewItineraryRequest,
    OrderQuery,
    StopRequest,
)
from account.models import FeedbackRequest, HistoryQuery, ProfileChanges
from account.planning import first_plan
from common.table_values import encode
from common.ulids import new_ulid

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
LARGEST_ITEM_BYTES = 400 * 1024
PLACE: dict[str, Any] = {"name": "Colosseum", "latitude": 41.8902, "longitude": 12.4922}


def wrong_fields(model: type[BaseModel], document: dict[str, Any]) -> set[str]:
    """Return which fields are refused."""
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(document)
    return {".".join(map(str, error["loc"])) for error in refusal.value.errors()}


def test_a_stop_is_a_place_on_the_first_day_unless_it_says_more() -> None:
    stop = StopRequest.model_validate(PLACE)
    assert (stop.day, stop.landmark_id, stop.note, stop.stop_id) == (1, None, None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "two\nlines"),
        ("name", "nul\x00"),
        ("name", "\ufffe"),
        ("name", "line\u2028separator"),
        ("name", 7),
        ("latitude", 90.001),
        ("latitude", -91),
        ("latitude", "41.9"),
        ("longitude", 180.001),
        ("longitude", True),
        ("day", 0),
        ("day", 367),
        ("day", 1.5),
        ("note", "x" * 501),
        ("note", "escape \x1b"),
        ("note", ""),
        ("landmark_id", ""),
        ("landmark_id", "x" * 121),
        ("stop_id", "x" * 65),
    ],
)
def test_a_stop_that_cannot_be_is_refused_by_its_field(field: str, value: object) -> None:
    assert wrong_fields(StopRequest, {**PLACE, field: value}) == {field}


@pytest.mark.parametrize("field", ["latitude", "longitude"])
def test_coordinates_are_numbers(field: str) -> None:
    for value in (math.nan, math.inf):
        assert wrong_fields(StopRequest, {**PLACE, field: value}) == {field}


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_coordinates_are_kept_to_a_centimetre_and_fit_into_the_table(
    latitude: float, longitude: float
) -> None:
    stop = StopRequest.model_validate({**PLACE, "latitude": latitude, "longitude": longitude})
    assert abs(stop.latitude - latitude) <= 1e-7
    assert abs(stop.longitude - longitude) <= 1e-7
    encode({"latitude": stop.latitude, "longitude": stop.longitude})
    assert "-0.0" not in {str(stop.latitude), str(stop.longitude)}


def test_text_is_kept_in_one_spelling() -> None:
    stop = StopRequest.model_validate(
        {**PLACE, "name": "  Cafe\u0301 ", "note": "one\r\ntwo\tthree "}
    )
    assert (stop.name, stop.note) == ("Café", "one\ntwo\tthree")


@pytest.mark.parametrize(
    "starts_on",
    ["2026-02-29", "2026-5-1", "20260501", "2026-W18-5", "1899-12-31", "3000-01-01", "soon", ""],
)
def test_a_trip_starts_on_a_day_of_the_calendar(starts_on: str) -> None:
    assert wrong_fields(NewItineraryRequest, {"name": "Rome", "starts_on": starts_on}) == {
        "starts_on"
    }


def test_the_last_day_of_the_longest_trip_is_a_date() -> None:
    stop = Stop("S1", 366, "Colosseum", 41.9, 12.5)
    trip = Itinerary("I1", 1, "", "", Plan("Rome", "2999-12-31", None, (stop,)))
    assert str(trip.date_of(stop)) == "3000-12-31"


def test_a_trip_has_a_hundred_stops_at_most() -> None:
    for model in (NewItineraryRequest, ItineraryChanges):
        document = {"name": "Rome", "stops": [PLACE] * (MAX_STOPS + 1)}
        assert wrong_fields(model, document) == {"stops"}
        model.model_validate({"name": "Rome", "stops": [PLACE] * MAX_STOPS})


def test_the_largest_trip_fits_into_an_item() -> None:
    """With the characters that take most bytes in UTF-8, and the longest numbers."""
    wide = "\U0001f5fc"
    stop = {
        "name": wide * 120,
        "landmark_id": wide * 120,
        "note": wide * 500,
        "latitude": -41.1234567,
        "longitude": -123.1234567,
        "day": 366,
    }
    trip = {"name": wide * 120, "note": wide * 500, "starts_on": "2026-05-01"}
    request = NewItineraryRequest.model_validate({**trip, "stops": [stop] * MAX_STOPS})
    item = _as_item(Itinerary(new_ulid(), 10**8, "x" * 29, "x" * 29, first_plan(request)))
    # DynamoDB counts names and values, some bytes a number and three an element: less than JSON.
    size_bytes = len(json.dumps(item, ensure_ascii=False).encode())
    assert size_bytes < 0.9 * LARGEST_ITEM_BYTES


@pytest.mark.parametrize(
    "document", [{}, {"nmae": "Roma"}, {"name": None}, {"stops": None}, {"name": ""}]
)
def test_a_change_changes_something_that_can_be(document: dict[str, Any]) -> None:
    assert wrong_fields(ItineraryChanges, document)


def test_null_removes_what_a_trip_need_not_have() -> None:
    changes = ItineraryChanges.model_validate({"starts_on": None, "note": None})
    assert changes.model_fields_set == {"starts_on", "note"}


def test_feedback_names_the_right_landmark_only_of_a_wrong_prediction() -> None:
    right = {"prediction_id": "P1", "correct": True}
    FeedbackRequest.model_validate({**right, "comment": "nice"})
    FeedbackRequest.model_validate({**right, "correct": False, "landmark": "Petra"})
    assert wrong_fields(FeedbackRequest, {**right, "landmark": "Petra"}) == {""}
    assert wrong_fields(FeedbackRequest, {**right, "correct": "yes"}) == {"correct"}


def test_a_username_is_checked_like_at_sign_up() -> None:
    assert ProfileChanges.model_validate({"username": " Ada "}).username == "Ada"
    assert wrong_fields(ProfileChanges, {"username": "a b"}) == {"username"}


def test_times_in_a_query_need_a_zone() -> None:
    query = HistoryQuery.model_validate({"since": "2026-05-01T10:00:00Z", "limit": "5"})
    assert query.since is not None
    assert query.limit == 5
    for text in ("2026-05-01T10:00:00", "2026-05-01T10:00:00 02:00", "1777629600", "yesterday"):
        assert wrong_fields(HistoryQuery, {"since": text}) == {"since"}


def test_an_order_is_of_one_day() -> None:
    assert wrong_fields(OrderQuery, {}) == {"day"}
    assert wrong_fields(OrderQuery, {"day": "0"}) == {"day"}
    assert OrderQuery.model_validate({"day": "2"}).day == 2
