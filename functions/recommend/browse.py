"""Lists of landmarks: by name, country, category, or distance from a point; in pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from common.errors import FieldError, InvalidFields, LandmarkNotFound
from recommend.earth import distances_km, unit_vectors
from recommend.models import LandmarkResponse, LandmarksResponse, ListedLandmark
from recommend.names import fold, name_key

if TYPE_CHECKING:
    from common.cursors import Cursors
    from recommend.catalogue import Catalogue, Landmark
    from recommend.models import LandmarksQuery

_DISTANCE_DECIMALS = 2


class Browser:
    """Lists and shows landmarks."""

    def __init__(self, catalogue: Catalogue, cursors: Cursors) -> None:
        """Browse `catalogue`, in pages that `cursors` lead through."""
        self._catalogue, self._cursors = catalogue, cursors
        self._categories = {name for place in catalogue.landmarks for name in place.categories}

    @cached_property
    def _searchable(self) -> list[_Searchable]:
        """Folded once, by the first search: that takes forty times as long as searching."""
        return [_fold_names(place) for place in self._catalogue.landmarks]

    def show(self, landmark_id: str) -> LandmarkResponse:
        """Return one landmark.

        Raises:
            LandmarkNotFound: none has this id; names are not looked up.

        """
        position = self._catalogue.positions.get(landmark_id)
        if position is None:
            raise LandmarkNotFound
        return LandmarkResponse(**_fields(self._catalogue.landmarks[position]))

    def page(self, query: LandmarksQuery) -> LandmarksResponse:
        """Return a page: nearest first with `near`, best match first with `q`, else best known.

        Raises:
            InvalidFields: there is no such category, or the cursor is of another list.

        """
        if query.category is not None and query.category not in self._categories:
            known = ", ".join(sorted(self._categories))
            message = f"There is no such category. There are: {known}."
            raise InvalidFields([FieldError("category", message)])
        list_of = ("landmarks", query.q, query.country, query.category, query.near)
        start = int(self._cursors.open(query.cursor, *list_of)) if query.cursor else 0
        found = self._find(query)
        apart_km: list[float | None] = [None] * len(found)
        if query.point is not None:
            found, apart_km = self._sort_by_distance(found, query.point)
        end = start + query.limit
        return LandmarksResponse(
            landmarks=[
                ListedLandmark(**_fields(self._catalogue.landmarks[position]), distance_km=km)
                for position, km in zip(found[start:end], apart_km[start:end], strict=True)
            ],
            total=len(found),
            cursor=self._cursors.seal(str(end), *list_of) if end < len(found) else None,
        )

    def _find(self, query: LandmarksQuery) -> list[int]:
        """Return the positions of what fits, best match first, then best known."""
        wanted = _Wanted.of(query.q) if query.q else None
        ranked = []
        for position, place in enumerate(self._catalogue.landmarks):
            if query.country and place.country != query.country:
                continue
            if query.category and query.category not in place.categories:
                continue
            match = _match(self._searchable[position], wanted) if wanted else 0
            if match is not None:
                ranked.append((match, -place.popularity, position))
        return [position for _, _, position in sorted(ranked)]

    def _sort_by_distance(
        self, found: list[int], near: tuple[float, float]
    ) -> tuple[list[int], list[float | None]]:
        """Return `found` with the nearest first, and how far each is in km."""
        latitude, longitude = near
        point = unit_vectors(np.array([latitude]), np.array([longitude]))
        apart_km, _ = distances_km(self._catalogue.directions[found], point)
        order = np.argsort(apart_km, kind="stable")
        return (
            [found[at] for at in order],
            [round(float(apart_km[at]), _DISTANCE_DECIMALS) for at in order],
        )


@dataclass(frozen=True, slots=True)
class _Searchable:
    """A landmark's names and city as they are compared; a space before each word."""

    names: tuple[str, ...]
    keys: frozenset[str]
    city: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for, in the same form."""

    name: str
    key: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Wanted:
        """Fold what was typed."""
        folded = fold(text)
        return cls(f" {folded}", name_key(text), tuple(f" {word}" for word in folded.split()))


def _fold_names(place: Landmark) -> _Searchable:
    names = (place.name, *place.aliases)
    return _Searchable(
        tuple(f" {fold(name)}" for name in names),
        frozenset(name_key(name) for name in names),
        f" {fold(place.city)}",
    )


def _match(place: _Searchable, wanted: _Wanted) -> int | None:
    """Return 0 for a name, 1 for the start of one, 2 for its words, 3 for the city; else None."""
    if wanted.key in place.keys:
        return 0
    if any(name.startswith(wanted.name) for name in place.names):
        return 1
    if any(all(word in name for word in wanted.words) for name in place.names):
        return 2
    if all(word in place.city for word in wanted.words):
        return 3
    return None


def _fields(place: Landmark) -> dict[str, Any]:
    return {
        "landmark_id": place.landmark_id,
        "landmark": place.name,
        "aliases": list(place.aliases),
        "country": place.country,
        "city": place.city,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "categories": list(place.categories),
        "unesco": place.unesco,
        "popularity": place.popularity,
        "description": place.description,
    }
