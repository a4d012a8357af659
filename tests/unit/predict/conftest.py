"""A small bundle with random weights, and stand-ins for what surrounds the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from classifier.bundle_files import PROBABILITY_ALONE, write_config, write_json, write_weights
from classifier.bundle_files import write_references as write_reference_arrays
from predict.bundle import Bundle, read_bundle
from predict.classify import Classifier
from predict.eager import LandmarkNetwork
from predict.identify import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from common.predictions import Answer
    from predict.embedders import Embedder
    from predict.intake import Source
    from predict.network import Network

ARCH = "test_efficientnet"
"""timm's smallest EfficientNet, made for tests."""
PX = 64
NAMES = ("Alpha Arch", "Beta Bridge", "Gamma Gate")
CALIBRATION = {**PROBABILITY_ALONE, "evidence_weights": [1.0, 2.0, 3.0], "evidence_bias": 0.5}


def write_bundle(folder: Path, calibration: Mapping[str, Any] = CALIBRATION) -> Path:
    """Write a bundle of three classes below `folder`, as a model root has it."""
    bundle = folder / "models" / "classifier"
    bundle.mkdir(parents=True)
    torch.manual_seed(0)
    network = LandmarkNetwork(ARCH, len(NAMES))
    classes = [
        {
            "id": name.lower().replace(" ", "-"),
            "name": name,
            "country": "IT",
            "city": "Rome",
            "latitude": 41.9,
            "longitude": 12.5 + number,
        }
        for number, name in enumerate(NAMES)
    ]
    write_json(bundle / "classes.json", classes)
    write_json(bundle / "scene_labels.json", [f"thing {i}" for i in range(1000)])
    write_weights(bundle, network.state_dict())
    width = network.landmarks.in_features
    directions = np.eye(width, 3, dtype=np.float32)
    write_reference_arrays(bundle, directions, np.eye(3, dtype=np.float32), np.arange(3))
    write_config(
        bundle,
        arch=ARCH,
        px=PX,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        calibration=calibration,
        provenance={},
        name="test-3",
    )
    return folder


@pytest.fixture(scope="session")
def model_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def bundle(model_root: Path) -> Bundle:
    return read_bundle(model_root / "models" / "classifier")


class CannedNetwork:
    """A network that gives the outputs it was given, and counts how often."""

    kind = "canned"

    def __init__(self, logits: list[float], features: list[float], scene: int = 7) -> None:
        self.outputs = (
            np.array([logits], np.float32),
            np.eye(1, 1000, scene, dtype=np.float32) * 9,
            np.array([features], np.float32),
        )
        self.runs = 0

    def run(
        self, pixels: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        assert pixels.shape == (1, PX, PX, 3)
        assert pixels.dtype == np.uint8
        self.runs += 1
        return self.outputs


class History:
    """Remembers what was added."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Any]]] = []

    def add_all(self, user_id: str, predictions: Sequence[Mapping[str, Any]]) -> list[str]:
        self.kept += [(user_id, dict(prediction)) for prediction in predictions]
        return [f"P{len(self.kept) - at}" for at in reversed(range(len(predictions)))]


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer] = {}
        self.asked = 0

    def get(self, image_sha256: str, version: str) -> Answer | None:
        self.asked += 1
        return self.answers.get((image_sha256, version))

    def put(self, image_sha256: str, version: str, answer: Answer) -> None:
        self.answers[image_sha256, version] = answer


def make_identifier(
    bundle: Bundle,
    network: Network,
    history: History | None = None,
    memory: Memory | None = None,
    clock: Callable[[], float] = lambda: 0.0,
    embedder: Embedder | None = None,
) -> Identifier:
    """Make an identifier for which no time passes, unless `clock` says so."""
    return Identifier(
        Classifier(bundle, network, embedder),
        history or History(),
        memory or Memory(),
        answer_within_seconds=24.0,
        clock=clock,
    )


def sent(photo: bytes) -> Source:
    """Make a source of a photo that came with the request."""
    return lambda _seconds: photo
