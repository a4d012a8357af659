"""From the network's raw outputs to a verdict: which landmark, how sure, or none that we know.

Pure functions on arrays. A softmax alone names something for every photo, so the verdict weighs
three pieces of evidence, fitted on photos of known and unknown places by `classifier.calibrate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from predict.bundle import Bundle, Calibration

ConfidenceLevel = Literal["high", "medium", "low"]

EVIDENCE = ("log_probability", "class_cosine", "cosine_advantage")
SCENE_TAGS = 5
SCENE_MIN_CONFIDENCE = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ranked` pairs class index and calibrated probability, most likely first."""

    recognised: bool
    confidence_level: ConfidenceLevel
    score: float
    ranked: tuple[tuple[int, float], ...]


def judge(
    logits: NDArray[np.float32], features: NDArray[np.float32], bundle: Bundle, top_k: int
) -> Verdict:
    """Judge one photo from its landmark logits `(classes,)` and pooled features `(d,)`."""
    calibration = bundle.calibration
    probabilities = softmax(logits / calibration.temperature)
    order = np.argsort(-probabilities, kind="stable")[:top_k]
    score = score_evidence(weigh_evidence(logits, features, bundle), calibration)
    return Verdict(
        recognised=score >= calibration.recognised_from,
        confidence_level=_level(score, calibration.recognised_from, calibration.high_from),
        score=score,
        ranked=tuple((int(index), float(probabilities[index])) for index in order),
    )


def weigh_evidence(
    logits: NDArray[np.float32], features: NDArray[np.float32], bundle: Bundle
) -> NDArray[np.float64]:
    """Return the evidence `(3,)`, named in `EVIDENCE`, for the most likely class.

    Its log-probability; the cosine to the nearest training photo of that class; and by how much
    that exceeds the cosine to the nearest photo of any other class.
    """
    claimed = int(np.argmax(logits))
    log_probability = float(logits[claimed] - np.logaddexp.reduce(logits.astype(np.float64)))
    direction = features.astype(np.float32) @ bundle.projection
    cosines = bundle.references @ (direction / max(float(np.linalg.norm(direction)), 1e-12))
    own = bundle.reference_classes == claimed
    closest_own = float(cosines[own].max(initial=-1.0))
    closest_other = float(cosines[~own].max(initial=-1.0))
    return np.array([log_probability, closest_own, closest_own - closest_other])


def score_evidence(evidence: NDArray[np.float64], calibration: Calibration) -> float:
    """Return the score, 0 to 1, that evidence `(3,)` gives."""
    weighed = np.asarray(calibration.evidence_weights) @ evidence
    return sigmoid(float(weighed) + calibration.evidence_bias)


def tag_scene(
    scene_logits: NDArray[np.float32], labels: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Return the scene's labels with their probability, most likely first; none without labels."""
    if not labels:
        return ()
    probabilities = softmax(scene_logits)
    order = np.argsort(-probabilities, kind="stable")[:SCENE_TAGS]
    likely = [(labels[i], float(probabilities[i])) for i in order]
    return tuple(tag for tag in likely if tag[1] >= SCENE_MIN_CONFIDENCE) or (likely[0],)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return probabilities of the same shape as `logits` `(n,)`."""
    shifted = np.exp(logits.astype(np.float64) - float(logits.max()))
    return np.asarray(shifted / shifted.sum(), dtype=np.float64)


def sigmoid(value: float) -> float:
    """Return the logistic function of `value`, without overflow."""
    return float(0.5 * (1.0 + np.tanh(value / 2.0)))


def _level(score: float, recognised_from: float, high_from: float) -> ConfidenceLevel:
    if score >= high_from:
        return "high"
    return "medium" if score >= recognised_from else "low"
