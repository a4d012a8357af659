"""A parameter of SSM in memory, with a clock that stands still until it is moved."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from local.operations.parameter import SecureParameter, Stored

if TYPE_CHECKING:
    from collections.abc import Iterator


class FakeParameter(SecureParameter):
    """Keeps every version, like SSM."""

    def __init__(self, *versions: str) -> None:
        super().__init__(None, "/tests/parameter", "")
        self.now = datetime(2026, 9, 1, 12, tzinfo=UTC)
        self.versions = [(text, self.now) for text in versions]
        self.locked = False

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def read(self) -> Stored | None:
        if not self.versions:
            return None
        text, since = self.versions[-1]
        return Stored(text, len(self.versions), since, self.now)

    def write(self, text: str) -> int:
        self.versions.append((text, self.now))
        return len(self.versions)

    def delete(self) -> bool:
        existed, self.versions = bool(self.versions), []
        return existed

    @contextmanager
    def alone(self) -> Iterator[None]:
        assert not self.locked
        self.locked = True
        yield
        self.locked = False
