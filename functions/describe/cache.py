"""Descriptions by image and question: what a model said, or that somebody is asking it now.

One item serves both. `again_at_ms` is when the photo may be asked about again: the end of a claim
while somebody asks, the end of its life once there is a text, the past when asking failed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common import keys
from common.errors import Unavailable
from common.observability import logger
from common.table import ConditionFailed
from common.updates import AtMost, Equals, Update
from describe.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from common.keys import Key
    from common.table import Table
    from describe.clock import Clock

# A claim that was never ended (its process died) leaves the table after this long.
CLAIM_TTL_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about a question: a text, or whose turn it is to ask until when.

    `failure` is why the last asking of `asked_by` failed, where that holds for others too.
    """

    text: str
    model: str
    asked_by: str
    again_at_ms: int
    failure: Reason | None


NOTHING = Entry(text="", model="", asked_by="", again_at_ms=0, failure=None)


def question_key(image_sha256: str, prompt: str, models: Sequence[str]) -> Key:
    """Name a question: another prompt or other models make it another one."""
    question = json.dumps([prompt, list(models)], ensure_ascii=True)
    return keys.cached_description(image_sha256, hashlib.sha256(question.encode()).hexdigest())


class DescriptionCache:
    """What was said about photos, shared by all users."""

    def __init__(self, table: Table, ttl_seconds: int, clock: Clock) -> None:
        """Keep texts in `table` for `ttl_seconds`."""
        self._table, self._ttl_seconds, self._clock = table, ttl_seconds, clock

    def find(self, key: Key) -> Entry:
        """Return what is known now; it may lag behind by some milliseconds.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        return self._read(self._table.get(key))

    def claim(self, key: Key, asked_by: str, seconds: float) -> Entry | None:
        """Announce that `asked_by` asks now, for so long at most; None when it may.

        Otherwise return what stands in the way: a text, or somebody else's claim.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        now_ms = self._clock.now_ms()
        update = Update(
            key,
            assign={
                "asked_by": asked_by,
                "again_at_ms": now_ms + int(seconds * 1000),
                "text": "",
                "failure": "",
                "expires_at": now_ms // 1000 + CLAIM_TTL_SECONDS,
            },
            only_if=(AtMost("again_at_ms", now_ms),),
        )
        try:
            self._table.update(update)
        except ConditionFailed as refusal:
            entry = self._read(refusal.item)
            # Our own claim: the answer to it was lost, and botocore has sent it again.
            return None if entry.asked_by == asked_by and not entry.text else entry
        return None

    def keep(self, key: Key, text: str, model: str) -> None:
        """Remember what a model said; that it cannot be remembered is no reason to fail."""
        ends_at = self._clock.now_ms() // 1000 + self._ttl_seconds
        update = Update(
            key,
            assign={
                "text": text,
                "model": model,
                "again_at_ms": ends_at * 1000,
                "expires_at": ends_at,
            },
        )
        try:
            self._table.update(update)
        except Unavailable:
            logger.warning("description cache not written")

    def give_up(self, key: Key, asked_by: str, failure: Reason | None) -> None:
        """End a claim without a text: whoever waits need not wait on.

        `failure` is what they would meet as well; None when they should try for themselves.
        """
        update = Update(
            key,
            assign={"again_at_ms": 0, "failure": failure or ""},
            only_if=(Equals("asked_by", asked_by),),
        )
        try:
            self._table.update(update)
        except (ConditionFailed, Unavailable):
            logger.warning("the claim on a photo was not ended")

    def _read(self, item: Mapping[str, Any] | None) -> Entry:
        if item is None:
            return NOTHING
        # DynamoDB deletes expired items only within days.
        valid = item["again_at_ms"] > self._clock.now_ms()
        failure = item.get("failure")
        return Entry(
            text=item.get("text", "") if valid else "",
            model=item.get("model", ""),
            asked_by=item.get("asked_by", ""),
            again_at_ms=item["again_at_ms"],
            failure=Reason(failure) if failure else None,
        )
