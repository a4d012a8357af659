"""Time since the process started, also the part of it that Lambda kept the process frozen.

Between two requests Lambda freezes a function, and the monotonic clock has been seen to stop with
it: a cache that is measured by it alone grows old by the milliseconds of its requests, and lives
for hours. The time of day goes on, but may be set back. So the later of the two counts.
"""

from __future__ import annotations

import time

_MONOTONIC_AT_START = time.monotonic()
_TIME_OF_DAY_AT_START = time.time()


def elapsed_seconds() -> float:
    """Return seconds since this module was imported: for how old something is, not for how fast."""
    return max(time.monotonic() - _MONOTONIC_AT_START, time.time() - _TIME_OF_DAY_AT_START)
