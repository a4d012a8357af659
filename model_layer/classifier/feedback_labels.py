"""Export users' feedback as labels for training.

    python -m classifier.feedback_labels --table NAME --out labels.csv [--landmark ID]

Reads the table's index of labels with the caller's own credentials (on the local cloud:
`AWS_ENDPOINT_URL`). Nothing says who gave a label, and comments are not in the index.

Photos are not stored by the service: a label names its photo by the SHA-256 of the file, and is of
use to whoever has the photo. One line a photo, with the columns of `COLUMNS`. Users of one photo
may disagree: each has one vote, the last one, the majority decides, and without one the photo is
left out.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from catalogue_build.names import fold_name
from classifier.classes import read_catalogue
from common.labels import LABEL, LABELLED_AT, LABELS_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

COLUMNS = (
    "image_sha256",
    # Of the catalogue; empty where it does not know the name.
    "landmark_id",
    "landmark",
    # Whether the classifier had said so.
    "correct",
    "predicted_landmark_id",
    "model_version",
    "votes",
    "votes_against",
    "labelled_at",
)


@dataclass(frozen=True)
class Label:
    """What one user says that one photo shows. `voter` serves to count votes, and stays here."""

    image_sha256: str
    landmark: str
    voter: str
    predicted_landmark_id: str
    model_version: str
    labelled_at: str


def read_labels(dynamodb: Any, table: str, landmark: str | None = None) -> Iterator[Label]:  # noqa: ANN401 - boto3's client
    """Read the index of labels, of one landmark or whole; `dynamodb` is a low-level client."""
    arguments: dict[str, Any] = {"TableName": table, "IndexName": LABELS_INDEX}
    if landmark is not None:
        arguments |= {
            "KeyConditionExpression": "#label = :landmark",
            "ExpressionAttributeNames": {"#label": LABEL},
            "ExpressionAttributeValues": {":landmark": {"S": landmark}},
        }
    pages = dynamodb.get_paginator("scan" if landmark is None else "query").paginate(**arguments)
    for page in pages:
        for item in page["Items"]:
            text = {name: value.get("S", "") for name, value in item.items()}
            yield Label(
                image_sha256=text["image_sha256"],
                landmark=text["label_name"],
                voter=text["PK"],
                predicted_landmark_id=text.get("label_predicted", ""),
                model_version=text["model_version"],
                labelled_at=text[LABELLED_AT],
            )


def settle(
    labels: Iterable[Label], catalogue: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    """Return one row for each photo that most of its users name alike, and how many they do not."""
    ids = {
        fold_name(name): str(entry["id"])
        for entry in catalogue
        for name in (entry["id"], entry["name"], *entry["aliases"])
    }
    names = {str(entry["id"]): str(entry["name"]) for entry in catalogue}
    rows: list[dict[str, Any]] = []
    by_photo = _votes_by_photo(labels)
    for photo, votes in sorted(by_photo.items()):
        folded = [fold_name(vote.landmark) for vote in votes]
        (winner, count), *others = Counter(ids.get(name, name) for name in folded).most_common(2)
        if others and others[0][1] == count:
            continue
        latest = max(votes, key=lambda vote: vote.labelled_at)
        row = (
            photo,
            winner if winner in names else "",
            names.get(winner, winner),
            str(winner == latest.predicted_landmark_id).lower(),
            latest.predicted_landmark_id,
            latest.model_version,
            count,
            len(votes) - count,
            latest.labelled_at,
        )
        rows.append(dict(zip(COLUMNS, row, strict=True)))
    return rows, len(by_photo) - len(rows)


def _votes_by_photo(labels: Iterable[Label]) -> dict[str, list[Label]]:
    """Return the last label of every user of every photo."""
    last = {
        (label.image_sha256, label.voter): label
        for label in sorted(labels, key=lambda label: label.labelled_at)
    }
    by_photo: dict[str, list[Label]] = {}
    for label in last.values():
        by_photo.setdefault(label.image_sha256, []).append(label)
    return by_photo


def main() -> None:
    """Write the labels as CSV, and say on standard error what they are worth."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--table", required=True, help="the deployed table: output TableName")
    parser.add_argument("--out", required=True, type=Path, help="the CSV file to write")
    parser.add_argument("--landmark", help="only what was labelled with this landmark id")
    arguments = parser.parse_args()
    labels = read_labels(boto3.client("dynamodb"), arguments.table, arguments.landmark)
    rows, undecided = settle(labels, read_catalogue())
    with arguments.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    unknown = sum(not row["landmark_id"] for row in rows)
    told = (
        f"{len(rows)} photos, {unknown} of them with names that the catalogue does not know; "
        f"{undecided} left out because their users disagree"
    )
    print(told, file=sys.stderr)  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
