"""From scores to a choice: what counts how much, and no five near-copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from recommend.settings import RecommendSettings

# Places are chosen from so many times as many of the best: enough to vary, few enough to be good.
POOL_FACTOR = 4
MIN_POOL = 20
# So many times as many as are wanted are scored first, to learn what the others have to beat.
_FIRST_FACTOR = 8


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What each part of the score counts, from 0 to 1; see `RecommendSettings`."""

    meaning: float
    distance: float
    popularity: float
    wording: float
    variety: float

    @classmethod
    def of(cls, settings: RecommendSettings) -> Weights:
        """Read the settings' percentages."""
        return cls(
            meaning=settings.meaning_weight_percent / 100,
            distance=settings.distance_weight_percent / 100,
            popularity=settings.popularity_weight_percent / 100,
            wording=settings.wording_weight_percent / 100,
            variety=settings.variety_percent / 100,
        )


@dataclass(frozen=True)
class Scoring:
    """What the scores of `(n,)` landmarks are made of, but for their similarity to the query.

    `standing` `(n,)` float32 is what they have without meaning anything: popularity, closeness;
    `wording` `(n,)` float32 is added to the similarity; their sum counts `meaning`, 0 or more.
    """

    standing: NDArray[np.float32]
    wording: NDArray[np.float32] | None
    meaning: np.float32

    def scores(
        self, similarities: NDArray[np.float32], rows: NDArray[np.intp] | slice = slice(None)
    ) -> NDArray[np.float32]:
        """Turn the similarities at `rows`, `(k,)`, into scores, in their place.

        These never fall when a similarity grows, to the last bit: of bounds they make bounds.
        """
        scores = similarities
        if self.wording is not None:
            scores += self.wording[rows]
        scores *= self.meaning
        scores += self.standing[rows]
        return scores


def closeness(distances_km: NDArray[np.float64], limit_km: float) -> NDArray[np.float32]:
    """Return 1 at a stop, a half at a quarter of the limit, and less beyond, `(n,)`.

    Hyperbolic: the first kilometres decide whether one walks, the last ones make no difference.
    """
    return (1 / (1 + distances_km / (limit_km / 4))).astype(np.float32)


def best(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` largest scores, best first; ties by position."""
    if count < len(scores):
        threshold = np.partition(scores, len(scores) - count)[len(scores) - count]
        above = np.flatnonzero(scores > threshold)
        level = np.flatnonzero(scores == threshold)[: count - len(above)]
        positions = np.sort(np.concatenate([above, level]))
    else:
        positions = np.arange(len(scores))
    return positions[np.argsort(-scores[positions], kind="stable")]


def best_below(
    bounds: NDArray[np.float32],
    score: Callable[[NDArray[np.intp]], NDArray[np.float32]],
    count: int,
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return what `best` of all scores would, and these scores, computing few of them.

    `bounds` `(n,)` are what the scores are not above; `score` computes those at positions.
    """
    likely = _likely(bounds, _FIRST_FACTOR * count)
    # As many as are wanted reach this score, so that whoever cannot is not among the best.
    reached = np.sort(score(likely))[-min(count, len(likely))]
    left = np.flatnonzero(bounds >= reached)
    scores = score(left)
    order = best(scores, count)
    return left[order], scores[order]


def _likely(bounds: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the positions of about `count` high bounds: the highest of each of so many parts."""
    if len(bounds) <= count:
        return np.arange(len(bounds))
    parts = bounds[: len(bounds) // count * count].reshape(count, -1)
    highest: NDArray[np.intp] = parts.argmax(axis=1)
    highest += np.arange(count) * parts.shape[1]
    return highest


def vary(
    scores: NDArray[np.float32], vectors: NDArray[np.float32], count: int, variety: float
) -> list[int]:
    """Choose `count` of the given places one after another: good, and unlike those chosen.

    Maximal marginal relevance (Carbonell and Goldstein 1998). `scores` `(m,)`, best first;
    `vectors` `(m, d)` of unit length. Returns positions in the order of choice: the best first.
    """
    if not len(scores):
        return []
    likeness = np.full(len(scores), -np.inf, dtype=np.float32)
    open_ = np.ones(len(scores), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < min(count, len(scores)):
        penalty = variety * np.maximum(likeness, 0) if chosen else np.float32(0)
        gains = np.where(open_, scores - penalty, -np.inf)
        choice = int(np.argmax(gains))
        chosen.append(choice)
        open_[choice] = False
        likeness = np.maximum(likeness, vectors @ vectors[choice])
    return chosen
