"""Examples of bodies, by the name of their schema; tests hold each to its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("examples.json")


class Examples:
    """What `examples.json` has: for each schema, named examples."""

    def __init__(self) -> None:
        """Read the file."""
        self._by_schema: dict[str, dict[str, Any]] = json.loads(_FILE.read_text())
        self._shown: set[str] = set()

    def of(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the examples of a schema, as OpenAPI writes them.

        Raises:
            KeyError: there is none; every body has to have one.

        """
        self._shown.add(name)
        return {title: {"value": value} for title, value in self._by_schema[name].items()}

    @property
    def unused(self) -> list[str]:
        """Names of schemas that no operation has."""
        return sorted(set(self._by_schema) - self._shown)
