"""The token for the model's endpoint: an SSM SecureString, cached in memory, never shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from common.clients import client
from common.elapsed import elapsed_seconds
from common.observability import describe_exception, logger

if TYPE_CHECKING:
    from collections.abc import Callable

REFRESH_SECONDS = 300.0
# After a failure, or a token that the endpoint refused, SSM is not asked again sooner.
MIN_REFRESH_INTERVAL_SECONDS = 30.0
# With SSM out of reach, a known token is used for this long.
MAX_AGE_SECONDS = 3_600.0
# One attempt is given up after 2 s: an answer waits for it.
SSM_READ_TIMEOUT_SECONDS = 1.0
SSM_ATTEMPTS = 1

# What may stand in a header as a token (RFC 6750), and nothing else.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,4096}=*")
# What people put where a value is wanted and they have none.
_PLACEHOLDER = re.compile(
    r"none|null|todo|unset|empty|x+|-+|(change|replace|insert|placeholder|not[-_]?set|your[-_]).*",
    re.IGNORECASE,
)


class ApiToken:
    """A token that may be missing."""

    def __init__(
        self, read: Callable[[], str | None], clock: Callable[[], float] = elapsed_seconds
    ) -> None:
        """Read the parameter's text with `read`, which may fail in any way; `clock` in seconds."""
        self._read = read
        self._clock = clock
        self._token: str | None = None
        self._loaded_at: float | None = None
        self._tried_at: float | None = None

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "ApiToken()"

    def get(self) -> str | None:
        """Return the token; None when there is none, or only a placeholder."""
        if self._due():
            self._load()
        if self._loaded_at is None or self._clock() - self._loaded_at >= MAX_AGE_SECONDS:
            return None
        return self._token

    def refused(self) -> None:
        """Read the parameter again before long: the endpoint does not take this token."""
        if self._loaded_at is not None:
            self._loaded_at = min(self._loaded_at, self._clock() - REFRESH_SECONDS)

    def _due(self) -> bool:
        now = self._clock()
        if self._tried_at is not None and now - self._tried_at < MIN_REFRESH_INTERVAL_SECONDS:
            return False
        return self._loaded_at is None or now - self._loaded_at >= REFRESH_SECONDS

    def _load(self) -> None:
        self._tried_at = self._clock()
        try:
            text = (self._read() or "").strip()
        except Exception as error:  # noqa: BLE001 - whatever it is, photos are described locally
            logger.error("model token not read", extra=describe_exception(error))
            return
        self._loaded_at = self._clock()
        usable = _TOKEN.fullmatch(text) is not None and _PLACEHOLDER.fullmatch(text) is None
        self._token = text if usable else None


def token_in_ssm(parameter_name: str) -> ApiToken:
    """Return the token in the SSM parameter of that name. Nothing is read yet."""

    def read() -> str | None:
        ssm = client("ssm", read_timeout_seconds=SSM_READ_TIMEOUT_SECONDS, attempts=SSM_ATTEMPTS)
        try:
            answer = ssm.get_parameter(Name=parameter_name, WithDecryption=True)
        except ssm.exceptions.ParameterNotFound:
            return None
        text: str = answer["Parameter"]["Value"]
        return text

    return ApiToken(read)
