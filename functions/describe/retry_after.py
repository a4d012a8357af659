"""The `Retry-After` header (RFC 9110, 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def parse_retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """Return how many seconds to wait, at least 0; None where nothing usable is stated."""
    if text is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # "-0000" stands for a zone that is not known, and is read without one.
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - (now or datetime.now(UTC))
    return max(0.0, wait.total_seconds())
