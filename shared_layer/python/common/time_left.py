"""How long the request that is being answered may still take.

Lambda ends a function at its time limit without an answer. So a request to AWS is begun, or begun
again, only while there is time for all that it may take; later the answer is 503, in time.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is left to do at the end at most: a hash of a password, and the answer.
ANSWER_SECONDS = 1.0


class _Request:
    """The one request that a process of Lambda's answers at a time."""

    left_ms: Callable[[], int] | None = None


@contextmanager
def until_time_limit(context: Any) -> Iterator[None]:  # noqa: ANN401 - Lambda's, or None
    """Let `seconds_left` tell, inside, how much time Lambda's `context` gives; without it, any."""
    before = _Request.left_ms
    _Request.left_ms = getattr(context, "get_remaining_time_in_millis", None)
    try:
        yield
    finally:
        _Request.left_ms = before


def seconds_left() -> float:
    """Return how long a call may take at most; infinite outside of requests."""
    if _Request.left_ms is None:
        return math.inf
    return _Request.left_ms() / 1000 - ANSWER_SECONDS
