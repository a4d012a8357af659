"""Times of several ways to do something, taken in turns."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DECIMALS = 3


@dataclass(frozen=True)
class Spread:
    """Milliseconds: the median, the quartiles, and the best."""

    median_ms: float
    lower_quartile_ms: float
    upper_quartile_ms: float
    best_ms: float
    runs: int


def interleave(
    contenders: Mapping[str, Callable[[int], object]],
    *,
    rounds: int,
    fewer: Mapping[str, int] | None = None,
) -> dict[str, Spread]:
    """Time every contender once a round, A B A B, so that all see the machine in all its moods.

    A contender is called with the number of the round, twice, and the second call counts: it
    finds its data as if it had been asked before, and not as the one before it left the caches.
    Those in `fewer` stop after so many rounds.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, work in contenders.items():
            if number >= (fewer or {}).get(name, rounds):
                continue
            work(number)
            started = time.perf_counter()
            work(number)
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: spread_of(taken) for name, taken in times.items()}


def spread_of(times_ms: list[float]) -> Spread:
    """Sum times in milliseconds up."""
    lower, median, upper = np.percentile(times_ms, [25, 50, 75])
    return Spread(
        median_ms=round(float(median), DECIMALS),
        lower_quartile_ms=round(float(lower), DECIMALS),
        upper_quartile_ms=round(float(upper), DECIMALS),
        best_ms=round(min(times_ms), DECIMALS),
        runs=len(times_ms),
    )
