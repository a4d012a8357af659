"""The keys that access tokens are signed with: read from SSM, cached in memory.

The parameter holds `{"current": "<kid>", "keys": {"<kid>": "<base64 of 32 bytes or more>"}}`, and
during a rotation `"next": "<kid>"`, which is nobody's business here. `make rotate-keys` adds a key,
makes it current when everybody knows it, and removes the old one when no token of it can live; the
times below decide how long that takes (`local/operations/rotation.py`).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from common.clients import client
from common.elapsed import elapsed_seconds
from common.errors import Unavailable
from common.observability import describe_exception, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# RFC 7518, 3.2: the key of HS256 has at least the 256 bits of the hash.
MIN_KEY_BYTES = 32
REFRESH_SECONDS = 300.0
# When SSM is out of reach, known keys are used for this long, then nothing is accepted.
MAX_AGE_SECONDS = 3600.0
# A token with an unknown key asks for the keys again, but strangers cannot make us ask often.
MIN_REFRESH_INTERVAL_SECONDS = 10.0
# With two attempts, SSM is given up after 4 s and a backoff of under a second.
SSM_READ_TIMEOUT_SECONDS = 1.0
SSM_ATTEMPTS = 2


class KeysUnavailable(Unavailable):
    """The keys cannot be read, or are not usable."""


@dataclass(frozen=True)
class SigningKey:
    """A key and the `kid` that tokens name it by."""

    kid: str
    # Kept out of repr: a key must not reach a log by accident.
    secret: bytes

    def __repr__(self) -> str:
        """Show the name only."""
        return f"SigningKey(kid={self.kid!r})"


class SigningKeys(Protocol):
    """What issuing and checking tokens needs of the keys."""

    def current(self) -> SigningKey:
        """Return the key to sign with.

        Raises:
            KeysUnavailable: there is no usable key.

        """
        ...

    def find(self, kid: str) -> SigningKey | None:
        """Return the key called `kid`, None when there is none.

        Raises:
            KeysUnavailable: there is no usable key at all, or this one may be new: the keys could
                not be read again.

        """
        ...


@dataclass(frozen=True)
class _KeySet:
    current_kid: str
    keys: Mapping[str, SigningKey]


class CachedSigningKeys:
    """Keys from a slow source, remembered, refreshed now and then and never too often."""

    def __init__(
        self, read: Callable[[], str], clock: Callable[[], float] = elapsed_seconds
    ) -> None:
        """Read the parameter's text with `read`, which may fail in any way; `clock` in seconds."""
        self._read = read
        self._clock = clock
        self._known: _KeySet | None = None
        self._loaded_at = 0.0
        self._tried_at: float | None = None
        self._out_of_reach = False

    def current(self) -> SigningKey:
        """See `SigningKeys.current`."""
        known = self._fresh()
        return known.keys[known.current_kid]

    def find(self, kid: str) -> SigningKey | None:
        """See `SigningKeys.find`."""
        key = self._fresh().keys.get(kid)
        if key is None and self._may_try():
            self._load()
            key = self._fresh().keys.get(kid)
        if key is None and self._out_of_reach:
            raise KeysUnavailable
        return key

    def read_ahead(self) -> None:
        """Read the keys now, if they can be read: for the init phase, so it never raises."""
        if self._known is None:
            self._load()

    def _fresh(self) -> _KeySet:
        age_seconds = self._clock() - self._loaded_at
        if (self._known is None or age_seconds >= REFRESH_SECONDS) and self._may_try():
            self._load()
        if self._known is None or self._clock() - self._loaded_at >= MAX_AGE_SECONDS:
            raise KeysUnavailable
        return self._known

    def _may_try(self) -> bool:
        # Without any key every request is refused, so those may ask each time.
        if self._known is None or self._tried_at is None:
            return True
        return self._clock() - self._tried_at >= MIN_REFRESH_INTERVAL_SECONDS

    def _load(self) -> None:
        self._tried_at = self._clock()
        try:
            self._known = _parse_keys(self._read())
        except Exception as error:  # noqa: BLE001 - whatever it is, known keys go on until too old
            logger.error("signing keys not read", extra=describe_exception(error))
            self._out_of_reach = True
        else:
            self._out_of_reach = False
            self._loaded_at = self._clock()


def signing_keys_in_ssm(parameter_name: str) -> CachedSigningKeys:
    """Return the keys in the SSM parameter of that name. Nothing is read yet."""

    def read() -> str:
        ssm = client("ssm", read_timeout_seconds=SSM_READ_TIMEOUT_SECONDS, attempts=SSM_ATTEMPTS)
        answer = ssm.get_parameter(Name=parameter_name, WithDecryption=True)
        text: str = answer["Parameter"]["Value"]
        return text

    return CachedSigningKeys(read)


def _parse_keys(text: str) -> _KeySet:
    """Read the parameter's JSON. Every failure is a ValueError that does not quote it."""
    try:
        document = json.loads(text)
        current_kid = document["current"]
        keys = {
            kid: SigningKey(kid, base64.b64decode(encoded, validate=True))
            for kid, encoded in document["keys"].items()
        }
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, binascii.Error):
        message = "the signing keys are not in the agreed form"
        raise ValueError(message) from None
    if current_kid not in keys:
        message = "the current signing key is not among the keys"
        raise ValueError(message)
    if any(len(key.secret) < MIN_KEY_BYTES for key in keys.values()):
        message = f"a signing key is shorter than {MIN_KEY_BYTES} bytes"
        raise ValueError(message)
    return _KeySet(current_kid, keys)
