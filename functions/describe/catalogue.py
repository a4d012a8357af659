"""What the catalogue knows about landmarks, read when first needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from common.observability import describe_exception, logger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A landmark: `country` in ISO 3166-1, `description` two or three sentences."""

    name: str
    city: str
    country: str
    categories: tuple[str, ...]
    description: str


class Catalogue:
    """The landmarks of `landmarks_unified.json`."""

    def __init__(self, path: Path) -> None:
        """Read `path` later: a remote description needs none of it."""
        self._path = path

    def find(self, landmark_id: str) -> Place | None:
        """Return a landmark, if the catalogue has it."""
        return self._places.get(landmark_id)

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        try:
            return {
                entry["id"]: Place(
                    name=entry["name"],
                    city=entry["city"],
                    country=entry["country"],
                    categories=tuple(entry["categories"]),
                    description=entry["description"],
                )
                for entry in json.loads(self._path.read_bytes())
            }
        except (OSError, KeyError, TypeError, ValueError) as error:
            # A description without the catalogue's facts is better than none.
            logger.error("catalogue not read", extra=describe_exception(error))
            return {}
