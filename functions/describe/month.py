"""The months that calls are counted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Counters outlive their month by this much, for whoever wants to look back.
KEPT_AFTER_MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of UTC; times in milliseconds since 1970, `ends_at_ms` is the next one's first."""

    name: str
    ends_at_ms: int

    @classmethod
    def of(cls, moment_ms: int) -> Month:
        """Return the month of a moment."""
        first = datetime.fromtimestamp(moment_ms / 1000, UTC).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        following = (first + timedelta(days=32)).replace(day=1)
        return cls(first.strftime("%Y-%m"), int(following.timestamp()) * 1000)

    @property
    def ends_at(self) -> datetime:
        """The next month's first moment."""
        return datetime.fromtimestamp(self.ends_at_ms / 1000, UTC)

    @property
    def expires_at(self) -> int:
        """When this month's counters may go, in seconds since 1970."""
        return int((self.ends_at + KEPT_AFTER_MONTH).timestamp())
