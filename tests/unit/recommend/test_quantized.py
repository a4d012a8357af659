"""What four bits a value say of a matrix: bounds that hold, and files that belong to it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommend.embeddings import Embeddings
from recommend.quantized import QuantizedError, QuantizedMatrix, read_quantized
from text_encoder.quantize import dequantize, quantize, write_quantized

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHA256 = "1" * 64


def quantized(matrix: NDArray[np.float16], folder: Path) -> QuantizedMatrix:
    rows = matrix.reshape(-1, matrix.shape[-1])
    path = folder / "landmarks_small_quantized.onnx"
    write_quantized(path, rows, SHA256)
    read = read_quantized(path, shape=rows.shape, matrix_sha256=SHA256, threads=1)
    assert read is not None
    return read


def unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


@st.composite
def matrices(draw: st.DrawFn) -> NDArray[np.float16]:
    """Draw `(n, v, d)`: noise, few large values among small ones, copies, rows of nothing."""
    shape = draw(st.tuples(st.integers(1, 70), st.integers(1, 3), st.sampled_from([3, 128, 200])))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = rng.standard_normal(shape) ** draw(st.sampled_from([1, 3, 9]))
    copied = rng.integers(0, shape[0], shape[0])
    rows = np.where(draw(st.booleans()), rows[copied], rows)
    rows[rng.random(shape[:2]) < draw(st.sampled_from([0, 0.3, 1]))] = 0
    return unit(rows).astype(np.float16)


@st.composite
def queries(draw: st.DrawFn) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """Draw a matrix and what it is asked: noise, a single dimension, or one of its own rows."""
    matrix = draw(matrices())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    query = {
        "noise": lambda: rng.standard_normal(matrix.shape[2]),
        "one dimension": lambda: np.eye(matrix.shape[2])[rng.integers(matrix.shape[2])],
        "a row": lambda: matrix[rng.integers(len(matrix)), 0].astype(np.float64),
    }[draw(st.sampled_from(["noise", "one dimension", "a row"]))]()
    return matrix, unit(query).astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(queries())
def test_no_similarity_is_above_its_bound(
    asked: tuple[NDArray[np.float16], NDArray[np.float32]],
) -> None:
    matrix, query = asked
    with TemporaryDirectory() as folder:
        embeddings = Embeddings(matrix, quantized(matrix, Path(folder)))
        bounds = embeddings.upper_bounds(query)
        assert bounds is not None
        assert np.all(embeddings.similarities(query) <= bounds)
        in_double = (matrix.astype(np.float64) @ query.astype(np.float64)).max(axis=1)
        assert np.all(in_double <= bounds)


def test_bounds_are_near_enough_to_tell_rows_apart(tmp_path: Path) -> None:
    rows = unit(np.random.default_rng(3).standard_normal((500, 384))).astype(np.float16)
    query = rows[7].astype(np.float32)
    bounds = quantized(rows, tmp_path).upper_bounds(query)
    above = bounds - rows.astype(np.float32) @ query
    assert float(above.mean()) < 0.12


def test_a_matrix_without_quantised_rows_has_no_bounds() -> None:
    matrix = np.ones((2, 1, 4), dtype=np.float16)
    assert Embeddings(matrix).upper_bounds(np.ones(4, dtype=np.float32)) is None


def test_what_four_bits_hold_is_kept_exactly() -> None:
    rows = np.tile(np.arange(-8, 8), (1, 12)).astype(np.float32) / np.float32(32)
    codes, scales = quantize(rows)
    np.testing.assert_array_equal(dequantize(codes, scales, rows.shape[1]), rows)


def test_rows_of_another_matrix_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "landmarks_small_quantized.onnx"
    rows = np.ones((3, 4), dtype=np.float16)
    write_quantized(path, rows, SHA256)
    for shape, sha256 in (((3, 4), "2" * 64), ((4, 4), SHA256)):
        with pytest.raises(QuantizedError, match="another matrix"):
            read_quantized(path, shape=shape, matrix_sha256=sha256, threads=1)


@pytest.mark.parametrize("suffix", [".onnx", ".data", ".npz"])
def test_a_damaged_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "landmarks_small_quantized.onnx"
    write_quantized(path, np.ones((3, 4), dtype=np.float16), SHA256)
    damaged = path.with_suffix(suffix)
    damaged.write_bytes(damaged.read_bytes()[:10])
    with pytest.raises(QuantizedError, match=r"landmarks_small_quantized\.onnx cannot be read"):
        read_quantized(path, shape=(3, 4), matrix_sha256=SHA256, threads=1)


def test_a_processor_that_rounds_more_goes_without(tmp_path: Path) -> None:
    rows = unit(np.random.default_rng(5).standard_normal((40, 16))).astype(np.float16)
    path = tmp_path / "landmarks_small_quantized.onnx"
    write_quantized(path, rows, SHA256)
    with np.load(path.with_suffix(".npz")) as written:
        about = dict(written)
    # As if the kernel's products were off by a thousandth.
    np.savez(path.with_suffix(".npz"), **(about | {"sample": about["sample"] * 1.001}))
    assert read_quantized(path, shape=rows.shape, matrix_sha256=SHA256, threads=1) is None
