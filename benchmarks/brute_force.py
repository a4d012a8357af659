"""The whole score of every landmark, written down once more and without any shortcut.

What `recommend` answers is compared with this: same formulas, none of its code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommend.earth import EARTH_RADIUS_KM
from recommend.ranking import MIN_POOL, POOL_FACTOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.synthetic import World
    from recommend.ranking import Weights


@dataclass(frozen=True)
class Asked:
    """A request, as far as it decides who is shown. `stops` are positions."""

    query: NDArray[np.float32]
    shared_words: NDArray[np.float32]
    top_k: int
    stops: Sequence[int] = ()
    limit_km: float | None = None


def top_by_similarity(
    vectors: NDArray[np.float32], query: NDArray[np.float32], count: int
) -> list[int]:
    """Return the positions of the `count` most similar of `(n, d)`; of equals, the first."""
    best: list[int] = np.argsort(-(vectors @ query), kind="stable")[:count].tolist()
    return best


def recommend(
    world: World, vectors: NDArray[np.float32], weights: Weights, asked: Asked
) -> list[int]:
    """Return the positions of whom to show, in that order."""
    meaning = (vectors @ asked.query).astype(np.float64)
    meaning += weights.wording * asked.shared_words
    scores = weights.meaning * meaning + weights.popularity * world.popularity.astype(np.float64)
    if asked.stops and asked.limit_km is not None:
        apart_km = np.min([haversine_km(world, stop) for stop in asked.stops], axis=0)
        scores += weights.distance / (1 + apart_km / (asked.limit_km / 4))
        scores[apart_km > asked.limit_km] = -np.inf
    scores[list(asked.stops)] = -np.inf
    pool = np.argsort(-scores, kind="stable")[: max(MIN_POOL, POOL_FACTOR * asked.top_k)]
    left = [int(position) for position in pool if np.isfinite(scores[position])]
    chosen: list[int] = []
    while left and len(chosen) < asked.top_k:
        gains = []
        for position in left:
            alike = [float(vectors[position] @ vectors[other]) for other in chosen]
            gains.append(scores[position] - weights.variety * max([0.0, *alike]))
        chosen.append(left.pop(int(np.argmax(gains))))
    return chosen


def haversine_km(world: World, stop: int) -> NDArray[np.float64]:
    """Return the distance of every place to the one at `stop`, by the haversine formula."""
    north, east = np.radians(world.latitudes), np.radians(world.longitudes)
    half = np.sin((north - north[stop]) / 2) ** 2
    half += np.cos(north) * np.cos(north[stop]) * np.sin((east - east[stop]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1))))


def haversine_loop(
    latitudes: Sequence[float], longitudes: Sequence[float], stop: int, limit_km: float
) -> list[int]:
    """Find what is near one place as a loop over all of them would."""
    north, east = math.radians(latitudes[stop]), math.radians(longitudes[stop])
    near = []
    for at, (degrees_north, degrees_east) in enumerate(zip(latitudes, longitudes, strict=True)):
        other_north = math.radians(degrees_north)
        half = math.sin((other_north - north) / 2) ** 2
        half += (
            math.cos(north)
            * math.cos(other_north)
            * math.sin((math.radians(degrees_east) - east) / 2) ** 2
        )
        if 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half))) <= limit_km:
            near.append(at)
    return near
