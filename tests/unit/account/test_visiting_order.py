"""The suggested walk: as short as can be for small days, and never longer than the user's own."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account.visiting_order import (
    EXACT_STOPS,
    Point,
    distance_km,
    suggest_walk,
    walk_length_km,
)

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
# Along the equator, a degree apart.
IN_A_ROW: list[Point] = [(0.0, float(at)) for at in range(5)]


def test_rome_to_paris_is_about_1100_km() -> None:
    rome, paris = (41.9028, 12.4964), (48.8566, 2.3522)
    assert distance_km(rome, paris) == pytest.approx(1105.8, abs=1)
    assert distance_km(rome, rome) == 0


def test_the_antimeridian_is_no_wall_and_the_other_side_of_the_earth_is_half_way_round() -> None:
    assert distance_km((0, 179.5), (0, -179.5)) == pytest.approx(111.195, abs=0.01)
    assert distance_km((90, 0), (-90, 77)) == pytest.approx(20_015.1, abs=0.1)


def test_places_in_a_row_are_walked_in_a_row() -> None:
    shuffled = [IN_A_ROW[at] for at in (2, 0, 4, 1, 3)]
    walk = suggest_walk(shuffled)
    visited = [shuffled[at] for at in walk.order]
    assert visited in (IN_A_ROW, IN_A_ROW[::-1])
    assert walk.exact


def test_a_fixed_start_is_kept_though_the_way_gets_longer() -> None:
    walk = suggest_walk(IN_A_ROW, start=1)
    assert walk.order == (1, 0, 2, 3, 4)
    assert walk.distance_km > suggest_walk(IN_A_ROW).distance_km


def test_of_equally_short_ways_the_users_own_is_kept() -> None:
    assert suggest_walk(IN_A_ROW[::-1]).order == (0, 1, 2, 3, 4)
    assert suggest_walk([(1.0, 1.0)] * 3).order == (0, 1, 2)


@pytest.mark.parametrize("places", [[], [(48.85, 2.35)]])
def test_nowhere_and_one_place_are_walks_too(places: list[Point]) -> None:
    walk = suggest_walk(places)
    assert walk.order == tuple(range(len(places)))
    assert walk.distance_km == 0


@given(st.lists(POINTS, min_size=1, max_size=7), st.data())
def test_a_small_day_is_as_short_as_trying_every_order(
    places: list[Point], data: st.DataObject
) -> None:
    start = data.draw(st.none() | st.integers(0, len(places) - 1))
    walk = suggest_walk(places, start=start)
    every_order = (
        order
        for order in itertools.permutations(range(len(places)))
        if start is None or order[0] == start
    )
    shortest = min(walk_length_km([places[at] for at in order]) for order in every_order)
    assert walk.distance_km == pytest.approx(shortest, abs=1e-6)
    assert walk.exact


@given(st.lists(POINTS, max_size=2 * EXACT_STOPS), st.data())
def test_a_walk_visits_every_place_once_and_is_never_longer_than_the_given(
    places: list[Point], data: st.DataObject
) -> None:
    start = data.draw(st.none() | st.integers(0, len(places) - 1)) if places else None
    walk = suggest_walk(places, start=start)
    assert sorted(walk.order) == list(range(len(places)))
    if start is not None:
        assert walk.order[0] == start
        places = [places[start], *places[:start], *places[start + 1 :]]
    else:
        assert walk.distance_km == pytest.approx(
            walk_length_km([places[at] for at in walk.order]), abs=1e-6
        )
    assert walk.distance_km <= walk_length_km(places) + 1e-6


def test_a_large_day_says_that_it_may_not_be_the_shortest() -> None:
    row = [(0.0, float(at)) for at in range(EXACT_STOPS + 8)]
    walk = suggest_walk(row[1::2] + row[::2])
    assert not walk.exact
    assert walk.distance_km == pytest.approx(walk_length_km(row))
