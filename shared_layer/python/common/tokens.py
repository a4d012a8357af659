"""Access tokens: JSON Web Tokens (RFC 7519) that say who is signed in, for half an hour.

The algorithm is HS256 and nothing else, whatever a token's header claims. The claim `purpose`
keeps any other kind of token that we may ever sign from being accepted here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import jwt

from common.settings import ACCESS_TOKEN_TTL_RANGE_SECONDS
from common.ulids import new_ulid

if TYPE_CHECKING:
    from common.signing_keys import SigningKeys

ALGORITHM = "HS256"
PURPOSE = "access"
REQUIRED_CLAIMS = ("iss", "aud", "sub", "iat", "exp", "jti", "purpose", "username")
# Ours are about 420 characters; anything much longer is not worth parsing.
MAX_TOKEN_CHARACTERS = 2048
# The clocks of two hosts may differ: a token may seem to come from the near future.
CLOCK_SKEW_SECONDS = 5


class Refusal(StrEnum):
    """Why a token is refused, for our logs; what PyJWT finds goes by its exception's name."""

    NO_BEARER_TOKEN = "no_bearer_token"  # noqa: S105 - a reason
    TOO_LONG = "too_long"
    WRONG_PURPOSE = "wrong_purpose"
    EMPTY_CLAIM = "empty_claim"
    UNKNOWN_KEY = "unknown_key"
    TIMES_NOT_WHOLE_NUMBERS = "times_not_whole_numbers"
    FROM_THE_FUTURE = "from_the_future"
    LIVES_TOO_LONG = "lives_too_long"


class TokenRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The token is not accepted. `reason` is for our logs and never holds the token."""

    def __init__(self, reason: str) -> None:
        """Remember why."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for."""

    user_id: str
    username: str
    token_id: str


@dataclass(frozen=True)
class AccessTokens:
    """Issues and checks the access tokens of one deployment."""

    keys: SigningKeys
    issuer: str
    audience: str

    def issue(self, user_id: str, username: str, *, ttl_seconds: int) -> str:
        """Sign a token for a user, valid from now for `ttl_seconds`.

        Raises:
            KeysUnavailable: there is no usable key.

        """
        key = self.keys.current()
        issued_at = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": user_id,
            "iat": issued_at,
            "exp": issued_at + ttl_seconds,
            "jti": new_ulid(),
            "purpose": PURPOSE,
            "username": username,
        }
        return jwt.encode(claims, key.secret, algorithm=ALGORITHM, headers={"kid": key.kid})

    def verify(self, token: str) -> Identity:
        """Check a token completely and tell who it speaks for.

        Raises:
            TokenRefused: it is malformed, forged, expired, incomplete or for something else.
            KeysUnavailable: there is no usable key.

        """
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise TokenRefused(Refusal.TOO_LONG)
        try:
            claims = self._decode(token)
        except jwt.PyJWTError as error:
            raise TokenRefused(type(error).__name__) from None
        _check_times(claims)
        if claims["purpose"] != PURPOSE:
            raise TokenRefused(Refusal.WRONG_PURPOSE)
        named: list[object] = [claims[name] for name in ("sub", "username", "jti")]
        if not all(isinstance(name, str) and name for name in named):
            raise TokenRefused(Refusal.EMPTY_CLAIM)
        return Identity(claims["sub"], claims["username"], claims["jti"])

    def _decode(self, token: str) -> dict[str, Any]:
        kid = jwt.get_unverified_header(token).get("kid")
        key = self.keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise TokenRefused(Refusal.UNKNOWN_KEY)
        return jwt.decode(
            token,
            key.secret,
            algorithms=[ALGORITHM],
            audience=self.audience,
            issuer=self.issuer,
            options={
                "require": list(REQUIRED_CLAIMS),
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                # Checked in _check_times, with some tolerance that `exp` does not get.
                "verify_iat": False,
            },
        )


def _check_times(claims: dict[str, Any]) -> None:
    issued_at, expires_at = claims["iat"], claims["exp"]
    if type(issued_at) is not int or type(expires_at) is not int:
        raise TokenRefused(Refusal.TIMES_NOT_WHOLE_NUMBERS)
    if issued_at > time.time() + CLOCK_SKEW_SECONDS:
        raise TokenRefused(Refusal.FROM_THE_FUTURE)
    if expires_at - issued_at > ACCESS_TOKEN_TTL_RANGE_SECONDS[1]:
        raise TokenRefused(Refusal.LIVES_TOO_LONG)
