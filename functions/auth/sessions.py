"""Refresh tokens: one family for each signed-in device, of which one token is current.

A token is `<user id>.<family id>.<secret>`, so that its item is found without an index and lies
among everything else of the user. The table holds only the SHA-256 of the token: the secret has
256 random bits, so that nothing slower is needed.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import UTC, datetime

from common import keys
from common.table import Put
from common.ulids import new_ulid

SECRET_BYTES = 32


def open_session(user_id: str, *, ttl_seconds: int) -> tuple[str, Put]:
    """Make the first refresh token of a new family, and the write that makes it valid."""
    family_id = new_ulid()
    token = f"{user_id}.{family_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
    attributes = {
        "family_id": family_id,
        "token_hash": hash_token(token),
        "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "expires_at": int(time.time()) + ttl_seconds,
    }
    return token, Put(keys.session(user_id, family_id), attributes, only_if_absent=True)


def hash_token(token: str) -> str:
    """Return the form in which a refresh token is stored."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
