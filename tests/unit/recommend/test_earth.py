"""Distances and the search for what is near."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.earth import EARTH_RADIUS_KM, FARTHEST_KM, Places, distances_km, unit_vectors

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    south, north = math.radians(one[0]), math.radians(other[0])
    turn = math.radians(other[1] - one[1])
    chord = math.sin((north - south) / 2) ** 2
    chord += math.cos(south) * math.cos(north) * math.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1, math.sqrt(chord)))


def apart_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    points = unit_vectors(np.array([one[0], other[0]]), np.array([one[1], other[1]]))
    return float(distances_km(points[:1], points[1:])[0][0])


@given(st.tuples(LATITUDES, LONGITUDES), st.tuples(LATITUDES, LONGITUDES))
def test_distances_are_those_of_the_haversine_formula(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    # Both formulas lose digits where the points are opposite: about 10 m in 20,000 km.
    assert apart_km(one, other) == pytest.approx(haversine_km(one, other), abs=0.5, rel=1e-6)


@given(*[st.tuples(LATITUDES, LONGITUDES)] * 3)
def test_distances_are_a_measure_that_one_can_travel_by(
    one: tuple[float, float], other: tuple[float, float], detour: tuple[float, float]
) -> None:
    direct = apart_km(one, other)
    assert 0 <= direct <= FARTHEST_KM + 1e-6
    assert apart_km(one, one) == pytest.approx(0, abs=1e-6)
    assert apart_km(other, one) == pytest.approx(direct, abs=1e-6)
    # Where points are opposite, some 10 m are lost (above).
    assert direct <= apart_km(one, detour) + apart_km(detour, other) + 0.05


def test_paris_to_london_is_known() -> None:
    assert apart_km((48.8566, 2.3522), (51.5074, -0.1278)) == pytest.approx(343.6, abs=0.5)


def test_the_date_line_is_no_distance() -> None:
    assert apart_km((0, 179.99), (0, -179.99)) == pytest.approx(2.224, abs=0.001)


def test_all_longitudes_meet_at_a_pole() -> None:
    assert apart_km((90, 0), (90, 137)) == pytest.approx(0, abs=1e-6)
    assert apart_km((90, 0), (-90, 12)) == pytest.approx(FARTHEST_KM)


def test_places_some_metres_apart_are_told_apart() -> None:
    assert apart_km((48.8584, 2.2945), (48.85841, 2.2945)) == pytest.approx(0.00111, abs=0.0001)


@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=40),
    st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=3),
    st.floats(0.01, 20_040),
)
def test_what_is_near_is_found_as_by_looking_at_everything(
    points: list[tuple[float, float]], stops: list[tuple[float, float]], limit_km: float
) -> None:
    places = unit_vectors(*(np.array(axis) for axis in zip(*points, strict=True)))
    centres = unit_vectors(*(np.array(axis) for axis in zip(*stops, strict=True)))
    apart, nearest = distances_km(places, centres)
    found, found_km, found_nearest = Places(places).within(centres, limit_km)
    assert found.tolist() == np.flatnonzero(apart <= limit_km).tolist()
    np.testing.assert_allclose(found_km, apart[found], atol=1e-9)
    np.testing.assert_array_equal(found_nearest, nearest[found])
