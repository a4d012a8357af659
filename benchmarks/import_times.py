"""Where the time of an import goes, by what `python -X importtime` writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.fresh import run_python
from benchmarks.timing import spread_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.fresh import Start

MODULES = 12
PACKAGES = 14


@dataclass(frozen=True)
class Imported:
    """One module: its own time, and that with all that it imported first, in milliseconds."""

    name: str
    self_ms: float
    cumulative_ms: float


def read_import_times(written: str) -> list[Imported]:
    """Read the table, without its heading and whatever else was written."""
    rows = []
    for line in written.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        together, _, name = rest.partition("|")
        if line.startswith("import time:") and own.strip().isdigit():
            rows.append(Imported(name.strip(), int(own) / 1000, int(together) / 1000))
    return rows


def where_it_goes(start: Start, rounds: int) -> dict[str, Any]:
    """Return the packages and the modules that take most, themselves and with their imports."""
    packages: defaultdict[str, list[float]] = defaultdict(list)
    together: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        done = run_python(["-X", "importtime", "-c", start.statement], start.environment)
        modules = read_import_times(done.stderr)
        for package, total_ms in _by_package(modules).items():
            packages[package].append(total_ms)
        for module in modules:
            together[module.name].append(module.cumulative_ms)
    return {
        "packages": _most(packages, PACKAGES),
        "modules_with_imports": _most(together, MODULES),
    }


def _by_package(modules: Iterable[Imported]) -> dict[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for module in modules:
        totals[module.name.partition(".")[0]] += module.self_ms
    return totals


def _most(times_ms: dict[str, list[float]], count: int) -> dict[str, Any]:
    """Keep the largest; of modules that one round alone imported there is no spread."""
    spreads = {name: spread_of(taken) for name, taken in times_ms.items() if len(taken) > 1}
    ordered = sorted(spreads, key=lambda name: -spreads[name].median)
    return {name: asdict(spreads[name]) for name in ordered[:count]}
