"""Elapsed time."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        """Start."""
        self._started = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self._started) * 1000
