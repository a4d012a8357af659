"""Time one request through our handler, beside FastAPI with Mangum doing the same work.

    make bench SUITE=request ARGS="--rounds 40 --starts 15"

Same event, same models of pydantic, same answer (compared before anything is timed), same log line
by the same logger, same metric. The rule behind the route costs nothing, so what is left is the
overhead: routing, reading, validating, writing, logging, counting. Warm: calls in one process.
Cold: a fresh interpreter imports everything and answers its first request.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TextIO, cast

from benchmarks.fresh import Start, start_in_turns
from benchmarks.lambda_environment import function_environment
from benchmarks.machine import describe_machine
from benchmarks.reports import ROOT, Report, results_of, write_report
from benchmarks.timing import interleave, ratio_of, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from logging import StreamHandler

    Handle = Callable[[dict[str, Any], Any], dict[str, Any]]

PACKAGES = ("pydantic", "aws-lambda-powertools", "fastapi", "starlette", "mangum")
APPS = ("ours", "fastapi")
WARM = ("health", "login", "recommend")
# `recommend` loads numpy for its names: a start would say little of the overhead.
COLD = ("health", "login")
CALLS = 100
CONTEXT = SimpleNamespace(aws_request_id="benchmark")
_COLD_STATEMENT = (
    "from benchmarks.request_cases import CASES; from benchmarks.request_{app} import build; "
    "from types import SimpleNamespace; case = CASES['{case}'](); "
    "assert build(case)(case.event, SimpleNamespace(aws_request_id='x'))['statusCode'] == 200"
)
# What differs between two requests, and where in the code the line was written.
_VARYING = ("timestamp", "_aws", "duration_ms", "location", "cold_start")


def time_warm(rounds: int) -> Report:
    """Return microseconds a request, by case: ours, theirs, and the ratio."""
    from benchmarks import request_fastapi, request_ours  # noqa: PLC0415 - after the environment
    from benchmarks.request_cases import CASES  # noqa: PLC0415

    figures: Report = {}
    for name in WARM:
        case = CASES[name]()
        handles: dict[str, Handle] = {
            "ours": request_ours.build(case), "fastapi": request_fastapi.build(case)
        }  # fmt: skip
        check_same_work(handles, case.event)
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, _logging_to(nowhere):
            times = interleave(
                {app: _calls(handle, case.event) for app, handle in handles.items()}, rounds=rounds
            )
        micros = {app: [ms * 1000 / CALLS for ms in taken] for app, taken in times.items()}
        figures[name] = {app: asdict(spread_of(taken, "µs")) for app, taken in micros.items()}
        figures[name]["ratio"] = asdict(ratio_of(micros["ours"], micros["fastapi"]))
    return figures


def time_cold(starts: int) -> Report:
    """Return milliseconds from nothing imported to the first answer, by case."""
    environment = function_environment("benchmark")
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), environment["PYTHONPATH"]])
    labels = {
        f"{name}/{app}": Start(_COLD_STATEMENT.format(app=app, case=name), environment)
        for name in COLD
        for app in APPS
    }
    taken = start_in_turns(labels, starts)
    figures: Report = {}
    for name in COLD:
        ours, theirs = (taken[f"{name}/{app}"] for app in APPS)
        figures[name] = {
            **{
                app: {
                    "wall": asdict(spread_of(one.wall_ms)),
                    "cpu": asdict(spread_of(one.cpu_ms)),
                    "peak": asdict(spread_of(one.peak_mb, "MB")),
                }
                for app, one in zip(APPS, (ours, theirs), strict=True)
            },
            "ratio": asdict(ratio_of(ours.wall_ms, theirs.wall_ms)),
            "memory_ratio": asdict(ratio_of(ours.peak_mb, theirs.peak_mb)),
        }
    return figures


def check_same_work(handles: dict[str, Handle], event: dict[str, Any]) -> None:
    """Compare what both answer and write.

    Raises:
        AssertionError: they are not the same.

    """
    seen = {}
    for app, handle in handles.items():
        written = io.StringIO()
        with _logging_to(written):
            answer = handle(event, CONTEXT)
        body = json.loads(answer["body"])
        body.pop("timestamp", None)
        # FastAPI's also say how long they are, which API Gateway finds out for itself.
        headers = _without(answer["headers"], "content-length")
        lines = [json.loads(line) for line in written.getvalue().splitlines()]
        logged = [_without(line, *_VARYING) for line in lines]
        seen[app] = (answer["statusCode"], body, headers, logged)
    first, *others = seen.values()
    if any(other != first for other in others):
        message = f"not the same work: {seen}"
        raise AssertionError(message)


def _without(members: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in names}


@contextmanager
def _logging_to(stream: TextIO) -> Iterator[None]:
    """Let log lines and metrics go there."""
    from common.observability import logger  # noqa: PLC0415 - after the environment

    handler = cast("StreamHandler[TextIO]", logger.registered_handler)
    usual = handler.setStream(stream)
    with redirect_stdout(stream):
        yield
    handler.setStream(usual or sys.stdout)


def _calls(handle: Handle, event: dict[str, Any]) -> Callable[[int], None]:
    def call(_: int) -> None:
        for _ in range(CALLS):
            handle(event, CONTEXT)

    return call


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=results_of("request"))
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--starts", type=int, default=20)
    wanted = parser.parse_args()
    os.environ.update(function_environment("benchmark"))
    report: Report = {
        "machine": describe_machine(PACKAGES),
        "warm": time_warm(wanted.rounds),
        "cold": time_cold(wanted.starts),
        "load_average_at_end": round(os.getloadavg()[0], 1),
    }
    write_report(wanted.out, report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
