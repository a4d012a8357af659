"""Holds what travellers were told to the table: nothing is lost, and nothing else is there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from common import keys
from local.load.ledger import Content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from common.keys import Key
    from local.load.ledger import Ledger, Photo, Trip


def reconcile(
    ledgers: Iterable[Ledger], items: Iterable[tuple[Key, Mapping[str, Any]]]
) -> list[str]:
    """Return what differs between the ledgers and the items of the table, in words."""
    table: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for key, item in items:
        table[key.pk][key.sk] = item
    return [finding for ledger in ledgers for finding in _differences(ledger, table)]


def _differences(
    ledger: Ledger, table: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[str]:
    credentials, sk = keys.credentials(ledger.email)
    signs_in_to = table.get(credentials, {}).get(sk)
    user_id = ledger.user_id or (signs_in_to or {}).get("user_id", "")
    mine = table.get(keys.profile(user_id).pk, {})
    if ledger.gone:
        if signs_in_to or mine:
            yield f"{user_id}: told that the account is deleted, and {sorted(mine)} is there"
        return
    if signs_in_to is None:
        if ledger.user_id and not ledger.perhaps_gone:
            yield f"{user_id}: told that there is an account, and there is none"
        return
    profile = mine.get("PROFILE", {})
    if profile.get("username") not in ledger.possible_usernames():
        yield f"{user_id}: called {profile.get('username')!r}, which it was never told"
    yield from _photo_differences(ledger, _of(mine, "PREDICTION#"))
    yield from _trip_differences(ledger, _of(mine, "ITINERARY#"))


def _photo_differences(ledger: Ledger, there: dict[str, Mapping[str, Any]]) -> Iterator[str]:
    for one, photo in ledger.photos.items():
        name, item = f"{ledger.user_id}: prediction {one}", there.pop(one, None)
        yield from _wrongly_there(name, photo, item)
        if item is not None and not photo.gone:
            yield from _differences_of_photo(name, photo, item)
    if len(there) > ledger.unsure_photos:
        yield f"{ledger.user_id}: {len(there)} predictions are there that nobody was told of"


def _wrongly_there(name: str, told: Photo | Trip, item: Mapping[str, Any] | None) -> Iterator[str]:
    """Say where something is there that should not be, or is not and should."""
    if item is None and not (told.gone or told.perhaps_gone):
        yield f"{name} was told, and is lost"
    if item is not None and told.gone:
        yield f"{name} was told to be deleted, and is there"


def _differences_of_photo(name: str, photo: Photo, item: Mapping[str, Any]) -> Iterator[str]:
    if item.get("landmark") != photo.landmark:
        yield f"{name} was told as {photo.landmark}, and holds {item.get('landmark')}"
    kept = (item.get("feedback") or {}).get("correct")
    if kept != photo.told_feedback and kept not in photo.unsure_feedback:
        yield f"{name} was told to keep the feedback {photo.told_feedback}, and holds {kept}"


def _trip_differences(ledger: Ledger, there: dict[str, Mapping[str, Any]]) -> Iterator[str]:
    for one, trip in ledger.trips.items():
        name, item = f"{ledger.user_id}: trip {one}", there.pop(one, None)
        if trip.overwritten:
            yield f"{name} was told in one version with two contents"
        yield from _wrongly_there(name, trip, item)
        if item is not None and not trip.gone:
            yield from _differences_of_trip(name, trip, item)
    unsure = dict(ledger.unsure_trips)
    for one, item in there.items():
        # Each may have been made, and once: the requests had an Idempotency-Key.
        if unsure.pop(item["name"], None) != Content.of(item):
            yield f"{ledger.user_id}: trip {one} is there that nobody was told of"


def _differences_of_trip(name: str, trip: Trip, item: Mapping[str, Any]) -> Iterator[str]:
    version, newest, content = int(item["version"]), max(trip.told), Content.of(item)
    # Travellers only ever add stops: one that was told stays, in every later version.
    told = {stop for known in trip.told.values() for stop in known.stops}
    if lost := told - set(content.stops):
        yield f"{name} was told with {sorted(lost)}, and lacks it"
    if version < newest:
        yield f"{name} was told in version {newest}, and is at {version}"
    elif version in trip.told:
        if content != trip.told[version]:
            yield f"{name} holds another version {version} than was told"
    elif content not in trip.unsure:
        yield f"{name} holds a version {version} that nobody sent"


def _of(mine: Mapping[str, Mapping[str, Any]], prefix: str) -> dict[str, Mapping[str, Any]]:
    return {sk.removeprefix(prefix): item for sk, item in mine.items() if sk.startswith(prefix)}
