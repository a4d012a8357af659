"""Feedback on predictions, and the labels for training that it gives.

Where feedback says what a photo shows, its prediction gets a `label`, by which an index finds it
(`LABELS_INDEX`); a prediction without one is not in the index. The index is given what training
needs and no more: no comment.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# The index: its name, its keys, and what it holds beside them.
LABELS_INDEX = "labels"
LABEL, LABELLED_AT = "label", "labelled_at"
LABEL_FACTS = ("image_sha256", "label_name", "label_correct", "label_predicted", "model_version")


@dataclass(frozen=True)
class Feedback:
    """What a user says to a prediction. `landmark` is the right one, in the user's words."""

    correct: bool
    landmark: str | None
    comment: str | None
    given_at: str


def label(prediction: Mapping[str, Any], feedback: Feedback) -> dict[str, str | bool | None]:
    """Return a stored prediction's attributes for the index, all None where nothing is named.

    `label` is the id of the landmark if the prediction has it among its candidates, and else the
    user's own words in one spelling: whoever trains has the catalogue to look them up in.
    """
    ranked = prediction["predictions"]
    # What is null is not stored.
    predicted = ranked[0] if prediction.get("landmark") is not None else None
    shown, name = None, None
    if feedback.correct and predicted:
        shown, name = predicted["landmark_id"], predicted["landmark"]
    elif feedback.landmark is not None:
        name = feedback.landmark
        # DynamoDB takes no empty text for an index's key.
        shown = fold(name) or None
        for one in ranked:
            if shown in {fold(one["landmark_id"]), fold(one["landmark"])}:
                shown, name = one["landmark_id"], one["landmark"]
                break
    known = shown is not None
    return {
        LABEL: shown,
        LABELLED_AT: feedback.given_at if known else None,
        "label_name": name if known else None,
        "label_correct": feedback.correct if known else None,
        "label_predicted": predicted["landmark_id"] if known and predicted else None,
    }


def fold(name: str) -> str:
    """Return the form in which names that people type are compared and gathered."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
