"""Choosing from scores."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recommend.ranking import best, closeness, vary


@given(arrays.arrays(np.float32, st.integers(1, 60), elements=st.floats(-4, 4, width=16)),
       st.integers(1, 70))  # fmt: skip
def test_the_best_are_those_of_a_full_sort(scores: np.ndarray, count: int) -> None:
    assert best(scores, count).tolist() == np.argsort(-scores, kind="stable")[:count].tolist()


def test_a_near_copy_waits_behind_something_else() -> None:
    scores = np.array([0.9, 0.89, 0.85], dtype=np.float32)
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert vary(scores, vectors, 3, variety=0.2) == [0, 2, 1]
    assert vary(scores, vectors, 3, variety=0.0) == [0, 1, 2]


def test_nothing_is_chosen_from_nothing() -> None:
    assert vary(np.zeros(0, np.float32), np.zeros((0, 2), np.float32), 5, 0.2) == []


@given(st.lists(st.floats(0, 20_038), min_size=2, max_size=30).map(sorted), st.floats(0.01, 20_038))
def test_what_is_farther_is_never_closer(distances_km: list[float], within_km: float) -> None:
    near = closeness(np.array(distances_km), within_km)
    assert np.all((near >= 0) & (near <= 1))
    assert np.all(np.diff(near) <= 0)


def test_closeness_falls_with_distance() -> None:
    near = closeness(np.array([0.0, 12.5, 50.0]), 50.0)
    assert near[0] == 1
    assert near[1] == np.float32(0.5)
    assert near[2] < near[1]
