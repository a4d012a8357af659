"""ULIDs: identifiers that sort by the time they were made.

https://github.com/ulid/spec: 48 bits of milliseconds and 80 random bits, as 26 characters of
Crockford's base 32. Written here because the package for it takes 19 ms to import, which every
cold start would pay, for these few lines.
"""

from __future__ import annotations

import secrets
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
RANDOM_BITS = 80


def new_ulid(time_ms: int | None = None) -> str:
    """Make an identifier of 26 characters for now, or for `time_ms` since 1970."""
    moment_ms = time.time_ns() // 1_000_000 if time_ms is None else time_ms
    number = (moment_ms << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
