"""The catalogue of landmarks, read once and kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from recommend.earth import unit_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAX_POPULARITY = 100


class CatalogueError(Exception):
    """The catalogue is missing or not in the form that this code reads."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """One place: coordinates in degrees, `country` in ISO 3166-1, `popularity` from 1 to 100."""

    landmark_id: str
    name: str
    aliases: tuple[str, ...]
    country: str
    city: str
    latitude: float
    longitude: float
    categories: tuple[str, ...]
    unesco: bool
    popularity: int
    description: str


class Catalogue:
    """All landmarks in the order of the file, which is that of the embeddings' rows."""

    def __init__(self, landmarks: Sequence[Landmark], sha256: str = "") -> None:
        """Hold `landmarks`; `sha256` is of the file they were read from."""
        self.landmarks = tuple(landmarks)
        self.sha256 = sha256
        self.positions = {place.landmark_id: at for at, place in enumerate(self.landmarks)}

    def __len__(self) -> int:
        """Return the number of landmarks."""
        return len(self.landmarks)

    @cached_property
    def directions(self) -> NDArray[np.float64]:
        """Where the landmarks lie, as unit vectors from the centre of the Earth, `(n, 3)`."""
        return unit_vectors(
            np.array([place.latitude for place in self.landmarks], dtype=np.float64),
            np.array([place.longitude for place in self.landmarks], dtype=np.float64),
        )

    @cached_property
    def popularity(self) -> NDArray[np.float32]:
        """Popularity from 0 to 1, `(n,)`."""
        points = np.array([place.popularity for place in self.landmarks], dtype=np.float32)
        return points / np.float32(MAX_POPULARITY)


def read_catalogue(path: Path) -> Catalogue:
    """Read `landmarks_unified.json`.

    Raises:
        CatalogueError: it is missing, or an entry lacks something.

    """
    try:
        data = path.read_bytes()
        landmarks = [
            Landmark(
                landmark_id=entry["id"],
                name=entry["name"],
                aliases=tuple(entry["aliases"]),
                country=entry["country"],
                city=entry["city"],
                latitude=float(entry["latitude"]),
                longitude=float(entry["longitude"]),
                categories=tuple(entry["categories"]),
                unesco=entry["unesco"],
                popularity=entry["popularity"],
                description=entry["description"],
            )
            for entry in json.loads(data)
        ]
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"the catalogue {path} cannot be read: {type(error).__name__}: {error}"
        raise CatalogueError(message) from error
    return Catalogue(landmarks, hashlib.sha256(data).hexdigest())
