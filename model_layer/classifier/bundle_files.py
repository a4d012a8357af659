"""Writing a bundle in the form that `predict.bundle` reads."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file as save_tensors

from predict.bundle import FORMAT_VERSION
from predict.recognition import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

HASHED = ("classes.json", "scene_labels.json", "weights.safetensors", "references.safetensors")

# Without references or unknown photos to fit on, the probability alone decides, at one half.
PROBABILITY_ALONE: dict[str, Any] = {
    "temperature": 1.0,
    "evidence_weights": [1.0, 0.0, 0.0],
    "evidence_bias": float(np.log(2)),
    "recognised_from": 0.5,
    "high_from": 0.6,
}


def write_json(path: Path, value: object) -> None:
    """Write JSON as people like to read it, whole or not at all."""
    partial = path.with_suffix(".partial")
    text = json.dumps(value, ensure_ascii=False, indent=1)
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)


def write_weights(folder: Path, state: Mapping[str, Tensor]) -> None:
    """Write the network's weights in half precision."""
    halves = {
        name: value.to(torch.float16).contiguous()
        for name, value in state.items()
        if value.is_floating_point()
    }
    save_tensors(halves, folder / "weights.safetensors")


def write_references(
    folder: Path,
    projection: NDArray[np.float32],
    references: NDArray[np.float32],
    classes: NDArray[np.int64],
) -> None:
    """Write `(d, k)` projection, `(m, k)` unit-length references and their `(m,)` classes."""
    save_arrays(
        {
            "projection": projection.astype(np.float16),
            "references": references.astype(np.float16),
            "classes": classes.astype(np.int16),
        },
        folder / "references.safetensors",
    )


def write_no_references(folder: Path, width: int) -> None:
    """Write the references of a bundle that has none."""
    write_references(
        folder,
        np.zeros((width, 1), np.float32),
        np.zeros((0, 1), np.float32),
        np.zeros(0, np.int64),
    )


def write_config(  # noqa: PLR0913 - one argument a part of the file
    folder: Path,
    *,
    arch: str,
    px: int,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    calibration: Mapping[str, Any],
    provenance: Mapping[str, Any],
    name: str,
) -> None:
    """Write `config.json` last: it holds the checksums of the other files.

    The version ends in a checksum over everything that an answer depends on, so that two bundles
    that answer differently never share one.
    """
    sums = {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in HASHED}
    classes = json.loads((folder / "classes.json").read_text(encoding="utf-8"))
    together = hashlib.sha256("".join(sums[file] for file in HASHED).encode())
    rest = [arch, px, list(mean), list(std), dict(calibration)]
    together.update(json.dumps(rest, sort_keys=True).encode())
    config = {
        "format_version": FORMAT_VERSION,
        "model_version": f"{name}-{together.hexdigest()[:8]}",
        "arch": arch,
        "px": px,
        "mean": list(mean),
        "std": list(std),
        "classes": len(classes),
        "evidence": list(EVIDENCE),
        "calibration": dict(calibration),
        "provenance": dict(provenance),
        "sha256": sums,
        "metrics": {},
    }
    write_json(folder / "config.json", config)
