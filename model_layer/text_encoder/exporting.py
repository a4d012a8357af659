"""A PyTorch network to a checked, quantised ONNX file."""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPSET = 17
QUANTISED = "weights int8 in 7 bits, one scale a channel; activations uint8, scaled as they come"


def export_onnx(
    network: torch.nn.Module,
    example: tuple[torch.Tensor, ...],
    inputs: Sequence[str],
    path: Path,
    *,
    free_length: bool,
) -> None:
    """Write `network` to `path`: inputs by name to `embedding`, any number of rows.

    `free_length` leaves the second axis free too.
    """
    axes = {name: {0: "rows", **({1: "length"} if free_length else {})} for name in inputs}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            example,
            path,
            input_names=list(inputs),
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "rows"}},
            opset_version=OPSET,
            dynamo=False,
        )


def quantise(source: Path, target: Path) -> None:
    """Write `source` with int8 weights, one scale a channel; activations are scaled as they come.

    A quarter of the size of float32. Weights use 7 of the 8 bits: processors without VNNI add two
    products in 16 bits, which 255 x 64 twice still fits into, so that every processor computes
    the same integers.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - seconds

    quantize_dynamic(
        source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
