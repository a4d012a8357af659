"""Who is shown: the score of every landmark, the best of them, and a varied choice of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommend.ranking import MIN_POOL, POOL_FACTOR, Scoring, best, best_below, closeness, vary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue
    from recommend.embeddings import Embeddings
    from recommend.ranking import Weights
    from recommend.search import Nearby, Search
    from recommend.wording import Wording

# What the itinerary's places look like says less about what is wanted than a description.
IMPLIED_MEANING_SHARE = 0.4
# Bounds for everyone take as long as the similarities of so many of them.
BOUNDS_SHARE = 1 / 25


@dataclass(frozen=True)
class Choice:
    """A landmark to show; `similarity` is a cosine."""

    position: int
    similarity: float | None
    score: float


class Ranker:
    """Ranks the catalogue for a search. Every answer is what scoring everyone would give."""

    def __init__(
        self, catalogue: Catalogue, embeddings: Embeddings, wording: Wording, weights: Weights
    ) -> None:
        """Rank `catalogue`, whose order `embeddings` and `wording` have."""
        self._catalogue, self._embeddings = catalogue, embeddings
        self._wording, self._weights = wording, weights
        self._popularity = np.float32(weights.popularity) * catalogue.popularity

    def choose(self, search: Search, nearby: Nearby | None, top_k: int) -> list[Choice]:
        """Return whom to show, in that order, of those nearby; of everyone where that is None."""
        pool, scores = self._best(search, nearby, max(MIN_POOL, POOL_FACTOR * top_k))
        varied = vary(scores, self._embeddings.vectors(pool), top_k, self._weights.variety)
        positions, scores = pool[varied], scores[varied]
        similarities = [None] * len(positions)
        if search.meaning is not None:
            similarities = self._embeddings.similarities(search.meaning, positions).tolist()
        return [
            Choice(*one)
            for one in zip(positions.tolist(), similarities, scores.tolist(), strict=True)
        ]

    def _best(
        self, search: Search, nearby: Nearby | None, count: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the positions of the best, best first, and their scores."""
        scoring = self._scoring(search, nearby)
        positions = None if nearby is None else nearby.positions
        rows, scores = self._best_rows(search.meaning, scoring, positions, count)
        left = np.isfinite(scores)
        rows, scores = rows[left], scores[left]
        return (rows if positions is None else positions[rows]), scores

    def _best_rows(
        self,
        meaning: NDArray[np.float32] | None,
        scoring: Scoring,
        positions: NDArray[np.intp] | None,
        count: int,
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        if meaning is None:
            rows = best(scoring.standing, count)
            return rows, scoring.standing[rows]
        bounds = None
        if len(scoring.standing) > BOUNDS_SHARE * len(self._catalogue):
            bounds = self._embeddings.upper_bounds(meaning)
        if bounds is None:
            scores = scoring.scores(self._embeddings.similarities(meaning, positions))
            rows = best(scores, count)
            return rows, scores[rows]

        def score(rows: NDArray[np.intp]) -> NDArray[np.float32]:
            wanted = rows if positions is None else positions[rows]
            return scoring.scores(self._embeddings.similarities(meaning, wanted), rows)

        bounds = bounds if positions is None else bounds[positions]
        return best_below(scoring.scores(bounds), score, count)

    def _scoring(self, search: Search, nearby: Nearby | None) -> Scoring:
        """Say what the score is made of.

        popularity + closeness to a stop + meaning * (similarity + shared words), each weighted;
        places of the itinerary are out of the question.
        """
        weights = self._weights
        positions = slice(None) if nearby is None else nearby.positions
        standing = self._popularity[positions]
        if nearby is not None:
            near = closeness(nearby.apart_km, nearby.limit_km)
            standing += np.float32(weights.distance) * near
        if search.stops:
            stops = np.array(search.stops, dtype=np.intp)
            standing = standing.copy()
            standing[stops if nearby is None else np.isin(nearby.positions, stops)] = -np.inf
        wording = None
        if search.words:
            wording = self._wording.score(search.words)[positions]
            wording *= np.float32(weights.wording)
        share = IMPLIED_MEANING_SHARE if search.implied else 1.0
        return Scoring(standing, wording, np.float32(share * weights.meaning))
