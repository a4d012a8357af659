"""The classifier's bundle as it lies on disk: what it says of itself, and its arrays.

models/classifier/
    config.json         what made it, sizes, calibration, thresholds, checksums
    classes.json        one entry a class, in the order of the landmark head
    scene_labels.json   ImageNet's thousand labels, in the order of the scene head
    weights.safetensors the network, half precision
    references.safetensors  directions of training photos in feature space, with their class
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT_VERSION = 2


class BundleError(Exception):
    """The bundle is missing, damaged, or of another form than this code reads."""


@dataclass(frozen=True, slots=True)
class LandmarkClass:
    """One landmark that the network can name; coordinates in degrees.

    What an imported checkpoint's classes are called may not be in the catalogue: then country,
    city and coordinates are None.
    """

    landmark_id: str
    name: str
    country: str | None
    city: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw outputs become a confidence and a verdict.

    `temperature` divides the logits (Guo 2017). `evidence_weights` and `evidence_bias` make the
    score that a photo shows the named landmark at all, out of the evidence in `recognition.py`.
    """

    temperature: float
    evidence_weights: tuple[float, ...]
    evidence_bias: float
    recognised_from: float
    high_from: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything but the network's weights, read into memory.

    `projection` is `(d, k)` float32; `references` `(m, k)` float32, unit length;
    `reference_classes` `(m,)` int.
    """

    folder: Path
    model_version: str
    arch: str
    px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    calibration: Calibration
    classes: tuple[LandmarkClass, ...]
    scene_labels: tuple[str, ...]
    projection: NDArray[np.float32]
    references: NDArray[np.float32]
    reference_classes: NDArray[np.int64]
    weights_sha256: str


def read_bundle(folder: Path) -> Bundle:
    """Read and check a bundle.

    Raises:
        BundleError: a file is missing, does not match its checksum, or has another form.

    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["format_version"] != FORMAT_VERSION:
            message = f"{folder} has bundle format {config['format_version']}, not {FORMAT_VERSION}"
            raise BundleError(message)
        for name in ("classes.json", "scene_labels.json", "references.safetensors"):
            _verify(folder / name, config["sha256"][name])
        return _assemble(folder, config)
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = (
            f"the classifier bundle in {folder} cannot be read: {type(error).__name__}: {error}"
        )
        raise BundleError(message) from error


def verify_weights(bundle: Bundle) -> Path:
    """Return the path of the weights after comparing their checksum.

    Raises:
        BundleError: they are not the ones that the bundle was made with.

    """
    path = bundle.folder / "weights.safetensors"
    _verify(path, bundle.weights_sha256)
    return path


def _verify(path: Path, expected_sha256: str) -> None:
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected_sha256:
        message = f"{path} does not match its checksum in config.json"
        raise BundleError(message)


def _assemble(folder: Path, config: Mapping[str, Any]) -> Bundle:
    classes = json.loads((folder / "classes.json").read_text(encoding="utf-8"))
    scene_labels = json.loads((folder / "scene_labels.json").read_text(encoding="utf-8"))
    arrays = load_file(folder / "references.safetensors")
    calibration = config["calibration"]
    return Bundle(
        folder=folder,
        model_version=config["model_version"],
        arch=config["arch"],
        px=config["px"],
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        calibration=Calibration(
            temperature=calibration["temperature"],
            evidence_weights=tuple(calibration["evidence_weights"]),
            evidence_bias=calibration["evidence_bias"],
            recognised_from=calibration["recognised_from"],
            high_from=calibration["high_from"],
        ),
        classes=tuple(
            LandmarkClass(
                landmark_id=entry["id"],
                name=entry["name"],
                country=entry["country"],
                city=entry["city"],
                latitude=entry["latitude"],
                longitude=entry["longitude"],
            )
            for entry in classes
        ),
        scene_labels=tuple(scene_labels),
        projection=arrays["projection"].astype(np.float32),
        references=arrays["references"].astype(np.float32),
        reference_classes=arrays["classes"].astype(np.int64),
        weights_sha256=config["sha256"]["weights.safetensors"],
    )
