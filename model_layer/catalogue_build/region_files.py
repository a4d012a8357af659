"""The files that the catalogue is written in, one folder a region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"


def read_catalogue(folder: Path = CATALOGUE) -> list[dict[str, Any]]:
    """Return every entry of the catalogue's region files, in the order of their paths."""
    return [entry for _, entry in read_with_sources(folder)]


def read_with_sources(folder: Path = CATALOGUE) -> list[tuple[str, dict[str, Any]]]:
    """Return `(path within the folder, entry)` for every entry, in the order of the paths.

    Raises:
        ValueError: a file is not a JSON array of objects; the message names the file.

    """
    entries: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(folder.rglob("*.json")):
        source = path.relative_to(folder).as_posix()
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            message = f"{source} is not JSON: {error}"
            raise ValueError(message) from error
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            message = f"{source} is not an array of objects"
            raise ValueError(message)
        entries += [(source, entry) for entry in found]
    return entries
