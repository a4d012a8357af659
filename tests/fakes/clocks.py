"""A clock that stands still until somebody sleeps."""

from __future__ import annotations

import threading


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
