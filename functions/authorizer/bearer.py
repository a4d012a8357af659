"""Where the token is in a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.tokens import Refusal, TokenRefused

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_bearer_token(event: Mapping[str, Any]) -> str:
    """Take the token from `Authorization: Bearer <token>` (RFC 6750).

    Raises:
        TokenRefused: the header is missing or of another scheme.

    """
    headers = event.get("headers") or {}
    stated = next((text for name, text in headers.items() if name.lower() == "authorization"), "")
    scheme, _, token = stated.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused(Refusal.NO_BEARER_TOKEN)
    return token.strip()
