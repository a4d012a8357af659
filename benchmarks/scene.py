"""One size and kind of catalogue, read as `recommend` reads its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from benchmarks.machine import own_memory_mb
from benchmarks.synthetic import World, spread_words, write_vectors
from evaluation.retrieval import NoHistory, default_weights
from recommend.earth import Places
from recommend.embeddings import Embeddings, stays_mapped
from recommend.models import RecommendRequest
from recommend.names import Names
from recommend.quantized import quantized_path, read_quantized
from recommend.recommender import Recommender
from text_encoder.quantize import write_quantized

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.synthetic import Kind
    from recommend.bundle import Bundle
    from recommend.catalogue import Catalogue
    from recommend.ranking import Weights
    from recommend.text_encoder import TextEncoder
    from recommend.wording import Wording

THREADS = 2
STOP, LIMIT_KM, TOP_K = "Eiffel Tower", 50.0, 5
_SHA256 = "of a made-up matrix"


@dataclass(frozen=True)
class Scene:
    """What is measured, and its parts. `served` `(n, d)` is what peers and brute force search."""

    world: World
    places: Places
    wording: Wording
    embeddings: Embeddings
    weights: Weights
    encoder: TextEncoder
    correct: Callable[[str], str]
    recommender: Recommender
    served: NDArray[np.float32]
    vectors_memory_mb: float | None

    @property
    def stop(self) -> int:
        """The position of the itinerary's place."""
        return next(at for at, place in enumerate(self.world.landmarks) if place.name == STOP)

    def ask(self, text: str, *, nearby: bool) -> list[str]:
        """Recommend as the route does; return the ids of the answer's places."""
        where: dict[str, Any] = (
            {"itinerary_landmarks": [STOP], "max_distance_km": LIMIT_KM} if nearby else {}
        )
        request = RecommendRequest(llava_description=text, top_k=TOP_K, **where)
        answer = self.recommender.recommend("benchmark", request)
        return [place.landmark_id for place in answer.recommendations]


def set_scene(bundle: Bundle, size: int, kind: Kind, folder: Path) -> Scene:
    """Make a catalogue and its files in `folder`."""
    rng = np.random.default_rng(size)
    world = World(bundle.catalogue, size, rng)
    path = folder / "landmarks_minilm_embeddings.npy"
    real = bundle.embeddings.vectors(list(range(len(bundle.catalogue))))
    write_vectors(path, real, world.templates, kind, rng)
    matrix = np.load(path, mmap_mode="r")
    if stays_mapped(matrix):
        write_quantized(quantized_path(path), matrix.reshape(size, -1), _SHA256)
    before_mb = own_memory_mb()
    embeddings = _read_embeddings(path, matrix)
    after_mb = own_memory_mb()
    wording, weights = spread_words(bundle.wording, world.templates), default_weights()
    places = Places(world.directions)
    return Scene(
        world=world,
        places=places,
        wording=wording,
        embeddings=embeddings,
        weights=weights,
        encoder=bundle.encoder,
        correct=bundle.correct,
        recommender=Recommender(
            catalogue=cast("Catalogue", world),
            names=Names(bundle.catalogue.landmarks),
            places=places,
            embeddings=embeddings,
            encoder=lambda: bundle.encoder,
            wording=wording,
            history=NoHistory(),
            weights=weights,
            correct=bundle.correct,
        ),
        served=np.asarray(matrix).reshape(size, -1).astype(np.float32),
        vectors_memory_mb=(
            None if before_mb is None or after_mb is None else round(after_mb - before_mb)
        ),
    )


def _read_embeddings(path: Path, matrix: NDArray[np.float16]) -> Embeddings:
    """Do as `recommend.embeddings.read_embeddings` does, but for the checksums."""
    if not stays_mapped(matrix):
        return Embeddings(matrix.astype(np.float32))
    rows = (matrix.shape[0] * matrix.shape[1], matrix.shape[2])
    quantized = read_quantized(
        quantized_path(path), shape=rows, matrix_sha256=_SHA256, threads=THREADS
    )
    return Embeddings(np.asarray(matrix), quantized)
