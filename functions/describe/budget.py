"""What calling a remote model may cost: calls a month, a user's share of them, one at a time.

The table decides, so that any number of instances together stay within the limits:

- A user's share is one counter a month, raised only while it is below its limit and the user has an
  account.
- Everybody's calls are one counter a month, beside the time when the next call may start. Both
  change in one update: a call is counted exactly when it gets its place in the row.

A place that was given stays counted, whatever becomes of the call: a process that dies in between
makes the budget smaller, never larger. Only a share whose call got no place is given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common import keys
from common.errors import AccountNotFound, Unavailable
from common.observability import logger
from common.table import ConditionFailed
from common.updates import Above, AtMost, Check, Exists, Update
from describe.models import Quota
from describe.month import Month
from describe.reasons import NotDescribedError, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.table import Table
    from describe.clock import Clock
    from describe.settings import DescribeSettings

# The longest that an endpoint can make everybody wait by `Retry-After`.
MAX_HOLD_OFF_SECONDS = 900.0
# A refused update shows what stood in its way: one that found nobody waiting can only have been
# overtaken once, and then waits like everybody.
PLACE_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls a month, of everybody and of one user, and the time from one call to the next."""

    monthly_calls: int
    monthly_calls_per_user: int
    interval_ms: int

    @classmethod
    def of(cls, settings: DescribeSettings) -> Limits:
        """Return those of the settings."""
        return cls(
            settings.monthly_calls, settings.monthly_calls_per_user, settings.call_interval_ms
        )


class Budget:
    """Gives out the calls of a month, one after the other."""

    def __init__(self, table: Table, limits: Limits, clock: Clock) -> None:
        """Count in `table`."""
        self._table, self._limits, self._clock = table, limits, clock

    def reserve(self, user_id: str, longest_wait_seconds: float) -> int:
        """Reserve one call for a user and return when it may start, in milliseconds since 1970.

        Raises:
            NotDescribedError: the month's calls or the user's share of them are used up, or it
                would take longer than `longest_wait_seconds` until it is this call's turn.
            AccountNotFound: the user has been deleted since the token was issued.
            Unavailable: the table is throttling or out of reach: nothing may be called.

        """
        now_ms = self._clock.now_ms()
        month = Month.of(now_ms)
        self._take_share(user_id, month)
        # The rows of two months do not know of each other: this one's ends an interval earlier.
        latest_ms = min(
            now_ms + int(longest_wait_seconds * 1000),
            month.ends_at_ms - self._limits.interval_ms,
        )
        try:
            return self._take_place(month, now_ms, latest_ms)
        except NotDescribedError:
            self._give_share_back(user_id, month)
            raise

    def hold_off(self, seconds: float) -> None:
        """Let nobody call before `seconds` from now: the endpoint asked for it."""
        now_ms = self._clock.now_ms()
        until_ms = now_ms + int(min(seconds, MAX_HOLD_OFF_SECONDS) * 1000)
        month = Month.of(now_ms)
        update = Update(
            keys.description_budget(month.name),
            assign={"next_call_at_ms": until_ms, "expires_at": month.expires_at},
            only_if=(AtMost("next_call_at_ms", until_ms),),
        )
        try:
            self._table.update(update)
        except ConditionFailed:
            return
        except Unavailable:
            logger.warning("the endpoint's wish to wait was not kept")

    def left(self, user_id: str) -> Quota:
        """Return what a user may still cause this month.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        month = Month.of(self._clock.now_ms())
        mine = self._table.get(keys.description_share(user_id, month.name), consistent=True)
        everybodys = self._table.get(keys.description_budget(month.name), consistent=True)
        my_calls = self._limits.monthly_calls_per_user - (mine or {}).get("calls", 0)
        everybodys_calls = self._limits.monthly_calls - (everybodys or {}).get("calls", 0)
        logger.append_keys(budget_remaining=max(0, everybodys_calls))
        return self._quota(month, max(0, min(my_calls, everybodys_calls)))

    def unknown(self) -> Quota:
        """Return what can be said without the table."""
        return self._quota(Month.of(self._clock.now_ms()), None)

    def _quota(self, month: Month, remaining: int | None) -> Quota:
        return Quota(
            limit=min(self._limits.monthly_calls_per_user, self._limits.monthly_calls),
            remaining=remaining,
            resets_at=month.ends_at.isoformat(),
        )

    def _take_share(self, user_id: str, month: Month) -> None:
        if self._limits.monthly_calls_per_user == 0:
            raise NotDescribedError(Reason.SHARE_SPENT)
        update = Update(
            keys.description_share(user_id, month.name),
            assign={"expires_at": month.expires_at},
            add={"calls": 1},
            only_if=(AtMost("calls", self._limits.monthly_calls_per_user - 1),),
        )
        try:
            self._table.write(_account(user_id), update)
        except ConditionFailed as refusal:
            if 0 in refusal.failed:
                raise AccountNotFound from None
            raise NotDescribedError(Reason.SHARE_SPENT) from None

    def _give_share_back(self, user_id: str, month: Month) -> None:
        update = Update(
            keys.description_share(user_id, month.name),
            add={"calls": -1},
            only_if=(Above("calls", 0),),
        )
        try:
            self._table.write(_account(user_id), update)
        except (ConditionFailed, Unavailable):
            logger.warning("a user's share was not given back")

    def _take_place(self, month: Month, now_ms: int, latest_ms: int) -> int:
        """Count a call and return when it may start."""
        interval_ms = self._limits.interval_ms
        found: Mapping[str, Any] = {}
        for _ in range(PLACE_ATTEMPTS):
            waiting = place_behind(found, now_ms, latest_ms, self._limits.monthly_calls)
            below_limit = AtMost("calls", self._limits.monthly_calls - 1)
            if waiting:
                update = Update(
                    keys.description_budget(month.name),
                    add={"calls": 1, "next_call_at_ms": interval_ms},
                    only_if=(below_limit, AtMost("next_call_at_ms", latest_ms)),
                )
            else:
                update = Update(
                    keys.description_budget(month.name),
                    assign={
                        "next_call_at_ms": now_ms + interval_ms,
                        "expires_at": month.expires_at,
                    },
                    add={"calls": 1},
                    only_if=(below_limit, AtMost("next_call_at_ms", now_ms)),
                )
            try:
                return int(self._table.update(update)["next_call_at_ms"]) - interval_ms
            except ConditionFailed as refusal:
                found = refusal.item or {}
        raise NotDescribedError(Reason.TOO_BUSY)


def _account(user_id: str) -> Check:
    """Return what lets a share change only while its user has an account.

    A deleted account must not come back as a counter. And a transaction that botocore sends again,
    since its answer was lost, is done once; an update alone would count twice. It takes four write
    units instead of one, and one read unit less.
    """
    return Check(keys.profile(user_id), only_if=(Exists(),))


def place_behind(found: Mapping[str, Any], now_ms: int, latest_ms: int, monthly_calls: int) -> bool:
    """Tell whether the next call has to wait for others (True) or can start at once.

    `found` is the month's item: its `calls` so far, and `next_call_at_ms`.

    Raises:
        NotDescribedError: there is no call left, or none early enough.

    """
    if found.get("calls", 0) >= monthly_calls:
        raise NotDescribedError(Reason.BUDGET_SPENT)
    next_call_at_ms = found.get("next_call_at_ms", 0)
    if max(next_call_at_ms, now_ms) > latest_ms:
        raise NotDescribedError(Reason.TOO_BUSY)
    return bool(next_call_at_ms > now_ms)
