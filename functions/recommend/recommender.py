"""From what a traveller visits, sees or describes to places worth going to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from common.errors import FieldError, InvalidFields, LandmarksUnknown
from common.photo_vector import read_vector
from recommend.earth import distances_km, unit_vectors
from recommend.models import Recommendation, RecommendResponse, UnresolvedName
from recommend.ranker import Ranker
from recommend.reasons import Reasons
from recommend.search import Nearby, Search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue
    from recommend.earth import Places
    from recommend.embeddings import Embeddings
    from recommend.models import RecommendRequest
    from recommend.names import Names
    from recommend.ranker import Choice
    from recommend.ranking import Weights
    from recommend.wording import Wording

DISTANCE_DECIMALS = 2
SCORE_DECIMALS = 4


class Encoder(Protocol):
    """What turns text into a vector (`recommend.text_encoder.TextEncoder`)."""

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return the vector of `text`, `(d,)` of unit length."""
        ...


class History(Protocol):
    """Where a user's predictions are kept (`common.predictions.Predictions`)."""

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        """Return a prediction of this user."""
        ...


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
        correct: Callable[[str], str] = str,
    ) -> None:
        """Recommend from `catalogue`; the encoder is asked for when there is text.

        `correct` sets mistyped words right.
        """
        self._catalogue, self._names, self._places = catalogue, names, places
        self._embeddings, self._encoder, self._wording = embeddings, encoder, wording
        self._history, self._correct = history, correct
        self._ranker = Ranker(catalogue, embeddings, wording, weights)

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
        starts = self._starts(search)
        nearby = None
        if starts is not None and request.max_distance_km is not None:
            limit_km = request.max_distance_km
            positions, apart_km, _ = self._places.within(starts, limit_km)
            nearby = Nearby(positions, apart_km, limit_km)
        return RecommendResponse(
            recommendations=self._describe(
                self._ranker.choose(search, nearby, request.top_k), search, starts
            ),
            search_mode="global" if nearby is None else "nearby",
            unresolved=unresolved,
        )

    def _starts(self, search: Search) -> NDArray[np.float64] | None:
        """Return the directions of what distance is measured from: the stops, then the point."""
        points = [self._catalogue.directions[position] for position in search.stops]
        if search.point is not None:
            latitude, longitude = search.point
            points.append(unit_vectors(np.array(latitude), np.array(longitude)))
        return np.stack(points) if points else None

    def _describe(
        self, choices: Sequence[Choice], search: Search, starts: NDArray[np.float64] | None
    ) -> list[Recommendation]:
        """Say of each choice what it is, where, and why it is there."""
        apart_km, nearest = None, None
        if starts is not None and choices:
            chosen = [choice.position for choice in choices]
            apart_km, nearest = distances_km(self._catalogue.directions[chosen], starts)
        reasons = Reasons(
            self._catalogue,
            search.words,
            self._wording if search.words else None,
            pictured=search.pictured,
        )
        recommendations = []
        for row, choice in enumerate(choices):
            place = self._catalogue.landmarks[choice.position]
            distance = None if apart_km is None else round(float(apart_km[row]), DISTANCE_DECIMALS)
            stop = None
            if nearest is not None and nearest[row] < len(search.stops):
                stop = self._catalogue.landmarks[search.stops[int(nearest[row])]].name
            similarity = choice.similarity
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
                    score=round(choice.score, SCORE_DECIMALS),
                    reason=reasons.tell(choice.position, distance, stop, implied=search.implied),
                    description=place.description,
                    categories=list(place.categories),
                )
            )
        return recommendations

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
        words = self._correct(words) if words else words
        vectors = [self._encoder().encode(words)] if words else []
        pictured = False
        if request.prediction_id is not None:
            prediction = self._history.get(user_id, request.prediction_id)
            seen, tags = self._look_at(prediction)
            pictured = seen is not None
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
        return Search(tuple(stops), point, _mean_direction(vectors), words, implied, pictured)

    def _look_at(self, prediction: Mapping[str, Any]) -> tuple[NDArray[np.float32] | None, str]:
        """Return where a photo lies among words, and what words there are for it.

        Where `predict` says, if it went by the same encoder: it saw more than the tags, of which
        none are words to look for then. Else the mean of the vectors of its tags and its landmarks,
        weighted by their probabilities.
        """
        stored = read_vector(prediction)
        if stored is not None and stored.encoder_sha256 == self._embeddings.encoder_sha256:
            return np.frombuffer(stored.values, "<f2").astype(np.float32), ""
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
