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
_LETTERS = frozenset(ALPHABET)
RANDOM_BITS = 80
MAX_TIME_MS = 2**48 - 1


def new_ulid(time_ms: int | None = None) -> str:
    """Make an identifier of 26 characters for now, or for `time_ms` since 1970."""
    moment_ms = time.time_ns() // 1_000_000 if time_ms is None else time_ms
    return _encode(moment_ms, secrets.randbits(RANDOM_BITS))


def is_ulid(text: str) -> bool:
    """Tell whether a text has the form of our identifiers; nothing else can be one."""
    return len(text) == LENGTH and set(text) <= _LETTERS


def first_ulid(time_ms: int) -> str:
    """Return what no identifier made in that millisecond or later sorts before."""
    return _encode(time_ms, 0)


def last_ulid(time_ms: int) -> str:
    """Return what no identifier made in that millisecond or earlier sorts after."""
    return _encode(time_ms, (1 << RANDOM_BITS) - 1)


def _encode(time_ms: int, random_bits: int) -> str:
    number = (time_ms << RANDOM_BITS) | random_bits
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
