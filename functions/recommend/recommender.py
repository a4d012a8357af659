"""From what a traveller visits, sees or describes to places worth going to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from common.errors import FieldError, InvalidFields, LandmarksUnknown
from recommend.earth import Places, distances_km, unit_vectors
from recommend.models import Recommendation, RecommendResponse, UnresolvedName
from recommend.ranking import MIN_POOL, POOL_FACTOR, best, closeness, vary
from recommend.reasons import Reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue
    from recommend.embeddings import Embeddings
    from recommend.models import RecommendRequest
    from recommend.names import Names
    from recommend.ranking import Weights
    from recommend.wording import Wording

DISTANCE_DECIMALS = 2
SCORE_DECIMALS = 4
# What the itinerary's places look like says less about what is wanted than a description.
IMPLIED_MEANING_SHARE = 0.4


class Encoder(Protocol):
    """What turns text into a vector (`recommend.text_encoder.TextEncoder`)."""

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return the vector of `text`, `(d,)` of unit length."""
        ...


class History(Protocol):
    """Where a user's predictions are kept (`recommend.history.StoredPredictions`)."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Return a prediction of this user."""
        ...


@dataclass(frozen=True)
class Search:
    """What is looked for. `stops` are positions in the catalogue."""

    stops: tuple[int, ...]
    point: tuple[float, float] | None
    meaning: NDArray[np.float32] | None
    words: str
    implied: bool


class Recommender:
    """Ranks the catalogue for a request. Everything is computed exactly, in memory."""

    def __init__(  # noqa: PLR0913 - the parts it is made of, by keyword
        self,
        *,
        catalogue: Catalogue,
        names: Names,
        places: Places,
        embeddings: Embeddings,
        encoder: Callable[[], Encoder],
        wording: Wording,
        history: History,
        weights: Weights,
    ) -> None:
        """Recommend from `catalogue`; the encoder is asked for when there is text."""
        self._catalogue, self._names, self._places = catalogue, names, places
        self._embeddings, self._encoder, self._wording = embeddings, encoder, wording
        self._history, self._weights = history, weights

    def recommend(self, user_id: str, request: RecommendRequest) -> RecommendResponse:
        """Return the places to go to.

        Raises:
            LandmarksUnknown: the itinerary's names are all unknown, and no position was sent.
            PredictionNotFound: this user has no such prediction.
            InvalidFields: nothing in the request says what to look for.

        """
        stops, unresolved = self._resolve(request.itinerary_landmarks)
        if request.itinerary_landmarks and not stops and request.latitude is None:
            raise LandmarksUnknown([_unknown(name) for name in unresolved])
        search = self._read(user_id, request, stops)
        candidates, apart_km, nearest = self._candidates(search, request.max_distance_km)
        chosen = self._rank(search, request, candidates, apart_km)
        reasons = Reasons(self._catalogue, search.words, self._wording if search.words else None)
        recommendations = []
        for row, similarity, score in chosen:
            position = row if candidates is None else int(candidates[row])
            place = self._catalogue.landmarks[position]
            distance = None if apart_km is None else round(float(apart_km[row]), DISTANCE_DECIMALS)
            stop = None
            if nearest is not None and nearest[row] < len(search.stops):
                stop = self._catalogue.landmarks[search.stops[int(nearest[row])]].name
            recommendations.append(
                Recommendation(
                    landmark_id=place.landmark_id,
                    landmark=place.name,
                    country=place.country,
                    city=place.city,
                    latitude=place.latitude,
                    longitude=place.longitude,
                    distance_km=distance,
                    closest_itinerary_landmark=stop,
                    similarity=None if similarity is None else round(similarity, SCORE_DECIMALS),
                    score=round(score, SCORE_DECIMALS),
                    reason=reasons.tell(position, distance, stop, implied=search.implied),
                    description=place.description,
                    categories=list(place.categories),
                )
            )
        return RecommendResponse(
            recommendations=recommendations,
            search_mode="global" if candidates is None else "nearby",
            unresolved=unresolved,
        )

    def _resolve(self, names: Sequence[str]) -> tuple[list[int], list[UnresolvedName]]:
        stops: dict[int, None] = {}
        unresolved: dict[str, UnresolvedName] = {}
        for name in names:
            position = self._names.find(name)
            if position is not None:
                stops[position] = None
            elif name not in unresolved:
                suggestions = self._names.suggest(name)
                unresolved[name] = UnresolvedName(name=name, suggestions=suggestions)
        return list(stops), list(unresolved.values())

    def _read(self, user_id: str, request: RecommendRequest, stops: list[int]) -> Search:
        words = (request.llava_description or "").strip()
        vectors = [self._encoder().encode(words)] if words else []
        if request.prediction_id is not None:
            prediction = self._history.get(user_id, request.prediction_id)
            seen, tags = self._look_at(prediction)
            vectors += [] if seen is None else [seen]
            words = f"{words} {tags}".strip()
            shown = self._catalogue.positions.get(_recognised(prediction) or "")
            stops = stops if shown is None or shown in stops else [*stops, shown]
        point = None
        if request.latitude is not None and request.longitude is not None:
            point = (request.latitude, request.longitude)
        implied = not vectors and bool(stops)
        if implied:
            vectors = list(self._embeddings.vectors(stops))
        if not vectors and point is None:
            message = "The prediction says too little: send a description, a place or a position."
            raise InvalidFields([FieldError("prediction_id", message)])
        return Search(tuple(stops), point, _mean_direction(vectors), words, implied)

    def _look_at(self, prediction: Mapping[str, Any]) -> tuple[NDArray[np.float32] | None, str]:
        """Return where a photo lies among words, and the words: from its tags and its landmarks.

        The mean of their vectors, weighted by their probabilities.
        """
        parts: list[NDArray[np.float32]] = []
        tags = [
            (str(tag["label"]), float(tag["confidence"])) for tag in prediction.get("scene", [])
        ]
        for label, confidence in tags:
            parts.append(self._encoder().encode(label) * np.float32(confidence))
        for guess in prediction.get("predictions", []):
            position = self._catalogue.positions.get(guess["landmark_id"])
            if position is not None:
                vector = self._embeddings.vectors([position])[0]
                parts.append(vector * np.float32(guess["confidence"]))
        return _mean_direction(parts), " ".join(label for label, _ in tags)

    def _candidates(
        self, search: Search, limit_km: float | None
    ) -> tuple[NDArray[np.intp] | None, NDArray[np.float64] | None, NDArray[np.intp] | None]:
        """Return who may be recommended (None for all), and how far each is from which stop."""
        directions = self._catalogue.directions
        points = [directions[position] for position in search.stops]
        if search.point is not None:
            latitude, longitude = search.point
            points.append(unit_vectors(np.array(latitude), np.array(longitude)))
        if not points:
            return None, None, None
        stops = np.stack(points)
        if limit_km is None:
            return None, *distances_km(directions, stops)
        return self._places.within(stops, limit_km)

    def _rank(
        self,
        search: Search,
        request: RecommendRequest,
        candidates: NDArray[np.intp] | None,
        apart_km: NDArray[np.float64] | None,
    ) -> list[tuple[int, float | None, float]]:
        """Return rows of the candidates, with similarity and score, in the order to show."""
        weights = self._weights
        everyone = len(self._catalogue)
        popularity = self._catalogue.popularity
        scores = weights.popularity * (popularity if candidates is None else popularity[candidates])
        similarities = None
        if search.meaning is not None:
            similarities = self._embeddings.similarities(search.meaning, candidates)
            meaning = similarities
            if search.words:
                shared = self._wording.score(search.words)
                meaning = meaning + weights.wording * (
                    shared if candidates is None else shared[candidates]
                )
            share = IMPLIED_MEANING_SHARE if search.implied else 1.0
            scores = scores + np.float32(share * weights.meaning) * meaning
        if candidates is not None and apart_km is not None and request.max_distance_km is not None:
            near = closeness(apart_km, request.max_distance_km)
            scores = scores + np.float32(weights.distance) * near
        scores = np.asarray(scores, dtype=np.float32)
        number = everyone if candidates is None else len(candidates)
        for stop in search.stops:
            row = stop if candidates is None else int(np.searchsorted(candidates, stop))
            if row < number and (candidates is None or candidates[row] == stop):
                scores[row] = -np.inf
        pool = best(scores, max(MIN_POOL, POOL_FACTOR * request.top_k) + len(search.stops))
        pool = pool[np.isfinite(scores[pool])]
        vectors = self._embeddings.vectors(pool if candidates is None else candidates[pool])
        order = vary(scores[pool], vectors, request.top_k, weights.variety)
        return [
            (
                int(pool[at]),
                None if similarities is None else float(similarities[pool[at]]),
                float(scores[pool[at]]),
            )
            for at in order
        ]


def _unknown(name: UnresolvedName) -> FieldError:
    meant = f" Did you mean {' or '.join(name.suggestions)}?" if name.suggestions else ""
    return FieldError("itinerary_landmarks", f"No landmark is called {name.name}.{meant}")


def _recognised(prediction: Mapping[str, Any]) -> str | None:
    guesses = prediction.get("predictions", [])
    if not prediction.get("recognised") or not guesses:
        return None
    landmark_id: str = guesses[0]["landmark_id"]
    return landmark_id


def _mean_direction(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32] | None:
    if not vectors:
        return None
    total = np.sum(np.stack(vectors), axis=0)
    norm = float(np.linalg.norm(total))
    return np.asarray(total / norm, dtype=np.float32) if norm > 0 else None
