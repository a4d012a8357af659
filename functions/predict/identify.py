"""The rule of `predict`: photos in, answers out, remembered by image and kept for the user."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from common.errors import Unavailable
from common.observability import Metric, count, logger
from predict.answers import Answers, hash_image
from predict.clock import Deadline, Stopwatch
from predict.models import PredictResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from common.predictions import Answer
    from predict.answers import Memory
    from predict.classify import Classifier
    from predict.intake import Source

# What the end of an answer takes at worst. Writing to the history: two attempts of 1 + 1 s and the
# pause between them.
STORING_SECONDS = 6.0
# One photo, once its bytes are here: a table that is slow to say that it does not remember it, and
# the most there is to decode (50 megapixels, partly transparent: 1.5 s of one core).
PHOTO_SECONDS = 8.0
# An upload; see `common.uploads` for how long one takes.
LOADING_SECONDS = 8.0


class TimeIsUp(Unavailable):
    """The other images of the request took all the time there is for an answer."""

    detail = "There was no time left for this image. Send it again, with fewer others."


class History(Protocol):
    """Where users' predictions are kept (`common.predictions.Predictions`)."""

    def add_all(self, user_id: str, predictions: Sequence[Mapping[str, Any]]) -> list[str]:
        """Store predictions, all or none, and return their ids."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """The answer to one photo, and what it took."""

    image_sha256: str
    answer: Answer
    cached: bool
    milliseconds: float

    def shown(self, top_k: int) -> dict[str, Any]:
        facts = self.answer.facts
        return {**facts, "predictions": facts["predictions"][:top_k]}

    def kept(self, top_k: int) -> dict[str, Any]:
        vector = self.answer.vector
        kept = {**self.shown(top_k), "image_sha256": self.image_sha256}
        return kept | (vector.attributes() if vector else {})


class Identifier:
    """Names the landmark in photos."""

    def __init__(
        self,
        classifier: Classifier,
        history: History,
        memory: Memory,
        *,
        answer_within_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Answer a request within `answer_within_seconds`."""
        self._classifier, self._history, self._memory = classifier, history, memory
        self._answer_within_seconds, self._clock = answer_within_seconds, clock

    def identify(self, user_id: str, source: Source, top_k: int) -> PredictResponse:
        """Name the landmark in one photo and keep the answer in the user's history.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable, ImageEncodingInvalid, UploadNotFound: the photo cannot be used.
            AccountNotFound: the user is gone.
            Unavailable: the photo cannot be fetched, or the history not be written.

        """
        (outcome,) = self.identify_all(user_id, [source], top_k)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def identify_all(
        self, user_id: str, sources: Sequence[Source], top_k: int
    ) -> list[PredictResponse | Exception]:
        """Name the landmarks in several photos; what goes wrong with one is its outcome.

        Photos for which there is no time left have `TimeIsUp`.

        Raises:
            AccountNotFound: the user is gone.
            Unavailable: the history cannot be written.

        """
        deadline = Deadline(self._answer_within_seconds, self._clock)
        answers = Answers(self._classifier, self._memory)
        outcomes = [self._look_at(source, answers, deadline) for source in sources]
        found = [outcome for outcome in outcomes if isinstance(outcome, _Found)]
        storing = Stopwatch()
        ids = iter(self._history.add_all(user_id, [one.kept(top_k) for one in found]))
        storing_ms = storing.milliseconds
        _record(found)
        while deadline.left_seconds > STORING_SECONDS and answers.remember_next():
            pass
        return [
            outcome
            if isinstance(outcome, Exception)
            else PredictResponse(
                **outcome.shown(top_k),
                prediction_id=next(ids),
                cached=outcome.cached,
                latency_ms=round(outcome.milliseconds + storing_ms, 1),
            )
            for outcome in outcomes
        ]

    def glance(self, copy: bytes, image_sha256: str) -> Answer:
        """Return the answer for a photo, without keeping it in anybody's history.

        What was answered to the photo itself, named by `image_sha256`, is answered again. Else
        `copy` is classified: it may be smaller, so that the answer is not remembered.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the copy cannot be used.

        """
        answers = Answers(self._classifier, self._memory)
        return answers.find(image_sha256) or answers.compute(copy, hash_image(copy))

    def _look_at(self, source: Source, answers: Answers, deadline: Deadline) -> _Found | Exception:
        stopwatch = Stopwatch()
        left_seconds = deadline.left_seconds - PHOTO_SECONDS - STORING_SECONDS
        if left_seconds <= 0:
            return TimeIsUp()
        try:
            photo = source(min(LOADING_SECONDS, left_seconds))
            image_sha256 = hash_image(photo)
            remembered = answers.find(image_sha256)
            answer = remembered or answers.compute(photo, image_sha256)
        except Exception as error:  # noqa: BLE001 - raised or told by whoever asked
            return error
        cached = remembered is not None
        return _Found(image_sha256, answer, cached, stopwatch.milliseconds)


def _record(found: Sequence[_Found]) -> None:
    for one in found:
        facts = one.answer.facts
        count(Metric.PREDICTIONS)
        if facts["recognised"]:
            count(Metric.PREDICTIONS_RECOGNISED)
        logger.info(
            "identified",
            extra={
                "verdict": "recognised" if facts["recognised"] else "unknown",
                "confidence_level": facts["confidence_level"],
                "answered_by": "memory" if one.cached else "network",
                "model_version": facts["model_version"],
                "photo_ms": round(one.milliseconds, 1),
            },
        )
