"""From the bytes of a photo to what there is to say of it, without who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from common.images import decode_upright
from common.observability import Metric, measure, trace
from common.prediction_models import RankedLandmark, SceneTag
from common.predictions import Answer
from predict.clock import Stopwatch
from predict.models import MAX_TOP_K
from predict.recognition import judge, tag_scene

if TYPE_CHECKING:
    from predict.bundle import Bundle
    from predict.network import Network

# Four decimals tell apart what a caller may want to tell apart.
CONFIDENCE_DECIMALS = 4
# Counts the forms that `Answer.facts` has had: what was remembered in another is not read.
ANSWER_FORM = 1


class Classifier:
    """The network and what its outputs mean."""

    def __init__(self, bundle: Bundle, network: Network) -> None:
        """Serve `bundle` by `network`."""
        self._bundle, self._network = bundle, network

    @property
    def version(self) -> str:
        """Changes with whatever would make the answer to a photo another."""
        return f"{self._bundle.model_version}+{ANSWER_FORM}"

    def classify(self, photo: bytes) -> Answer:
        """Return the answer for a photo, with `MAX_TOP_K` landmarks.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.

        """
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
        return Answer(
            {
                "landmark": predictions[0]["landmark"] if verdict.recognised else None,
                "recognised": verdict.recognised,
                "confidence_level": verdict.confidence_level,
                "predictions": predictions,
                "scene": scene,
                "model_version": bundle.model_version,
            }
        )


def prepare(photo: bytes, px: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Decode a photo to `(px, px, 3)` uint8: the whole picture, upright, squeezed to a square."""
    with trace("decode"):
        image = decode_upright(photo, enough_px=2 * px)
        # A copy: PyTorch takes arrays that it may write to.
        return np.array(image.resize((px, px), Image.Resampling.BICUBIC), dtype=np.uint8)
