"""The network's raw outputs for many photos, computed exactly as `predict` computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from predict.classify import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.photos import Photo
    from predict.network import Network

BATCH = 16


@dataclass(frozen=True, slots=True)
class Outputs:
    """One row a photo: landmark logits `(n, c)`, scene logits `(n, s)`, features `(n, d)`."""

    logits: NDArray[np.float32]
    scene: NDArray[np.float32]
    features: NDArray[np.float32]


def run_all(network: Network, files: Sequence[Path], px: int, title: str) -> Outputs:
    """Run `network` over image files, with a progress bar called `title`."""
    columns: tuple[list[NDArray[np.float32]], ...] = ([], [], [])
    for start in tqdm(range(0, len(files), BATCH), desc=title, unit="batch", mininterval=5):
        batch = np.stack([prepare(file.read_bytes(), px) for file in files[start : start + BATCH]])
        for column, rows in zip(columns, network.run(batch), strict=True):
            column.append(rows)
    logits, scene, features = (np.concatenate(column) for column in columns)
    return Outputs(logits, scene, features)


def paths(folder: Path, photos: Iterable[Photo]) -> list[Path]:
    """Return the files of `photos`."""
    return [folder / photo.path for photo in photos]


def labels(photos: Iterable[Photo], names: Sequence[str]) -> NDArray[np.int64]:
    """Return class indices, -1 for a landmark that is no class."""
    index = {name: number for number, name in enumerate(names)}
    return np.array([index.get(photo.landmark, -1) for photo in photos], dtype=np.int64)
