"""The catalogue's vectors, and how like a query each landmark is.

data/
    landmarks_<encoder>_embeddings.npy   `(n, v, d)` float16, unit length: v views of a landmark
    landmarks_<encoder>_embeddings.json  which encoder and which catalogue it was made with
    landmarks_words.npz                  the words of the same entries, see `wording.py`
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from recommend.text_encoder import EncoderConfig

FORMAT_VERSION = 1
# Widened to float32 when read, up to this size; larger ones stay on disk, mapped.
MAX_WIDENED_BYTES = 64 * 1024 * 1024
# Rows of a mapped matrix that are widened at once: 3 MiB at 384 dimensions.
_BLOCK_ROWS = 2048


class EmbeddingsError(Exception):
    """The matrix is missing or damaged, or belongs to another encoder or catalogue."""


@dataclass(frozen=True)
class Embeddings:
    """`matrix` `(n, v, d)` in float32 or float16, rows of unit length.

    The similarity of a landmark is that of its most similar view.
    """

    matrix: NDArray[Any]

    def similarities(
        self, query: NDArray[np.float32], positions: NDArray[np.intp] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine of `query` `(d,)` with the best view of each landmark.

        Of all landmarks, `(n,)`, or of those at `positions`, in their order.
        """
        matrix = self.matrix if positions is None else self.matrix[positions]
        count, views, dimension = matrix.shape
        if matrix.dtype == np.float32:
            scores = matrix.reshape(-1, dimension) @ query
        else:
            rows = matrix.reshape(-1, dimension)
            scores = np.empty(len(rows), dtype=np.float32)
            for start in range(0, len(rows), _BLOCK_ROWS):
                block = rows[start : start + _BLOCK_ROWS].astype(np.float32)
                np.dot(block, query, out=scores[start : start + _BLOCK_ROWS])
        by_view = scores.reshape(count, views)
        return by_view[:, 0] if views == 1 else by_view.max(axis=1)

    def vectors(self, positions: NDArray[np.intp] | list[int]) -> NDArray[np.float32]:
        """Return one vector of unit length for each landmark at `positions`, `(k, d)`."""
        first: NDArray[np.float32] = self.matrix[positions, 0].astype(np.float32)
        return first


def read_embeddings(
    data: Path, encoder: EncoderConfig, *, landmarks: int, catalogue_sha256: str
) -> Embeddings:
    """Read the matrix that `encoder` made of the catalogue.

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
        if 2 * matrix.nbytes > MAX_WIDENED_BYTES:
            return Embeddings(matrix)
        if hashlib.sha256(path.read_bytes()).hexdigest() != about["sha256"]:
            message = f"{path} does not match its checksum"
            raise EmbeddingsError(message)
        return Embeddings(matrix.astype(np.float32))
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise EmbeddingsError(message) from error


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
