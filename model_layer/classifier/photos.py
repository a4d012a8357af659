"""The photo collection that the classifier learns from.

A collection is a folder with an `index.csv` whose columns are `path, landmark, country, origin,
px`. Photos below `lowres/` are small (96 px); those below `other/` show landmarks that are not
classes and serve to teach and to measure "I don't know".
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Kind = Literal["full", "small", "unknown"]


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of the collection; `path` is relative to the collection's folder."""

    path: str
    landmark: str
    country: str
    origin: str
    kind: Kind


def read_index(folder: Path) -> list[Photo]:
    """Read `folder/index.csv`.

    Raises:
        FileNotFoundError: there is no index.
        ValueError: a column is missing.

    """
    index = folder / "index.csv"
    with index.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = {"path", "landmark", "country", "origin"} - set(rows.fieldnames or ())
        if missing:
            message = f"{index} lacks the columns {sorted(missing)}"
            raise ValueError(message)
        return [
            Photo(row["path"], row["landmark"], row["country"], row["origin"], _kind(row["path"]))
            for row in rows
        ]


def class_names(photos: Iterable[Photo]) -> list[str]:
    """Return the landmarks a classifier can learn, sorted; those of `other/` are left out."""
    return sorted({photo.landmark for photo in photos if photo.kind != "unknown"})


def load(folder: Path, photo: Photo) -> Image.Image:
    """Decode one photo to RGB."""
    with Image.open(folder / photo.path) as image:
        return image.convert("RGB")


def _kind(path: str) -> Kind:
    if path.startswith("lowres/"):
        return "small"
    return "unknown" if path.startswith("other/") else "full"
