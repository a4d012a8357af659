"""Signing keys that are simply there."""

from __future__ import annotations

import secrets

from common.signing_keys import SigningKey


class FixedSigningKeys:
    """Two keys, as during a rotation; the first is current."""

    def __init__(self, *kids: str) -> None:
        names = kids or ("2026-a", "2026-b")
        self.known = {kid: SigningKey(kid, secrets.token_bytes(64)) for kid in names}
        self.current_kid = names[0]

    def current(self) -> SigningKey:
        return self.known[self.current_kid]

    def find(self, kid: str) -> SigningKey | None:
        return self.known.get(kid)
