"""Lists of landmarks: by name, country, category, or distance from a point; in pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from common.errors import FieldError, InvalidFields, LandmarkNotFound
from recommend.earth import distances_km, unit_vectors
from recommend.models import LandmarkResponse, LandmarksResponse, ListedLandmark
from recommend.names import fold, name_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recommend.catalogue import Catalogue, Landmark

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_QUERY_CHARACTERS = 200
_COUNTRY_LETTERS = 2
_DISTANCE_DECIMALS = 2


@dataclass(frozen=True)
class Filters:
    """What a list holds; `near` in degrees, latitude first."""

    q: str | None = None
    country: str | None = None
    category: str | None = None
    near: tuple[float, float] | None = None

    def digest(self) -> str:
        """Return what tells one list's cursors from another's."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


class Browser:
    """Lists and shows landmarks."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Browse `catalogue`."""
        self._catalogue = catalogue
        self._categories = {name for place in catalogue.landmarks for name in place.categories}

    def show(self, landmark_id: str) -> LandmarkResponse:
        """Return one landmark.

        Raises:
            LandmarkNotFound: none has this id; names are not looked up.

        """
        position = self._catalogue.positions.get(landmark_id)
        if position is None:
            raise LandmarkNotFound
        return LandmarkResponse(**_fields(self._catalogue.landmarks[position]))

    def page(self, query: Mapping[str, str]) -> LandmarksResponse:
        """Return a page: nearest first with `near`, best match first with `q`, else best known.

        Raises:
            InvalidFields: naming every parameter that cannot be used.

        """
        filters, limit, start = self._read(query)
        found = self._find(filters)
        apart_km = self._distances(filters, found)
        if apart_km is not None:
            order = np.argsort(apart_km, kind="stable")
            found, apart_km = [found[at] for at in order], apart_km[order]
        shown = range(start, min(start + limit, len(found)))
        return LandmarksResponse(
            landmarks=[
                ListedLandmark(
                    **_fields(self._catalogue.landmarks[found[at]]),
                    distance_km=None
                    if apart_km is None
                    else round(float(apart_km[at]), _DISTANCE_DECIMALS),
                )
                for at in shown
            ],
            total=len(found),
            cursor=_cursor(start + limit, filters) if start + limit < len(found) else None,
        )

    def _find(self, filters: Filters) -> list[int]:
        """Return the positions of what fits, best match first, then best known."""
        wanted = fold(filters.q) if filters.q else ""
        ranked = []
        for position, place in enumerate(self._catalogue.landmarks):
            if filters.country and place.country != filters.country:
                continue
            if filters.category and filters.category not in place.categories:
                continue
            match = _match(place, wanted) if wanted else 0
            if match is not None:
                ranked.append((match, -place.popularity, position))
        return [position for _, _, position in sorted(ranked)]

    def _distances(self, filters: Filters, found: list[int]) -> np.ndarray | None:
        if filters.near is None:
            return None
        latitude, longitude = filters.near
        point = unit_vectors(np.array([latitude]), np.array([longitude]))
        return distances_km(self._catalogue.directions[found], point)[0]

    def _read(self, query: Mapping[str, str]) -> tuple[Filters, int, int]:
        errors: list[FieldError] = []
        q = query.get("q", "").strip()
        if len(q) > MAX_QUERY_CHARACTERS:
            errors.append(FieldError("q", f"Send at most {MAX_QUERY_CHARACTERS} characters."))
        elif q and not fold(q):
            errors.append(FieldError("q", "Send letters or digits to look for."))
        country = query.get("country", "").strip().upper()
        if country and not (
            len(country) == _COUNTRY_LETTERS and country.isascii() and country.isalpha()
        ):
            errors.append(FieldError("country", "Send an ISO 3166-1 code of two letters."))
        category = query.get("category", "").strip().lower()
        if category and category not in self._categories:
            errors.append(FieldError("category", "There is no such category."))
        near = _read_point(query.get("near", "").strip(), errors)
        limit = _read_limit(query.get("limit", "").strip(), errors)
        filters = Filters(q or None, country or None, category or None, near)
        start = _read_cursor(query.get("cursor", "").strip(), filters, errors)
        if errors:
            raise InvalidFields(errors)
        return filters, limit, start


def _match(place: Landmark, wanted: str) -> int | None:
    """Return 0 for a name, 1 for the start of one, 2 for its words, 3 for the city; else None."""
    names = [fold(name) for name in (place.name, *place.aliases)]
    if wanted in names or name_key(wanted) in {name_key(name) for name in names}:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    words = wanted.split()
    if any(all(f" {word}" in f" {name}" for word in words) for name in names):
        return 2
    if all(f" {word}" in f" {fold(place.city)}" for word in words):
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


def _read_point(text: str, errors: list[FieldError]) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        errors.append(FieldError("near", "Send latitude,longitude in degrees, as in 48.86,2.29."))
        return None
    # False for NaN too.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        errors.append(FieldError("near", "Latitude is from -90 to 90, longitude from -180 to 180."))
        return None
    return latitude, longitude


def _read_limit(text: str, errors: list[FieldError]) -> int:
    if not text:
        return DEFAULT_LIMIT
    if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_LIMIT)):
        limit = int(text)
        if 1 <= limit <= MAX_LIMIT:
            return limit
    errors.append(FieldError("limit", f"Send a whole number from 1 to {MAX_LIMIT}."))
    return DEFAULT_LIMIT


def _cursor(start: int, filters: Filters) -> str:
    text = f"{start}.{filters.digest()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, filters: Filters, errors: list[FieldError]) -> int:
    if not text:
        return 0
    try:
        padded = text + "=" * (-len(text) % 4)
        start, _, digest = base64.b64decode(padded, b"-_", validate=True).decode().partition(".")
        if digest == filters.digest() and start.isascii() and start.isdigit():
            return min(int(start), 2**31)
    except (binascii.Error, UnicodeError, ValueError):
        pass
    message = "Send the cursor of the page before, with the same filters."
    errors.append(FieldError("cursor", message))
    return 0
