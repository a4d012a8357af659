"""The benchmark can tell a right answer from a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.answers import compare
from benchmarks.scan import measure_scan, scan_of
from benchmarks.scene import Scene, set_scene
from benchmarks.timing import interleave
from recommend.bundle import Bundle
from recommend.embeddings import Embeddings
from tests.unit.recommend.small_bundle import write_model_root

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TEXTS = ("a historic monument", "an island of palms", "a royal palace with fountains")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Return a world of 900 places around the seven of the small bundle, with bounds."""
    bundle = Bundle(write_model_root(tmp_path), "minilm", 1)
    monkeypatch.setattr("recommend.embeddings.MAX_WIDENED_BYTES", 0)
    return set_scene(bundle, 900, "like the catalogue", tmp_path)


def answers(scene: Scene) -> dict[str, int]:
    queries = [scene.encoder.encode(text) for text in TEXTS]

    def worst(query: NDArray[np.float32]) -> list[int]:
        found: list[int] = np.argsort(scene.served @ query)[:10].tolist()
        return found

    same: dict[str, int] = compare(scene, TEXTS, queries, {"worst": worst})["same_as_brute_force"]
    return same


def test_recommendations_are_those_of_brute_force(scene: Scene) -> None:
    assert scene.embeddings.quantized is not None
    assert answers(scene) == {
        "recommendations_nearby": 3, "recommendations_global": 3, "top_10": 3, "worst": 0
    }  # fmt: skip


def test_places_lie_around_their_templates(scene: Scene) -> None:
    near, _, _ = scene.places.within(scene.world.directions[[scene.stop]], 50.0)
    assert 200 < len(near) < 700
    assert scene.world.landmarks[899].landmark_id.endswith("-899")


def test_a_scan_reads_every_code_scale_and_error(scene: Scene) -> None:
    size, scan = scan_of(scene.embeddings)
    landmarks, views, dimension = scene.embeddings.matrix.shape
    blocks = -(-dimension // 128)
    assert size == landmarks * views * (blocks * 64 + blocks * 4 + 4)
    query = scene.encoder.encode(TEXTS[0])
    assert scene.embeddings.quantized is not None
    np.testing.assert_array_equal(scan(query), scene.embeddings.quantized.upper_bounds(query))
    whole = Embeddings(scene.served.reshape(landmarks, views, dimension))
    assert scan_of(whole)[0] == landmarks * views * dimension * 4
    figures = measure_scan(scene.embeddings, [query], rounds=2)
    assert figures["bytes"] == size
    assert figures["speed"]["unit"] == "GB/s"


def test_contenders_take_turns() -> None:
    calls: list[str] = []
    times = interleave(
        {"a": lambda _: calls.append("a"), "b": lambda _: calls.append("b")},
        rounds=3,
        fewer={"b": 1},
    )
    assert "".join(calls) == "aabbaaaa"
    assert (len(times["a"]), len(times["b"])) == (3, 1)
