"""What is in an image, by what it is there for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePosixPath

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


def _part(path: PurePosixPath) -> str:
    within = [prefix for prefix in _PARTS if path.is_relative_to(prefix)]
    return _PARTS[max(within, key=len)]
