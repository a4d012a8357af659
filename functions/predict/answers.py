"""The answers of one request: each photo is looked up or computed once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from common.errors import Unavailable
from common.observability import logger

if TYPE_CHECKING:
    from common.predictions import Answer
    from predict.classify import Classifier


class Memory(Protocol):
    """What remembers answers by image and version (`common.predictions.PredictionCache`)."""

    def get(self, image_sha256: str, version: str) -> Answer | None:
        """Return a remembered answer."""
        ...

    def put(self, image_sha256: str, version: str, answer: Answer) -> None:
        """Remember an answer."""
        ...


class Answers:
    """Answers to photos. A memory that is out of reach is not asked a second time."""

    def __init__(self, classifier: Classifier, memory: Memory) -> None:
        """Begin a request."""
        self._classifier, self._memory = classifier, memory
        self._memory_answers = True
        self._known: dict[str, Answer] = {}
        self._new: dict[str, Answer] = {}

    def find(self, image_sha256: str) -> Answer | None:
        """Return what was answered before to the photo with this hash, if it is remembered."""
        if image_sha256 in self._known:
            return self._known[image_sha256]
        if not self._memory_answers:
            return None
        try:
            answer = self._memory.get(image_sha256, self._classifier.version)
        except Unavailable:
            self._give_up_memory()
            return None
        if answer is not None:
            self._known[image_sha256] = answer
        return answer

    def compute(self, photo: bytes, image_sha256: str) -> Answer:
        """Answer a photo by the network.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: it cannot be used.

        """
        answer = self._classifier.classify(photo)
        self._known[image_sha256] = self._new[image_sha256] = answer
        return answer

    def remember_next(self) -> bool:
        """Remember one answer that this request computed; False when there is no more to do."""
        if not self._new or not self._memory_answers:
            return False
        image_sha256, answer = self._new.popitem()
        try:
            self._memory.put(image_sha256, self._classifier.version, answer)
        except Unavailable:
            self._give_up_memory()
        return True

    def _give_up_memory(self) -> None:
        logger.warning("prediction cache out of reach")
        self._memory_answers = False


def hash_image(photo: bytes) -> str:
    """Return what an image is remembered by."""
    return hashlib.sha256(photo).hexdigest()
