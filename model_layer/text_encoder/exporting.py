"""A PyTorch network to a checked, quantised ONNX file."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, cast

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPSET = 17


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

    A quarter of the size of float32.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - seconds

    cast("object", quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True))
