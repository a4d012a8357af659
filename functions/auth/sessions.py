"""Sessions: one family of refresh tokens for each signed-in device, of which one is current.

A token is `<user id>.<family id>.<secret>`, so that its item is found without an index and lies
among everything else of the user. The table holds only SHA-256 hashes of tokens: a secret has
256 bits, so that nothing slower is needed. The family id has 80 random bits and is told to nobody
else, so whoever names a family has held one of its tokens.

Using the current token makes another one current. Whoever then uses the spent one is either its
owner, who sent the request twice or lost the answer, or a thief. For a short time (the grace) the
answer is the same successor again: its secret is an HMAC of the spent token, keyed with a value
that is kept beside the hash, so that the table alone does not give it away. After the grace the
family ends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from common import keys
from common.errors import RefreshTokenInvalid
from common.observability import logger
from common.table import ConditionFailed, Put
from common.ulids import is_ulid, new_ulid
from common.updates import Delete, Equals, Update
from common.users import Users

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key
    from common.table import Table
    from common.table_values import Item
    from common.tokens import AccessTokens
    from common.users import Credentials

SECRET_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """A user who has just proved who they are, and their tokens."""

    user_id: str
    username: str
    access_token: str
    refresh_token: str
    expires_in_seconds: int


class _Claim(NamedTuple):
    """A refresh token taken apart, not checked yet."""

    user_id: str
    family_id: str
    token_hash: str

    @property
    def key(self) -> Key:
        return keys.session(self.user_id, self.family_id)


class Sessions:
    """Opens, continues and ends sessions."""

    def __init__(  # noqa: PLR0913 - its parts, by keyword
        self,
        table: Table,
        tokens: AccessTokens,
        *,
        access_ttl_seconds: int,
        refresh_ttl_seconds: int,
        reuse_grace_seconds: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep sessions in `table` and sign with `tokens`; `clock` gives seconds since 1970."""
        self._table = table
        self._users = Users(table)
        self._tokens = tokens
        self._access_ttl_seconds = access_ttl_seconds
        self._refresh_ttl_seconds = refresh_ttl_seconds
        self._reuse_grace_seconds = reuse_grace_seconds
        self._clock = clock

    def open(
        self, user_id: str, username: str, email: str, generation: str | None
    ) -> tuple[SignedIn, Put]:
        """Make the tokens of a new session, and the write that makes them valid.

        Raises:
            Unavailable: the signing keys are out of reach.

        """
        family_id = new_ulid()
        token = f"{user_id}.{family_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
        attributes = {
            "family_id": family_id,
            "email": email,
            "generation": generation,
            "token_hash": hash_token(token),
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "expires_at": self._expiry(),
        }
        opening = Put(keys.session(user_id, family_id), attributes, only_if_absent=True)
        return self._signed_in(user_id, username, token), opening

    def refresh(self, token: str) -> SignedIn:
        """Spend a refresh token: its session goes on with the tokens that are returned.

        The name in the access token is the account's name of now.

        Raises:
            RefreshTokenInvalid: it is unknown, expired or spent, or its session has ended.
            Unavailable: the table or the signing keys are out of reach.

        """
        claim = _parse(token)
        session, owner = self._find(claim)
        if session["token_hash"] != claim.token_hash:
            return self._signed_in(
                claim.user_id, owner.username, self._repeat(claim, session, token)
            )
        nonce = secrets.token_hex(SECRET_BYTES)
        successor = _succeed(token, claim, nonce)
        # Signed first: without keys nothing is spent, and the client can simply try again.
        signed_in = self._signed_in(claim.user_id, owner.username, successor)
        rotation = Update(
            claim.key,
            assign={
                "token_hash": hash_token(successor),
                "previous_hash": claim.token_hash,
                "nonce": nonce,
                "rotated_at": int(self._clock()),
                "expires_at": self._expiry(),
            },
            only_if=(Equals("token_hash", claim.token_hash),),
        )
        try:
            self._table.update(rotation)
        except ConditionFailed as lost:
            if lost.item and lost.item["token_hash"] == rotation.assign["token_hash"]:
                # This one did: the answer was lost, and botocore has sent it again.
                return signed_in
            # Another request spent it a moment ago.
            successor = self._repeat(claim, lost.item, token)
            return self._signed_in(claim.user_id, owner.username, successor)
        return signed_in

    def end(self, token: str) -> None:
        """End the session of a refresh token, also of a spent one. Ending it again is fine.

        Raises:
            RefreshTokenInvalid: it has not the form of a refresh token.
            Unavailable: the table is throttling or out of reach.

        """
        self._table.write(Delete(_parse(token).key))

    def end_all(self, token: str) -> None:
        """End every session of the user whose current refresh token this is.

        Raises:
            RefreshTokenInvalid: it is unknown, expired or spent, or its session has ended.
            Unavailable: the table is throttling or out of reach.

        """
        claim = _parse(token)
        session, owner = self._find(claim)
        if session["token_hash"] != claim.token_hash:
            self._repeat(claim, session, token)
        ending = Update(
            keys.credentials(session["email"]),
            assign={"session_generation": new_ulid()},
            only_if=(Equals("user_id", owner.user_id),),
        )
        try:
            self._table.write(ending)
        except ConditionFailed:
            raise RefreshTokenInvalid from None

    def _find(self, claim: _Claim) -> tuple[Item, Credentials]:
        """Read a session that has not ended, and whose it is."""
        session = self._table.get(claim.key, consistent=True)
        # DynamoDB deletes expired items only within days.
        if session is None or session["expires_at"] <= self._clock():
            raise RefreshTokenInvalid
        owner = self._users.find_credentials(session["email"])
        if (
            owner is None
            or owner.user_id != claim.user_id
            or owner.session_generation != session.get("generation")
        ):
            raise RefreshTokenInvalid
        return session, owner

    def _repeat(self, claim: _Claim, session: Item | None, token: str) -> str:
        """Return the successor of a token that was spent just now; end the family otherwise."""
        if session is None:
            raise RefreshTokenInvalid
        within_grace = self._clock() - session.get("rotated_at", 0) < self._reuse_grace_seconds
        if within_grace and session.get("previous_hash") == claim.token_hash:
            return _succeed(token, claim, session["nonce"])
        logger.warning("spent refresh token used, session ended", extra={"user_id": claim.user_id})
        self._table.write(Delete(claim.key))
        raise RefreshTokenInvalid

    def _signed_in(self, user_id: str, username: str, refresh_token: str) -> SignedIn:
        ttl_seconds = self._access_ttl_seconds
        access_token = self._tokens.issue(user_id, username, ttl_seconds=ttl_seconds)
        return SignedIn(user_id, username, access_token, refresh_token, ttl_seconds)

    def _expiry(self) -> int:
        return int(self._clock()) + self._refresh_ttl_seconds


def hash_token(token: str) -> str:
    """Return the form in which a random token is stored."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def _parse(token: str) -> _Claim:
    parts = token.split(".")
    if len(parts) != 3 or not all(is_ulid(part) for part in parts[:2]):  # noqa: PLR2004
        raise RefreshTokenInvalid
    user_id, family_id, _secret = parts
    return _Claim(user_id, family_id, hash_token(token))


def _succeed(token: str, claim: _Claim, nonce: str) -> str:
    digest = hmac.digest(nonce.encode("ascii"), token.encode("utf-8"), "sha256")
    secret = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
    return f"{claim.user_id}.{claim.family_id}.{secret}"
