"""Another key for access tokens, without anybody noticing: the rules, without AWS.

Three steps, each safe to repeat and to interrupt: a new key is announced, it becomes current, the
old one is dropped. Between them everybody has to hear of it, and the old key's tokens to end. When
a step was made is when the parameter was last written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from common.settings import ACCESS_TOKEN_TTL_RANGE_SECONDS
from common.signing_keys import (
    MAX_AGE_SECONDS,
    REFRESH_SECONDS,
    CachedSigningKeys,
    KeysUnavailable,
)
from stacks.constructs.create_jwt_keys.handler import create_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

# Functions read the keys anew after that long. Twice, since one reading may fail; and one that
# has missed both reads them again when it meets a token of a key that it does not know.
ANNOUNCED_FOR = timedelta(seconds=2 * REFRESH_SECONDS)
# A function that cannot reach SSM goes on signing by the old key for `MAX_AGE_SECONDS`, and the
# last token that it signs lives as long as any may. Whatever the settings say today, they may have
# said something else an hour ago. The rest is for clocks.
RETIRED_FOR = timedelta(
    seconds=MAX_AGE_SECONDS + ACCESS_TOKEN_TTL_RANGE_SECONDS[1] + REFRESH_SECONDS
)


class KeysUnusableError(ValueError):
    """The parameter's text holds no keys. The message does not quote it."""


class Stage(Enum):
    """Where a rotation stands."""

    SETTLED = "no rotation is going on"
    ANNOUNCED = "a new key is known, but signs nothing yet"
    RETIRING = "the new key signs; tokens of the old one are still accepted"


# How long a stage lasts before the next step is safe.
LASTS = {
    Stage.SETTLED: timedelta(0),
    Stage.ANNOUNCED: ANNOUNCED_FOR,
    Stage.RETIRING: RETIRED_FOR,
}


@dataclass(frozen=True)
class KeyRing:
    """The keys as the parameter holds them: `current` signs, all are accepted, `next` will sign."""

    current: str
    keys: Mapping[str, str] = field(repr=False)
    next: str | None = None

    @property
    def stage(self) -> Stage:
        """Where its rotation stands."""
        if self.next:
            return Stage.ANNOUNCED
        return Stage.RETIRING if len(self.keys) > 1 else Stage.SETTLED

    def wait(self, age: timedelta) -> timedelta:
        """Return how long the next step has to wait when this stage began `age` ago."""
        return max(timedelta(0), LASTS[self.stage] - age)

    def advance(self) -> KeyRing:
        """Return what the next step makes of it; whether it is time is the caller's to ask."""
        if self.stage is Stage.SETTLED:
            new = new_ring()
            return replace(self, keys={**self.keys, **new.keys}, next=new.current)
        if self.stage is Stage.ANNOUNCED:
            return KeyRing(self.next or self.current, self.keys)
        return KeyRing(self.current, {self.current: self.keys[self.current]})

    def write(self) -> str:
        """Return the parameter's text.

        Raises:
            KeysUnusableError: the functions would not read it.

        """
        document = {"current": self.current, "keys": dict(self.keys)}
        text = json.dumps(document | ({"next": self.next} if self.next else {}))
        _check(text)
        return text


def new_ring() -> KeyRing:
    """Return one new key and nothing else: every token signed before is refused by it."""
    return read_ring(create_keys())


def read_ring(text: str) -> KeyRing:
    """Read the parameter's text.

    Raises:
        KeysUnusableError: it is not what the functions read.

    """
    _check(text)
    document = json.loads(text)
    following = document.get("next")
    if following is not None and (
        following not in document["keys"] or following == document["current"]
    ):
        message = "the next signing key is not among the others"
        raise KeysUnusableError(message)
    return KeyRing(document["current"], document["keys"], following)


def _check(text: str) -> None:
    """Let the functions' own code read it."""
    try:
        CachedSigningKeys(lambda: text).current()
    except KeysUnavailable:
        message = "the parameter does not hold signing keys as the functions read them"
        raise KeysUnusableError(message) from None
