"""Figures of several ways to do something, taken in turns."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DECIMALS = 3


@dataclass(frozen=True)
class Spread:
    """One figure from `runs` measurements in `unit` ("ms", "MB", "ratio" …)."""

    unit: str
    median: float
    lower_quartile: float
    upper_quartile: float
    lowest: float
    runs: int


def interleave(
    contenders: Mapping[str, Callable[[int], object]],
    *,
    rounds: int,
    fewer: Mapping[str, int] | None = None,
) -> dict[str, list[float]]:
    """Time every contender once a round, A B A B, so that all see the machine in all its moods.

    Returns milliseconds, by contender and round. A contender is called with the number of the
    round, twice, and the second call counts: it finds its data as if it had been asked before, and
    not as the one before it left the caches. Those in `fewer` stop after so many rounds.
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
    return times


def spread_of(values: Sequence[float], unit: str = "ms") -> Spread:
    """Sum measurements up."""
    lower, median, upper = np.percentile(values, [25, 50, 75])
    return Spread(
        unit=unit,
        median=round(float(median), DECIMALS),
        lower_quartile=round(float(lower), DECIMALS),
        upper_quartile=round(float(upper), DECIMALS),
        lowest=round(min(values), DECIMALS),
        runs=len(values),
    )


def ratio_of(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Divide ours by theirs of the same round, and sum these quotients up: below 1 we are less."""
    return spread_of([one / other for one, other in zip(ours, theirs, strict=True)], "ratio")
