"""The catalogue's vectors, and how like a query each landmark is.

data/
    landmarks_<encoder>_embeddings.npy   `(n, v, d)` float16, unit length: v views of a landmark
    landmarks_<encoder>_embeddings.json  which encoder and which catalogue it was made with
    landmarks_<encoder>_quantized.*      of large catalogues, see `quantized.py`
    landmarks_words.npz                  the words of the same entries, see `wording.py`
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recommend.quantized import QuantizedError, QuantizedMatrix, quantized_path, read_quantized

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from recommend.text_encoder import EncoderConfig

FORMAT_VERSION = 1
# Widened to float32 when read, up to this size. Larger ones stay mapped, and are quantised too.
MAX_WIDENED_BYTES = 64 * 1024 * 1024
# Landmarks of a matrix in half precision that are widened at once: few enough to stay in cache.
_LANDMARKS_AT_ONCE = 256
# Half precision has five bits of exponent, counted from 15, single precision eight, from 127.
_EXPONENT_SHIFT = np.float32(2.0 ** (127 - 15))
_MANTISSA_SHIFT = 23 - 10
_SIGN_AND_VALUE = np.int32(~0x70000000)


class EmbeddingsError(Exception):
    """The matrix is missing or damaged, or belongs to another encoder or catalogue."""


@dataclass(frozen=True)
class Embeddings:
    """`matrix` `(n, v, d)` in float32 or float16, rows of unit length; `quantized` all `n * v`.

    The similarity of a landmark is that of its most similar view. `encoder_sha256` is of the
    network that made them: other vectors of its making lie in the same space.
    """

    matrix: NDArray[Any]
    quantized: QuantizedMatrix | None = None
    encoder_sha256: str | None = None

    def similarities(
        self, query: NDArray[np.float32], positions: NDArray[np.intp] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine of `query` `(d,)` with the best view of each landmark.

        Of all landmarks, `(n,)`, or of those at `positions`, in their order. A landmark's is the
        same to the last bit whichever others are asked for.
        """
        matrix = self.matrix
        if matrix.dtype == np.float32:
            # Row by row: a product of matrix and vector sums in an order that depends on the rest.
            chosen = matrix if positions is None else matrix[positions]
            return _best_view(np.vecdot(chosen, query))
        if positions is None:
            positions = np.arange(len(matrix))
        scores = np.empty(len(positions), dtype=np.float32)
        for start in range(0, len(positions), _LANDMARKS_AT_ONCE):
            part = slice(start, start + _LANDMARKS_AT_ONCE)
            scores[part] = _best_view(np.vecdot(widen(matrix[positions[part]]), query))
        return scores

    def upper_bounds(self, query: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Return what the similarity of each landmark is not above, `(n,)`.

        None where that would take longer than the similarities themselves.
        """
        if self.quantized is None:
            return None
        bounds = self.quantized.upper_bounds(query)
        return _best_view(bounds.reshape(self.matrix.shape[:2]))

    def vectors(self, positions: NDArray[np.intp] | list[int]) -> NDArray[np.float32]:
        """Return one vector of unit length for each landmark at `positions`, `(k, d)`."""
        first: NDArray[np.float32] = self.matrix[positions, 0].astype(np.float32)
        return first


def stays_mapped(matrix: NDArray[np.float16]) -> bool:
    """Say whether a matrix is too large to be widened, so that its quantised form is of use."""
    return 2 * matrix.nbytes > MAX_WIDENED_BYTES


def widen(rows: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return finite numbers in single precision, exactly: NumPy's own way takes twice as long."""
    bits = rows.view(np.int16).astype(np.int32)
    bits <<= _MANTISSA_SHIFT
    # Extending the sign has filled the bits that the longer exponent adds.
    bits &= _SIGN_AND_VALUE
    wide = bits.view(np.float32)
    wide *= _EXPONENT_SHIFT
    return wide


def _best_view(by_view: NDArray[np.float32]) -> NDArray[np.float32]:
    best = by_view[:, 0]
    for view in range(1, by_view.shape[1]):
        # Many rows of few: NumPy's own maximum along the short side takes several times as long.
        best = np.maximum(best, by_view[:, view])
    return best


def read_embeddings(
    data: Path, encoder: EncoderConfig, *, landmarks: int, catalogue_sha256: str, threads: int = 1
) -> Embeddings:
    """Read the matrix that `encoder` made of the catalogue, and its quantised form if it has one.

    Raises:
        EmbeddingsError: it is missing or damaged, or was made by another encoder, or of another
            catalogue.

    """
    path = data / f"landmarks_{encoder.name}_embeddings.npy"
    try:
        about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if about["format_version"] != FORMAT_VERSION:
            message = f"{path} has format {about['format_version']}, not {FORMAT_VERSION}"
            raise EmbeddingsError(message)
        if about["encoder_sha256"] != encoder.model_sha256:
            message = f"{path} was made by another {about['encoder']} than the encoder's bundle"
            raise EmbeddingsError(message)
        if about["catalogue_sha256"] != catalogue_sha256:
            message = f"{path} was made of another catalogue: build the embeddings again"
            raise EmbeddingsError(message)
        matrix = np.load(path, mmap_mode="r", allow_pickle=False)
        _check_shape(path, matrix, (landmarks, encoder.dimension))
        if stays_mapped(matrix):
            mapped = _mapped(path, matrix, about["sha256"], threads)
            return replace(mapped, encoder_sha256=encoder.model_sha256)
        if hashlib.sha256(path.read_bytes()).hexdigest() != about["sha256"]:
            message = f"{path} does not match its checksum"
            raise EmbeddingsError(message)
        return Embeddings(matrix.astype(np.float32), encoder_sha256=encoder.model_sha256)
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise EmbeddingsError(message) from error


def _mapped(
    path: Path, matrix: NDArray[np.float16], matrix_sha256: str, threads: int
) -> Embeddings:
    quantized = quantized_path(path)
    if not quantized.exists():
        return Embeddings(np.asarray(matrix))
    rows = (matrix.shape[0] * matrix.shape[1], matrix.shape[2])
    try:
        bounds = read_quantized(quantized, shape=rows, matrix_sha256=matrix_sha256, threads=threads)
    except QuantizedError as error:
        raise EmbeddingsError(str(error)) from error
    return Embeddings(np.asarray(matrix), bounds)


def _check_shape(path: Path, matrix: NDArray[Any], expected: tuple[int, int]) -> None:
    views_axis = 3
    if (
        matrix.ndim != views_axis
        or (matrix.shape[0], matrix.shape[2]) != expected
        or matrix.dtype != np.float16
    ):
        message = (
            f"{path} is {matrix.shape} {matrix.dtype}, "
            f"not ({expected[0]}, views, {expected[1]}) float16"
        )
        raise EmbeddingsError(message)
