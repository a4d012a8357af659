"""What the catalogue knows of the classifier's landmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalogue_build.names import fold_name, slug
from catalogue_build.region_files import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["describe_classes", "read_catalogue"]


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
            by_name.setdefault(fold_name(name), entry)
    found = {name: by_name.get(fold_name(name)) for name in names}
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
