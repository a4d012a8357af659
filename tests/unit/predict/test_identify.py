"""The rule: photos in, answers out, kept for the user and remembered for the next."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from common.errors import (
    AccountNotFound,
    ImageUnreadable,
    Unavailable,
    UploadNotFound,
    problem_of,
)
from common.photo_vector import PhotoVector
from predict.identify import PHOTO_SECONDS, STORING_SECONDS, TimeIsUp
from predict.models import PredictResponse
from tests.unit.predict.conftest import CannedNetwork, History, Memory, make_identifier, sent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from predict.bundle import Bundle
    from predict.embedders import Sight
    from predict.network import Outputs

PHOTO = (Path(__file__).parents[2] / "photos" / "colosseum.jpg").read_bytes()
SURE, TORN = [9.0, 0.0, -1.0], [1.0, 0.9, 0.8]


def known(bundle: Bundle) -> CannedNetwork:
    return CannedNetwork(SURE, [1.0] + [0.0] * (bundle.projection.shape[0] - 1))


def unknown(bundle: Bundle) -> CannedNetwork:
    return CannedNetwork(TORN, [-1.0] + [0.0] * (bundle.projection.shape[0] - 1))


def picture(shade: int) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (90, 70), (shade, 0, 0)).save(encoded, "PNG")
    return encoded.getvalue()


def test_a_known_landmark_is_named(bundle: Bundle) -> None:
    answer = make_identifier(bundle, known(bundle)).identify("U1", sent(PHOTO), 2)
    assert answer.recognised
    assert answer.landmark == "Alpha Arch"
    assert [guess.landmark for guess in answer.predictions] == ["Alpha Arch", "Beta Bridge"]
    assert answer.predictions[0].city == "Rome"
    assert answer.scene[0].label == "thing 7"
    assert answer.latency_ms > 0


def test_an_unknown_place_gets_no_name_but_guesses_and_a_scene(bundle: Bundle) -> None:
    answer = make_identifier(bundle, unknown(bundle)).identify("U1", sent(PHOTO), 3)
    assert answer.landmark is None
    assert not answer.recognised
    assert answer.confidence_level == "low"
    assert len(answer.predictions) == 3
    assert answer.scene


def test_the_answer_is_kept_without_the_photo(bundle: Bundle) -> None:
    history = History()
    answer = make_identifier(bundle, known(bundle), history).identify("U1", sent(PHOTO), 2)
    ((user_id, kept),) = history.kept
    assert user_id == "U1"
    assert answer.prediction_id == "P1"
    assert kept["landmark"] == "Alpha Arch"
    assert len(kept["image_sha256"]) == 64
    assert "image" not in kept


def test_the_same_photo_is_not_computed_twice(bundle: Bundle) -> None:
    network, memory = known(bundle), Memory()
    identifier = make_identifier(bundle, network, memory=memory)
    first = identifier.identify("U1", sent(PHOTO), 1)
    second = identifier.identify("U2", sent(PHOTO), 3)
    assert network.runs == 1
    assert (first.cached, second.cached) == (False, True)
    assert (len(first.predictions), len(second.predictions)) == (1, 3)
    assert first.prediction_id != second.prediction_id


def test_an_unreadable_photo_leaves_nothing_behind(bundle: Bundle) -> None:
    history, memory = History(), Memory()
    with pytest.raises(ImageUnreadable):
        make_identifier(bundle, known(bundle), history, memory).identify("U1", sent(b"no"), 1)
    assert not history.kept
    assert not memory.answers


def test_an_upload_that_is_not_there_is_told(bundle: Bundle) -> None:
    def missing(_seconds: float) -> bytes:
        raise UploadNotFound

    with pytest.raises(UploadNotFound):
        make_identifier(bundle, known(bundle)).identify("U1", missing, 1)


class _Embedder:
    """Gives every photo the same vector, and counts."""

    version = "v"

    def __init__(self) -> None:
        self.seen: list[Sight] = []

    def embed(self, sight: Sight) -> PhotoVector:
        self.seen.append(sight)
        return PhotoVector(b"\x00\x3c\x00\x00", "e" * 64)


def test_a_photos_vector_is_kept_and_remembered_and_never_told(bundle: Bundle) -> None:
    history, memory, embedder = History(), Memory(), _Embedder()
    identifier = make_identifier(bundle, known(bundle), history, memory, embedder=embedder)
    answers = [identifier.identify("U1", sent(PHOTO), 1) for _ in range(2)]
    assert [kept["vector"] for _, kept in history.kept] == [b"\x00\x3c\x00\x00"] * 2
    assert history.kept[0][1]["vector_encoder"] == "e" * 64
    assert answers[1].cached
    assert len(embedder.seen) == 1
    assert "vector" not in answers[0].model_dump_json()


def test_a_vector_is_made_of_every_scene_and_of_calibrated_classes(bundle: Bundle) -> None:
    embedder = _Embedder()
    make_identifier(bundle, known(bundle), embedder=embedder).identify("U1", sent(PHOTO), 1)
    (sight,) = embedder.seen
    assert sight.scene.shape == (1000,)
    assert sight.scene.sum() == pytest.approx(1)
    assert sight.classes.shape == (3,)
    assert sight.classes.sum() == pytest.approx(1)
    assert sight.recognised
    assert min(sight.image.size) >= 64


def test_what_was_remembered_without_this_vector_is_computed_again(bundle: Bundle) -> None:
    memory, history = Memory(), History()
    make_identifier(bundle, known(bundle), memory=memory).identify("U1", sent(PHOTO), 1)
    with_vectors = make_identifier(bundle, known(bundle), history, memory, embedder=_Embedder())
    assert not with_vectors.identify("U1", sent(PHOTO), 1).cached
    assert "vector" in history.kept[0][1]


class _Unreachable(Memory):
    def get(self, *_: object) -> None:
        self.asked += 1
        raise Unavailable

    def put(self, *_: object) -> None:
        self.asked += 1
        raise Unavailable


def test_a_cache_out_of_reach_costs_time_once_and_nothing_else(bundle: Bundle) -> None:
    memory = _Unreachable()
    identifier = make_identifier(bundle, known(bundle), memory=memory)
    answers = identifier.identify_all("U1", [sent(picture(1)), sent(picture(2))], 1)
    assert [isinstance(answer, PredictResponse) for answer in answers] == [True, True]
    assert memory.asked == 1


@pytest.mark.parametrize("error", [AccountNotFound(), Unavailable()])
def test_an_answer_that_cannot_be_kept_is_an_error(bundle: Bundle, error: Exception) -> None:
    class Failing(History):
        def add_all(self, *_: object) -> list[str]:
            raise error

    identifier = make_identifier(bundle, known(bundle), Failing())
    with pytest.raises(type(error)):
        identifier.identify("U1", sent(PHOTO), 1)
    with pytest.raises(type(error)):
        identifier.identify_all("U1", [sent(PHOTO), sent(picture(1))], 1)


def test_of_several_photos_a_bad_one_fails_alone_and_in_its_place(bundle: Bundle) -> None:
    history = History()
    sources = [sent(picture(1)), sent(b"no photo"), sent(picture(2))]
    identifier = make_identifier(bundle, known(bundle), history)
    first, bad, last = identifier.identify_all("U1", sources, 1)
    assert isinstance(bad, ImageUnreadable)
    assert isinstance(first, PredictResponse)
    assert isinstance(last, PredictResponse)
    assert (first.prediction_id, last.prediction_id) == ("P1", "P2")
    assert len(history.kept) == 2


def test_of_only_bad_photos_nothing_is_kept(bundle: Bundle) -> None:
    history = History()
    outcomes = make_identifier(bundle, known(bundle), history).identify_all(
        "U1", [sent(b"no"), sent(b"neither")], 1
    )
    assert all(isinstance(outcome, ImageUnreadable) for outcome in outcomes)
    assert not history.kept


def test_a_defect_that_one_photo_brings_out_does_not_take_the_others_along(
    bundle: Bundle,
) -> None:
    def defective(_seconds: float) -> bytes:
        raise ZeroDivisionError

    identifier = make_identifier(bundle, known(bundle))
    first, last = identifier.identify_all("U1", [defective, sent(PHOTO)], 1)
    assert isinstance(first, ZeroDivisionError)
    assert isinstance(last, PredictResponse)


def test_each_photo_of_a_batch_is_remembered(bundle: Bundle) -> None:
    network, memory = known(bundle), Memory()
    identifier = make_identifier(bundle, network, memory=memory)
    sources = [sent(picture(shade)) for shade in (1, 2, 1)]
    answers = identifier.identify_all("U1", sources, 1)
    assert [answer.cached for answer in answers if isinstance(answer, PredictResponse)] == [
        False,
        False,
        True,
    ]
    again = identifier.identify("U2", sent(picture(2)), 1)
    assert again.cached
    assert network.runs == 2


class _SlowNetwork(CannedNetwork):
    """A network that takes seconds."""

    def __init__(self, bundle: Bundle, seconds: float) -> None:
        super().__init__(SURE, [1.0] + [0.0] * (bundle.projection.shape[0] - 1))
        self.now, self._seconds = 0.0, seconds

    def run(self, pixels: NDArray[np.uint8]) -> Outputs:
        self.now += self._seconds
        return super().run(pixels)


def test_photos_for_which_there_is_no_time_left_are_told_so(bundle: Bundle) -> None:
    network, history = _SlowNetwork(bundle, 4.0), History()
    identifier = make_identifier(bundle, network, history, clock=lambda: network.now)
    outcomes = identifier.identify_all("U1", [sent(picture(n)) for n in range(8)], 1)
    made = [isinstance(outcome, PredictResponse) for outcome in outcomes]
    # Of 24 s, 14 are kept for the last photo and for storing: three begin in the first 10.
    assert made == [True] * 3 + [False] * 5
    assert all(isinstance(outcome, TimeIsUp) for outcome in outcomes[3:])
    assert problem_of(TimeIsUp).code == "service_unavailable"
    assert len(history.kept) == 3
    assert network.now <= 24.0 - STORING_SECONDS


def test_with_no_time_left_the_answers_are_kept_and_the_cache_does_without(bundle: Bundle) -> None:
    network, history, memory = _SlowNetwork(bundle, 19.0), History(), Memory()
    identifier = make_identifier(bundle, network, history, memory, clock=lambda: network.now)
    assert identifier.identify("U1", sent(PHOTO), 1).recognised
    assert history.kept
    assert not memory.answers


def test_fetching_a_photo_has_a_limit_that_leaves_time_for_the_rest(bundle: Bundle) -> None:
    given: list[float] = []

    def fetched(seconds: float) -> bytes:
        given.append(seconds)
        return PHOTO

    make_identifier(bundle, known(bundle)).identify("U1", fetched, 1)
    assert 0 < given[0] <= 24.0 - PHOTO_SECONDS - STORING_SECONDS
