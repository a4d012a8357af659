"""A small catalogue with a real word index and an encoder that counts letters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from common.errors import PredictionNotFound
from common.photo_vector import PhotoVector
from recommend.catalogue import Catalogue, Landmark
from recommend.earth import Places
from recommend.embeddings import Embeddings
from recommend.names import Names
from recommend.ranking import Weights
from recommend.recommender import Recommender
from recommend.wording import count_words, index_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

DIMENSION = 64
USER = "user-1"
WEIGHTS = Weights(meaning=0.7, distance=0.15, popularity=0.15, wording=0.4, variety=0.1)


def place(landmark_id: str, latitude: float, longitude: float, **changes: Any) -> Landmark:  # noqa: ANN401 - fields of any kind
    name = changes.pop("name", landmark_id.replace("-", " ").title())
    values: dict[str, Any] = {
        "aliases": (),
        "country": "FR",
        "city": "Paris",
        "categories": ("monument",),
        "unesco": False,
        "popularity": 50,
        "description": name,
    }
    values.update(changes)
    return Landmark(landmark_id, name, latitude=latitude, longitude=longitude, **values)


LANDMARKS = (
    place(
        "eiffel-tower", 48.8584, 2.2945, aliases=("La Tour Eiffel", "Tour Eiffel"),
        popularity=100, unesco=True, description="An iron lattice tower with three decks.",
    ),
    place(
        "arc-de-triomphe", 48.8738, 2.295, name="Arc de Triomphe", popularity=95,
        description="A historic monument: a stone arch over twelve avenues.",
    ),
    place(
        "musee-d-orsay", 48.86, 2.3266, name="Musée d'Orsay", categories=("museum",),
        popularity=90, description="Impressionist paintings in a railway station.",
    ),
    place(
        "palace-of-versailles", 48.8049, 2.1204, name="Palace of Versailles", city="Versailles",
        categories=("palace", "garden"), popularity=96, unesco=True,
        description="A royal palace with a hall of mirrors and fountains.",
    ),
    place(
        "big-ben", 51.5007, -0.1246, name="Big Ben", country="GB", city="London", popularity=97,
        categories=("tower",), description="A clock tower above the river.",
    ),
    place(
        "taveuni-meridian", -16.79, 180.0, name="Taveuni Meridian", country="FJ", city="Taveuni",
        popularity=20, description="A sign on the line where the date changes.",
    ),
    place(
        "rabi-island", -16.5, -179.97, name="Rabi Island", country="FJ", city="Rabi",
        categories=("island",), popularity=10, description="An island of palms.",
    ),
)  # fmt: skip


class LetterEncoder:
    """Vectors of pairs of letters: like texts are near, and nothing has to be loaded."""

    def encode(self, text: str) -> NDArray[np.float32]:
        vector = np.full(DIMENSION, 1e-3, dtype=np.float32)
        lowered = text.lower()
        for one, other in pairwise(lowered):
            vector[(ord(one) * 31 + ord(other)) % DIMENSION] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def photo_vector(text: str, encoder_sha256: str) -> dict[str, Any]:
    """Return what is kept of a photo that lies where `text` does."""
    values = LetterEncoder().encode(text).astype("<f2").tobytes()
    return PhotoVector(values, encoder_sha256).attributes()


class KeptPredictions:
    """A user's predictions in memory."""

    def __init__(self, predictions: Mapping[str, Mapping[str, Any]]) -> None:
        self._predictions = predictions

    def get(self, user_id: str, prediction_id: str) -> Mapping[str, Any]:
        if user_id != USER or prediction_id not in self._predictions:
            raise PredictionNotFound
        return self._predictions[prediction_id]


ENCODER_SHA256 = "e" * 64
PREDICTIONS = {
    "of-the-tower": {
        "recognised": True,
        "predictions": [{"landmark_id": "eiffel-tower", "confidence": 0.9}],
        "scene": [{"label": "tower", "confidence": 0.5}],
    },
    "of-a-palace": {
        "recognised": False,
        "predictions": [{"landmark_id": "not-in-the-catalogue", "confidence": 0.1}],
        "scene": [{"label": "palace", "confidence": 0.8}, {"label": "fountain", "confidence": 0.1}],
    },
    # Its tag says palace, its vector a clock tower.
    "with-a-vector": {
        "recognised": False,
        "predictions": [],
        "scene": [{"label": "palace", "confidence": 0.2}],
        **photo_vector("A clock tower above the river.", ENCODER_SHA256),
    },
    "with-another-encoders-vector": {
        "recognised": False,
        "predictions": [],
        "scene": [{"label": "palace", "confidence": 0.2}],
        **photo_vector("A clock tower above the river.", "f" * 64),
    },
    "of-nothing": {"recognised": False, "predictions": [], "scene": []},
}


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(LANDMARKS, "0" * 64)


@pytest.fixture
def recommender(catalogue: Catalogue) -> Recommender:
    encoder = LetterEncoder()
    matrix = np.stack([encoder.encode(one.description)[None] for one in LANDMARKS])
    return Recommender(
        catalogue=catalogue,
        names=Names(LANDMARKS),
        places=Places(catalogue.directions),
        embeddings=Embeddings(matrix, encoder_sha256=ENCODER_SHA256),
        encoder=lambda: encoder,
        wording=index_words([count_words([(one.description, 1)]) for one in LANDMARKS]),
        history=KeptPredictions(PREDICTIONS),
        weights=WEIGHTS,
    )
