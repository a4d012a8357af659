"""What one traveller was told of their account, photos and trips, and what nobody told them.

A write is *told* when its answer came, and *unsure* when it did not: the traveller hung up, or was
told to come back later. What was told has to be in the table. What is unsure may be.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from travel_client.models import ItineraryResponse, PredictResponse


class Content(NamedTuple):
    """What a trip says, apart from ids and times."""

    name: str
    note: str | None
    stops: tuple[tuple[int, str], ...]
    """Day and name of each."""

    @classmethod
    def of(cls, trip: Mapping[str, Any]) -> Content:
        """Read a request, an answer, or an item of the table."""
        stops = tuple((int(stop.get("day", 1)), str(stop["name"])) for stop in trip["stops"])
        return cls(trip["name"], trip.get("note"), stops)


@dataclass
class Trip:
    """One trip, which has been told of at least once."""

    told: dict[int, Content] = field(default_factory=dict)
    """Every version that an answer showed after a change."""
    unsure: list[Content] = field(default_factory=list)
    """Changes that may have been made."""
    overwritten: bool = False
    """Whether one version was told with two contents: one of two changes is lost."""
    gone: bool = False
    perhaps_gone: bool = False


@dataclass
class Photo:
    """One prediction that was told: the landmark's name, and what the traveller said to it."""

    landmark: str | None
    told_feedback: bool | None = None
    """Whether it was right, if that was said and kept."""
    unsure_feedback: set[bool] = field(default_factory=set)
    gone: bool = False
    perhaps_gone: bool = False


@dataclass
class Ledger:
    """Everything that one traveller knows."""

    email: str
    username: str
    passwords: set[str]
    """The password; two while nobody knows whether it was changed."""
    unsure_usernames: set[str] = field(default_factory=set)
    """Names that may have come, or may come late, in its place."""
    user_id: str = ""
    perhaps_open: bool = False
    gone: bool = False
    perhaps_gone: bool = False
    photos: dict[str, Photo] = field(default_factory=dict)
    unsure_photos: int = 0
    trips: dict[str, Trip] = field(default_factory=dict)
    unsure_trips: dict[str, Content] = field(default_factory=dict)
    """Trips that may have been made, by name: each has one of its own."""
    written: Counter[str] = field(default_factory=Counter)
    """How many writes of each kind were told."""
    unsure: Counter[str] = field(default_factory=Counter)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held for each entry, since two devices write here."""

    def told(self, kind: str) -> None:
        """Count a write whose answer came."""
        with self.lock:
            self.written[kind] += 1

    def not_told(self, kind: str) -> None:
        """Count a write whose answer did not come."""
        with self.lock:
            self.unsure[kind] += 1

    def add_photo(self, answer: PredictResponse) -> None:
        """Enter what a photo was named."""
        with self.lock:
            self.photos[answer["prediction_id"]] = Photo(answer["landmark"])
        self.told("photo")

    def add_trip(self, answer: ItineraryResponse) -> None:
        """Enter a trip, or a version of it, that an answer says is stored."""
        with self.lock:
            trip = self.trips.setdefault(answer["itinerary_id"], Trip())
            content = Content.of(answer)
            if trip.told.setdefault(version_of(answer["etag"]), content) != content:
                trip.overwritten = True
            self.unsure_trips.pop(answer["name"], None)

    def possible_usernames(self) -> set[str]:
        """Return what the account may be called."""
        return {self.username, *self.unsure_usernames}

    def living_photos(self) -> list[str]:
        """Return the ids of photos that have to be there."""
        with self.lock:
            return [
                one for one, photo in self.photos.items() if not (photo.gone or photo.perhaps_gone)
            ]

    def living_trips(self) -> list[str]:
        """Return the ids of trips that have to be there."""
        with self.lock:
            return [one for one, trip in self.trips.items() if not (trip.gone or trip.perhaps_gone)]


def version_of(etag: str) -> int:
    """Return the version that an entity tag of the API names."""
    return int(etag.strip('"').partition("-")[0])
