"""The section of `docs/performance.md` on memory sizes, from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cells import cell, describe_load, describe_versions
from benchmarks.sizes_model import (
    COLD_MS,
    COLD_SHARE,
    DEARER,
    HEADROOM,
    NOTICED_COLD_MS,
    NOTICED_MS,
    USUAL_COLD_MS,
    least_mb,
)
from local.cost.measured import CALL_MS, ONE_CORE_MB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.reports import Report

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"


def lines(report: Report) -> Iterator[str]:
    """Write the section."""
    functions = report["functions"]
    yield "## Memory sizes"
    yield ""
    yield (
        "What each function computes and holds, measured in fresh interpreters on this machine "
        "with a stand-in for AWS that answers at once. `predict` runs "
        + ("the compiled network" if report["compiled"] else "the network in eager PyTorch")
        + ". CPU milliseconds, of all threads together; *first* is the first request of a cold "
        "start; the peak is up to the end of that case, in order."
    )
    yield ""
    yield "| function | | first, CPU ms | CPU ms | peak, MB | asks |"
    yield "|---|---|--:|--:|--:|---|"
    for name, function in functions.items():
        start = function["start"]
        yield (
            f"| {_title(name)} | init phase | | {cell(start['cpu'], 0)} | "
            f"{start['peak']['median']:.0f} | {_calls(start)} |"
        )
        for case, taken in function["cases"].items():
            yield (
                f"| | {case} | {taken['first_cpu_ms']:.1f} | {cell(taken['cpu'])} | "
                f"{taken['peak_mb']:.0f} | {_calls(taken)} |"
            )
    yield ""
    yield (
        f"**Scaled from that, not measured on Lambda:** by [its documentation]({_GUIDE}) a "
        f"function has the equivalent of one core at {ONE_CORE_MB:,} MB and a share in proportion "
        "below; 3,008 MB are 1.7 cores, of which only the network's second thread has any use. A "
        "core there is taken to be as fast as one here, and the init phase to have no more than "
        "its share, though Lambda is said to lend it more. What Lambda takes to fetch the code "
        "and to start Python is not in it. Each call of another service adds what "
        "`local/cost/measured.py` assumes ("
        + ", ".join(f"{service} {ms:g} ms" for service, ms in CALL_MS.items())
        + "). Times are milliseconds: a cold start (init phase and first request), the usual "
        "request (the first of its cases) and the slowest. Prices are those of docs/cost.md, "
        f"nothing free, with {COLD_SHARE:.0%} of requests starting cold."
    )
    yield ""
    yield (
        f"**The rule**: the smallest size that holds the peak {HEADROOM} times and starts cold in "
        f"{USUAL_COLD_MS:,} ms (`predict`: {COLD_MS['predict']:,} ms); from there the next larger "
        f"as long as it costs at most {DEARER - 1:.0%} more and somebody may notice: "
        f"{NOTICED_COLD_MS} ms of the cold start, or {NOTICED_MS} ms of the usual request."
    )
    yield ""
    yield "| function | MB | cold start | usual | slowest | dollars per 1,000 | |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for name, function in functions.items():
        for one in function["estimates"]:
            size = one["memory_mb"]
            yield (
                f"| {_title(name)} | {size:,} | {one['cold_ms']:,.0f} | {one['usual_ms']:,.1f} | "
                f"{one['slowest_ms']:,.1f} | {one['dollars_a_thousand']:.6f} | "
                f"{_remark(function, size)} |"
            )
    yield ""
    yield "![Cost and time of each size](performance/sizes-tuning.svg)"
    yield ""
    yield (
        "`stacks/sizes.py` has them, and a test holds it to the rule, `auth` aside, which has a "
        "whole core by decision. Timeouts: whoever waits for the table or for SSM has what those "
        "take to give up (11 s, 5 s) and the slowest request beside it; `predict` and `describe` "
        "have 29 s, since API Gateway waits 30 and they keep to deadlines of their own; the "
        "gateway waits 10 s for the authorizer."
    )
    yield ""
    yield f"Machine: load average {describe_load(report)}; {describe_versions(report)}."


def _title(measured: str) -> str:
    name, comma, how = measured.partition(",")
    return f"`{name}`{comma}{how}"


def _calls(work: Report) -> str:
    return ", ".join(f"{service} {times}" for service, times in work["calls"].items())


def _remark(function: Report, size: int) -> str:
    if size == function["recommended_mb"]:
        return "**recommended**"
    return "too small for its peak" if size < least_mb(function) else ""
