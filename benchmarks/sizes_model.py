"""From measured CPU time to what a memory size costs and how long it takes, and which one to take.

A function has a share of a core as its memory has of 1,769 MB, and from there on a part of a second
one (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). A core of Lambda is
taken to be as fast as one of the machine that measured: nothing here was measured on Lambda.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.cost.measured import CALL_MS, ONE_CORE_MB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.reports import Report

SIZES_MB = (256, 512, 1_024, ONE_CORE_MB, 2_048, 3_008)
# The rule. Memory: the measured peak and a third.
HEADROOM = 1.3
# From the start of a new host to the first answer: a person takes less for a pause, and the
# authorizer's may come on top. `predict` has PyTorch's libraries and a network to read.
COLD_MS: Mapping[str, int] = {"predict": 3_000}
USUAL_COLD_MS = 750
# A larger size is taken as well while it costs so little more in all, one request in a hundred
# starting cold, and somebody could notice: of the cold start or of the usual request it spares
# so much.
DEARER = 1.05
NOTICED_COLD_MS, NOTICED_MS = 150, 50
COLD_SHARE = 0.01


@dataclass(frozen=True)
class Work:
    """Computing in one thread, computing that two threads share, and waiting; milliseconds."""

    serial_ms: float
    parallel_ms: float
    waiting_ms: float

    def duration_ms(self, memory_mb: int) -> float:
        """Return how long it takes with the share of a core that `memory_mb` buys."""
        cores = memory_mb / ONE_CORE_MB
        if cores <= 1:
            return (self.serial_ms + self.parallel_ms) / cores + self.waiting_ms
        return self.serial_ms + self.parallel_ms / min(cores, 2) + self.waiting_ms


@dataclass(frozen=True)
class Estimate:
    """One memory size of one function."""

    memory_mb: int
    cold_ms: float
    usual_ms: float
    slowest_ms: float
    dollars_a_thousand: float


def work_of(case: Report) -> Work:
    """Return what a request of a case takes: the medians.

    Of what ran on two threads, the time in which both ran is what CPU time is beyond elapsed time.
    """
    cpu_ms, wall_ms = case["cpu"]["median"], case["wall"]["median"]
    parallel_ms = 2 * max(0.0, cpu_ms - wall_ms) if case["threads"] > 1 else 0.0
    waiting_ms = sum(CALL_MS[service] * times for service, times in case["calls"].items())
    return Work(cpu_ms - parallel_ms, parallel_ms, waiting_ms)


def estimate(function: Report, prices: Mapping[str, float], memory_mb: int) -> Estimate:
    """Return what a size means; `prices` are of a `request` and a `gb_second`, in dollars."""
    cases = [work_of(case) for case in function["cases"].values()]
    usual_ms = cases[0].duration_ms(memory_mb)
    start = Work(function["start"]["cpu"]["median"], 0, sum(_start_waits(function)))
    first = Work(next(iter(function["cases"].values()))["first_cpu_ms"], 0, cases[0].waiting_ms)
    cold_ms = start.duration_ms(memory_mb) + first.duration_ms(memory_mb)
    billed_ms = (1 - COLD_SHARE) * math.ceil(usual_ms) + COLD_SHARE * math.ceil(cold_ms)
    gb_seconds = memory_mb / 1_024 * billed_ms / 1_000
    return Estimate(
        memory_mb=memory_mb,
        cold_ms=cold_ms,
        usual_ms=usual_ms,
        slowest_ms=max(case.duration_ms(memory_mb) for case in cases),
        dollars_a_thousand=1_000 * (gb_seconds * prices["gb_second"] + prices["request"]),
    )


def recommend(name: str, function: Report, prices: Mapping[str, float]) -> int:
    """Return the size that the rule gives for `function`, the figures of the function `name`.

    In MB: the largest where none is enough.
    """
    estimates = [estimate(function, prices, size) for size in SIZES_MB]
    enough = [
        one
        for one in estimates
        if one.memory_mb >= least_mb(function) and one.cold_ms <= COLD_MS.get(name, USUAL_COLD_MS)
    ]
    if not enough:
        return SIZES_MB[-1]
    chosen = enough[0]
    for larger in enough[1:]:
        noticed = (
            chosen.cold_ms - larger.cold_ms >= NOTICED_COLD_MS
            or chosen.usual_ms - larger.usual_ms >= NOTICED_MS
        )
        if not noticed or larger.dollars_a_thousand > DEARER * chosen.dollars_a_thousand:
            break
        chosen = larger
    return chosen.memory_mb


def least_mb(function: Report) -> float:
    """Return the memory that the function needs: what it had at most, and a third."""
    peak_mb: float = function["peak_mb"]
    return peak_mb * HEADROOM


def _start_waits(function: Report) -> list[float]:
    calls: dict[str, Any] = function["start"]["calls"]
    return [CALL_MS[service] * times for service, times in calls.items()]
