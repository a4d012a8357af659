"""Clocks that stand still until somebody moves them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


class ManualClock:
    """Time passes only by `sleep`, at once; `slept` holds for how long each time."""

    def __init__(self, now_ms: int = 1_795_000_000_000) -> None:
        self._now_ms = float(now_ms)
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now_ms(self) -> int:
        return int(self._now_ms)

    def monotonic(self) -> float:
        return self._now_ms / 1000

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            with self._lock:
                self.slept.append(seconds)
                self._now_ms += seconds * 1000


class StoppedClock:
    """The process's clocks as they are while Lambda keeps it frozen: the time of day goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stop both clocks where they are."""
        self.monotonic_seconds, self.time_of_day_seconds = time.monotonic(), time.time()
        monkeypatch.setattr("time.monotonic", lambda: self.monotonic_seconds)
        monkeypatch.setattr("time.time", lambda: self.time_of_day_seconds)

    def freeze(self, *, seconds: float) -> None:
        """Let time pass for everybody but the process."""
        self.time_of_day_seconds += seconds
