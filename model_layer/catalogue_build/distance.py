"""Pairs of places that lie close together, without comparing each with each."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EARTH_RADIUS_KM = 6371.0088  # the mean radius of IUGG


class Place(Protocol):
    """Anything with coordinates in degrees."""

    @property
    def latitude(self) -> float:
        """North is positive."""

    @property
    def longitude(self) -> float:
        """East is positive."""


def distance_km(one: Place, other: Place) -> float:
    """Return the great-circle distance by the haversine formula."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    half_turn = math.radians(other.longitude - one.longitude) / 2
    chord = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(half_turn) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def pairs_within(places: Sequence[Place], limit_km: float) -> Iterator[tuple[int, int, float]]:
    """Yield `(position, later position, km)` for every two places at most `limit_km` apart.

    Points are put into cubes of that size on the sphere in space: no seam at the date line, no
    crowding at the poles, and only the 27 cubes around a point to look into.
    """
    size = 2 * math.sin(limit_km / EARTH_RADIUS_KM / 2)
    cubes: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    steps = [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)]
    for later, place in enumerate(places):
        cube = _cube(place, size)
        for x, y, z in steps:
            for position in cubes.get((cube[0] + x, cube[1] + y, cube[2] + z), ()):
                apart_km = distance_km(places[position], place)
                if apart_km <= limit_km:
                    yield position, later, apart_km
        cubes[cube].append(later)


def _cube(place: Place, size: float) -> tuple[int, int, int]:
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    around = math.cos(latitude)
    return (
        math.floor(around * math.cos(longitude) / size),
        math.floor(around * math.sin(longitude) / size),
        math.floor(math.sin(latitude) / size),
    )
