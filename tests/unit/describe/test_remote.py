"""Which model is asked when, how often, and who waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from describe.budget import Limits
from describe.cache import DescriptionCache, question_key
from describe.intake import Question
from describe.outcomes import ANOTHER_MODEL_HELPS, RETRY_HELPS, Outcome, Reply, outcome_of_status
from describe.reasons import Reason
from tests.fakes.tables import WatchedTable
from tests.unit.describe.conftest import CASTLE, MODELS, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key
    from describe.models import DescribeResponse
    from describe.photo import Photo

PROMPT = "What is it?"
FAILURES = [outcome for outcome in Outcome if outcome != Outcome.ANSWERED]


def describe(world: World, photo: Photo, user_id: str = "U1") -> DescribeResponse:
    return world.describer().describe(user_id, Question(photo, prompt=PROMPT))


@pytest.mark.parametrize("failure", FAILURES)
def test_after_each_failure_only_what_may_help_is_tried(
    world: World, photo: Photo, failure: Outcome
) -> None:
    world.models.replies = [Reply(failure)]
    answer = describe(world, photo)
    first = ["first", "first"] if failure in RETRY_HELPS else ["first"]
    others = ["second", "third"] if failure in ANOTHER_MODEL_HELPS else []
    assert world.models.asked == first + others
    too_slow = failure == Outcome.TIMED_OUT
    assert answer.reason == (Reason.MODEL_TOO_SLOW if too_slow else Reason.MODEL_UNAVAILABLE)
    assert answer.quota.remaining == 50 - len(world.models.asked)


@pytest.mark.parametrize("failure", sorted(RETRY_HELPS))
def test_a_second_try_may_succeed(world: World, photo: Photo, failure: Outcome) -> None:
    world.models.replies = [Reply(failure), CASTLE]
    assert describe(world, photo).model == "first"
    assert world.models.asked == ["first", "first"]


@pytest.mark.parametrize("failure", sorted(ANOTHER_MODEL_HELPS - RETRY_HELPS))
def test_another_model_may_succeed(world: World, photo: Photo, failure: Outcome) -> None:
    world.models.replies = [Reply(failure), CASTLE]
    assert describe(world, photo).model == "second"
    assert world.models.asked == ["first", "second"]


def test_only_one_call_of_a_request_is_tried_again(world: World, photo: Photo) -> None:
    world.models.replies = [Reply(Outcome.SERVER_ERROR)]
    describe(world, photo)
    assert world.models.asked == ["first", "first", "second", "third"]


def test_an_account_without_credit_or_a_token_is_not_tried_with_other_models() -> None:
    for outcome in (Outcome.TOKEN_REFUSED, Outcome.CREDIT_SPENT, Outcome.RATE_LIMITED):
        assert outcome not in ANOTHER_MODEL_HELPS


def test_a_pause_that_the_endpoint_asks_for_is_kept(world: World, photo: Photo) -> None:
    world.models.replies = [Reply(Outcome.RATE_LIMITED, retry_after_seconds=4), CASTLE]
    start = world.clock.monotonic()
    assert describe(world, photo).source == "llava"
    # Two calls of a second each, and the pause between them.
    assert world.clock.monotonic() - start == pytest.approx(6)


def test_a_pause_that_is_too_long_is_kept_by_everybody(world: World, photo: Photo) -> None:
    world.models.replies = [Reply(Outcome.RATE_LIMITED, retry_after_seconds=60)]
    assert describe(world, photo).reason == Reason.MODEL_UNAVAILABLE
    assert describe(world, photo, "U2").reason == Reason.TOO_BUSY
    assert world.models.asked == ["first"]
    world.clock.sleep(60)
    world.models.replies = [CASTLE]
    assert describe(world, photo).source == "llava"


def test_a_second_wish_for_a_pause_is_kept_as_well(world: World, photo: Photo) -> None:
    world.models.replies = [
        Reply(Outcome.RATE_LIMITED, retry_after_seconds=1),
        Reply(Outcome.RATE_LIMITED, retry_after_seconds=60),
    ]
    assert describe(world, photo).reason == Reason.MODEL_UNAVAILABLE
    assert describe(world, photo, "U2").reason == Reason.TOO_BUSY
    assert world.models.asked == ["first", "first"]


def test_no_second_try_begins_without_time_for_it(world: World, photo: Photo) -> None:
    world.models.seconds = 12.5
    world.models.replies = [Reply(Outcome.SERVER_ERROR)]
    assert describe(world, photo).source == "local"
    assert world.models.asked == ["first"]


def test_calls_keep_their_distance(world: World, photo: Photo) -> None:
    world.limits = Limits(100, 50, interval_ms=3_000)
    world.models.replies = [Reply(Outcome.EMPTY_ANSWER)]
    start = world.clock.monotonic()
    describe(world, photo)
    assert world.models.asked == list(MODELS)
    assert world.clock.monotonic() - start == pytest.approx(7)


def test_no_other_model_is_asked_without_time_for_it(world: World, photo: Photo) -> None:
    world.models.seconds = 13
    world.models.replies = [Reply(Outcome.EMPTY_ANSWER)]
    answer = describe(world, photo)
    assert answer.reason == Reason.MODEL_TOO_SLOW
    assert world.models.asked == ["first"]
    assert answer.quota.remaining == 49


def test_when_the_table_took_all_the_time_no_model_is_asked(world: World, photo: Photo) -> None:
    calls: list[str] = []

    def be_slow_once(operation: str) -> None:
        calls.append(operation)
        if len(calls) == 1:
            world.clock.sleep(13)

    slow = WatchedTable(world.table, be_slow_once)
    answer = world.describer(slow).describe("U1", Question(photo, prompt=PROMPT))
    assert answer.reason == Reason.MODEL_TOO_SLOW
    assert "update" not in calls


def test_a_turn_that_comes_too_late_is_not_waited_for(world: World, photo: Photo) -> None:
    world.limits = Limits(100, 50, interval_ms=13_000)
    world.models.replies = [Reply(Outcome.EMPTY_ANSWER)]
    assert describe(world, photo).reason == Reason.TOO_BUSY
    assert world.models.asked == ["first"]


def test_every_call_counts_also_the_second_and_that_of_the_next_model(
    world: World, photo: Photo
) -> None:
    world.limits = Limits(monthly_calls=2, monthly_calls_per_user=50, interval_ms=100)
    world.models.replies = [Reply(Outcome.SERVER_ERROR)]
    assert describe(world, photo).reason == Reason.BUDGET_SPENT
    assert world.models.asked == ["first", "first"]


def test_a_refused_token_is_read_again(world: World, photo: Photo) -> None:
    world.models.replies = [Reply(Outcome.TOKEN_REFUSED)]
    describe(world, photo)
    world.token_text = "hf_new"
    world.clock.sleep(31)
    world.models.replies = [CASTLE]
    assert describe(world, photo).source == "llava"
    assert world.models.seen[-1]["token"] == "hf_new"


class TestOnePhotoAskedAboutTwice:
    """Somebody else asks about the same photo at this moment."""

    @pytest.fixture
    def key(self, photo: Photo) -> Key:
        return question_key(photo.sha256, PROMPT, MODELS)

    @pytest.fixture
    def cache(self, world: World) -> DescriptionCache:
        return DescriptionCache(world.table, 86_400, world.clock)

    @staticmethod
    def at_look(number: int, world: World, happen: Callable[[], object]) -> None:
        """Let something happen while whoever waits sleeps for that time."""
        sleep = world.clock.sleep

        def sleep_and_let_happen(seconds: float) -> None:
            sleep(seconds)
            if len(world.clock.slept) == number:
                happen()

        world.clock.sleep = sleep_and_let_happen  # type: ignore[method-assign]

    def test_their_answer_is_waited_for(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "other", 10) is None
        self.at_look(2, world, lambda: cache.keep(key, "Their words.", "first"))
        answer = describe(world, photo)
        assert (answer.description, answer.cached) == ("Their words.", True)
        assert world.models.asked == []

    def test_when_no_model_answers_them_none_is_asked_again(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "other", 10) is None
        failed = Reason.MODEL_UNAVAILABLE
        self.at_look(2, world, lambda: cache.give_up(key, "other", failed))
        assert describe(world, photo).reason == Reason.MODEL_UNAVAILABLE
        assert world.models.asked == []

    def test_when_only_their_share_is_spent_it_is_our_turn(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "other", 10) is None
        self.at_look(2, world, lambda: cache.give_up(key, "other", None))
        assert describe(world, photo).description == CASTLE.text

    def test_whoever_asks_after_them_is_waited_for_too(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "other", 10) is None

        def pass_on() -> None:
            cache.give_up(key, "other", None)
            assert cache.claim(key, "third", 10) is None
            self.at_look(4, world, lambda: cache.give_up(key, "third", Reason.BUDGET_SPENT))

        self.at_look(2, world, pass_on)
        assert describe(world, photo).reason == Reason.BUDGET_SPENT
        assert world.models.asked == []

    @pytest.mark.parametrize(
        ("limits", "failure"),
        [
            (Limits(100, 0, 100), None),
            (Limits(0, 50, 100), Reason.BUDGET_SPENT),
            (Limits(100, 50, 100), Reason.MODEL_UNAVAILABLE),
        ],
    )
    def test_others_are_told_why_we_failed_where_they_would_fail_as_well(
        self,
        world: World,
        photo: Photo,
        cache: DescriptionCache,
        key: Key,
        limits: Limits,
        failure: Reason | None,
    ) -> None:
        world.limits = limits
        world.models.replies = [Reply(Outcome.TOKEN_REFUSED)]
        describe(world, photo)
        assert cache.find(key).failure == failure

    def test_when_they_have_died_it_is_our_turn(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "dead", 3) is None
        assert describe(world, photo).description == CASTLE.text
        assert world.clock.slept[-1] == world.models.seconds

    def test_they_are_not_waited_for_in_vain(
        self, world: World, photo: Photo, cache: DescriptionCache, key: Key
    ) -> None:
        assert cache.claim(key, "slow", 100) is None
        assert describe(world, photo).reason == Reason.MODEL_TOO_SLOW
        ((_, seconds),) = world.classifier.asked
        assert seconds >= 6

    def test_a_failure_is_not_held_against_who_comes_later(
        self, world: World, photo: Photo
    ) -> None:
        world.models.replies = [Reply(Outcome.BROKEN_ANSWER)]
        assert describe(world, photo).source == "local"
        world.models.replies = [CASTLE]
        assert describe(world, photo).source == "llava"


@pytest.mark.parametrize(
    ("status", "names_model", "outcome"),
    [
        (400, True, Outcome.MODEL_UNSUPPORTED),
        (400, False, Outcome.REQUEST_REFUSED),
        (401, False, Outcome.TOKEN_REFUSED),
        (402, False, Outcome.CREDIT_SPENT),
        (403, False, Outcome.ACCESS_DENIED),
        (404, True, Outcome.MODEL_NOT_FOUND),
        (413, False, Outcome.PHOTO_TOO_LARGE),
        (422, False, Outcome.REQUEST_REFUSED),
        (429, False, Outcome.RATE_LIMITED),
        (500, False, Outcome.SERVER_ERROR),
        (503, True, Outcome.SERVER_ERROR),
        (599, False, Outcome.SERVER_ERROR),
        (204, False, Outcome.UNEXPECTED_STATUS),
        (302, False, Outcome.UNEXPECTED_STATUS),
    ],
)
def test_every_status_has_a_name(status: int, outcome: Outcome, *, names_model: bool) -> None:
    assert outcome_of_status(status, names_model=names_model) == outcome
