"""A list of stops adds, reorders, changes and removes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account.itineraries import Itinerary, Plan, Stop
from account.itinerary_models import ItineraryChanges, NewItineraryRequest
from account.planning import changed_plan, first_plan, suggest_order
from common.errors import InvalidFields

PLAN = Plan(
    "Rome",
    "2026-05-01",
    "by train",
    (
        Stop("A", 1, "Colosseum", 41.8902, 12.4922, "colosseum", "early"),
        Stop("B", 1, "Forum", 41.8925, 12.4853),
        Stop("C", 2, "Vatican", 41.9022, 12.4533),
    ),
)


def sent(stop_id: str | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    place = {"name": "somewhere", "latitude": 41.9, "longitude": 12.5, **more}
    return place if stop_id is None else {"stop_id": stop_id, **place}


def change(**document: object) -> Plan:
    return changed_plan(PLAN, ItineraryChanges.model_validate(document))


def test_what_is_left_out_stays() -> None:
    assert change(name="Roma") == Plan("Roma", PLAN.starts_on, PLAN.note, PLAN.stops)
    assert change(note=None) == Plan("Rome", PLAN.starts_on, None, PLAN.stops)
    assert change(starts_on=None).starts_on is None
    assert change(stops=[]).stops == ()


def test_a_stop_that_stays_keeps_its_id_and_says_again_what_it_is() -> None:
    plan = change(stops=[sent("B", name="Forum Romanum"), sent("A")])
    assert [(stop.stop_id, stop.name) for stop in plan.stops] == [
        ("B", "Forum Romanum"),
        ("A", "somewhere"),
    ]
    assert plan.stops[1].note is None


def test_new_stops_get_ids_of_their_own() -> None:
    plan = change(stops=[sent(), sent("A"), sent()])
    ids = [stop.stop_id for stop in plan.stops]
    assert ids[1] == "A"
    assert len(set(ids)) == 3


@given(st.lists(st.integers(1, 5), max_size=12))
def test_stops_are_kept_by_day_and_within_a_day_as_sent(days: list[int]) -> None:
    document = {
        "name": "Rome",
        "stops": [sent(name=str(at), day=day) for at, day in enumerate(days)],
    }
    stops = first_plan(NewItineraryRequest.model_validate(document)).stops
    order = [(stop.day, int(stop.name)) for stop in stops]
    assert order == sorted((day, at) for at, day in enumerate(days))


@pytest.mark.parametrize(
    ("stops", "wrong"),
    [
        ([sent("Z")], ["stops.0.stop_id"]),
        ([sent("A"), sent("A")], ["stops.1.stop_id"]),
        ([sent("A"), sent("Z"), sent("Y")], ["stops.1.stop_id", "stops.2.stop_id"]),
    ],
)
def test_ids_that_are_not_there_or_twice_are_named(
    stops: list[dict[str, Any]], wrong: list[str]
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        change(stops=stops)
    assert [error.field for error in refusal.value.errors] == wrong


def test_a_new_itinerary_has_no_stops_yet() -> None:
    with pytest.raises(InvalidFields):
        first_plan(NewItineraryRequest.model_validate({"name": "R", "stops": [sent("A")]}))


class TestOrder:
    """The suggested walk of a day."""

    trip = Itinerary("I1", 1, "", "", PLAN)

    def test_it_holds_that_days_stops_alone(self) -> None:
        stops, walk, now_km = suggest_order(self.trip, 1, None)
        assert {stop.stop_id for stop in stops} == {"A", "B"}
        assert walk.distance_km == pytest.approx(now_km)

    def test_it_begins_where_it_is_told(self) -> None:
        stops, _, _ = suggest_order(self.trip, 1, "B")
        assert [stop.stop_id for stop in stops] == ["B", "A"]

    def test_a_day_without_stops_is_no_walk(self) -> None:
        stops, walk, now_km = suggest_order(self.trip, 9, None)
        assert (stops, walk.distance_km, now_km) == ([], 0, 0)

    @pytest.mark.parametrize("start", ["C", "Z"])
    def test_it_cannot_begin_at_a_stop_of_another_day(self, start: str) -> None:
        with pytest.raises(InvalidFields):
            suggest_order(self.trip, 1, start)
