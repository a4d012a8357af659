"""Itineraries as they are answered: JSON with its entity tag, or another form."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from account.formats import GEOJSON, GPX, ICALENDAR, to_geojson, to_gpx, to_icalendar
from account.itinerary_models import ItineraryResponse, ItinerarySummary, StopResponse
from account.negotiation import choose
from account.versions import entity_tag
from common.answers import Reply
from common.request import JSON_TYPE

if TYPE_CHECKING:
    from account.itineraries import Itinerary, Stop

# In the order in which clients get them that do not mind. The names end tags and files.
FORMS = {GEOJSON: ("geojson", to_geojson), GPX: ("gpx", to_gpx), ICALENDAR: ("ics", to_icalendar)}
MEDIA_TYPES = (JSON_TYPE, *FORMS)


def as_json(itinerary: Itinerary, *, status: int = 200, location: str | None = None) -> Reply:
    """Answer with an itinerary in JSON, and where it was made."""
    headers = {"etag": entity_tag(itinerary.version), "vary": "accept"}
    if location is not None:
        headers["location"] = location
    return Reply(represent(itinerary).model_dump_json(), status=status, headers=headers)


def as_accepted(itinerary: Itinerary, accept: str | None) -> Reply:
    """Answer with an itinerary in the form that the client likes best.

    Raises:
        NotAcceptable: there is none that it likes.
        NothingToSchedule: it likes calendars, and this cannot be one.

    """
    media_type = choose(accept, MEDIA_TYPES)
    if media_type == JSON_TYPE:
        return as_json(itinerary)
    form, write = FORMS[media_type]
    return Reply(
        write(itinerary),
        content_type=f"{media_type}; charset=utf-8" if media_type == ICALENDAR else media_type,
        headers={
            "etag": entity_tag(itinerary.version, form),
            "vary": "accept",
            "content-disposition": f'attachment; filename="{itinerary.itinerary_id}.{form}"',
        },
    )


def represent(itinerary: Itinerary) -> ItineraryResponse:
    """Return an itinerary as JSON shows it."""
    plan = itinerary.plan
    return ItineraryResponse(
        itinerary_id=itinerary.itinerary_id,
        etag=entity_tag(itinerary.version),
        name=plan.name,
        starts_on=plan.starts_on,
        note=plan.note,
        stops=[_represent_stop(itinerary, stop) for stop in plan.stops],
        created_at=itinerary.created_at,
        updated_at=itinerary.updated_at,
    )


def summarise(itinerary: Itinerary) -> ItinerarySummary:
    """Return an itinerary as lists show it."""
    plan = itinerary.plan
    return ItinerarySummary(
        itinerary_id=itinerary.itinerary_id,
        etag=entity_tag(itinerary.version),
        name=plan.name,
        starts_on=plan.starts_on,
        stop_count=len(plan.stops),
        day_count=max((stop.day for stop in plan.stops), default=0),
        created_at=itinerary.created_at,
        updated_at=itinerary.updated_at,
    )


def _represent_stop(itinerary: Itinerary, stop: Stop) -> StopResponse:
    day = itinerary.date_of(stop)
    return StopResponse(**asdict(stop), date=day.isoformat() if day else None)
