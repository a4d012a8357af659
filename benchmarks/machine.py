"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_READ_BYTES = 256 * 1024 * 1024
_READ_TIMES = 7


def describe_machine(packages: Sequence[str]) -> dict[str, Any]:
    """Return processor, memory, versions, and how busy the machine is with other things."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "memory_read_gb_per_s": read_speed(),
        "load_average_at_start": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
    }


def read_speed() -> float:
    """Return how fast all cores together read memory, in 10^9 bytes a second: the best of some."""
    values = np.ones(_READ_BYTES // 8, dtype=np.int64)
    cores = os.cpu_count() or 1
    best = float("inf")
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(_READ_TIMES):
            started = time.perf_counter()
            list(pool.map(np.max, np.array_split(values, cores)))
            best = min(best, time.perf_counter() - started)
    return round(_READ_BYTES / best / 1e9, 1)


def own_memory_mb() -> float | None:
    """Return the memory that this process has to itself, files that are mapped not counted."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))
    return int(kilobytes) / 1000


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {
        name.strip(): fact.strip() for name, _, fact in (line.partition(":") for line in lines)
    }
    described = [facts.get("model name", platform.machine())]
    if "model" in facts:
        described.append(f"family {facts['cpu family']} model {facts['model']}")
    return ", ".join(described)
