"""Fit the temperature, the evidence weights and the thresholds on the `tune` split.

The score answers "does this photo show the landmark that the network names?". Its negatives are
photos of places that are no class, photos named wrongly, and photos whose own class is taken away
(its logit and its references left out), so that what remains is a guess on an unknown place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from predict.recognition import sigmoid, weigh_evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.outputs import Outputs
    from predict.bundle import Bundle

RECOGNISED_TARGET = 0.74
"""Share of known `tune` photos recognised. They are harder than those of `test`, of which 81 % are;
and they are four times as many as the unknown ones, whose quantiles jump from photo to photo."""
HIGH_PRECISION_TARGET = 0.995


def fit_temperature(logits: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    """Return the temperature with the least log-loss (Guo 2017)."""

    def loss(log_temperature: float) -> float:
        scaled = logits.astype(np.float64) / np.exp(log_temperature)
        chosen = scaled[np.arange(len(classes)), classes]
        return float((np.logaddexp.reduce(scaled, axis=1) - chosen).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def evidence_of(outputs: Outputs, bundle: Bundle) -> NDArray[np.float64]:
    """Return evidence `(n, 3)` for each photo."""
    pairs = zip(outputs.logits, outputs.features, strict=True)
    return np.array([weigh_evidence(logits, features, bundle) for logits, features in pairs])


def evidence_without_own_class(
    outputs: Outputs, classes: NDArray[np.int64], bundle: Bundle
) -> NDArray[np.float64]:
    """Return evidence `(n, 3)` as it would be if each photo's class had never been taught."""
    rows = []
    for logits, features, own in zip(outputs.logits, outputs.features, classes, strict=True):
        kept = bundle.reference_classes != own
        renumbered = bundle.reference_classes[kept]
        without = replace(
            bundle,
            references=bundle.references[kept],
            reference_classes=renumbered - (renumbered > own),
        )
        rows.append(weigh_evidence(np.delete(logits, own), features, without))
    return np.array(rows)


def calibrate(
    known: Outputs, classes: NDArray[np.int64], unknown: Outputs, bundle: Bundle
) -> dict[str, Any]:
    """Return the `calibration` part of `config.json`."""
    right = known.logits.argmax(axis=1) == classes
    evidence = evidence_of(known, bundle)
    unknown_evidence = evidence_of(unknown, bundle)
    robbed = evidence_without_own_class(known, classes, bundle)
    rows = np.concatenate([evidence, unknown_evidence, robbed])
    truth = np.concatenate([right, np.zeros(len(unknown_evidence) + len(robbed), dtype=bool)])
    weights = np.ones(len(rows))
    weights[len(evidence) :] = right.sum() / (len(unknown_evidence) + len(robbed))
    scale = rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000).fit(rows / scale, truth, weights)
    coefficients = model.coef_[0] / scale
    bias = float(model.intercept_[0])

    def scores(evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([sigmoid(float(row @ coefficients) + bias) for row in evidence])

    accepted, refused = scores(evidence), scores(unknown_evidence)
    recognised_from = float(np.quantile(accepted, 1 - RECOGNISED_TARGET))
    high_from = max(
        recognised_from,
        float(refused.max()),
        _precise_from(accepted, right, HIGH_PRECISION_TARGET),
    )
    return {
        "temperature": fit_temperature(known.logits, classes),
        "evidence_weights": coefficients.tolist(),
        "evidence_bias": bias,
        "recognised_from": recognised_from,
        "high_from": high_from,
    }


def _precise_from(scores: NDArray[np.float64], right: NDArray[np.bool_], target: float) -> float:
    """Return the least score from which on at least `target` of the answers are right."""
    order = np.argsort(-scores)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= target)
    return float(scores[order[enough[-1]]]) if len(enough) else 1.0
