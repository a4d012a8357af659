"""Elapsed time, and time that is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        """Start."""
        self._started = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self._started) * 1000


class Deadline:
    """When an answer has to be there."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start now; `clock` gives seconds since some moment."""
        self._clock = clock
        self._ends_at = clock() + seconds

    @property
    def left_seconds(self) -> float:
        """Time until then; negative when it is over."""
        return self._ends_at - self._clock()
