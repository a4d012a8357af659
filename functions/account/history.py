"""The history: a user's predictions, and what they say to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from account.models import FeedbackResponse, HistoryResponse, PredictionResponse
from common.errors import PredictionNotFound
from common.ulids import MAX_TIME_MS, is_ulid

if TYPE_CHECKING:
    from datetime import datetime

    from account.models import FeedbackRequest, HistoryQuery
    from common.cursors import Cursors
    from common.predictions import Predictions


class History:
    """Reads the history, and takes feedback."""

    def __init__(self, predictions: Predictions, cursors: Cursors) -> None:
        """Read `predictions` in pages that `cursors` tie together."""
        self._predictions = predictions
        self._cursors = cursors

    def page(self, user_id: str, query: HistoryQuery) -> HistoryResponse:
        """Return a page of a user's predictions, newest first.

        Raises:
            InvalidFields: the cursor is not of this list.
            Unavailable: the table is throttling or out of reach.

        """
        since_ms, until_ms = _milliseconds(query.since), _milliseconds(query.until)
        scope = ("predictions", user_id, str(since_ms), str(until_ms))
        page = self._predictions.page(
            user_id,
            limit=query.limit,
            after=None if query.cursor is None else self._cursors.open(query.cursor, *scope),
            since_ms=since_ms,
            until_ms=until_ms,
        )
        return HistoryResponse(
            predictions=[PredictionResponse.model_validate(item) for item in page.predictions],
            next_cursor=None if page.after is None else self._cursors.seal(page.after, *scope),
        )

    def show(self, user_id: str, prediction_id: str) -> PredictionResponse:
        """Return one prediction of this user.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        return PredictionResponse.model_validate(
            self._predictions.get(user_id, _possible(prediction_id))
        )

    def delete(self, user_id: str, prediction_id: str) -> None:
        """Remove one prediction of this user, with its feedback.

        Raises:
            PredictionNotFound: the user has none with this id.
            AccountNotFound: the user has been deleted since the token was issued.
            Unavailable: the table is throttling or out of reach.

        """
        self._predictions.delete(user_id, _possible(prediction_id))

    def give_feedback(self, user_id: str, said: FeedbackRequest) -> FeedbackResponse:
        """Keep what a user says to one of their predictions, in place of what they said before.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        kept = self._predictions.give_feedback(
            user_id,
            _possible(said.prediction_id),
            correct=said.correct,
            landmark=said.landmark,
            comment=said.comment,
        )
        return FeedbackResponse(**asdict(kept))


def _possible(prediction_id: str) -> str:
    """Refuse what is no id before the table does: its keys have a limited length."""
    if not is_ulid(prediction_id):
        raise PredictionNotFound
    return prediction_id


def _milliseconds(moment: datetime | None) -> int | None:
    """Return milliseconds since 1970, as near as an id can be."""
    if moment is None:
        return None
    return min(max(int(moment.timestamp() * 1000), 0), MAX_TIME_MS)
