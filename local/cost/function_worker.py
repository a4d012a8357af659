"""Run one function's handler on prepared events and measure: `python function_worker.py PLAN`.

It runs as the function would: in an interpreter of its own, with its folder, the shared layer and
the environment of the deployed function. PLAN is a JSON file: `{"events": {route: [event, …]}}`;
the first event of a route is not counted. The result replaces it:
`{"start_cpu_ms", "start_calls", "routes": {route: {cpu_ms, calls, log_bytes, log_lines,
answered_bytes}}}`. Without events only the start is measured.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

Calls = Counter[str]


def count_calls() -> Calls:
    """Count from now on what botocore asks other services, by service."""
    # Only now: what the function imports is what its start is measured by.
    from botocore.endpoint import Endpoint  # noqa: PLC0415

    calls: Calls = Counter()
    make_request = Endpoint.make_request

    def counted(self: Endpoint, operation_model: Any, request: Any) -> Any:  # noqa: ANN401
        calls[operation_model.service_model.service_name] += 1
        return make_request(self, operation_model, request)

    Endpoint.make_request = counted  # type: ignore[assignment, method-assign]
    return calls


def main() -> None:
    """Measure the function that the environment names."""
    file = Path(sys.argv[1])
    plan: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    name = os.environ["POWERTOOLS_SERVICE_NAME"]
    written = file.with_suffix(".log").open("w+b")
    os.dup2(written.fileno(), sys.stdout.fileno())
    before_ms = _cpu_ms() if plan["events"] else 0.0
    handler = importlib.import_module(f"{name}.handler")
    result: dict[str, Any] = {"start_cpu_ms": _cpu_ms() - before_ms, "routes": {}}
    calls = count_calls() if plan["events"] else Counter[str]()
    for route, events in plan["events"].items():
        taken = [_run(handler.handle, event, calls, written.fileno()) for event in events][1:]
        result["routes"][route] = {
            "cpu_ms": round(statistics.median(one["cpu_ms"] for one in taken), 2),
            "calls": taken[-1]["calls"],
            **{
                figure: round(statistics.median(one[figure] for one in taken))
                for figure in ("log_bytes", "log_lines", "answered_bytes")
            },
        }
    file.write_text(json.dumps(result), encoding="utf-8")


def _run(handle: Any, event: dict[str, Any], calls: Calls, log: int) -> dict[str, Any]:  # noqa: ANN401
    calls.clear()
    sys.stdout.flush()
    logged_before = os.fstat(log).st_size
    started_ms = _cpu_ms()
    answer = handle(event, None)
    cpu_ms = _cpu_ms() - started_ms
    refused = answer.get("statusCode", 200) >= 400 or not answer.get("isAuthorized", True)  # noqa: PLR2004
    if refused:
        message = f"{event.get('routeKey')} answered {answer}"
        raise RuntimeError(message)
    sys.stdout.flush()
    length = os.fstat(log).st_size - logged_before
    lines = os.pread(log, length, logged_before).count(b"\n")
    return {
        "cpu_ms": cpu_ms,
        "calls": dict(calls),
        "log_bytes": length,
        "log_lines": lines,
        "answered_bytes": len(str(answer.get("body", "")).encode()),
    }


def _cpu_ms() -> float:
    """Return the CPU time of all threads of this process so far; including its own start."""
    return time.process_time() * 1000


if __name__ == "__main__":
    main()
