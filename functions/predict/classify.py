"""From the bytes of a photo to what there is to say of it, without who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from common.images import decode_upright
from common.observability import Metric, measure, trace
from common.prediction_models import RankedLandmark, SceneTag
from common.predictions import Answer
from predict.clock import Stopwatch
from predict.embedders import NoVectors, Sight
from predict.models import MAX_TOP_K
from predict.recognition import judge, softmax, tag_scene
from predict.squeezing import squeeze

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from predict.bundle import Bundle
    from predict.embedders import Embedder
    from predict.network import Network

# Four decimals tell apart what a caller may want to tell apart.
CONFIDENCE_DECIMALS = 4
# How much larger than what the network sees a photo is decoded, at least. With less, fewer photos
# are recognised; more makes no difference (docs/performance.md, `benchmarks/predict_decoding.py`).
ENOUGH = 1.5
# Counts the forms that `Answer.facts` has had: what was remembered in another is not read.
ANSWER_FORM = 1


class Classifier:
    """The network and what its outputs mean."""

    def __init__(self, bundle: Bundle, network: Network, embedder: Embedder | None = None) -> None:
        """Serve `bundle` by `network`; photos get their vectors from `embedder`, if any."""
        self._bundle, self._network = bundle, network
        self._embedder = embedder or NoVectors()

    @property
    def version(self) -> str:
        """Changes with whatever would make the answer to a photo another."""
        return f"{self._bundle.model_version}+{ANSWER_FORM}+{self._embedder.version}"

    def classify(self, photo: bytes) -> Answer:
        """Return the answer for a photo, with `MAX_TOP_K` landmarks.

        Raises:
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.

        """
        bundle = self._bundle
        stopwatch = Stopwatch()
        image = decode(photo, bundle.px)
        pixels = squeeze(image, bundle.px)
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
        facts = {
            "landmark": predictions[0]["landmark"] if verdict.recognised else None,
            "recognised": verdict.recognised,
            "confidence_level": verdict.confidence_level,
            "predictions": predictions,
            "scene": scene,
            "model_version": bundle.model_version,
        }
        sight = Sight(
            image,
            # Every label's, not only the tags': many faint impressions make one of a place.
            scene=softmax(scene_logits[0]) if bundle.scene_labels else np.zeros(0),
            classes=softmax(logits[0] / bundle.calibration.temperature),
            recognised=verdict.recognised,
        )
        with trace("embed"):
            return Answer(facts, self._embedder.embed(sight))


def prepare(photo: bytes, px: int) -> NDArray[np.uint8]:
    """Decode a photo to what the network sees of it, `(px, px, 3)` uint8."""
    return squeeze(decode(photo, px), px)


def decode(photo: bytes, px: int) -> Image.Image:
    """Decode a photo, upright, to `ENOUGH` times `px` on either side if it has as much."""
    with trace("decode"):
        return decode_upright(photo, enough_px=round(ENOUGH * px))
