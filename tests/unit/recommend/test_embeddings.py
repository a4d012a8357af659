"""Similarities: of the best view, and each the same whoever else is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from recommend.embeddings import Embeddings, widen


def test_every_half_precision_number_is_widened_exactly() -> None:
    numbers = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = numbers[np.isfinite(numbers)]
    wide = widen(finite)
    np.testing.assert_array_equal(wide, finite.astype(np.float32))
    np.testing.assert_array_equal(np.signbit(wide), np.signbit(finite))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_copies_are_alike_to_the_last_bit(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(2)
    matrix = np.repeat(rng.standard_normal((1, 1, 384)).astype(dtype), 259, axis=0)
    query = rng.standard_normal(384).astype(np.float32)
    embeddings = Embeddings(matrix)
    alone = embeddings.similarities(query, np.array([258]))
    assert set(embeddings.similarities(query).tolist()) == set(alone.tolist())


def test_the_best_view_counts() -> None:
    matrix = np.array([[[1, 0], [0, 1]], [[0.6, 0.8], [-1, 0]]], dtype=np.float32)
    query = np.array([0, 1], dtype=np.float32)
    np.testing.assert_array_equal(
        Embeddings(matrix).similarities(query), np.array([1, 0.8], dtype=np.float32)
    )


def test_a_mapped_half_matrix_gives_the_same_as_a_widened_one() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(5000, 2, 8)).astype(np.float16)
    query = rng.normal(size=8).astype(np.float32)
    exact = Embeddings(matrix.astype(np.float32)).similarities(query)
    np.testing.assert_array_equal(Embeddings(matrix).similarities(query), exact)
    some = np.array([4999, 3, 77])
    np.testing.assert_array_equal(Embeddings(matrix).similarities(query, some), exact[some])
