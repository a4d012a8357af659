"""The verdict: which landmark, how sure, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classifier.bundle_files import PROBABILITY_ALONE
from predict.recognition import judge, sigmoid, softmax, tag_scene, weigh_evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predict.bundle import Bundle

SURE = np.array([9.0, 0.0, -1.0], np.float32)
TORN = np.array([1.0, 0.9, 0.8], np.float32)


def direction(bundle: Bundle, index: int) -> NDArray[np.float32]:
    unit = np.zeros(bundle.projection.shape[0], np.float32)
    unit[index] = 1.0
    return unit


def test_a_clear_photo_of_a_class_is_recognised_with_high_confidence(bundle: Bundle) -> None:
    verdict = judge(SURE, direction(bundle, 0), bundle, top_k=2)
    assert verdict.recognised
    assert verdict.confidence_level == "high"
    assert [index for index, _ in verdict.ranked] == [0, 1]


def test_a_photo_between_classes_is_not_recognised(bundle: Bundle) -> None:
    verdict = judge(TORN, -direction(bundle, 0), bundle, top_k=3)
    assert not verdict.recognised
    assert verdict.confidence_level == "low"
    assert len(verdict.ranked) == 3


def test_likeness_to_the_photos_of_the_class_raises_the_score(bundle: Bundle) -> None:
    alike = judge(TORN, direction(bundle, 0), bundle, top_k=1)
    unlike = judge(TORN, direction(bundle, 1), bundle, top_k=1)
    assert alike.score > unlike.score


def test_evidence_is_what_its_names_say(bundle: Bundle) -> None:
    log_probability, cosine, advantage = weigh_evidence(SURE, direction(bundle, 0), bundle)
    assert log_probability == pytest.approx(np.log(softmax(SURE)[0]))
    assert cosine == pytest.approx(1.0, abs=1e-3)
    assert advantage == pytest.approx(1.0, abs=1e-3)


def test_a_bundle_without_references_judges_by_the_probability(bundle: Bundle) -> None:
    bare = replace(
        bundle,
        references=np.zeros((0, 3), np.float32),
        reference_classes=np.zeros(0, np.int64),
        calibration=replace(
            bundle.calibration,
            evidence_weights=tuple(PROBABILITY_ALONE["evidence_weights"]),
            evidence_bias=PROBABILITY_ALONE["evidence_bias"],
        ),
    )
    assert judge(SURE, direction(bundle, 0), bare, top_k=1).recognised
    assert not judge(TORN, direction(bundle, 0), bare, top_k=1).recognised


def test_temperature_changes_confidence_and_never_the_order(bundle: Bundle) -> None:
    hot = replace(bundle, calibration=replace(bundle.calibration, temperature=4.0))
    plain, soft = (judge(SURE, direction(bundle, 0), b, top_k=3) for b in (bundle, hot))
    assert [i for i, _ in plain.ranked] == [i for i, _ in soft.ranked]
    assert soft.ranked[0][1] < plain.ranked[0][1]


@given(arrays(np.float32, 12, elements=st.floats(-80, 80, width=32)))
def test_probabilities_sum_to_one_whatever_the_logits(logits: NDArray[np.float32]) -> None:
    probabilities = softmax(logits)
    assert probabilities.sum() == pytest.approx(1.0)
    assert (probabilities >= 0).all()


@given(st.floats(-1e6, 1e6))
def test_the_logistic_function_stays_within_bounds(value: float) -> None:
    assert 0.0 <= sigmoid(value) <= 1.0
    assert sigmoid(-value) == pytest.approx(1.0 - sigmoid(value))


def test_scene_tags_come_most_likely_first_and_never_empty() -> None:
    labels = [f"thing {i}" for i in range(1000)]
    logits = np.zeros(1000, np.float32)
    assert len(tag_scene(logits, labels)) == 1
    logits[[4, 8]] = [9.0, 8.5]
    assert [label for label, _ in tag_scene(logits, labels)] == ["thing 4", "thing 8"]
    assert tag_scene(np.zeros(0, np.float32), []) == ()
