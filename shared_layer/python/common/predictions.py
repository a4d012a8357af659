"""Predictions: what each user's photos were taken for, and a cache of answers by image."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from common import keys
from common.errors import AccountNotFound, PredictionNotFound
from common.labels import Feedback, label
from common.photo_vector import PhotoVector, read_vector
from common.table import ConditionFailed, Increment, Put
from common.ulids import first_ulid, last_ulid, new_ulid
from common.updates import Delete, Exists, Update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from common.table import Table
    from common.table_values import Item

# Long enough for an album that is shared around, short enough to stay small.
CACHE_TTL_SECONDS = 30 * 24 * 60 * 60


class History(NamedTuple):
    """Some of a user's predictions, newest first; `after` asks for older ones, if there are."""

    predictions: list[Item]
    after: str | None


class Predictions:
    """The predictions of users. Images are never stored."""

    def __init__(self, table: Table) -> None:
        """Keep predictions in `table`."""
        self._table = table

    def add(self, user_id: str, prediction: Mapping[str, Any]) -> str:
        """Store one prediction (JSON-like values) and return its id, a ULID.

        Raises:
            AccountNotFound: the user has been deleted since the token was issued.
            Unavailable: the table is throttling or out of reach.

        """
        return self.add_all(user_id, [prediction])[0]

    def get(self, user_id: str, prediction_id: str) -> dict[str, Any]:
        """Return a prediction of this user.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        # Consistent: clients come back with the id as soon as they have it.
        item = self._table.get(keys.prediction(user_id, prediction_id), consistent=True)
        if item is None:
            raise PredictionNotFound
        return item

    def add_all(self, user_id: str, predictions: Sequence[Mapping[str, Any]]) -> list[str]:
        """Store up to 99 predictions, all or none, and return their ids in the same order.

        The profile's counter moves in the same transaction: it is always right, reading it
        costs nothing, and a deleted account gets no new items.
        """
        if not predictions:
            return []
        created_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        ids = [new_ulid() for _ in predictions]
        puts = [
            Put(
                keys.prediction(user_id, prediction_id),
                {**prediction, "prediction_id": prediction_id, "created_at": created_at},
            )
            for prediction_id, prediction in zip(ids, predictions, strict=True)
        ]
        counter = Increment(keys.profile(user_id), "prediction_count", len(puts))
        try:
            self._table.write(counter, *puts)
        except ConditionFailed:
            raise AccountNotFound from None
        return ids

    def page(
        self,
        user_id: str,
        *,
        limit: int,
        after: str | None = None,
        since_ms: int | None = None,
        until_ms: int | None = None,
    ) -> History:
        """Read a user's predictions, newest first, strongly consistent.

        Args:
            user_id: whose.
            limit: at most so many.
            after: where the page before ended; None for the first.
            since_ms: none before this time, in milliseconds since 1970.
            until_ms: none after this time.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        partition, prefix = keys.prediction(user_id, "")
        if after is None and until_ms is not None:
            # Beyond the last id of that millisecond.
            after = f"{prefix}{last_ulid(until_ms)}~"
        page = self._table.query(
            partition, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True
        )
        oldest = prefix + ("" if since_ms is None else first_ulid(since_ms))
        wanted = [row.item for row in page.rows if row.key.sk >= oldest]
        return History(wanted, page.after if len(wanted) == len(page.rows) else None)

    def delete(self, user_id: str, prediction_id: str) -> None:
        """Remove one prediction with its feedback, and count it no more.

        Raises:
            PredictionNotFound: the user has none with this id.
            AccountNotFound: the user has been deleted since the token was issued.
            Unavailable: the table is throttling or out of reach.

        """
        try:
            self._table.write(
                Delete(keys.prediction(user_id, prediction_id), only_if=(Exists(),)),
                Increment(keys.profile(user_id), "prediction_count", -1),
            )
        except ConditionFailed as refusal:
            raise (PredictionNotFound if 0 in refusal.failed else AccountNotFound) from None

    def give_feedback(
        self,
        user_id: str,
        prediction_id: str,
        *,
        correct: bool,
        landmark: str | None,
        comment: str | None,
    ) -> Feedback:
        """Keep what a user says to a prediction, in place of what they said before.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        prediction = self.get(user_id, prediction_id)
        given_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        feedback = Feedback(correct, landmark, comment, given_at)
        change = Update(
            keys.prediction(user_id, prediction_id),
            assign={"feedback": asdict(feedback), **label(prediction, feedback)},
            only_if=(Exists(),),
        )
        try:
            self._table.update(change)
        except ConditionFailed:
            raise PredictionNotFound from None
        return feedback


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say of a photo, whoever asks: JSON-like facts, and a vector to keep."""

    facts: dict[str, Any]
    vector: PhotoVector | None = None


class PredictionCache:
    """Answers by image content and version of what gave them, shared by all users."""

    def __init__(self, table: Table) -> None:
        """Keep answers in `table`."""
        self._table = table

    def get(self, image_sha256: str, version: str) -> Answer | None:
        """Return the answer given before to these bytes by this version, if it is remembered.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        item = self._table.get(keys.cached_prediction(image_sha256, version))
        # DynamoDB deletes expired items only within days.
        if item is None or item["expires_at"] <= time.time():
            return None
        return Answer(json.loads(item["answer"]), read_vector(item))

    def put(self, image_sha256: str, version: str, answer: Answer) -> None:
        """Remember an answer for 30 days.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        self._table.write(
            Put(
                keys.cached_prediction(image_sha256, version),
                {
                    "answer": json.dumps(answer.facts, separators=(",", ":")),
                    "expires_at": int(time.time()) + CACHE_TTL_SECONDS,
                    **(answer.vector.attributes() if answer.vector else {}),
                },
            )
        )
