"""The section of `docs/performance.md` on the overhead of one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cells import cell, describe_load, describe_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.reports import Report

TITLES = {
    "health": "`GET /health`",
    "login": "`POST /auth/login`",
    "recommend": "`POST /recommend`, five places",
}


def lines(report: Report) -> Iterator[str]:
    """Write the section."""
    warm, cold = report["warm"], report["cold"]
    yield "## Overhead of one request"
    yield ""
    yield (
        "Routing, reading and validating, writing, one log line, one metric, around a rule that "
        "costs nothing; beside FastAPI with Mangum doing the same: same event, same models of "
        "pydantic, same answer and headers, same line by the same logger, which is compared before "
        "anything is timed. FastAPI is set up as is quickest for it: `async` routes, a declared "
        "response model, which it has pydantic write, and what surrounds a request done around "
        "Mangum rather than in a middleware (`benchmarks/request_fastapi.py`)."
    )
    yield ""
    yield "| warm | ours, µs | FastAPI with Mangum, µs | ratio |"
    yield "|---|--:|--:|--:|"
    for name, row in warm.items():
        yield (
            f"| {TITLES[name]} | {cell(row['ours'], 0)} | {cell(row['fastapi'], 0)} | "
            f"{cell(row['ratio'], 2)} |"
        )
    yield ""
    yield (
        "Cold is a fresh interpreter that imports everything and answers its first request; no AWS "
        "client is made on either side."
    )
    yield ""
    yield "| cold | ours, ms | FastAPI with Mangum, ms | ratio | ours, MB | theirs, MB | ratio |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, row in cold.items():
        yield (
            f"| {TITLES[name]} | {cell(row['ours']['wall'], 0)} | "
            f"{cell(row['fastapi']['wall'], 0)} | {cell(row['ratio'], 2)} | "
            f"{cell(row['ours']['peak'], 0)} | {cell(row['fastapi']['peak'], 0)} | "
            f"{cell(row['memory_ratio'], 2)} |"
        )
    yield ""
    yield "![Overhead of one request, warm and cold](performance/request-overhead.svg)"
    yield ""
    yield from _verdict(report)
    yield ""
    yield (
        "Of a health check that takes ours 46 µs of CPU, 33 are the log line and what is bound to "
        "it, which both sides pay. Matching the path with Powertools' resolver, as before, made it "
        "85 µs (the least of 60 times 50 calls, before and now in turns)."
    )
    yield ""
    yield f"Machine: load average {describe_load(report)}; {describe_versions(report)}."


def _verdict(report: Report) -> Iterator[str]:
    ratios = {
        f"{TITLES[name]} {state}": row["ratio"]["median"]
        for state in ("warm", "cold")
        for name, row in report[state].items()
    }
    slower = [f"{what}: {ratio:.2f}" for what, ratio in ratios.items() if ratio >= 1]
    yield (
        "To reach: less than FastAPI with Mangum, warm and cold. "
        + (f"Missed: {'; '.join(slower)}." if slower else "Reached in every case.")
    )
