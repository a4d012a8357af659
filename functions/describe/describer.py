"""The rule of `describe`: by a remote model where one may be asked, by ourselves where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from common.errors import Unavailable
from common.observability import logger
from describe.clock import Deadline
from describe.models import DescribeResponse
from describe.reasons import NotDescribedError, Reason
from describe.wording import describe_prediction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from describe.budget import Budget
    from describe.clock import Clock
    from describe.intake import Question
    from describe.models import Quota
    from describe.photo import Photo
    from describe.remote import RemoteAnswer, RemoteDescriptions
    from describe.wording import Places

# With less time left, the quota is not looked up: the answer is worth more.
QUOTA_SECONDS = 1.0


class History(Protocol):
    """Where a user's predictions are kept (`common.predictions.Predictions`)."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Return a prediction of this user, or raise PredictionNotFound or Unavailable."""
        ...


class Classifier(Protocol):
    """What knows landmarks and scenes by sight (`describe.classifier.PredictFunction`)."""

    def classify(self, photo: bytes, image_sha256: str, seconds: float) -> Mapping[str, Any]:
        """Return what `predict` answers for a JPEG, or raise Unavailable, within `seconds`."""
        ...


class Describer:
    """Describes photos, and predictions made of photos."""

    def __init__(  # noqa: PLR0913 - the ports that the rule stands on, by keyword
        self,
        *,
        remote: RemoteDescriptions,
        budget: Budget,
        classifier: Classifier,
        history: History,
        places: Places,
        clock: Clock,
        default_prompt: str,
        answer_within_seconds: float,
        local_answer_seconds: float,
    ) -> None:
        """Answer within `answer_within_seconds`, the last part of it kept for a local answer."""
        self._remote, self._budget = remote, budget
        self._classifier, self._history, self._places = classifier, history, places
        self._clock, self._default_prompt = clock, default_prompt
        self._times = answer_within_seconds, local_answer_seconds

    def describe(self, user_id: str, question: Question) -> DescribeResponse:
        """Answer a question about a photo or about a prediction: see the two below."""
        if question.photo is not None:
            return self.describe_photo(user_id, question.photo, question.prompt)
        return self.describe_prediction(user_id, question.prediction_id or "", question.prompt)

    def describe_photo(self, user_id: str, photo: Photo, prompt: str | None) -> DescribeResponse:
        """Describe a photo.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.
            AccountNotFound: the user is gone.
            Unavailable: neither a model nor our own classifier could be asked.

        """
        deadline = Deadline(self._clock, *self._times)
        try:
            answer = self._remote.describe(user_id, photo, prompt or self._default_prompt, deadline)
        except NotDescribedError as refusal:
            reason = refusal.reason
        else:
            return self._answer_remotely(answer, user_id, deadline)
        prediction = self._classifier.classify(photo.shrunk, photo.sha256, deadline.left_seconds)
        return self._answer_locally(prediction, reason, user_id, deadline)

    def describe_prediction(
        self, user_id: str, prediction_id: str, prompt: str | None
    ) -> DescribeResponse:
        """Describe what a prediction was made of: its photo is not kept, so no model is asked.

        Raises:
            PredictionNotFound: the user has none with this id.
            Unavailable: the table is throttling or out of reach.

        """
        deadline = Deadline(self._clock, *self._times)
        prediction = self._history.get(user_id, prediction_id)
        answer = self._remote.recall(prediction["image_sha256"], prompt or self._default_prompt)
        if answer:
            return self._answer_remotely(answer, user_id, deadline)
        return self._answer_locally(prediction, Reason.PHOTO_NOT_KEPT, user_id, deadline)

    def _answer_remotely(
        self, answer: RemoteAnswer, user_id: str, deadline: Deadline
    ) -> DescribeResponse:
        logger.info("described", extra={"source": "llava", "cached": answer.cached})
        return DescribeResponse(
            description=answer.text,
            source="llava",
            model=answer.model,
            cached=answer.cached,
            reason=None,
            quota=self._look_up_quota(user_id, deadline),
        )

    def _answer_locally(
        self, prediction: Mapping[str, Any], reason: Reason, user_id: str, deadline: Deadline
    ) -> DescribeResponse:
        logger.info("described", extra={"source": "local", "reason": reason.value})
        storage_busy = reason == Reason.STORAGE_BUSY
        return DescribeResponse(
            description=describe_prediction(prediction, self._places),
            source="local",
            model=prediction["model_version"],
            cached=False,
            reason=reason,
            quota=(
                self._budget.unknown() if storage_busy else self._look_up_quota(user_id, deadline)
            ),
        )

    def _look_up_quota(self, user_id: str, deadline: Deadline) -> Quota:
        if deadline.left_seconds < QUOTA_SECONDS:
            return self._budget.unknown()
        try:
            return self._budget.left(user_id)
        except Unavailable:
            return self._budget.unknown()
