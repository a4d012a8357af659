"""In which order to visit places on foot: the shortest way through all of them.

The way is open (nobody has to come back) and measured along great circles. Up to `EXACT_STOPS`
places the answer is the best there is, found by dynamic programming over subsets (Held and Karp,
1962, https://doi.org/10.1137/0110015); above, a good one, by nearest neighbour and 2-opt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# The work more than doubles with every place: 12 take 25 ms on one core, four times that on the
# third of a core that the function has.
EXACT_STOPS = 12
# IUGG's mean radius.
EARTH_RADIUS_KM = 6371.0088
# Less than this is rounding, not a shorter way: a micrometre.
_NOTICEABLE_KM = 1e-9

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

Distances = list[list[float]]


@dataclass(frozen=True)
class Walk:
    """Positions of the given places in the order to visit them, and how far that is."""

    order: tuple[int, ...]
    distance_km: float
    exact: bool
    """Whether no order is shorter."""


def suggest_walk(places: Sequence[Point], *, start: int | None = None) -> Walk:
    """Return a short way through all of `places`, never longer than the order they are given in.

    With `start`, a position in `places`, the way begins there (then the order given counts from
    there on, with the place taken to its front).
    """
    given = list(range(len(places)))
    if start is not None:
        given.insert(0, given.pop(start))
    between = [[distance_km(one, other) for other in places] for one in places]
    exact = len(places) <= EXACT_STOPS
    found = _best(between, start) if exact else _good(between, given, fixed=start is not None)
    # Of equals, the user's own.
    if _length(given, between) <= _length(found, between) + _NOTICEABLE_KM:
        found = given
    return Walk(tuple(found), _length(found, between), exact)


def walk_length_km(places: Sequence[Point]) -> float:
    """Return how far it is through `places` in the order given."""
    return sum(distance_km(one, other) for one, other in pairwise(places))


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance (haversine formula)."""
    latitude, longitude = map(math.radians, one)
    other_latitude, other_longitude = map(math.radians, other)
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude)
        * math.cos(other_latitude)
        * math.sin((other_longitude - longitude) / 2) ** 2
    )
    # Rounding may lead past 1 for opposite points.
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half_chord)))


def _length(order: Sequence[int], between: Distances) -> float:
    return sum(between[one][other] for one, other in pairwise(order))


def _best(between: Distances, start: int | None) -> list[int]:
    """Return the shortest way, from `start` or from wherever is best."""
    if start is None:
        return _through_all(between, list(range(len(between))), [0.0] * len(between))
    others = [place for place in range(len(between)) if place != start]
    return [start, *_through_all(between, others, between[start])]


def _through_all(between: Distances, places: list[int], first_km: Sequence[float]) -> list[int]:
    """Return the shortest way through `places`, where beginning at one costs its `first_km`."""
    if not places:
        return []
    count = len(places)
    # Of the shortest way through the places in `mask` that ends at `last`: its length, and the
    # place before `last`.
    shortest = [[math.inf] * count for _ in range(1 << count)]
    before = [[-1] * count for _ in range(1 << count)]
    for at, place in enumerate(places):
        shortest[1 << at][at] = first_km[place]
    for mask in range(1, 1 << count):
        members = [at for at in range(count) if mask >> at & 1]
        for last in members if len(members) > 1 else ():
            so_far, to_last = shortest[mask ^ (1 << last)], between[places[last]]
            length, via = min((so_far[at] + to_last[places[at]], at) for at in members)
            shortest[mask][last], before[mask][last] = length, via
    mask = (1 << count) - 1
    last = min(range(count), key=shortest[mask].__getitem__)
    backwards: list[int] = []
    while last >= 0:
        backwards.append(places[last])
        mask, last = mask ^ (1 << last), before[mask][last]
    return backwards[::-1]


def _good(between: Distances, given: list[int], *, fixed: bool) -> list[int]:
    """Return the better of two ways without crossings; with `fixed`, both begin like `given`."""
    starts = given[:1] if fixed else given
    greedy = min(
        (_by_nearest(between, start) for start in starts), key=lambda way: _length(way, between)
    )
    return min(
        (_without_crossings(way, between, fixed=fixed) for way in (greedy, given)),
        key=lambda way: _length(way, between),
    )


def _by_nearest(between: Distances, start: int) -> list[int]:
    way, left = [start], set(range(len(between))) - {start}
    while left:
        way.append(min(left, key=lambda place: (between[way[-1]][place], place)))
        left.remove(way[-1])
    return way


def _without_crossings(way: Sequence[int], between: Distances, *, fixed: bool) -> list[int]:
    """Turn stretches of the way round as long as that makes it shorter (2-opt)."""
    order, improved = list(way), True
    while improved:
        improved = False
        for first in range(1 if fixed else 0, len(order) - 1):
            for last in range(first + 1, len(order)):
                if _gain_km(order, between, first, last) > _NOTICEABLE_KM:
                    order[first : last + 1] = order[first : last + 1][::-1]
                    improved = True
    return order


def _gain_km(order: list[int], between: Distances, first: int, last: int) -> float:
    """Return by how much turning round the stretch from `first` to `last` shortens the way."""
    gain = 0.0
    if first > 0:
        entry = between[order[first - 1]]
        gain += entry[order[first]] - entry[order[last]]
    if last < len(order) - 1:
        leave = between[order[last + 1]]
        gain += leave[order[last]] - leave[order[first]]
    return gain
