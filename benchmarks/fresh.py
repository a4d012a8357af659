"""Statements timed in fresh interpreters, as a cold start runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.reports import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Peak memory is read from /proc where that is: what `getrusage` tells a child begins with what
# its parent had.
_PROGRAM = """
import sys, time
wall, cpu = time.perf_counter(), time.process_time()
{statement}
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
try:
    lines = open("/proc/self/status", encoding="ascii").read().splitlines()
    peak_mb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
except OSError:
    import resource
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("\\n" + repr([wall * 1000, cpu * 1000, peak_mb]).replace("'", '"'))
"""


@dataclass(frozen=True)
class Start:
    """What to do in a new interpreter, and what it finds in its environment."""

    statement: str
    environment: Mapping[str, str]


@dataclass
class Taken:
    """What each turn took: elapsed time, CPU time, and the most memory until then."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


def start_in_turns(
    starts: Mapping[str, Start], rounds: int, before: Callable[[], None] | None = None
) -> dict[str, Taken]:
    """Run each once a round, A B A B. A first round fills caches and writes bytecode, uncounted.

    `before` is called before each.
    """
    taken = {name: Taken() for name in starts}
    for number in range(rounds + 1):
        for name, start in starts.items():
            if before is not None:
                before()
            wall_ms, cpu_ms, peak_mb = _run(start)
            if number:
                taken[name].wall_ms.append(wall_ms)
                taken[name].cpu_ms.append(cpu_ms)
                taken[name].peak_mb.append(peak_mb)
    return taken


def _run(start: Start) -> tuple[float, float, float]:
    done = run_python(["-c", _PROGRAM.format(statement=start.statement)], start.environment)
    wall_ms, cpu_ms, peak_mb = json.loads(done.stdout.splitlines()[-1])
    return wall_ms, cpu_ms, peak_mb


def run_python(
    arguments: list[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run this interpreter anew. Only `environment` says what is on its path.

    Raises:
        RuntimeError: it fails; with what it wrote.

    """
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-P", *arguments],
        env={**kept, **environment}, cwd=ROOT, capture_output=True, check=False, text=True,
    )  # fmt: skip
    if done.returncode:
        message = f"{arguments[-1]}\n{done.stderr}"
        raise RuntimeError(message)
    return done
