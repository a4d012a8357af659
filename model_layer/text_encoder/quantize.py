"""Quantise a matrix of embeddings to four bits a value: see `recommend.quantized` for what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from recommend.quantized import BLOCK, FORMAT_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Codes are 0 to 15 and stand for -8 to 7 scales.
_ZERO, _LOWEST, _HIGHEST = 8, -8, 7
# The scale that fits a block best is less than its largest value asks for.
_SHARES = np.linspace(0.7, 1.0, 7, dtype=np.float32)
# Few enough to stay in cache.
_ROWS_AT_ONCE = 256
_SAMPLE_ROWS = 64


def quantize(rows: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the codes, two in a byte, `(r, b, BLOCK / 2)`, and the scales, `(r, b)`, of `(r, d)`.

    Per block, the best of some scales by what it loses. `b` blocks cover `d` values; the codes
    beyond `d` stand for 0.
    """
    count, dimension = rows.shape
    blocks = np.pad(rows, ((0, 0), (0, -dimension % BLOCK))).reshape(count, -1, BLOCK)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[:, :, None], axis=2)
    scales = np.zeros_like(extreme)
    values = np.zeros_like(blocks)
    loss = np.full_like(extreme, np.inf)
    for share in _SHARES:
        # The end that reaches one farther is for the sign of the largest value.
        scale = extreme * share / _LOWEST
        rounded = np.clip(np.rint(blocks / np.where(scale, scale, 1)), _LOWEST, _HIGHEST)
        lost = np.square(rounded * scale - blocks).sum(axis=2, keepdims=True)
        better = lost < loss
        scales, loss = np.where(better, scale, scales), np.where(better, lost, loss)
        values = np.where(better, rounded, values)
    codes = (values + _ZERO).astype(np.uint8)
    pairs: NDArray[np.uint8] = codes[:, :, 0::2] + codes[:, :, 1::2] * np.uint8(16)
    return pairs, scales[:, :, 0]


def dequantize(
    codes: NDArray[np.uint8], scales: NDArray[np.float32], dimension: int
) -> NDArray[np.float32]:
    """Return the rows `(r, d)` that codes and scales stand for."""
    values = np.stack([codes & 15, codes >> 4], axis=-1).reshape(*scales.shape, BLOCK)
    blocks = (values.astype(np.float32) - _ZERO) * scales[:, :, None]
    return blocks.reshape(len(codes), -1)[:, :dimension]


def write_quantized(path: Path, matrix: NDArray[Any], matrix_sha256: str) -> None:
    """Write the files beside `path` (`….onnx`) for a matrix `(rows, d)`, a part at a time."""
    count, dimension = matrix.shape
    scales = np.empty((count, -(-dimension // BLOCK)), dtype=np.float32)
    errors = np.empty(count, dtype=np.float32)
    longest = 0.0
    sample = np.empty((0, dimension), dtype=np.float32)
    data = path.with_suffix(".data")
    with data.open("wb") as out:
        for start in range(0, count, _ROWS_AT_ONCE):
            rows = matrix[start : start + _ROWS_AT_ONCE].astype(np.float32)
            part = slice(start, start + len(rows))
            codes, scales[part] = quantize(rows)
            kept = dequantize(codes, scales[part], dimension)
            errors[part] = np.linalg.norm(rows - kept, axis=1)
            longest = max(longest, float(np.linalg.norm(rows, axis=1).max()))
            sample = kept[:_SAMPLE_ROWS] if start == 0 else sample
            out.write(codes.tobytes())
    onnx.save(_network(data, scales, errors, dimension), str(path))
    np.savez(
        path.with_suffix(".npz"),
        format_version=np.array(FORMAT_VERSION),
        matrix_sha256=np.array(matrix_sha256),
        shape=np.array(matrix.shape),
        longest=np.array(longest),
        sample=sample,
        sample_errors=errors[:_SAMPLE_ROWS],
    )


def _network(
    codes: Path, scales: NDArray[np.float32], errors: NDArray[np.float32], dimension: int
) -> onnx.ModelProto:
    """Return the products of a query with the rows whose codes are in that file, plus `errors`."""
    count, blocks = scales.shape
    # Kept out of the network's own file, so that the runtime maps it instead of copying it.
    inside = onnx.TensorProto(
        name="codes",
        data_type=onnx.TensorProto.UINT8,
        dims=(count, blocks, BLOCK // 2),
        data_location=onnx.TensorProto.EXTERNAL,
        external_data=[onnx.StringStringEntryProto(key="location", value=codes.name)],
    )
    node = helper.make_node(
        "MatMulNBits",
        ["query", "codes", "scales", "", "", "errors"],
        ["bounds"],
        domain="com.microsoft",
        K=dimension, N=count, bits=4, block_size=BLOCK,
        accuracy_level=4,  # multiply in eight bits
    )  # fmt: skip
    graph = helper.make_graph(
        [node],
        "quantized",
        [helper.make_tensor_value_info("query", onnx.TensorProto.FLOAT, [1, dimension])],
        [helper.make_tensor_value_info("bounds", onnx.TensorProto.FLOAT, [1, count])],
        [
            inside,
            numpy_helper.from_array(scales.ravel(), "scales"),
            numpy_helper.from_array(errors, "errors"),
        ],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)
