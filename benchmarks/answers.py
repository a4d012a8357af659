"""Whether quick answers are right: each beside that of brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import brute_force
from benchmarks.scene import LIMIT_KM, TOP_K
from recommend.ranking import best, best_below

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.scene import Scene
    from recommend.embeddings import Embeddings

TOP = 10


def compare(
    scene: Scene,
    texts: Sequence[str],
    queries: Sequence[NDArray[np.float32]],
    peers: dict[str, Callable[[NDArray[np.float32]], list[int]]],
) -> dict[str, Any]:
    """Return of how many texts, whose vectors are `queries`, the answers are the same."""
    same = dict.fromkeys(("recommendations_nearby", "recommendations_global", "top_10", *peers), 0)
    for text, query in zip(texts, queries, strict=True):
        words = scene.wording.score(text)
        near = brute_force.Asked(query, words, TOP_K, (scene.stop,), LIMIT_KM)
        same["recommendations_nearby"] += scene.ask(text, nearby=True) == _recommend(scene, near)
        anywhere = brute_force.Asked(query, words, TOP_K)
        same["recommendations_global"] += scene.ask(text, nearby=False) == _recommend(
            scene, anywhere
        )
        most_like = brute_force.top_by_similarity(scene.served, query, TOP)
        same["top_10"] += top_by_similarity(scene.embeddings, query, TOP) == most_like
        for name, search in peers.items():
            same[name] += search(query) == most_like
    return {"texts": len(texts), "same_as_brute_force": same}


def top_by_similarity(embeddings: Embeddings, query: NDArray[np.float32], count: int) -> list[int]:
    """Return the positions of the most similar, found as `recommend` finds them."""
    bounds = embeddings.upper_bounds(query)
    if bounds is None:
        found = best(embeddings.similarities(query), count)
    else:
        found, _ = best_below(bounds, lambda rows: embeddings.similarities(query, rows), count)
    positions: list[int] = found.tolist()
    return positions


def _recommend(scene: Scene, asked: brute_force.Asked) -> list[str]:
    found = brute_force.recommend(scene.world, scene.served, scene.weights, asked)
    return [scene.world.landmarks[position].landmark_id for position in found]
