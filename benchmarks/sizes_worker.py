"""Run one function's handler on prepared events and measure: `python sizes_worker.py PLAN`.

It runs in an interpreter of its own, with the environment of the function's init phase. PLAN is a
JSON file, `{"events": {case: [event, …]}}`, and the result replaces it: what starting took, and
what each event of a case did, with the most memory up to then.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any


def main() -> None:
    """Measure the function that the environment names."""
    plan = Path(sys.argv[1])
    events: dict[str, list[dict[str, Any]]] = json.loads(plan.read_text(encoding="utf-8"))["events"]
    log = plan.with_suffix(".log").open("wb")
    os.dup2(log.fileno(), sys.stdout.fileno())
    started = _clocks_ms()
    handler = importlib.import_module(f"{os.environ['POWERTOOLS_SERVICE_NAME']}.handler")
    result: dict[str, Any] = {"start": _since(started), "cases": {}}
    calls = _count_calls() if events else Counter[str]()
    for name, asked in events.items():
        taken = [_run(handler.handle, event, calls) for event in asked]
        result["cases"][name] = {
            **{figure: [one[figure] for one in taken] for figure in taken[0]},
            "peak_mb": peak_mb(),
        }
    result["peak_mb"] = peak_mb()
    plan.write_text(json.dumps(result), encoding="utf-8")


def _count_calls() -> Counter[str]:
    # Only now: what the function imports is what its start is measured by.
    from local.cost.function_worker import count_calls  # noqa: PLC0415

    return count_calls()


def _run(handle: Any, event: dict[str, Any], calls: Counter[str]) -> dict[str, Any]:  # noqa: ANN401
    calls.clear()
    started = _clocks_ms()
    answer = handle(event, None)
    taken = _since(started)
    if answer.get("statusCode", 200) >= 400 or not answer.get("isAuthorized", True):  # noqa: PLR2004
        message = f"{event.get('routeKey')} answered {str(answer)[:500]}"
        raise RuntimeError(message)
    return {**taken, "calls": dict(calls)}


def _clocks_ms() -> tuple[float, float]:
    return time.perf_counter() * 1000, time.process_time() * 1000


def _since(started: tuple[float, float]) -> dict[str, float]:
    wall_ms, cpu_ms = _clocks_ms()
    return {"wall_ms": wall_ms - started[0], "cpu_ms": cpu_ms - started[1]}


def peak_mb() -> float:
    """Return the most memory that this process has had so far, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
