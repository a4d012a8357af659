"""The rule: one photo in, one answer out, kept for the user and remembered for the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from common.errors import AccountNotFound, ImageUnreadable, Unavailable
from predict.identify import Identifier
from tests.unit.predict.conftest import CannedNetwork, History, Memory

if TYPE_CHECKING:
    from predict.bundle import Bundle

PHOTO = (Path(__file__).parents[2] / "photos" / "colosseum.jpg").read_bytes()
SURE, TORN = [9.0, 0.0, -1.0], [1.0, 0.9, 0.8]


def known(bundle: Bundle) -> CannedNetwork:
    return CannedNetwork(SURE, [1.0] + [0.0] * (bundle.projection.shape[0] - 1))


def unknown(bundle: Bundle) -> CannedNetwork:
    return CannedNetwork(TORN, [-1.0] + [0.0] * (bundle.projection.shape[0] - 1))


def test_a_known_landmark_is_named(bundle: Bundle) -> None:
    answer = Identifier(bundle, known(bundle), History(), Memory()).identify("U1", PHOTO, 2)
    assert answer.recognised
    assert answer.landmark == "Alpha Arch"
    assert [guess.landmark for guess in answer.predictions] == ["Alpha Arch", "Beta Bridge"]
    assert answer.predictions[0].city == "Rome"
    assert answer.scene[0].label == "thing 7"
    assert answer.latency_ms > 0


def test_an_unknown_place_gets_no_name_but_guesses_and_a_scene(bundle: Bundle) -> None:
    answer = Identifier(bundle, unknown(bundle), History(), Memory()).identify("U1", PHOTO, 3)
    assert answer.landmark is None
    assert not answer.recognised
    assert answer.confidence_level == "low"
    assert len(answer.predictions) == 3
    assert answer.scene


def test_the_answer_is_kept_without_the_photo(bundle: Bundle) -> None:
    history = History()
    answer = Identifier(bundle, known(bundle), history, Memory()).identify("U1", PHOTO, 2)
    ((user_id, kept),) = history.kept
    assert user_id == "U1"
    assert answer.prediction_id == "P1"
    assert kept["landmark"] == "Alpha Arch"
    assert len(kept["image_sha256"]) == 64
    assert "image" not in kept


def test_the_same_photo_is_not_computed_twice(bundle: Bundle) -> None:
    network, memory = known(bundle), Memory()
    identifier = Identifier(bundle, network, History(), memory)
    first, second = identifier.identify("U1", PHOTO, 1), identifier.identify("U2", PHOTO, 3)
    assert network.runs == 1
    assert (first.cached, second.cached) == (False, True)
    assert (len(first.predictions), len(second.predictions)) == (1, 3)
    assert first.prediction_id != second.prediction_id


def test_an_unreadable_photo_leaves_nothing_behind(bundle: Bundle) -> None:
    history, memory = History(), Memory()
    with pytest.raises(ImageUnreadable):
        Identifier(bundle, known(bundle), history, memory).identify("U1", b"nothing", 1)
    assert not history.kept
    assert not memory.answers


class _Unreachable(Memory):
    def get(self, *_: str) -> None:
        raise Unavailable

    def put(self, *_: object) -> None:
        raise Unavailable


def test_a_cache_out_of_reach_costs_time_and_nothing_else(bundle: Bundle) -> None:
    answer = Identifier(bundle, known(bundle), History(), _Unreachable()).identify("U1", PHOTO, 1)
    assert answer.recognised
    assert not answer.cached


@pytest.mark.parametrize("error", [AccountNotFound(), Unavailable()])
def test_an_answer_that_cannot_be_kept_is_an_error(bundle: Bundle, error: Exception) -> None:
    class Failing(History):
        def add(self, *_: object) -> str:
            raise error

    identifier = Identifier(bundle, known(bundle), Failing(), Memory())
    with pytest.raises(type(error)):
        identifier.identify("U1", PHOTO, 1)
