"""Feedback gets into the index of labels, and out of it as training labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifier.classes import read_catalogue
from classifier.feedback_labels import read_labels, settle
from common.predictions import Predictions
from common.ulids import new_ulid
from tests.contracts.account_contract import SEEN, new_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.table import DynamoTable


def test_feedback_that_names_a_landmark_can_be_exported(
    table: DynamoTable, make_client: Callable[[str], Any]
) -> None:
    dynamodb, predictions = make_client("dynamodb"), Predictions(table)
    photos = [new_ulid() for _ in range(4)]
    user_id = new_user(table).user_id
    ids = predictions.add_all(user_id, [{**SEEN, "image_sha256": photo} for photo in photos])
    says = predictions.give_feedback
    says(user_id, ids[0], correct=True, landmark=None, comment="private")
    says(user_id, ids[1], correct=False, landmark="arles amphitheatre", comment=None)
    says(user_id, ids[2], correct=False, landmark=None, comment=None)
    says(user_id, ids[3], correct=False, landmark="Nowhere", comment=None)
    predictions.delete(user_id, ids[3])

    found = [one for one in read_labels(dynamodb, table._name) if one.image_sha256 in photos]
    assert {one.image_sha256: one.landmark for one in found} == {
        photos[0]: "Colosseum",
        photos[1]: "Arles Amphitheatre",
    }
    assert "private" not in repr(found)
    rows, _ = settle(found, read_catalogue())
    assert {row["image_sha256"]: row["correct"] for row in rows} == {
        photos[0]: "true",
        photos[1]: "false",
    }
    asked = [one.image_sha256 for one in read_labels(dynamodb, table._name, "colosseum")]
    assert photos[0] in asked
    assert photos[1] not in asked
