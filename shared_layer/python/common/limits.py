"""How often somebody may try: freely a few times, then with pauses that double.

Counts are kept for a span of time (a window) and forgotten with it, so nobody stays locked out:
no pause is longer than a quarter of an hour. What is counted is a hash, so that the table holds
no addresses of strangers.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common import keys
from common.errors import TooManyAttempts
from common.table import ConditionFailed
from common.updates import AtMost, Delete, Equals, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from common.keys import Key
    from common.table import Table

HOUR_SECONDS = 60 * 60
DAY_SECONDS = 24 * HOUR_SECONDS
LONGEST_PAUSE_SECONDS = 15 * 60
# An internet provider gives a household all the addresses of at least this prefix (RFC 6177).
IPV6_SITE_PREFIX = 64


@dataclass(frozen=True)
class Limit:
    """How often one subject may do one thing.

    `free` attempts (two or more) in a window need no pause between them. The first pause, before
    the next one, is `first_pause_seconds`; each that follows is twice as long.
    """

    name: str
    free: int
    window_seconds: int
    first_pause_seconds: int

    def pause_seconds(self, attempts: int) -> int:
        """Return how long to wait after so many attempts."""
        beyond = attempts - self.free
        if beyond < 0:
            return 0
        # The shift is bounded, since nobody bounds the attempts.
        return min(self.first_pause_seconds << min(beyond, 16), LONGEST_PAUSE_SECONDS)


# Mails with a reset token: enough for somebody who waits for one; no mailbox can be flooded.
RESETS_PER_EMAIL = Limit("RESET_EMAIL", free=3, window_seconds=HOUR_SECONDS, first_pause_seconds=60)


def passwords_per_email(free: int) -> Limit:
    """Return the one limit on passwords that are tried for an account, wherever one is asked for.

    With 5 free ones an address gets 108 a day at most: the pauses reach a quarter of an hour after
    ten more.
    """
    return Limit("PASSWORD", free, DAY_SECONDS, first_pause_seconds=2)


class Attempts:
    """Counts attempts and refuses those that come too soon."""

    def __init__(self, table: Table, clock: Callable[[], float] = time.time) -> None:
        """Keep counts in `table`; `clock` gives seconds since 1970."""
        self._table = table
        self._clock = clock

    def take(self, limit: Limit, subject: str) -> None:
        """Count an attempt before it is made. Of attempts made at once, no more pass than may.

        Raises:
            TooManyAttempts: it comes too soon, and is not counted.
            Unavailable: the table is throttling or out of reach.

        """
        key, window_end = self._window(limit, subject)
        without_pause = Update(
            key,
            assign={"expires_at": window_end},
            add={"attempts": 1},
            only_if=(AtMost("attempts", limit.free - 2),),
        )
        try:
            self._table.update(without_pause)
        except ConditionFailed as refusal:
            found = refusal.item or {}
        else:
            return
        self._refuse_if_blocked(found)
        before: int | None = found.get("attempts")
        attempts = (before or 0) + 1
        until = min(self._clock() + limit.pause_seconds(attempts), window_end)
        with_pause = Update(
            key,
            assign={"attempts": attempts, "blocked_until": until, "expires_at": window_end},
            only_if=(Equals("attempts", before),),
        )
        try:
            self._table.update(with_pause)
        except ConditionFailed as refusal:
            # Another attempt came first, and its pause has begun.
            self._refuse_if_blocked(refusal.item or {})
            raise TooManyAttempts from None

    def check(self, limit: Limit, subject: str) -> None:
        """Refuse an attempt that comes too soon, without counting it.

        Raises:
            TooManyAttempts: it comes too soon.
            Unavailable: the table is throttling or out of reach.

        """
        key, _ = self._window(limit, subject)
        self._refuse_if_blocked(self._table.get(key, consistent=True) or {})

    def record(self, limit: Limit, subject: str) -> None:
        """Count an attempt that has been made.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        with suppress(TooManyAttempts):
            self.take(limit, subject)

    def forgetting(self, limit: Limit, subject: str) -> Delete:
        """Return the write that begins the count anew."""
        return Delete(self._window(limit, subject)[0])

    def _window(self, limit: Limit, subject: str) -> tuple[Key, int]:
        """Return the key of the count that is going on, and when its window ends."""
        window = int(self._clock()) // limit.window_seconds
        digest = hashlib.sha256(subject.encode("utf-8")).hexdigest()
        return keys.attempts(limit.name, digest, window), (window + 1) * limit.window_seconds

    def _refuse_if_blocked(self, found: Mapping[str, Any]) -> None:
        wait_seconds = found.get("blocked_until", 0) - self._clock()
        if wait_seconds > 0:
            raise TooManyAttempts(retry_after_seconds=math.ceil(wait_seconds))


def network_of(source_ip: str) -> str:
    """Return what stands for a caller's connection: an IPv4 address, or the site of an IPv6 one."""
    try:
        address = ipaddress.ip_address(source_ip)
    except ValueError:
        return source_ip
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_SITE_PREFIX), strict=False))
