"""The rule of `predict`: photo in, answer out, remembered by image and kept for the user."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from common.errors import Unavailable
from common.images import decode_upright
from common.observability import Metric, count, logger, measure, trace
from common.prediction_models import RankedLandmark, SceneTag
from predict.clock import Stopwatch
from predict.models import MAX_TOP_K, PredictResponse
from predict.recognition import judge, tag_scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from predict.bundle import Bundle
    from predict.network import Network

# Four decimals tell apart what a caller may want to tell apart.
CONFIDENCE_DECIMALS = 4


class History(Protocol):
    """Where a user's predictions are kept (`common.predictions.Predictions`)."""

    def add(self, user_id: str, prediction: Mapping[str, Any]) -> str:
        """Store a prediction and return its id."""
        ...


class Memory(Protocol):
    """What remembers answers by image and model (`common.predictions.PredictionCache`)."""

    def get(self, image_sha256: str, model_version: str) -> dict[str, Any] | None:
        """Return a remembered answer."""
        ...

    def put(self, image_sha256: str, model_version: str, answer: Mapping[str, Any]) -> None:
        """Remember an answer."""
        ...


class Identifier:
    """Names the landmark in photos."""

    def __init__(self, bundle: Bundle, network: Network, history: History, memory: Memory) -> None:
        """Serve `bundle` by `network`."""
        self._bundle, self._network = bundle, network
        self._history, self._memory = history, memory

    def identify(self, user_id: str, photo: bytes, top_k: int) -> PredictResponse:
        """Name the landmark in `photo` and keep the answer in the user's history.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.
            AccountNotFound: the user is gone.
            Unavailable: the history cannot be written.

        """
        stopwatch = Stopwatch()
        image_sha256 = hashlib.sha256(photo).hexdigest()
        answer = self._recall(image_sha256)
        cached = answer is not None
        if answer is None:
            answer = self.classify(photo)
            self._remember(image_sha256, answer)
        shown = {**answer, "predictions": answer["predictions"][:top_k]}
        prediction_id = self._history.add(user_id, {**shown, "image_sha256": image_sha256})
        count(Metric.PREDICTIONS)
        if answer["recognised"]:
            count(Metric.PREDICTIONS_RECOGNISED)
        return PredictResponse(
            **shown,
            prediction_id=prediction_id,
            cached=cached,
            latency_ms=round(stopwatch.milliseconds, 1),
        )

    def glance(self, copy: bytes, image_sha256: str) -> dict[str, Any]:
        """Return the answer for a photo, without keeping it in anybody's history.

        What was answered to the photo itself, named by `image_sha256`, is answered again. Else
        `copy` is classified: it may be smaller, so that the answer is not remembered.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the copy cannot be used.

        """
        return self._recall(image_sha256) or self.classify(copy)

    def classify(self, photo: bytes) -> dict[str, Any]:
        """Return the answer for a photo, without who asked, with `MAX_TOP_K` landmarks."""
        bundle = self._bundle
        stopwatch = Stopwatch()
        pixels = prepare(photo, bundle.px)
        with trace("network"):
            logits, scene_logits, features = self._network.run(pixels[None])
        measure(Metric.INFERENCE_MILLISECONDS, stopwatch.milliseconds)
        verdict = judge(logits[0], features[0], bundle, MAX_TOP_K)
        predictions = [
            RankedLandmark(
                landmark_id=bundle.classes[index].landmark_id,
                landmark=bundle.classes[index].name,
                confidence=round(probability, CONFIDENCE_DECIMALS),
                country=bundle.classes[index].country,
                city=bundle.classes[index].city,
                latitude=bundle.classes[index].latitude,
                longitude=bundle.classes[index].longitude,
            ).model_dump()
            for index, probability in verdict.ranked
        ]
        scene = [
            SceneTag(label=label, confidence=round(confidence, CONFIDENCE_DECIMALS)).model_dump()
            for label, confidence in tag_scene(scene_logits[0], bundle.scene_labels)
        ]
        return {
            "landmark": predictions[0]["landmark"] if verdict.recognised else None,
            "recognised": verdict.recognised,
            "confidence_level": verdict.confidence_level,
            "predictions": predictions,
            "scene": scene,
            "model_version": bundle.model_version,
        }

    def _recall(self, image_sha256: str) -> dict[str, Any] | None:
        try:
            return self._memory.get(image_sha256, self._bundle.model_version)
        except Unavailable:
            logger.warning("prediction cache not read")
            return None

    def _remember(self, image_sha256: str, answer: Mapping[str, Any]) -> None:
        try:
            self._memory.put(image_sha256, self._bundle.model_version, answer)
        except Unavailable:
            logger.warning("prediction cache not written")


def prepare(photo: bytes, px: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Decode a photo to `(px, px, 3)` uint8: the whole picture, upright, squeezed to a square."""
    with trace("decode"):
        image = decode_upright(photo, enough_px=2 * px)
        # A copy: PyTorch takes arrays that it may write to.
        return np.array(image.resize((px, px), Image.Resampling.BICUBIC), dtype=np.uint8)
