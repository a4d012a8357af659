"""What a visit of the page loads, from the build and as the local server sends it: compressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.web.build import DIST, build_web
from local.web.site import Site

if TYPE_CHECKING:
    from pathlib import Path

# For people who look, not for pages.
_NOT_LOADED = {"licences.txt"}


def measure_page(dist: Path = DIST) -> dict[str, Any]:
    """Return how many files there are and their bytes, of which a visit loads all at most.

    Raises `CannotContinueError` when the page cannot be built.
    """
    if dist == DIST:
        build_web()
    site = Site(dist, "https://api.example")
    paths = [
        file.relative_to(dist).as_posix()
        for file in dist.rglob("*")
        if file.is_file() and file.name not in _NOT_LOADED and file.suffix != ".map"
    ]
    return {
        "files": len(paths),
        "compressed_bytes": sum(len(site.answer(f"/{path}", gzipped=True).body) for path in paths),
        "bytes": sum((dist / path).stat().st_size for path in paths),
    }
