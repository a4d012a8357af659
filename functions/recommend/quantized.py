"""How like a query each row of a large matrix is at most, from four bits a value.

data/
    landmarks_<encoder>_quantized.onnx   one MatMulNBits: a query `(1, d)` to `(1, rows)`
    landmarks_<encoder>_quantized.data   its rows, `(rows, blocks, BLOCK / 2)` uint8
    landmarks_<encoder>_quantized.npz    what they were made of, and a sample to check them by

Of a row x, x' is kept; a query q is rounded to q', which the kernel multiplies without rounding
it again. As x.q = x'.q' + (x - x').q' + x.(q - q'), it is by Cauchy and Schwarz at most
x'.q' + |x - x'||q'| + |x||q - q'|: for every row and query, whatever the vectors look like.
Reading x' for everyone and x for the few who may be among the best takes a quarter of the time
of reading every x. `text_encoder.quantize` makes the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from common.observability import logger

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT_VERSION = 1
# So many values share a scale, in the rows and in the query.
BLOCK = 128
# The kernel multiplies a query in whole numbers up to this one.
_QUERY_LEVELS = 127
# Half the distance between neighbours among float32 numbers, in shares of a number.
_FLOAT32_ROUNDING = 2.0**-24


def quantized_path(embeddings: Path) -> Path:
    """Return where the quantised form of the matrix at `embeddings` is."""
    return embeddings.with_name(embeddings.name.replace("_embeddings.npy", "_quantized.onnx"))


class QuantizedError(Exception):
    """The quantised rows are missing or damaged, or belong to another matrix."""


@dataclass(frozen=True)
class QuantizedMatrix:
    """Rows inside `session`, an `onnxruntime.InferenceSession`, none longer than `longest`."""

    session: Any
    longest: float

    def upper_bounds(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the product of each row with `query` `(d,)` is not above, `(rows,)`."""
        rounded = _on_grid(query)
        length = np.linalg.norm(rounded) or np.float32(1)
        # The network adds |x - x'|, as is right for a query of unit length.
        bounds = self._run(rounded / length)
        bounds *= length
        bounds += np.float32(self._slack(query, rounded))
        return bounds

    def is_as_exact_as_told(self, sample: NDArray[np.float32], errors: NDArray[np.float32]) -> bool:
        """Say whether the first rows are multiplied as `sample` `(k, d)`, which they stand for.

        `errors` `(k,)` is what the network adds.
        """
        query = _on_grid(np.cos(np.arange(sample.shape[1], dtype=np.float32)))
        off = np.abs(self._run(query)[: len(sample)] - (sample @ query + errors))
        return bool(np.all(off <= self._slack(query, query)))

    def _run(self, rounded: NDArray[np.float32]) -> NDArray[np.float32]:
        (bounds,) = self.session.run(None, {"query": rounded[None]})
        only: NDArray[np.float32] = bounds[0]
        return only

    def _slack(self, query: NDArray[np.float32], rounded: NDArray[np.float32]) -> float:
        """Return what rounding may add: the query's, and that of the sums on both sides.

        A sum of d products is off by at most d roundings of |x||q|. The kernel multiplies 0 to 15
        and takes 8 times the query's sum away: both are up to 2 sqrt(BLOCK) times as large, but
        off by a few roundings only, since whole numbers are summed without any.
        """
        values = -(-len(query) // BLOCK) * BLOCK
        sums = 4 * values * _FLOAT32_ROUNDING * float(np.linalg.norm(query))
        return self.longest * (float(np.linalg.norm(query - rounded)) + sums)


def _on_grid(query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round each block of `query` to the grid that the kernel would round it to."""
    rounded = np.empty_like(query)
    for start in range(0, len(query), BLOCK):
        block = query[start : start + BLOCK]
        step = np.abs(block).max() / np.float32(_QUERY_LEVELS)
        rounded[start : start + BLOCK] = np.rint(block / step) * step if step > 0 else 0
    return rounded


def read_quantized(
    path: Path, *, shape: tuple[int, int], matrix_sha256: str, threads: int
) -> QuantizedMatrix | None:
    """Read the files beside `path`, made of a matrix `(rows, d)` with this checksum.

    None where the processor's kernel rounds more than the bounds allow for: answers come from
    the matrix alone then, later but the same.

    Raises:
        QuantizedError: a file is missing or damaged, or was made of another matrix.

    """
    try:
        with path.with_suffix(".npz").open("rb") as file, np.load(file) as about:
            made_of = int(about["format_version"]), str(about["matrix_sha256"]), *about["shape"]
            longest, sample = float(about["longest"]), (about["sample"], about["sample_errors"])
        session = _load_network(path, threads)
    except Exception as error:
        # ONNX Runtime has no exception of its own.
        message = f"{path} cannot be read: {type(error).__name__}: {error}"
        raise QuantizedError(message) from error
    if made_of != (FORMAT_VERSION, matrix_sha256, *shape):
        message = f"{path} was made of another matrix or in another format: quantise it again"
        raise QuantizedError(message)
    matrix = QuantizedMatrix(session, longest)
    if matrix.is_as_exact_as_told(*sample):
        return matrix
    logger.warning("quantised rows are of no use on this processor", extra={"path": str(path)})
    return None


def _load_network(path: Path, threads: int) -> Any:  # noqa: ANN401 - a runtime without types
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - large ones only

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would be paid for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Arm's own kernels round a query by the row, not by the block.
    options.add_session_config_entry("mlas.disable_kleidiai", "1")
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])
