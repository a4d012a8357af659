"""Distances on the Earth, right across the date line and at the poles.

Places are unit vectors from the Earth's centre. The straight line through the Earth between two
of them (the chord) grows with the distance along the surface, has no seam and no poles, and
comparing it needs neither sine nor cosine.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088  # the mean radius of IUGG
# Half of the way around: nothing is farther.
FARTHEST_KM = math.pi * EARTH_RADIUS_KM


def unit_vectors(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn degrees, each `(n,)`, into unit vectors `(n, 3)`."""
    south_north, west_east = np.radians(latitudes), np.radians(longitudes)
    around = np.cos(south_north)
    return np.stack(
        [around * np.cos(west_east), around * np.sin(west_east), np.sin(south_north)], axis=-1
    )


def distances_km(
    places: NDArray[np.float64], stops: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the great-circle distance of each place to its nearest stop, and which that is.

    `places` is `(n, 3)`, `stops` `(m, 3)`, both of unit length; the answers are `(n,)`. From the
    chord rather than the angle's cosine, which cannot tell places a few metres apart.
    """
    nearest = np.argmax(places @ stops.T, axis=1)
    chords = np.linalg.norm(places - stops[nearest], axis=1)
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1.0)), nearest


class Places:
    """Where many places lie, sorted from south to north so that few are looked at."""

    def __init__(self, directions: NDArray[np.float64]) -> None:
        """Index `directions`, unit vectors `(n, 3)`."""
        self._order = np.argsort(directions[:, 2], kind="stable")
        self._sorted = np.ascontiguousarray(directions[self._order])
        self._heights = np.ascontiguousarray(self._sorted[:, 2])

    def within(
        self, stops: NDArray[np.float64], limit_km: float
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
        """Find the places at most `limit_km` from a stop.

        Returns their positions in rising order, their distances in km to the nearest stop, and
        which stop that is.
        """
        found = [self._within_one(stop, limit_km) for stop in stops]
        positions = found[0] if len(found) == 1 else np.unique(np.concatenate(found))
        ranks = positions
        places = self._sorted[ranks]
        apart_km, nearest = distances_km(places, stops)
        near = apart_km <= limit_km
        positions = self._order[ranks[near]]
        rising = np.argsort(positions)
        return positions[rising], apart_km[near][rising], nearest[near][rising]

    def _within_one(self, stop: NDArray[np.float64], limit_km: float) -> NDArray[np.intp]:
        """Return the ranks of places that may be within `limit_km`, some of them a bit beyond."""
        angle = min(limit_km / EARTH_RADIUS_KM, math.pi) + 1e-9
        latitude = math.asin(max(-1.0, min(1.0, float(stop[2]))))
        lowest = math.sin(max(latitude - angle, -math.pi / 2)) - 1e-12
        highest = math.sin(min(latitude + angle, math.pi / 2)) + 1e-12
        start = int(np.searchsorted(self._heights, lowest, side="left"))
        end = int(np.searchsorted(self._heights, highest, side="right"))
        near = self._sorted[start:end] @ stop >= math.cos(angle) - 1e-12
        return np.flatnonzero(near) + start
