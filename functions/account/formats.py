"""Itineraries in the forms that maps, satellite navigators and calendars read.

The libraries are imported with the first use: most requests want JSON, and each of them takes
longer to import than answering takes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from common.errors import NothingToSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from account.itineraries import Itinerary, Stop

GEOJSON = "application/geo+json"
GPX = "application/gpx+xml"
ICALENDAR = "text/calendar"

# Seven decimals are a centimetre; the library's own six would round what is stored.
_DECIMALS = 7
_CREATOR = "CV Location Classifier"


def to_geojson(itinerary: Itinerary) -> str:
    """Write a FeatureCollection (RFC 7946): a point for every stop, and the way of each day."""
    import geojson  # noqa: PLC0415 - see the module's docstring

    features: list[Any] = [
        geojson.Feature(
            id=stop.stop_id,
            geometry=geojson.Point(_position(stop), precision=_DECIMALS),
            properties=_facts(itinerary, stop),
        )
        for stop in itinerary.plan.stops
    ]
    for day, stops in _by_day(itinerary):
        way = [_position(stop) for stop in stops]
        # A line has two different ends at least.
        if any(one != other for one, other in pairwise(way)):
            line = geojson.LineString(way, precision=_DECIMALS)
            features.append(geojson.Feature(geometry=line, properties={"day": day}))
    collection = geojson.FeatureCollection(features, name=itinerary.plan.name)
    text: str = geojson.dumps(collection, ensure_ascii=False)
    return text


def to_gpx(itinerary: Itinerary) -> str:
    """Write GPX 1.1: a waypoint for every stop, and a route for each day."""
    from gpxpy import gpx  # noqa: PLC0415 - see the module's docstring

    document = gpx.GPX()
    document.creator = _CREATOR
    document.name = itinerary.plan.name
    document.description = itinerary.plan.note
    document.time = datetime.fromisoformat(itinerary.updated_at)
    for stop in itinerary.plan.stops:
        document.waypoints.append(
            gpx.GPXWaypoint(*_west_first(stop), name=stop.name, description=stop.note)
        )
    for day, stops in _by_day(itinerary):
        route = gpx.GPXRoute(name=f"Day {day}", number=day)
        route.points = [
            gpx.GPXRoutePoint(*_west_first(stop), name=stop.name, description=stop.note)
            for stop in stops
        ]
        document.routes.append(route)
    return document.to_xml(version="1.1")


def to_icalendar(itinerary: Itinerary) -> str:
    """Write iCalendar (RFC 5545): an event without a time for every stop, on its day.

    Raises:
        NothingToSchedule: the itinerary has no dates or no stops; no calendar is empty.

    """
    import icalendar  # noqa: PLC0415 - see the module's docstring

    class Position(icalendar.vGeo):
        """Six decimals, and never an exponent: the RFC has none (3.8.1.6)."""

        def to_ical(self) -> str:
            return f"{self.latitude:.6f};{self.longitude:.6f}"

    if itinerary.plan.starts_on is None or not itinerary.plan.stops:
        raise NothingToSchedule
    first_day = date.fromisoformat(itinerary.plan.starts_on)
    changed_at = datetime.fromisoformat(itinerary.updated_at).astimezone(UTC)
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{_CREATOR}//Itineraries//EN")
    calendar.add("version", "2.0")
    calendar.add("name", itinerary.plan.name)
    for stop in itinerary.plan.stops:
        day = first_day + timedelta(days=stop.day - 1)
        event = icalendar.Event()
        # The same stop of a later version replaces the event of an earlier one.
        event.add("uid", f"{stop.stop_id}@{itinerary.itinerary_id}")
        event.add("sequence", itinerary.version)
        event.add("dtstamp", changed_at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", stop.name)
        event.add("geo", Position((stop.latitude, stop.longitude)))
        event.add("transp", "TRANSPARENT")
        if stop.note is not None:
            event.add("description", stop.note)
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _by_day(itinerary: Itinerary) -> Iterator[tuple[int, list[Stop]]]:
    """Give the stops of each day; they are kept in the order of their days."""
    for day, stops in groupby(itinerary.plan.stops, key=lambda stop: stop.day):
        yield day, list(stops)


def _west_first(stop: Stop) -> tuple[float, float]:
    """Return latitude and longitude as GPX has them: the antimeridian is -180 only."""
    return stop.latitude, -180.0 if stop.longitude == 180 else stop.longitude  # noqa: PLR2004


def _position(stop: Stop) -> tuple[float, float]:
    """Return a position as GeoJSON has it: longitude first."""
    return stop.longitude, stop.latitude


def _facts(itinerary: Itinerary, stop: Stop) -> dict[str, Any]:
    day = itinerary.date_of(stop)
    return {
        "day": stop.day,
        "date": day.isoformat() if day else None,
        "name": stop.name,
        "landmark_id": stop.landmark_id,
        "note": stop.note,
    }
