"""What people do with photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from local.load.device import UnsureError
from local.load.somebody import Somebody
from local.sample_photos import any_photo, take_photo

if TYPE_CHECKING:
    from travel_client.models import PredictResponse


class PhotoActs(Somebody):
    """Has photos named, says whether that was right, and forgets them."""

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
