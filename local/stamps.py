"""Skipping work whose inputs have not changed, by content rather than by date."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_IGNORED = {"__pycache__", ".DS_Store"}


def content_stamp(paths: Iterable[Path], *, also: Iterable[str] = ()) -> str:
    """Return a digest of `also` and of every file at or below `paths`, missing ones included."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path}\n".encode())
        for file in _files(path):
            digest.update(f"{file.relative_to(path)}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    for text in also:
        digest.update(f"{text}\n".encode())
    return digest.hexdigest()


def is_current(stamp_file: Path, stamp: str) -> bool:
    """Tell whether the work was last finished for this very `stamp`."""
    return stamp_file.is_file() and stamp_file.read_text() == stamp


def write_stamp(stamp_file: Path, stamp: str) -> None:
    """Record that the work is finished; the last thing to do, so that half of it never counts."""
    stamp_file.parent.mkdir(parents=True, exist_ok=True)
    stamp_file.write_text(stamp)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file for file in path.rglob("*") if file.is_file() and not _IGNORED.intersection(file.parts)
    )
