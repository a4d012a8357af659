"""Itineraries in the table: named trips of ordered stops, each item with its version.

Every change names the version that it changes and is refused when there is a newer one, so that of
two changes at once neither is lost unseen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from common import keys
from common.errors import (
    AccountNotFound,
    ItineraryNotFound,
    PreconditionFailed,
    TooManyItineraries,
)
from common.table import ConditionFailed, Increment, Put
from common.ulids import new_ulid
from common.updates import AtMost, Delete, Equals, Exists, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from common.table import Table, Write
    from common.table_values import Item

# Far more than anybody plans; a limit at all, so that one account cannot fill the table.
MAX_ITINERARIES = 200


@dataclass(frozen=True)
class Stop:
    """A place on a day of the trip (days count from 1), a landmark or any other; in degrees."""

    stop_id: str
    day: int
    name: str
    latitude: float
    longitude: float
    landmark_id: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Plan:
    """What an itinerary says, apart from its identity. `starts_on` is an ISO 8601 date."""

    name: str
    starts_on: str | None = None
    note: str | None = None
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class Itinerary:
    """A plan as it is stored; times are ISO 8601 in UTC."""

    itinerary_id: str
    version: int
    created_at: str
    updated_at: str
    plan: Plan

    def date_of(self, stop: Stop) -> date | None:
        """Return the date of a stop's day, None while the trip has no dates."""
        if self.plan.starts_on is None:
            return None
        return date.fromisoformat(self.plan.starts_on) + timedelta(days=stop.day - 1)


R = TypeVar("R", Stop, Plan, Itinerary)


class Itineraries:
    """The itineraries of users."""

    def __init__(self, table: Table) -> None:
        """Keep itineraries in `table`."""
        self._table = table

    def add(
        self, user_id: str, plan: Plan, also: Callable[[str], Sequence[Write]] = lambda _id: ()
    ) -> Itinerary:
        """Store a new itinerary and count it, together with what `also` makes of its id.

        Raises:
            AccountNotFound: the user has been deleted since the token was issued.
            TooManyItineraries: the user has `MAX_ITINERARIES` already.
            ConditionFailed: one of the writes in `also` was refused.
            Unavailable: the table is throttling or out of reach.

        """
        now = _now()
        added = Itinerary(new_ulid(), 1, created_at=now, updated_at=now, plan=plan)
        room = (Exists(), AtMost("itinerary_count", MAX_ITINERARIES - 1))
        try:
            self._table.write(
                Update(keys.profile(user_id), add={"itinerary_count": 1}, only_if=room),
                Put(keys.itinerary(user_id, added.itinerary_id), _as_item(added)),
                *also(added.itinerary_id),
            )
        except ConditionFailed as refusal:
            if 0 not in refusal.failed:
                raise
            if self._table.get(keys.profile(user_id), consistent=True) is None:
                raise AccountNotFound from None
            raise TooManyItineraries from None
        return added

    def get(self, user_id: str, itinerary_id: str) -> Itinerary:
        """Read one itinerary of this user, strongly consistent.

        Raises:
            ItineraryNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        item = self._table.get(keys.itinerary(user_id, itinerary_id), consistent=True)
        if item is None:
            raise ItineraryNotFound
        return _from_item(item)

    def page(self, user_id: str, *, limit: int, after: str | None = None) -> ItineraryPage:
        """Read a user's itineraries, newest first, strongly consistent.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        partition, prefix = keys.itinerary(user_id, "")
        page = self._table.query(
            partition, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True
        )
        return ItineraryPage([_from_item(row.item) for row in page.rows], page.after)

    def replace(self, user_id: str, known: Itinerary, plan: Plan) -> Itinerary:
        """Give an itinerary another plan if it is still as `known`; its version goes up.

        Raises:
            ItineraryNotFound: the user has none with this id any more.
            PreconditionFailed: there is a newer version.
            Unavailable: the table is throttling or out of reach.

        """
        changed = Itinerary(
            known.itinerary_id, known.version + 1, known.created_at, updated_at=_now(), plan=plan
        )
        change = Update(
            keys.itinerary(user_id, known.itinerary_id),
            assign=_as_item(changed),
            only_if=(Equals("version", known.version),),
        )
        try:
            self._table.update(change)
        except ConditionFailed as refusal:
            if refusal.item is None:
                raise ItineraryNotFound from None
            # The answer to this very change was lost, and botocore has sent it again.
            if _from_item(refusal.item) != changed:
                raise PreconditionFailed from None
        return changed

    def delete(self, user_id: str, known: Itinerary) -> None:
        """Remove an itinerary if it is still as `known`, and count it no more.

        Raises:
            ItineraryNotFound: the user has none with this id any more.
            PreconditionFailed: there is a newer version.
            Unavailable: the table is throttling or out of reach.

        """
        key = keys.itinerary(user_id, known.itinerary_id)
        try:
            self._table.write(
                Delete(key, only_if=(Equals("version", known.version),)),
                Increment(keys.profile(user_id), "itinerary_count", -1),
            )
        except ConditionFailed:
            left = self._table.get(key, consistent=True)
            raise (PreconditionFailed if left else ItineraryNotFound) from None


class ItineraryPage(NamedTuple):
    """Some of a user's itineraries; `after` asks for more, if there are."""

    itineraries: list[Itinerary]
    after: str | None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _as_item(itinerary: Itinerary) -> Item:
    """Return every attribute of an itinerary; None where a change has to remove one."""
    item = asdict(itinerary)
    plan = item.pop("plan")
    stops = [
        {name: value for name, value in stop.items() if value is not None} for stop in plan["stops"]
    ]
    return {**item, **plan, "stops": stops}


def _from_item(item: Mapping[str, Any]) -> Itinerary:
    stops = tuple(_take(Stop, stop) for stop in item["stops"])
    plan = _take(Plan, {**item, "stops": stops})
    return _take(Itinerary, {**item, "plan": plan})


def _take(record_type: type[R], item: Mapping[str, Any]) -> R:
    """Take the attributes that the record has; a newer version may have stored others."""
    names = {declared.name for declared in fields(record_type)}
    return record_type(**{name: value for name, value in item.items() if name in names})
