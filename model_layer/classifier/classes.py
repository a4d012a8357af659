"""What the catalogue knows of the classifier's landmarks."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"


def read_catalogue(folder: Path = CATALOGUE) -> list[dict[str, Any]]:
    """Return every entry of the catalogue's region files, in the order of their paths."""
    entries: list[dict[str, Any]] = []
    for path in sorted(folder.rglob("*.json")):
        entries += json.loads(path.read_text(encoding="utf-8"))
    return entries


def describe_classes(
    names: Iterable[str], catalogue: list[dict[str, Any]], *, allow_unknown: bool = False
) -> list[dict[str, Any]]:
    """Return `{id, name, country, city, latitude, longitude}` for each class, in order.

    Raises:
        ValueError: the catalogue lacks a name, and `allow_unknown` is not set.

    """
    by_name: dict[str, dict[str, Any]] = {}
    for entry in catalogue:
        for name in (entry["name"], *entry["aliases"]):
            by_name.setdefault(name.casefold(), entry)
    found = {name: by_name.get(name.casefold()) for name in names}
    missing = sorted(name for name, entry in found.items() if entry is None)
    if missing and not allow_unknown:
        message = f"the catalogue has no landmark called {', '.join(missing)}"
        raise ValueError(message)
    return [_describe(name, entry) for name, entry in found.items()]


def _describe(name: str, entry: dict[str, Any] | None) -> dict[str, Any]:
    known = entry or {}
    return {
        "id": known.get("id") or slug(name),
        "name": known.get("name") or name,
        **{field: known.get(field) for field in ("country", "city", "latitude", "longitude")},
    }


def slug(name: str) -> str:
    """Return `name` in lower-case ASCII with hyphens, as catalogue ids are."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
