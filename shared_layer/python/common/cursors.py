"""Cursors: where the next page of a list begins, sealed so that only we can have written it.

A cursor holds the sort key that a page ended with and a keyed hash (HMAC-SHA256) over it and over
the list that it belongs to: whose it is, which one, and with which filters. So it cannot be taken
to another list, edited or guessed at, and what it looks like inside can change.

The seal keeps the contract, not a secret: a query reads the signed-in user's own partition,
whatever a cursor says. That is why its key comes from the table's name, which no answer contains
and whose end CloudFormation makes up, and not from a key that the function would need rights to
read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from common.errors import FieldError, InvalidFields

# Half of the hash: 128 bits cannot be guessed.
_SEAL_BYTES = 16
# A sealed sort key of ours has some 80 characters.
_MAX_CHARACTERS = 400
_PURPOSE = b"cv-location-classifier: cursors, version 1"


class Cursors:
    """Seals and opens the cursors of one deployment."""

    def __init__(self, table_name: str) -> None:
        """Derive the key from the table's name."""
        self._key = hmac.digest(table_name.encode(), _PURPOSE, hashlib.sha256)

    def seal(self, position: str, *scope: str | None) -> str:
        """Write a cursor that continues after `position`, for the list that `scope` describes."""
        told = position.encode()
        return base64.urlsafe_b64encode(self._hash(told, scope) + told).decode().rstrip("=")

    def open(self, cursor: str, *scope: str | None) -> str:
        """Return the position in a cursor that was sealed with the same `scope`.

        Raises:
            InvalidFields: it was not, or it has been changed.

        """
        try:
            if len(cursor) > _MAX_CHARACTERS:
                raise _refusal()
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _refusal() from None
        seal, told = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._hash(told, scope)):
            raise _refusal()
        # Base 64 leaves a few bits to choose; a cursor has one spelling.
        if self.seal(told.decode(), *scope) != cursor:
            raise _refusal()
        return told.decode()

    def _hash(self, told: bytes, scope: tuple[str | None, ...]) -> bytes:
        # JSON keeps the parts of the scope apart.
        belongs_to = json.dumps(scope).encode()
        return hmac.digest(self._key, belongs_to + b"\0" + told, hashlib.sha256)[:_SEAL_BYTES]


def _refusal() -> InvalidFields:
    message = (
        "Send the cursor of the page before, unchanged, to the same list with the same filters."
    )
    return InvalidFields([FieldError("cursor", message)])
