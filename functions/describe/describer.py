"""The rule of `describe`: by a remote model where one may be asked, by ourselves where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from common.errors import Unavailable
from common.observability import logger
from describe.clock import Deadline
from describe.models import DescribeResponse
from describe.photo import Photo
from describe.reasons import NotDescribedError, Reason
from describe.wording import describe_prediction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from describe.budget import Budget
    from describe.clock import Clock
    from describe.intake import Question
    from describe.models import Quota
    from describe.remote import RemoteAnswer, RemoteDescriptions
    from describe.wording import Places

# With less time left, the quota is not looked up: the answer is worth more.
QUOTA_SECONDS = 1.0
# The largest upload comes within a second or two; more would be missed afterwards.
UPLOAD_SECONDS = 5.0


class History(Protocol):
    """Where a user's predictions are kept (`common.predictions.Predictions`)."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Return a prediction of this user, or raise PredictionNotFound or Unavailable."""
        ...


class Uploads(Protocol):
    """What users have uploaded (`common.uploads.Uploads`)."""

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        """Return an upload of this user, or raise UploadNotFound or Unavailable, in `seconds`."""
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
        uploads: Uploads,
        places: Places,
        clock: Clock,
        default_prompt: str,
        answer_within_seconds: float,
        local_answer_seconds: float,
    ) -> None:
        """Answer within `answer_within_seconds`, the last part of it kept for a local answer."""
        self._remote, self._budget = remote, budget
        self._classifier, self._history, self._uploads = classifier, history, uploads
        self._places = places
        self._clock, self._default_prompt = clock, default_prompt
        self._times = answer_within_seconds, local_answer_seconds

    def describe(self, user_id: str, question: Question) -> DescribeResponse:
        """Answer a question about a photo, an upload or a prediction.

        Of a prediction no photo is kept, so that no model can be asked: it is described as one
        described the same photo before, or by what it says itself.

        Raises:
            UploadNotFound, PredictionNotFound: the user has none of that name.
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.
            AccountNotFound: the user is gone.
            Unavailable: neither a model nor our own classifier could be asked, or what the
                question is about could not be read.

        """
        deadline = Deadline(self._clock, *self._times)
        prompt = question.prompt or self._default_prompt
        if question.prediction_id is not None:
            return self._describe_prediction(user_id, question.prediction_id, prompt, deadline)
        photo = question.photo or self._fetch(user_id, question.upload_key or "", deadline)
        return self._describe_photo(user_id, photo, prompt, deadline)

    def _fetch(self, user_id: str, upload_key: str, deadline: Deadline) -> Photo:
        seconds = min(UPLOAD_SECONDS, deadline.left_seconds)
        return Photo(self._uploads.read(user_id, upload_key, seconds))

    def _describe_photo(
        self, user_id: str, photo: Photo, prompt: str, deadline: Deadline
    ) -> DescribeResponse:
        try:
            answer = self._remote.describe(user_id, photo, prompt, deadline)
        except NotDescribedError as refusal:
            reason = refusal.reason
        else:
            return self._answer_remotely(answer, user_id, deadline)
        prediction = self._classifier.classify(photo.shrunk, photo.sha256, deadline.left_seconds)
        return self._answer_locally(prediction, reason, user_id, deadline)

    def _describe_prediction(
        self, user_id: str, prediction_id: str, prompt: str, deadline: Deadline
    ) -> DescribeResponse:
        prediction = self._history.get(user_id, prediction_id)
        answer = self._remote.recall(prediction["image_sha256"], prompt)
        if answer:
            return self._answer_remotely(answer, user_id, deadline)
        return self._answer_locally(prediction, Reason.PHOTO_NOT_KEPT, user_id, deadline)

    def _answer_remotely(
        self, answer: RemoteAnswer, user_id: str, deadline: Deadline
    ) -> DescribeResponse:
        quota = self._look_up_quota(user_id, deadline)
        source = "remembered" if answer.cached else "remote"
        logger.info("described", extra={"answered_by": source, "reason": "none"})
        return DescribeResponse(
            description=answer.text,
            source="llava",
            model=answer.model,
            cached=answer.cached,
            reason=None,
            quota=quota,
        )

    def _answer_locally(
        self, prediction: Mapping[str, Any], reason: Reason, user_id: str, deadline: Deadline
    ) -> DescribeResponse:
        storage_busy = reason == Reason.STORAGE_BUSY
        quota = self._budget.unknown() if storage_busy else self._look_up_quota(user_id, deadline)
        logger.info("described", extra={"answered_by": "local", "reason": reason.value})
        return DescribeResponse(
            description=describe_prediction(prediction, self._places),
            source="local",
            model=prediction["model_version"],
            cached=False,
            reason=reason,
            quota=quota,
        )

    def _look_up_quota(self, user_id: str, deadline: Deadline) -> Quota:
        if deadline.left_seconds < QUOTA_SECONDS:
            return self._budget.unknown()
        try:
            return self._budget.left(user_id)
        except Unavailable:
            return self._budget.unknown()
