"""What maps, navigators and calendars get can be read again and says the same."""

from __future__ import annotations

import json
import re
from typing import Any

import geojson
import gpxpy
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from account.formats import to_geojson, to_gpx, to_icalendar
from account.itineraries import Itinerary, Plan, Stop
from account.itinerary_models import Latitude, Longitude
from account.text import Name, Note
from common.errors import NothingToSchedule

TIME = "2026-04-01T08:00:00.000+00:00"


def itinerary(*stops: Stop, starts_on: str | None = "2026-12-31") -> Itinerary:
    return Itinerary("I1", 3, TIME, TIME, Plan("Rome", starts_on, "by train", stops))


def stop(stop_id: str, day: int = 1, **more: Any) -> Stop:  # noqa: ANN401 - any field
    given: dict[str, Any] = {"name": "Colosseum", "latitude": 41.8902, "longitude": 12.4922}
    return Stop(stop_id, day, **{**given, **more})


def usable(kind: Any, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:  # noqa: ANN401
    """Keep of `values` what a request may hold, as the request makes it."""
    adapter = TypeAdapter[Any](kind)

    def read(value: object) -> Any:  # noqa: ANN401
        try:
            return adapter.validate_python(value)
        except ValidationError:
            return None

    return values.map(read).filter(lambda value: value is not None)


STOPS = st.builds(
    Stop,
    stop_id=st.uuids().map(str),
    day=st.integers(1, 5),
    name=usable(Name, st.text(min_size=1, max_size=30)),
    latitude=usable(Latitude, st.floats(-90, 90)),
    longitude=usable(Longitude, st.floats(-180, 180)),
    landmark_id=st.none() | st.just("colosseum"),
    note=st.none() | usable(Note, st.text(min_size=1, max_size=60)),
)
TRIPS = st.lists(STOPS, min_size=1, max_size=6).map(
    lambda stops: itinerary(*sorted(stops, key=lambda one: one.day))
)


@given(TRIPS)
def test_geojson_is_valid_and_holds_every_stop(trip: Itinerary) -> None:
    text = to_geojson(trip)
    collection = geojson.loads(text)
    assert collection.is_valid, collection.errors()
    # The library rounds what it reads.
    features = json.loads(text)["features"]
    points = [one for one in features if one["geometry"]["type"] == "Point"]
    assert [
        (one["id"], one["properties"]["name"], *one["geometry"]["coordinates"]) for one in points
    ] == [(one.stop_id, one.name, one.longitude, one.latitude) for one in trip.plan.stops]


def test_geojson_draws_the_way_of_each_day() -> None:
    trip = itinerary(
        stop("a"), stop("b", latitude=41.9), stop("c", day=2), stop("d", day=3), stop("e", day=3)
    )
    features = json.loads(to_geojson(trip))["features"]
    lines = [one for one in features if one["geometry"]["type"] == "LineString"]
    # One stop is no way, and neither are two at one place.
    assert [line["properties"]["day"] for line in lines] == [1]
    assert lines[0]["geometry"]["coordinates"] == [[12.4922, 41.8902], [12.4922, 41.9]]


@given(TRIPS)
def test_gpx_holds_every_stop_and_a_route_for_each_day(trip: Itinerary) -> None:
    text = to_gpx(trip)
    # The schema's decimal numbers have no exponents.
    for number in re.findall(r'(?:lat|lon)="([^"]*)"', text):
        assert re.fullmatch(r"-?\d+(\.\d+)?", number)
    document = gpxpy.parse(text)
    stops = trip.plan.stops
    # Outer spaces are not significant to the library; names have none.
    assert [point.name for point in document.waypoints] == [one.name for one in stops]
    for point, one in zip(document.waypoints, stops, strict=True):
        assert point.latitude == pytest.approx(one.latitude, abs=1e-9)
        assert -180 <= point.longitude < 180
        assert (point.longitude - one.longitude) % 360 == pytest.approx(0, abs=1e-9)
    walked = [point.name for route in document.routes for point in route.points]
    assert walked == [one.name for one in stops]
    assert [route.number for route in document.routes] == sorted({one.day for one in stops})


@given(TRIPS)
def test_a_calendar_holds_every_stop_on_its_day(trip: Itinerary) -> None:
    text = to_icalendar(trip)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for position in re.findall(r"GEO:(\S+)", text):
        assert re.fullmatch(r"-?\d+\.\d{6};-?\d+\.\d{6}", position)
    events: list[Any] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [one.name for one in trip.plan.stops]
    for event, one in zip(events, trip.plan.stops, strict=True):
        assert event["dtstart"].dt == trip.date_of(one)
        assert (event["dtend"].dt - event["dtstart"].dt).days == 1
        assert str(event["uid"]) == f"{one.stop_id}@I1"
        assert event.get("description", one.note) == one.note


def test_days_go_on_over_the_turn_of_a_year() -> None:
    text = to_icalendar(itinerary(stop("a", day=2)))
    assert "DTSTART;VALUE=DATE:20270101" in text


@pytest.mark.parametrize("trip", [itinerary(), itinerary(stop("a"), starts_on=None)])
def test_there_is_no_calendar_without_dates_or_stops(trip: Itinerary) -> None:
    with pytest.raises(NothingToSchedule):
        to_icalendar(trip)


def test_an_empty_trip_is_an_empty_map() -> None:
    assert json.loads(to_geojson(itinerary()))["features"] == []
    assert gpxpy.parse(to_gpx(itinerary())).waypoints == []
