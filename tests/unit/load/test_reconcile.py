"""The reckoning finds every way in which a table may not hold what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from common import keys
from local.load.ledger import Content, Ledger, Photo, Trip
from local.load.reconcile import reconcile

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key

    Table = dict[Key, dict[str, Any]]

ME = "01J0000000000000000000000A"
EMAIL = "me@example.com"
STOPS = ({"day": 1, "name": "Colosseum"}, {"day": 1, "name": "Trevi Fountain"})
FIRST = Content("Rome", None, ((1, "Colosseum"),))
SECOND = Content("Rome", None, ((1, "Colosseum"), (1, "Trevi Fountain")))
PHOTO, TRIP = keys.prediction(ME, "P1"), keys.itinerary(ME, "T1")
PROFILE, CREDENTIALS = keys.profile(ME), keys.credentials(EMAIL)


@pytest.fixture
def ledger() -> Ledger:
    """Return what somebody was told who sent a photo and made and changed a trip."""
    told = Ledger(EMAIL, "me", {"password"}, user_id=ME)
    told.photos["P1"] = Photo("Colosseum", told_feedback=True)
    told.trips["T1"] = Trip(told={1: FIRST, 2: SECOND})
    return told


@pytest.fixture
def table() -> Table:
    """Return the table that holds just that."""
    return {
        PROFILE: {"username": "me"},
        CREDENTIALS: {"user_id": ME},
        PHOTO: {"landmark": "Colosseum", "feedback": {"correct": True}},
        TRIP: {"name": "Rome", "version": 2, "stops": STOPS},
    }


def findings(ledger: Ledger, table: Table) -> list[str]:
    return reconcile([ledger], table.items())


def test_what_was_told_is_there(ledger: Ledger, table: Table) -> None:
    assert findings(ledger, table) == []


LOSSES: dict[str, Callable[[Table], object]] = {
    "is lost": lambda table: table.pop(PHOTO),
    "told as Colosseum": lambda table: table[PHOTO].update(landmark=None),
    "keep the feedback": lambda table: table[PHOTO].pop("feedback"),
    "trip T1 was told, and is lost": lambda table: table.pop(TRIP),
    "is at 1": lambda table: table[TRIP].update(version=1, stops=STOPS[:1]),
    "another version 2": lambda table: table[TRIP].update(stops=STOPS[:1]),
    "that nobody sent": lambda table: table[TRIP].update(version=3),
    "there is none": lambda table: table.pop(CREDENTIALS),
    "never told": lambda table: table[PROFILE].update(username="you"),
    "predictions are there that nobody": lambda table: table.update(
        {keys.prediction(ME, "P2"): {"landmark": None}}
    ),
    "trip T2 is there that nobody": lambda table: table.update(
        {keys.itinerary(ME, "T2"): {"name": "Paris", "version": 1, "stops": STOPS}}
    ),
}


@pytest.mark.parametrize("words", LOSSES)
def test_every_loss_is_found(words: str, ledger: Ledger, table: Table) -> None:
    LOSSES[words](table)
    assert [found for found in findings(ledger, table) if words in found] != []


def test_two_changes_of_one_version_are_a_lost_one(ledger: Ledger, table: Table) -> None:
    answer: Any = {
        "itinerary_id": "T1",
        "etag": '"2"',
        "name": "Rome",
        "note": None,
        "stops": [STOPS[1]],
    }
    ledger.add_trip(answer)
    (found,) = findings(ledger, table)
    assert "two contents" in found


def test_a_stop_that_was_told_is_in_every_later_version(ledger: Ledger, table: Table) -> None:
    # As if the second change had been let through though it was made from the first version.
    louvre = {"day": 1, "name": "Louvre"}
    ledger.trips["T1"].told[3] = Content("Rome", None, ((1, "Colosseum"), (1, "Louvre")))
    table[TRIP] = {"name": "Rome", "version": 3, "stops": (STOPS[0], louvre)}
    (found,) = findings(ledger, table)
    assert "Trevi Fountain" in found


def test_what_was_told_to_be_deleted_is_not_there(ledger: Ledger, table: Table) -> None:
    ledger.photos["P1"].gone = ledger.trips["T1"].gone = True
    assert len(findings(ledger, table)) == 2
    del table[PHOTO], table[TRIP]
    assert findings(ledger, table) == []


@pytest.mark.parametrize("left", [CREDENTIALS, PROFILE, PHOTO, TRIP])
def test_nothing_is_left_of_who_has_left(left: Key, ledger: Ledger, table: Table) -> None:
    ledger.gone = True
    assert findings(ledger, {left: table[left]}) != []
    assert findings(ledger, {}) == []


def test_what_nobody_knows_may_be_either_way(ledger: Ledger, table: Table) -> None:
    ledger.unsure_photos = 1
    ledger.photos["P1"].unsure_feedback |= {False}
    ledger.unsure_trips["Paris"] = Content("Paris", None, ((1, "Louvre"),))
    third = Content("Rome", None, (*SECOND.stops, (2, "Pantheon")))
    ledger.trips["T1"].unsure.append(third)
    assert findings(ledger, table) == []

    table[PHOTO]["feedback"] = {"correct": False}
    table[keys.prediction(ME, "P2")] = {"landmark": "Pantheon"}
    louvre = {"day": 1, "name": "Louvre"}
    table[keys.itinerary(ME, "T2")] = {"name": "Paris", "version": 1, "stops": [louvre]}
    stops = (*STOPS, {"day": 2, "name": "Pantheon"})
    table[TRIP] = {"name": "Rome", "version": 3, "stops": stops}
    assert findings(ledger, table) == []


def test_what_has_a_key_of_its_own_is_made_once(ledger: Ledger, table: Table) -> None:
    ledger.unsure_trips["Paris"] = Content("Paris", None, ((1, "Louvre"),))
    paris = {"name": "Paris", "version": 1, "stops": [{"day": 1, "name": "Louvre"}]}
    table |= {keys.itinerary(ME, "T2"): paris, keys.itinerary(ME, "T3"): paris}
    (found,) = findings(ledger, table)
    assert "T3" in found
