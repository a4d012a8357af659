"""The rule: a model's words where one may be asked, our own where not, and always an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from common.errors import (
    AccountNotFound,
    ImageUnreadable,
    PredictionNotFound,
    Unavailable,
    UploadNotFound,
)
from common.predictions import Predictions
from describe.budget import Limits
from describe.intake import Question
from describe.outcomes import Outcome, Reply
from describe.photo import Photo
from describe.reasons import Reason
from tests.fakes.tables import FaultyTable
from tests.unit.describe.conftest import BRIDGE, CASTLE, TOKEN, World, jpeg

if TYPE_CHECKING:
    import io

BRIDGE_TEXT = "I do not know this place. The photo shows a suspension bridge, by the sea."


def test_a_model_is_asked_once_and_remembered(world: World, photo: Photo) -> None:
    first = world.describer().describe("U1", Question(photo))
    assert (first.description, first.source, first.model) == (CASTLE.text, "llava", "first")
    assert (first.cached, first.reason) == (False, None)
    second = world.describer().describe("U2", Question(photo))
    assert (second.description, second.model, second.cached) == (CASTLE.text, "first", True)
    assert world.models.asked == ["first"]
    assert (first.quota.remaining, second.quota.remaining) == (49, 50)


def test_the_model_gets_the_small_photo_the_prompt_and_the_token(world: World) -> None:
    large = Photo(jpeg(px=1_500))
    world.describer().describe("U1", Question(large, prompt="Which bridge is it?"))
    (seen,) = world.models.seen
    assert (seen["prompt"], seen["token"]) == ("Which bridge is it?", TOKEN)
    assert seen["photo"] == large.shrunk
    assert seen["seconds"] == pytest.approx(14.0)


def test_another_prompt_is_another_question(world: World, photo: Photo) -> None:
    describer = world.describer()
    describer.describe("U1", Question(photo, prompt="What is it?"))
    assert not describer.describe("U1", Question(photo, prompt="How old is it?")).cached
    assert len(world.models.asked) == 2


def test_without_a_token_the_answer_is_local(world: World, photo: Photo) -> None:
    world.token_text = None
    answer = world.describer().describe("U1", Question(photo))
    assert (answer.source, answer.reason) == ("local", Reason.NO_TOKEN)
    assert answer.description == BRIDGE_TEXT
    assert answer.model == BRIDGE["model_version"]
    assert answer.quota.remaining == 50
    ((image_sha256, seconds),) = world.classifier.asked
    assert (image_sha256, seconds) == (photo.sha256, 20.0)
    assert world.models.asked == []


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(0, 50, 100), Reason.BUDGET_SPENT),
        (Limits(100, 0, 100), Reason.SHARE_SPENT),
    ],
)
def test_with_nothing_left_the_answer_is_local(
    world: World, photo: Photo, limits: Limits, reason: Reason
) -> None:
    world.limits = limits
    answer = world.describer().describe("U1", Question(photo))
    assert (answer.description, answer.reason) == (BRIDGE_TEXT, reason)
    assert answer.quota.remaining == 0
    assert world.models.asked == []


def test_what_was_remembered_is_told_even_with_nothing_left(world: World, photo: Photo) -> None:
    world.describer().describe("U1", Question(photo))
    world.limits = Limits(0, 0, 100)
    world.token_text = None
    assert world.describer().describe("U2", Question(photo)).cached


def test_a_model_that_is_too_slow_leaves_time_for_the_local_answer(
    world: World, photo: Photo
) -> None:
    world.models.seconds = 60
    answer = world.describer().describe("U1", Question(photo))
    assert (answer.description, answer.reason) == (BRIDGE_TEXT, Reason.MODEL_TOO_SLOW)
    ((_, seconds),) = world.classifier.asked
    assert seconds == pytest.approx(6.0)


def test_models_that_fail_make_the_answer_local(world: World, photo: Photo) -> None:
    world.models.replies = [Reply(Outcome.TOKEN_REFUSED)]
    answer = world.describer().describe("U1", Question(photo))
    assert (answer.source, answer.reason) == ("local", Reason.MODEL_UNAVAILABLE)
    assert answer.quota.remaining == 49


@pytest.mark.parametrize("failing_call", range(5))
def test_while_the_table_is_busy_nothing_is_paid_for(
    world: World, photo: Photo, failing_call: int
) -> None:
    # In turn: the cache, the claim, the share, the place, the quota of the answer.
    table = FaultyTable(world.table, [*([None] * failing_call), Unavailable()])
    answer = world.describer(table).describe("U1", Question(photo))
    if failing_call < 4:
        assert (answer.source, answer.reason) == ("local", Reason.STORAGE_BUSY)
        assert answer.quota.remaining is None
        assert world.models.asked == []
    else:
        assert answer.source == "llava"


def test_when_the_quota_cannot_be_read_the_answer_is_given_all_the_same(
    world: World, photo: Photo
) -> None:
    world.token_text = None
    table = FaultyTable(world.table, [None, Unavailable()])
    answer = world.describer(table).describe("U1", Question(photo))
    assert answer.quota.remaining is None
    assert answer.quota.limit == 50
    assert answer.description == BRIDGE_TEXT


def test_an_answer_that_took_all_the_time_is_not_kept_waiting_for_the_quota(
    world: World, photo: Photo
) -> None:
    world.token_text = None
    world.classifier.seconds = 19.5
    answer = world.describer().describe("U1", Question(photo))
    assert (answer.description, answer.quota.remaining) == (BRIDGE_TEXT, None)


def test_with_neither_a_model_nor_the_classifier_the_service_says_when_to_come_back(
    world: World, photo: Photo
) -> None:
    world.token_text = None
    world.classifier.out_of_reach = True
    with pytest.raises(Unavailable) as refusal:
        world.describer().describe("U1", Question(photo))
    assert refusal.value.retry_after_seconds == 5


def test_a_photo_that_cannot_be_used_costs_nothing(world: World) -> None:
    with pytest.raises(ImageUnreadable):
        world.describer().describe("U1", Question(Photo(b"hello")))
    assert world.models.asked == []
    assert world.describer().describe("U1", Question(Photo(jpeg()))).quota.remaining == 49


def test_a_deleted_account_asks_no_model(world: World, photo: Photo) -> None:
    with pytest.raises(AccountNotFound):
        world.describer().describe("gone", Question(photo))
    assert world.models.asked == []
    # Nor does its claim keep others waiting.
    assert world.describer().describe("U1", Question(photo)).source == "llava"
    assert world.clock.slept == [world.models.seconds]


def test_an_upload_is_described_like_a_photo_that_was_sent(world: World, photo: Photo) -> None:
    world.uploads["U1", "key"] = jpeg()
    first = world.describer().describe("U1", Question(upload_key="key"))
    assert (first.description, first.source) == (CASTLE.text, "llava")
    assert world.describer().describe("U2", Question(photo)).cached


def test_nobody_describes_another_users_upload(world: World) -> None:
    world.uploads["U1", "key"] = jpeg()
    with pytest.raises(UploadNotFound):
        world.describer().describe("U2", Question(upload_key="key"))


def test_a_prediction_is_described_without_its_photo(world: World) -> None:
    prediction_id = Predictions(world.table).add("U1", {**BRIDGE, "image_sha256": "0" * 64})
    answer = world.describer().describe("U1", Question(prediction_id=prediction_id))
    assert (answer.description, answer.reason) == (BRIDGE_TEXT, Reason.PHOTO_NOT_KEPT)
    assert world.classifier.asked == []
    assert world.models.asked == []


def test_a_prediction_is_described_as_a_model_described_its_photo(
    world: World, photo: Photo
) -> None:
    world.describer().describe("U2", Question(photo))
    prediction = {**BRIDGE, "image_sha256": photo.sha256}
    prediction_id = Predictions(world.table).add("U1", prediction)
    answer = world.describer().describe("U1", Question(prediction_id=prediction_id))
    assert (answer.description, answer.cached) == (CASTLE.text, True)


def test_nobody_describes_another_users_prediction(world: World) -> None:
    prediction_id = Predictions(world.table).add("U1", {**BRIDGE, "image_sha256": "0" * 64})
    with pytest.raises(PredictionNotFound):
        world.describer().describe("U2", Question(prediction_id=prediction_id))


def test_neither_prompt_nor_token_nor_description_is_logged(
    world: World, photo: Photo, logged: io.StringIO
) -> None:
    world.models.replies = [Reply(Outcome.SERVER_ERROR), Reply(Outcome.ANSWERED, "Private words.")]
    world.describer().describe("U1", Question(photo, prompt="my very own question"))
    lines = logged.getvalue()
    assert lines.count('"upstream call"') == 2
    assert re.search(r'"outcome": ?"server_error"', lines)
    for private in ("very own", TOKEN, "Private words"):
        assert private not in lines
