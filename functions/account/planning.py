"""From what a client sends to what an itinerary says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from account.itineraries import Plan, Stop
from account.visiting_order import Walk, suggest_walk, walk_length_km
from common.errors import FieldError, InvalidFields
from common.ulids import new_ulid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from account.itineraries import Itinerary
    from account.itinerary_models import ItineraryChanges, NewItineraryRequest, StopRequest


def first_plan(asked: NewItineraryRequest) -> Plan:
    """Return the plan of a new itinerary.

    Raises:
        InvalidFields: a stop claims to be there already.

    """
    return Plan(asked.name, asked.starts_on, asked.note, _stops(asked.stops, known=()))


def changed_plan(plan: Plan, changes: ItineraryChanges) -> Plan:
    """Return a plan with the changes that were asked for.

    Raises:
        InvalidFields: a stop's id is not one of the itinerary's, or comes twice.

    """
    changed = changes.model_fields_set
    known = {stop.stop_id for stop in plan.stops}
    return Plan(
        name=plan.name if changes.name is None else changes.name,
        starts_on=changes.starts_on if "starts_on" in changed else plan.starts_on,
        note=changes.note if "note" in changed else plan.note,
        stops=plan.stops if changes.stops is None else _stops(changes.stops, known),
    )


def suggest_order(
    itinerary: Itinerary, day: int, start: str | None
) -> tuple[list[Stop], Walk, float]:
    """Return a day's stops in a good order, the walk along it, and the length of the walk now.

    Raises:
        InvalidFields: `start` is no stop of that day.

    """
    stops = [stop for stop in itinerary.plan.stops if stop.day == day]
    ids = [stop.stop_id for stop in stops]
    if start is not None and start not in ids:
        message = "Send the stop_id of a stop of that day."
        raise InvalidFields([FieldError("start", message)])
    places = [(stop.latitude, stop.longitude) for stop in stops]
    walk = suggest_walk(places, start=None if start is None else ids.index(start))
    return [stops[at] for at in walk.order], walk, walk_length_km(places)


def _stops(asked: Sequence[StopRequest], known: Collection[str]) -> tuple[Stop, ...]:
    """Give new stops an id, and put all in the order of their days, else as they were sent."""
    _refuse_unknown(asked, known)
    stops = [
        Stop(
            stop.stop_id or new_ulid(),
            stop.day,
            stop.name,
            stop.latitude,
            stop.longitude,
            stop.landmark_id,
            stop.note,
        )
        for stop in asked
    ]
    return tuple(sorted(stops, key=lambda stop: stop.day))


def _refuse_unknown(asked: Sequence[StopRequest], known: Collection[str]) -> None:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for at, stop in enumerate(asked):
        if stop.stop_id is None:
            continue
        if stop.stop_id not in known:
            message = "This itinerary has no such stop. Leave stop_id out for a new one."
            errors.append(FieldError(f"stops.{at}.stop_id", message))
        elif stop.stop_id in seen:
            errors.append(FieldError(f"stops.{at}.stop_id", "This stop is in the list already."))
        seen.add(stop.stop_id)
    if errors:
        raise InvalidFields(errors)
