"""Planning trips: what a user does with their itineraries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from account.itinerary_models import ItinerariesResponse, OrderResponse
from account.planning import changed_plan, first_plan, suggest_order
from account.presentation import summarise
from account.versions import require_version
from common.errors import ItineraryNotFound, MalformedRequest
from common.ulids import is_ulid

if TYPE_CHECKING:
    from account.itineraries import Itineraries, Itinerary, Plan
    from account.itinerary_models import (
        ItinerariesQuery,
        ItineraryChanges,
        NewItineraryRequest,
        OrderQuery,
    )
    from common.cursors import Cursors
    from common.table import Table

# A UUID has 36.
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
METRES = 3


class Planner:
    """Makes, changes and reads itineraries."""

    def __init__(self, table: Table, itineraries: Itineraries, cursors: Cursors) -> None:
        """Plan in `itineraries`, and remember requests in `table`."""
        self._table = table
        self._itineraries = itineraries
        self._cursors = cursors

    def create(
        self, user_id: str, asked: NewItineraryRequest, idempotency_key: str | None
    ) -> Itinerary:
        """Store a new itinerary. With a key, the same request makes one, however often it comes.

        Raises:
            InvalidFields: a stop claims to be there already.
            MalformedRequest: the key is no key.
            IdempotencyKeyReused, RequestInProgress: see `once.do_once`.
            AccountNotFound: the user has been deleted since the token was issued.
            TooManyItineraries: the user has as many as one may have.
            ItineraryNotFound: it was made before, and deleted since.
            Unavailable: the table is throttling or out of reach.

        """
        plan = first_plan(asked)
        if idempotency_key is None:
            return self._itineraries.add(user_id, plan)
        if not _IDEMPOTENCY_KEY.fullmatch(idempotency_key):
            message = "An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID."
            raise MalformedRequest(message)
        return self._create_once(user_id, asked, plan, idempotency_key)

    def _create_once(
        self, user_id: str, asked: NewItineraryRequest, plan: Plan, idempotency_key: str
    ) -> Itinerary:
        from account.once import Records, do_once  # noqa: PLC0415 - loads boto3, see there

        records = Records(self._table, user_id)
        made: dict[str, Itinerary] = {}

        def name(itinerary_id: str) -> dict[str, str]:
            return {"itinerary_id": itinerary_id}

        def create() -> dict[str, str]:
            itinerary = self._itineraries.add(
                user_id, plan, also=lambda itinerary_id: records.completion(name(itinerary_id))
            )
            made[itinerary.itinerary_id] = itinerary
            return name(itinerary.itinerary_id)

        result = do_once(records, idempotency_key, asked.model_dump(), create)
        itinerary_id: str = result["itinerary_id"]
        return made.get(itinerary_id) or self._itineraries.get(user_id, itinerary_id)

    def page(self, user_id: str, query: ItinerariesQuery) -> ItinerariesResponse:
        """Return a page of a user's itineraries, newest first.

        Raises:
            InvalidFields: the cursor is not of this list.
            Unavailable: the table is throttling or out of reach.

        """
        scope = ("itineraries", user_id)
        after = None if query.cursor is None else self._cursors.open(query.cursor, *scope)
        page = self._itineraries.page(user_id, limit=query.limit, after=after)
        return ItinerariesResponse(
            itineraries=[summarise(itinerary) for itinerary in page.itineraries],
            next_cursor=None if page.after is None else self._cursors.seal(page.after, *scope),
        )

    def show(self, user_id: str, itinerary_id: str) -> Itinerary:
        """Return one itinerary of this user.

        Raises:
            ItineraryNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        # The table refuses keys that are too long; they are no ids anyway.
        if not is_ulid(itinerary_id):
            raise ItineraryNotFound
        return self._itineraries.get(user_id, itinerary_id)

    def change(
        self, user_id: str, itinerary_id: str, if_match: str | None, changes: ItineraryChanges
    ) -> Itinerary:
        """Change an itinerary if it is still what the client has read.

        Raises:
            ItineraryNotFound: the user has none with this id.
            PreconditionRequired: the client does not say what it has read.
            PreconditionFailed: it has been changed since.
            InvalidFields: a stop's id is not one of the itinerary's, or comes twice.
            Unavailable: the table is throttling or out of reach.

        """
        known = self.show(user_id, itinerary_id)
        require_version(if_match, known.version)
        return self._itineraries.replace(user_id, known, changed_plan(known.plan, changes))

    def delete(self, user_id: str, itinerary_id: str, if_match: str | None) -> None:
        """Remove an itinerary if it is still what the client has read.

        Raises:
            ItineraryNotFound: the user has none with this id.
            PreconditionRequired: the client does not say what it has read.
            PreconditionFailed: it has been changed since.
            Unavailable: the table is throttling or out of reach.

        """
        known = self.show(user_id, itinerary_id)
        require_version(if_match, known.version)
        self._itineraries.delete(user_id, known)

    def order(self, user_id: str, itinerary_id: str, query: OrderQuery) -> OrderResponse:
        """Suggest in which order to visit the stops of a day.

        Raises:
            ItineraryNotFound: the user has none with this id.
            InvalidFields: the start is no stop of that day.
            Unavailable: the table is throttling or out of reach.

        """
        itinerary = self.show(user_id, itinerary_id)
        stops, walk, now_km = suggest_order(itinerary, query.day, query.start)
        return OrderResponse(
            day=query.day,
            stop_ids=[stop.stop_id for stop in stops],
            distance_km=round(walk.distance_km, METRES),
            current_distance_km=round(now_km, METRES),
            exact=walk.exact,
        )
