"""What is in an image, by what it is there for."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from local.supply_chain.locks import read_pins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePosixPath

    from local.supply_chain.locks import Lock

BASE = "the base: system, Python, SDK"
# The longest prefix that fits counts.
_PARTS = {
    "/": BASE,
    "/opt/models": "the model",
    "/var/task": "other packages",
    "/var/task/PIL": "Pillow",
    "/var/task/common": "our code",
    "/var/task/numpy": "NumPy",
    "/var/task/numpy.libs": "NumPy",
    "/var/task/pillow.libs": "Pillow",
    "/var/task/predict": "our code",
    "/var/task/torch": "PyTorch: Python",
    "/var/task/torch/lib": "PyTorch: libraries",
}

_DIST_INFO = re.compile(r"/var/task/([^/]+)-([^-/]+)\.dist-info")


def measure_parts(files: Iterable[tuple[PurePosixPath, int]]) -> dict[str, float]:
    """Return what files of so many bytes come to by part, in 10^6 bytes, the largest first."""
    sizes: dict[str, float] = defaultdict(float)
    for path, size in files:
        sizes[_part(path)] += size / 1e6
    return dict(sorted(sizes.items(), key=lambda part: -part[1]))


def draw_table(parts: Mapping[str, float]) -> list[str]:
    """Return lines with the parts and what they come to."""
    rows = {**parts, "unpacked": sum(parts.values())}
    return [f"    {size:7.1f} MB  {name}" for name, size in rows.items()]


def compare_with_locks(files: Iterable[PurePosixPath], locks: Iterable[Lock]) -> list[str]:
    """Return where the packages among an image's files are not those of its locks, a line each."""
    found = filter(None, (_DIST_INFO.fullmatch(str(file.parent)) for file in files))
    # A local version such as `+cpu` names one build of the same release.
    there: dict[str, str] = {canonicalize_name(one[1]): one[2].partition("+")[0] for one in found}
    locked = {name: version for lock in locks for name, version in read_pins(lock.path).items()}
    return [
        f"{name}: {there.get(name, 'none')} is there, {locked.get(name, 'none')} is locked"
        for name in sorted({*there, *locked})
        if there.get(name) != locked.get(name)
    ]


def _part(path: PurePosixPath) -> str:
    within = [prefix for prefix in _PARTS if path.is_relative_to(prefix)]
    return _PARTS[max(within, key=len)]
