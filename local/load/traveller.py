"""One traveller: photos, trips on two devices, an account, and a note of what came of each.

Whatever is done is entered in the ledger as told or as unsure, and what an answer shows is held to
the ledger at once: an answer that lacks what was told before is a finding.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from typing import TYPE_CHECKING, Any, cast

import httpx

from local.load.device import Device, UnsureError
from local.load.ledger import Content, Ledger, version_of
from local.sample_photos import any_photo, take_photo
from travel_client import ApiError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from local.load.witness import Witness
    from travel_client.models import (
        ChangePasswordRequest,
        ItineraryResponse,
        PredictResponse,
        SignInRequest,
        SignUpRequest,
    )

_STOP = {"latitude": 41.8902, "longitude": 12.4922}
_WORDS = ("a quiet garden with a fountain", "a bridge over a wide river at night", "old walls")
_SEARCHES = ("tower", "bridge", "temple", "garden", "Colosseum")
# Two devices that change one trip all the time get in each other's way more often than people do.
_ATTEMPTS_AT_A_CHANGE = 8


class Traveller:
    """Someone with a phone and a laptop, and a ledger of what they were told."""

    def __init__(self, url: str, witness: Witness, rng: random.Random) -> None:
        """Be somebody new."""
        name = f"traveller-{secrets.token_hex(5)}"
        password = secrets.token_urlsafe(12)
        self.ledger = Ledger(f"{name}@example.com", name, {password})
        self.phone = Device(url, witness, rng)
        self.laptop = Device(url, witness, rng)
        self._witness = witness
        self._rng = rng
        self._count = 0

    def close(self) -> None:
        """Close the connections."""
        self.phone.close()
        self.laptop.close()

    @property
    def is_in(self) -> bool:
        """Whether the phone is signed in."""
        return self.phone.api.tokens is not None

    def sign_up(self) -> None:
        """Open the account."""
        ledger = self.ledger
        (password,) = ledger.passwords
        body: SignUpRequest = {
            "email": ledger.email,
            "username": ledger.username,
            "password": password,
        }
        try:
            answer = self.phone.perhaps_hastily(
                lambda: self.phone.api.sign_up(body), done="email_taken"
            )
        except UnsureError:
            ledger.perhaps_open = True
            ledger.not_told("account")
        except ApiError as error:
            # By the try before, whose answer never came.
            if not ledger.perhaps_open:
                self._witness.find(f"signing up: {error}")
            self._expect(error, "email_taken", "signing up again")
            self.sign_in()
        else:
            ledger.user_id = answer["user_id"]
            ledger.perhaps_open = False
            ledger.told("account")

    def sign_in(self, device: Device | None = None) -> None:
        """Sign in, with the password that is told last, or the one that may be."""
        device = device or self.phone
        for password in sorted(self.ledger.passwords):
            body: SignInRequest = {"email": self.ledger.email, "password": password}
            try:
                answer = device.patiently(lambda body=body: device.api.sign_in(body))  # type: ignore[misc]
            except ApiError as error:
                self._expect(error, "invalid_credentials", "signing in")
            except UnsureError:
                return
            else:
                self.ledger.user_id = answer["user_id"]
                self.ledger.passwords = {password}
                self.ledger.perhaps_open = False
                device.session_is_sure = True
                return
        if not self.ledger.perhaps_open:
            self._witness.find(f"{self.ledger.email} cannot sign in with any password it has")

    def sign_out(self) -> None:
        """End the phone's session, and begin another."""
        with contextlib.suppress(UnsureError):
            self.phone.patiently(self.phone.api.sign_out)
        self.sign_in()

    def mistype(self) -> None:
        """Sign in with a wrong password."""
        body: SignInRequest = {"email": self.ledger.email, "password": secrets.token_urlsafe(9)}
        self._refused(lambda: self.laptop.api.sign_in(body), "invalid_credentials")

    def change_password(self) -> None:
        """Choose another password: every other session ends."""
        if len(self.ledger.passwords) > 1:
            return
        new, (old,) = secrets.token_urlsafe(12), self.ledger.passwords
        body: ChangePasswordRequest = {"current_password": old, "new_password": new}
        try:
            self.phone.patiently(
                lambda: self.phone.api.change_password(body), done="wrong_password"
            )
        except UnsureError:
            self.ledger.passwords.add(new)
            self.ledger.not_told("password")
            self.phone.session_is_sure = False
        else:
            self.ledger.passwords = {new}
            self.ledger.told("password")
        self.laptop.session_is_sure = False
        self.sign_in(self.phone if not self.phone.session_is_sure else self.laptop)

    def renew(self) -> None:
        """Exchange the tokens."""
        try:
            self.phone.patiently(self.phone.api.refresh)
        except UnsureError:
            self.sign_in()

    def rename(self) -> None:
        """Choose another username."""
        new = f"traveller-{secrets.token_hex(5)}"
        try:
            self.phone.perhaps_hastily(lambda: self.phone.api.change_profile({"username": new}))
        except UnsureError:
            self.ledger.unsure_usernames.add(new)
            self.ledger.not_told("username")
        else:
            self.ledger.username = new
            self.ledger.told("username")

    def send_photo(self) -> None:
        """Name a photo; ask about it."""
        photo = take_photo(self._rng)
        try:
            answer = self.phone.perhaps_hastily(lambda: self.phone.api.predict(photo))
        except UnsureError:
            self.ledger.unsure_photos += self.phone.put_off + 1
            self.ledger.not_told("photo")
            return
        self.ledger.unsure_photos += self.phone.put_off
        self.ledger.add_photo(answer)
        mine: Any = {"prediction_id": answer["prediction_id"]}
        self._read(lambda: self.phone.api.recommend(mine))
        if self._rng.random() < 0.5:  # noqa: PLR2004 - every other
            self._read(lambda: self.phone.api.describe(mine))

    def send_album(self) -> None:
        """Name two photos and a file that is none."""
        files = [any_photo(self._rng), any_photo(self._rng), b"no photo at all"]
        try:
            answer = self.phone.patiently(lambda: self.phone.api.predict_all(files))
        except UnsureError:
            self.ledger.unsure_photos += 2 * (self.phone.put_off + 1)
            self.ledger.not_told("photo")
            return
        self.ledger.unsure_photos += 2 * self.phone.put_off
        for one in answer["results"]:
            if "prediction_id" in one:
                self.ledger.add_photo(cast("PredictResponse", one))

    def send_nonsense(self) -> None:
        """Send half a photo."""
        half = any_photo(self._rng)[:900]
        self._refused(lambda: self.phone.api.predict(half), "image_unreadable")

    def give_feedback(self) -> None:
        """Say whether a photo was named rightly."""
        if not (photos := self.ledger.living_photos()):
            return
        one = self._rng.choice(photos)
        photo, correct = self.ledger.photos[one], self._rng.random() < 0.7  # noqa: PLR2004
        body: Any = {"prediction_id": one, "correct": correct}
        if not correct:
            body["landmark"] = "Colosseum"
        try:
            self.phone.perhaps_hastily(lambda: self.phone.api.give_feedback(body))
        except UnsureError:
            photo.unsure_feedback.add(correct)
            self.ledger.not_told("feedback")
        else:
            # What nobody is sure of may still arrive: it stays possible.
            photo.told_feedback = correct
            self.ledger.told("feedback")

    def forget_photo(self) -> None:
        """Delete a photo's entry."""
        if not (photos := self.ledger.living_photos()):
            return
        one = self._rng.choice(photos)
        photo = self.ledger.photos[one]
        try:
            self.phone.perhaps_hastily(
                lambda: self.phone.api.delete_prediction(one), done="prediction_not_found"
            )
        except UnsureError:
            photo.perhaps_gone = True
            self.ledger.not_told("deletion")
        else:
            photo.gone = True
            self.ledger.told("deletion")

    def look_back(self) -> None:
        """Read the history to its end, and miss nothing in it."""
        expected = set(self.ledger.living_photos())
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            query: dict[str, Any] = {"limit": 20, "cursor": cursor}
            page = self._read(lambda query=query: self.phone.api.list_predictions(**query))  # type: ignore[misc]
            if page is None:
                return
            seen |= {one["prediction_id"] for one in page["predictions"]}
            cursor = page["next_cursor"]
            if cursor is None:
                break
        if missing := expected - seen:
            self._witness.find(f"the history lacks {len(missing)} predictions that were told")

    def plan(self) -> None:
        """Make a trip, once, however often it takes."""
        self._count += 1
        name = f"Trip {self._count}"
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

    def use_trip(self) -> None:
        """Have a trip's order suggested, and take it along."""
        if trips := self.ledger.living_trips():
            one = self._rng.choice(trips)
            self._read(lambda: self.phone.api.suggest_order(one, 1))
            self._read(lambda: self.phone.api.save_itinerary(one, "application/gpx+xml"))
            self._read(self.phone.api.list_itineraries)

    def look_at_account(self) -> None:
        """Read the account and its counters."""
        profile = self._read(self.phone.api.show_profile)
        if profile is not None and profile["username"] not in self.ledger.possible_usernames():
            self._witness.find("the account shows a name that it was never given")

    def leave(self) -> None:
        """Take everything along, and delete the account."""
        self._read(self.phone.api.export_account)
        for password in sorted(self.ledger.passwords):
            body: Any = {"password": password}
            try:
                self.phone.patiently(
                    lambda body=body: self.phone.api.delete_account(body),  # type: ignore[misc]
                    done="account_not_found",
                )
            except UnsureError:
                self.ledger.perhaps_gone = True
                self.ledger.not_told("leaving")
                return
            except ApiError as error:
                self._expect(error, "wrong_password", "leaving")
            else:
                self.ledger.gone = True
                self.ledger.told("leaving")
                return

    def _read(self, call: Callable[[], Any], device: Device | None = None) -> Any:  # noqa: ANN401 - whatever the call gives
        """Return what a request that changes nothing is answered; None where no answer came."""
        try:
            return (device or self.phone).patiently(call)
        except UnsureError:
            return None
        except ApiError as error:
            self._witness.find(f"what was told cannot be read: {error}")
            return None

    def _refused(self, call: Callable[[], object], *codes: str) -> None:
        try:
            self.phone.patiently(call)
        except UnsureError:
            return
        except ApiError as error:
            if error.code not in codes:
                self._witness.find(f"refused as {error}, and not as {codes[0]}")
        else:
            self._witness.find(f"what should be refused as {codes[0]} was done")

    def _expect(self, error: ApiError, code: str, doing: str) -> None:
        if error.code != code and error.status != httpx.codes.TOO_MANY_REQUESTS:
            self._witness.find(f"{doing}: {error}")
