"""Stand-ins for what surrounds the rules, and the rules put together on them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from common import keys
from common.errors import Unavailable, UploadNotFound
from common.predictions import Predictions
from common.table import Put, Table
from describe.api_token import ApiToken
from describe.budget import Budget, Limits
from describe.cache import DescriptionCache
from describe.describer import Describer
from describe.outcomes import Outcome, Reply
from describe.photo import Photo
from describe.remote import RemoteDescriptions
from tests.fakes.clocks import ManualClock
from tests.fakes.tables import InMemoryTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from describe.catalogue import Place

MODELS = ("first", "second", "third")
TOKEN = "hf_secret-token"
CASTLE = Reply(Outcome.ANSWERED, "A castle on a hill.")


def jpeg(colour: tuple[int, int, int] = (90, 120, 200), px: int = 64) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (px, px), colour).save(encoded, "JPEG")
    return encoded.getvalue()


class ScriptedModels:
    """Models that reply from a list, taking a second each; the last reply goes on."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.replies: list[Reply] = [CASTLE]
        self.seconds = 1.0
        self.asked: list[str] = []
        self.seen: list[dict[str, Any]] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def ask(self, model: str, prompt: str, photo: bytes, *, token: str, seconds: float) -> Reply:
        self.asked.append(model)
        self.seen.append({"prompt": prompt, "photo": photo, "token": token, "seconds": seconds})
        self.meanwhile()
        self._clock.sleep(min(self.seconds, seconds))
        if self.seconds > seconds:
            return Reply(Outcome.TIMED_OUT)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class CannedClassifier:
    """A `predict` that sees a suspension bridge in everything, or is out of reach."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.asked: list[tuple[str, float]] = []
        self.seconds = 0.0
        self.out_of_reach = False

    def classify(self, photo: bytes, image_sha256: str, seconds: float) -> Mapping[str, Any]:
        assert photo.startswith(b"\xff\xd8")
        self.asked.append((image_sha256, seconds))
        self._clock.sleep(self.seconds)
        if self.out_of_reach:
            raise Unavailable(retry_after_seconds=5)
        return BRIDGE


BRIDGE: dict[str, Any] = {
    "recognised": False,
    "confidence_level": "low",
    "predictions": [
        {"landmark_id": "x", "landmark": "X", "confidence": 0.2, "country": "IT", "city": "Y"}
    ],
    "scene": [
        {"label": "suspension bridge", "confidence": 0.7},
        {"label": "seashore", "confidence": 0.1},
    ],
    "model_version": "lite2-108",
}


class FewPlaces:
    """A catalogue of nothing but what is put in."""

    def __init__(self, **places: Place) -> None:
        self.places = places

    def find(self, landmark_id: str) -> Place | None:
        return self.places.get(landmark_id)


class KeptUploads:
    """A bucket in memory."""

    def __init__(self, uploads: Mapping[tuple[str, str], bytes]) -> None:
        self._uploads = uploads

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        assert seconds > 0
        if (user_id, upload_key) not in self._uploads:
            raise UploadNotFound
        return self._uploads[user_id, upload_key]


class World:
    """Everything that `describe` stands on, with the levers that tests pull."""

    def __init__(self, table: Table | None = None) -> None:
        self.table = table or InMemoryTable()
        self.clock = ManualClock()
        self.models = ScriptedModels(self.clock)
        self.classifier = CannedClassifier(self.clock)
        self.uploads: dict[tuple[str, str], bytes] = {}
        self.token_text: str | None = TOKEN
        self.limits = Limits(monthly_calls=100, monthly_calls_per_user=50, interval_ms=100)
        self.table.write(Put(keys.profile("U1"), {"prediction_count": 0}))
        self.table.write(Put(keys.profile("U2"), {"prediction_count": 0}))
        self.token = ApiToken(lambda: self.token_text, self.clock.monotonic)

    def describer(self, table: Table | None = None) -> Describer:
        """Put a new instance of the function together."""
        seen = table or self.table
        budget = Budget(seen, self.limits, self.clock)
        remote = RemoteDescriptions(
            endpoint=self.models,
            models=MODELS,
            token=self.token,
            budget=budget,
            cache=DescriptionCache(seen, 86_400, self.clock),
            clock=self.clock,
            shortest_call_seconds=2.0,
        )
        return Describer(
            remote=remote,
            budget=budget,
            classifier=self.classifier,
            history=Predictions(seen),
            uploads=KeptUploads(self.uploads),
            places=FewPlaces(),
            clock=self.clock,
            default_prompt="Describe this.",
            answer_within_seconds=20.0,
            local_answer_seconds=6.0,
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def photo() -> Photo:
    return Photo(jpeg())
