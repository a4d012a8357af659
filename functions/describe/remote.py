"""The rule of a remote description: remembered, or paid for once, or a reason why not."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from common.errors import Unavailable
from common.observability import Metric, count, logger
from common.ulids import new_ulid
from describe.cache import question_key
from describe.outcomes import ANOTHER_MODEL_HELPS, RETRY_HELPS, Outcome, Reply
from describe.reasons import NotDescribedError, Reason

if TYPE_CHECKING:
    from common.keys import Key
    from describe.api_token import ApiToken
    from describe.budget import Budget
    from describe.cache import DescriptionCache, Entry
    from describe.clock import Clock, Deadline
    from describe.photo import Photo

# How long to let an endpoint alone that failed without saying for how long.
RETRY_PAUSE_SECONDS = (0.2, 1.0)
# How often to look whether somebody else's answer has come: soon, then less often.
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 0.25, 1.5
# What stops a user's call and nobody else's.
OWN_REASONS = frozenset({Reason.SHARE_SPENT, Reason.TOO_BUSY, Reason.STORAGE_BUSY})


class VisionModels(Protocol):
    """Models that describe photos (`describe.chat.ChatEndpoint`)."""

    def ask(self, model: str, prompt: str, photo: bytes, *, token: str, seconds: float) -> Reply:
        """Ask one of them about a JPEG; the reply comes within `seconds`, whatever happens."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """What a model said, and whether it was remembered."""

    text: str
    model: str
    cached: bool


class RemoteDescriptions:
    """Has photos described by remote models."""

    def __init__(  # noqa: PLR0913 - the ports that the rule stands on, by keyword
        self,
        *,
        endpoint: VisionModels,
        models: tuple[str, ...],
        token: ApiToken,
        budget: Budget,
        cache: DescriptionCache,
        clock: Clock,
        shortest_call_seconds: float,
    ) -> None:
        """Ask `models` in their order; none when less than `shortest_call_seconds` are left."""
        self._endpoint, self._models, self._token = endpoint, models, token
        self._budget, self._cache, self._clock = budget, cache, clock
        self._shortest_call_seconds = shortest_call_seconds

    def recall(self, image_sha256: str, prompt: str) -> RemoteAnswer | None:
        """Return what was said before, if it is remembered.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        entry = self._cache.find(question_key(image_sha256, prompt, self._models))
        return RemoteAnswer(entry.text, entry.model, cached=True) if entry.text else None

    def describe(self, user_id: str, photo: Photo, prompt: str, deadline: Deadline) -> RemoteAnswer:
        """Describe a photo, remembered or by asking a model.

        Raises:
            NotDescribedError: with the reason.
            ImageMissing, ImageTooLarge, ImageFormatUnsupported, ImageTooManyPixels,
            ImageUnreadable: the photo cannot be used.
            AccountNotFound: the user is gone.

        """
        try:
            remembered = self.recall(photo.sha256, prompt)
            if remembered:
                return remembered
            # A photo that cannot be used costs nobody anything.
            shrunk = photo.shrunk
            token = self._token.get()
            if token is None:
                raise NotDescribedError(Reason.NO_TOKEN)
            key = question_key(photo.sha256, prompt, self._models)
            me = new_ulid()
            said_by_others = self._await_turn(key, me, deadline)
            if said_by_others:
                return said_by_others
            return self._ask_and_keep(key, me, _Call(user_id, prompt, shrunk, token, deadline))
        except Unavailable:
            # What cannot be counted is not called.
            raise NotDescribedError(Reason.STORAGE_BUSY) from None

    def _await_turn(self, key: Key, me: str, deadline: Deadline) -> RemoteAnswer | None:
        """Return None when it is our turn to ask, or what somebody else's asking gave."""
        look_after_seconds = FIRST_LOOK_SECONDS
        while True:
            left_seconds = deadline.left_for_model_seconds
            if left_seconds < self._shortest_call_seconds:
                raise NotDescribedError(Reason.MODEL_TOO_SLOW)
            entry = self._cache.claim(key, me, left_seconds)
            if entry is None:
                return None
            before = entry
            while not entry.text and entry.again_at_ms > self._clock.now_ms():
                if deadline.left_for_model_seconds <= look_after_seconds:
                    raise NotDescribedError(Reason.MODEL_TOO_SLOW)
                self._clock.sleep(look_after_seconds)
                look_after_seconds = min(2 * look_after_seconds, LAST_LOOK_SECONDS)
                before, entry = entry, self._cache.find(key)
            if entry.text:
                return RemoteAnswer(entry.text, entry.model, cached=True)
            if _failed_meanwhile(before, entry):
                raise NotDescribedError(entry.failure or Reason.MODEL_UNAVAILABLE)

    def _ask_and_keep(self, key: Key, me: str, call: _Call) -> RemoteAnswer:
        try:
            answer = self._ask_models(call)
        except Exception as error:
            self._cache.give_up(key, me, _reason_for_others(error))
            raise
        self._cache.keep(key, answer.text, answer.model)
        return answer

    def _ask_models(self, call: _Call) -> RemoteAnswer:
        """Ask one model after the other, where that helps, and one of them twice."""
        may_retry = True
        reply = Reply(Outcome.UNREACHABLE)
        for model in self._models:
            reply = self._ask_once(model, call)
            if reply.outcome in RETRY_HELPS and may_retry:
                may_retry = False
                if not self._pause(reply, call.deadline):
                    break
                reply = self._ask_once(model, call)
            if reply.outcome == Outcome.ANSWERED:
                return RemoteAnswer(reply.text, model, cached=False)
            if reply.outcome not in ANOTHER_MODEL_HELPS:
                break
        too_slow = reply.outcome == Outcome.TIMED_OUT
        raise NotDescribedError(Reason.MODEL_TOO_SLOW if too_slow else Reason.MODEL_UNAVAILABLE)

    def _pause(self, reply: Reply, deadline: Deadline) -> bool:
        """Leave the endpoint alone for a while; False where there is no time for it."""
        asked_for = reply.retry_after_seconds
        seconds = asked_for or random.uniform(*RETRY_PAUSE_SECONDS)  # noqa: S311 - jitter
        if deadline.left_for_model_seconds - seconds < self._shortest_call_seconds:
            return False
        if not asked_for:
            # Otherwise the place in the row comes after the pause.
            self._clock.sleep(seconds)
        return True

    def _ask_once(self, model: str, call: _Call) -> Reply:
        """Reserve a call, wait for its turn and make it."""
        wait_seconds = call.deadline.left_for_model_seconds - self._shortest_call_seconds
        if wait_seconds < 0:
            raise NotDescribedError(Reason.MODEL_TOO_SLOW)
        starts_at_ms = self._budget.reserve(call.user_id, wait_seconds)
        self._clock.sleep((starts_at_ms - self._clock.now_ms()) / 1000)
        started = self._clock.monotonic()
        reply = self._endpoint.ask(
            model,
            call.prompt,
            call.photo,
            token=call.token,
            seconds=call.deadline.left_for_model_seconds,
        )
        if reply.outcome == Outcome.TOKEN_REFUSED:
            self._token.refused()
        if reply.outcome in RETRY_HELPS and reply.retry_after_seconds:
            # Everybody waits.
            self._budget.hold_off(reply.retry_after_seconds)
        self._record(model, reply, self._clock.monotonic() - started)
        return reply

    def _record(self, model: str, reply: Reply, seconds: float) -> None:
        count(Metric.UPSTREAM_CALLS)
        answered = reply.outcome == Outcome.ANSWERED
        if not answered:
            count(Metric.UPSTREAM_FAILURES)
        log = logger.info if answered else logger.warning
        log(
            "upstream call",
            extra={
                "outcome": reply.outcome.value,
                "model": model,
                "duration_ms": round(seconds * 1000),
                "retry_after_seconds": reply.retry_after_seconds,
            },
        )


@dataclass(frozen=True, slots=True, repr=False)
class _Call:
    """What is asked, for whom, and until when."""

    user_id: str
    prompt: str
    photo: bytes
    token: str
    deadline: Deadline


def _reason_for_others(error: Exception) -> Reason | None:
    """Return why others would fail as well; None when they should try for themselves."""
    reason = error.reason if isinstance(error, NotDescribedError) else None
    return None if reason in OWN_REASONS else reason


def _failed_meanwhile(before: Entry, now: Entry) -> bool:
    """Tell whether the asking that was waited for has failed, as it would for others."""
    return now.failure is not None and now.asked_by == before.asked_by
