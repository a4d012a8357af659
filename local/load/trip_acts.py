"""What people do with trips, on two devices, and with places."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING, Any

from local.load.account_acts import AccountActs
from local.load.device import UnsureError
from local.load.ledger import Content, version_of
from travel_client import ApiError

if TYPE_CHECKING:
    from local.load.device import Device
    from travel_client.models import ItineraryResponse

_STOP = {"latitude": 41.8902, "longitude": 12.4922}
_WORDS = ("a quiet garden with a fountain", "a bridge over a wide river at night", "old walls")
_SEARCHES = ("tower", "bridge", "temple", "garden", "Colosseum")
# Two devices that change one trip all the time get in each other's way more often than people do.
_ATTEMPTS_AT_A_CHANGE = 8


class TripActs(AccountActs):
    """Plans, changes and drops trips, and looks for places."""

    def plan(self) -> None:
        """Make a trip, once, however often it takes."""
        name = f"Trip {secrets.token_hex(3)}"
        body: Any = {"name": name, "stops": [{"name": "Colosseum", **_STOP}]}
        key = secrets.token_hex(8)

        def create() -> ItineraryResponse:
            return self.phone.api.create_itinerary(body, idempotency_key=key)

        try:
            answer = self.phone.perhaps_hastily(create)
        except UnsureError:
            self.ledger.unsure_trips[name] = Content.of(body)
            try:
                answer = self.phone.patiently(create)
            except UnsureError:
                self.ledger.not_told("trip")
                return
        self.ledger.add_trip(answer)
        self.ledger.told("trip")

    def change_trip(self) -> None:
        """Add a stop to a trip."""
        if trips := self.ledger.living_trips():
            self._add_stop(self.phone, self._rng.choice(trips))

    def plan_with_two_devices(self) -> None:
        """Add stops to one trip from both devices at the same time."""
        if not (trips := self.ledger.living_trips()):
            return
        one = self._rng.choice(trips)
        if self.laptop.api.tokens is None or not self.laptop.session_is_sure:
            self.sign_in(self.laptop)
        if self.laptop.api.tokens is None or not self.laptop.session_is_sure:
            return
        other = threading.Thread(target=self._add_stops, args=(self.laptop, one))
        other.start()
        self._add_stops(self.phone, one)
        other.join()

    def _add_stops(self, device: Device, itinerary_id: str) -> None:
        for _ in range(3):
            self._add_stop(device, itinerary_id)

    def _add_stop(self, device: Device, itinerary_id: str) -> None:
        trip = self.ledger.trips[itinerary_id]
        stop = {"name": f"Stop {secrets.token_hex(4)}", "day": 1, **_STOP}
        for _ in range(_ATTEMPTS_AT_A_CHANGE):
            with self.ledger.lock:
                newest = max(trip.told)
            current = self._read(lambda: device.api.show_itinerary(itinerary_id), device)
            if current is None:
                return
            if version_of(current["etag"]) < newest:
                self._witness.find("a trip was shown in an older version than was told")
            body: Any = {"stops": [*current["stops"], stop]}
            for one in body["stops"]:
                one.pop("date", None)
            wanted = Content.of({**current, **body})
            try:
                answer = device.perhaps_hastily(
                    lambda etag=current["etag"], body=body: device.api.change_itinerary(  # type: ignore[misc]
                        itinerary_id, etag, body
                    ),
                    done="precondition_failed",
                )
            except UnsureError:
                with self.ledger.lock:
                    trip.unsure.append(wanted)
                self.ledger.not_told("change")
                return
            except ApiError as error:
                # The other device was faster.
                self._expect(error, "precondition_failed", "changing a trip")
                continue
            self.ledger.add_trip(answer)
            self.ledger.told("change")
            if Content.of(answer) != wanted:
                self._witness.find("a changed trip is not what was sent")
            return

    def drop_trip(self) -> None:
        """Delete a trip."""
        if not (trips := self.ledger.living_trips()):
            return
        one = self._rng.choice(trips)
        current = self._read(lambda: self.phone.api.show_itinerary(one))
        if current is None:
            return
        try:
            self.phone.perhaps_hastily(
                lambda: self.phone.api.delete_itinerary(one, current["etag"]),
                done="itinerary_not_found",
            )
        except UnsureError:
            self.ledger.trips[one].perhaps_gone = True
            self.ledger.not_told("deletion")
        except ApiError as error:
            # A change whose answer never came has come in between.
            self._expect(error, "precondition_failed", "deleting a trip")
        else:
            self.ledger.trips[one].gone = True
            self.ledger.told("deletion")

    def use_trip(self) -> None:
        """Have a trip's order suggested, and take it along."""
        if trips := self.ledger.living_trips():
            one = self._rng.choice(trips)
            self._read(lambda: self.phone.api.suggest_order(one, 1))
            self._read(lambda: self.phone.api.save_itinerary(one, "application/gpx+xml"))
            self._read(self.phone.api.list_itineraries)

    def browse(self) -> None:
        """Look for places, as people without an account do, too."""
        api = self.laptop.api
        self._read(lambda: api.list_landmarks(q=self._rng.choice(_SEARCHES), limit=10))
        self._read(lambda: api.show_landmark("eiffel-tower"))
        self._read(api.tell_health)

    def wonder(self) -> None:
        """Look for places by words."""
        words: Any = {"llava_description": self._rng.choice(_WORDS), "max_distance_km": None}
        self._read(lambda: self.phone.api.recommend(words))
