"""How long `recommend` takes to import: the time a caller waits for at a cold start."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.timing import spread_of
from text_encoder.build import OPT

ROOT = Path(__file__).resolve().parents[1]
RUNS = 9
ENVIRONMENT = {
    "ENVIRONMENT": "local",
    "POWERTOOLS_SERVICE_NAME": "recommend",
    "POWERTOOLS_METRICS_NAMESPACE": "benchmark",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "SERVICE_VERSION": "0",
    "TABLE_NAME": "none",
    "MODEL_ROOT": str(OPT),
    "PYTHONPATH": os.pathsep.join(
        str(ROOT / path) for path in ("functions", "shared_layer/python")
    ),
}
# The parts of a cold start: code, what is read from disk, and the encoder's network.
STEPS = {
    "code": "import recommend.recommender, recommend.browse, recommend.bundle, common.http",
    "handler": "import recommend.handler",
    "handler_and_encoder": "import recommend.handler; recommend.handler.bundle.encoder",
}
_TIMED = "import time; started = time.perf_counter(); {}; print(time.perf_counter() - started)"


def time_imports() -> dict[str, Any]:
    """Time each step in fresh interpreters, in turns; the first turn fills caches, uncounted."""
    times: dict[str, list[float]] = {name: [] for name in STEPS}
    for _ in range(RUNS + 1):
        for name, statement in STEPS.items():
            times[name].append(_seconds(statement) * 1000)
    return {name: asdict(spread_of(taken[1:])) for name, taken in times.items()}


def _seconds(statement: str) -> float:
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _TIMED.format(statement)],
        env=os.environ | ENVIRONMENT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return float(done.stdout)
