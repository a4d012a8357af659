"""What the routes of itineraries read and write."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from account.models import DEFAULT_LIMIT
from account.text import Name, Note
from common.models import QueryModel, RequestModel, ResponseModel

# As many as POST /recommend takes. With the longest texts that is 300 KB, of the 400 KB that an
# item of the table may have.
MAX_STOPS = 100
MAX_DAYS = 366
# Pages of whole itineraries are read to show their summaries: this many of the largest are 15 MB.
MAX_ITINERARIES_A_PAGE = 50
# Far enough for every plan, and MAX_DAYS later is still a date.
YEARS = range(1900, 3000)
COORDINATE_DECIMALS = 7


def _iso_date(text: str) -> str:
    message = f"Send a date of the years {YEARS[0]} to {YEARS[-1]}, as in 2026-05-01."
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise ValueError(message) from None
    # fromisoformat reads other spellings (20260501, 2026-W18-5) as well.
    if parsed.isoformat() != text or parsed.year not in YEARS:
        raise ValueError(message)
    return text


def _rounded(degrees: float) -> float:
    # A centimetre; and the table keeps no number below 1e-130. Adding 0 makes -0.0 plain.
    return round(degrees, COORDINATE_DECIMALS) + 0.0


IsoDate = Annotated[str, AfterValidator(_iso_date), Field(json_schema_extra={"format": "date"})]
Latitude = Annotated[float, Field(ge=-90, le=90), AfterValidator(_rounded)]
Longitude = Annotated[float, Field(ge=-180, le=180), AfterValidator(_rounded)]


class StopRequest(RequestModel):
    """A place to stop at: a landmark with its `landmark_id`, or any other place.

    Name and coordinates are as /predict, /recommend or /landmarks gave them, or the traveller's
    own. Days count from 1. `stop_id` is sent only for stops that the itinerary has already.
    """

    stop_id: Annotated[str, Field(max_length=64)] | None = None
    day: int = Field(default=1, ge=1, le=MAX_DAYS)
    name: Name
    latitude: Latitude
    longitude: Longitude
    landmark_id: Name | None = None
    note: Note | None = None


class NewItineraryRequest(RequestModel):
    """A new itinerary. Stops are in the order to visit them; day 1 is `starts_on`."""

    name: Name
    starts_on: IsoDate | None = None
    note: Note | None = None
    stops: list[StopRequest] = Field(default=[], max_length=MAX_STOPS)


class ItineraryChanges(RequestModel):
    """What to change; what is left out stays, null removes.

    `stops` is the whole new list: to add, reorder, change or remove stops, send the list as it
    shall be, with the `stop_id` of those that stay.
    """

    name: Name | None = None
    starts_on: IsoDate | None = None
    note: Note | None = None
    stops: list[StopRequest] | None = Field(default=None, max_length=MAX_STOPS)

    @model_validator(mode="after")
    def _changes_something_that_can_be(self) -> ItineraryChanges:
        if not self.model_fields_set:
            message = "Send at least one of name, starts_on, note and stops."
            raise ValueError(message)
        for field in ("name", "stops"):
            if field in self.model_fields_set and getattr(self, field) is None:
                message = f"An itinerary always has {field}: leave the field out, or send a value."
                raise ValueError(message)
        return self


class ItinerariesQuery(QueryModel):
    """Which page of the itineraries."""

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_ITINERARIES_A_PAGE)
    cursor: str | None = None


class OrderQuery(QueryModel):
    """Which day to walk, and with which stop to begin (a `stop_id`; free where none is sent)."""

    day: int = Field(ge=1, le=MAX_DAYS)
    start: str | None = None


class StopResponse(ResponseModel):
    """A stop; `date` is its day's, where the itinerary has dates."""

    stop_id: str
    day: int
    date: str | None
    name: str
    latitude: float
    longitude: float
    landmark_id: str | None
    note: str | None


class ItineraryResponse(ResponseModel):
    """An itinerary; `etag` is also the header, and goes back as `If-Match` to change it."""

    itinerary_id: str
    etag: str
    name: str
    starts_on: str | None
    note: str | None
    stops: list[StopResponse]
    created_at: str
    updated_at: str


class ItinerarySummary(ResponseModel):
    """An itinerary in a list. `day_count` is the last day that has a stop."""

    itinerary_id: str
    etag: str
    name: str
    starts_on: str | None
    stop_count: int
    day_count: int
    created_at: str
    updated_at: str


class ItinerariesResponse(ResponseModel):
    """A page of itineraries, newest first; `next_cursor` is null on the last."""

    itineraries: list[ItinerarySummary]
    next_cursor: str | None


class OrderResponse(ResponseModel):
    """A suggested order for a day's stops; nothing is changed until it is sent with PATCH.

    `distance_km` is along it as the crow flies, `current_distance_km` along the order now;
    `exact` tells that no order is shorter.
    """

    day: int
    stop_ids: list[str]
    distance_km: float
    current_distance_km: float
    exact: bool
