"""Time as the rules see it, so that tests need not wait for it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and lets it pass."""

    def now_ms(self) -> int:
        """Return the time of day, in milliseconds since 1970: compared between machines."""
        ...

    def monotonic(self) -> float:
        """Return seconds since some moment: compared within this process only."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass; none where `seconds` is not positive."""
        ...


class SystemClock:
    """The machine's own."""

    def now_ms(self) -> int:
        """See `Clock.now_ms`."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        if seconds > 0:
            time.sleep(seconds)


class Deadline:
    """When an answer has to be there, and how much of the time is kept for the local one."""

    def __init__(self, clock: Clock, seconds: float, kept_for_local_seconds: float) -> None:
        """Start now."""
        self._clock = clock
        self._ends_at = clock.monotonic() + seconds
        self._kept_for_local_seconds = kept_for_local_seconds

    @property
    def left_seconds(self) -> float:
        """Time until the answer has to be there; zero when it is over."""
        return max(0.0, self._ends_at - self._clock.monotonic())

    @property
    def left_for_model_seconds(self) -> float:
        """Time until the remote model is given up; zero when it is over."""
        return max(0.0, self.left_seconds - self._kept_for_local_seconds)
