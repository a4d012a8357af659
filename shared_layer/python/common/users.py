"""Accounts in the table, and what makes their names unique."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from common import keys
from common.errors import AccountNotFound, EmailTaken, Unavailable, UsernameTaken
from common.identity import username_key
from common.table import ConditionFailed, Put
from common.updates import Delete, Equals, Update

if TYPE_CHECKING:
    from common.table import Table, Write
    from common.table_values import Item


@dataclass(frozen=True)
class Profile:
    """An account as its owner sees it. `created_at` is ISO 8601 in UTC."""

    user_id: str
    email: str
    username: str
    created_at: str
    itinerary_count: int = 0
    prediction_count: int = 0


@dataclass(frozen=True)
class Credentials:
    """What signing in needs to know about an e-mail address.

    `session_generation` changes when all sessions of the account end at once: one that was opened
    under another is over. `reset_token_hash` is of the last token that was sent to the address, and
    `reset_expires_at` (in seconds since 1970) its end.
    """

    user_id: str
    username: str
    password_hash: str
    session_generation: str | None = None
    reset_token_hash: str | None = None
    reset_expires_at: int = 0

    def __repr__(self) -> str:
        """Show the user only."""
        return f"Credentials(user_id={self.user_id!r})"


# Two renamings of one account at once are one person's two clicks.
RENAME_ATTEMPTS = 3
# Where the reservation of the new name stands among the writes of a renaming, if it has one.
NEW_NAME = 2

R = TypeVar("R", Profile, Credentials)


class Users:
    """The accounts."""

    def __init__(self, table: Table) -> None:
        """Keep accounts in `table`."""
        self._table = table

    def add(self, profile: Profile, password_hash: str, *also: Write) -> None:
        """Create an account, together with the writes in `also`, or nothing at all.

        The e-mail address is expected in its normal form (`identity.normalise_email`).

        Raises:
            EmailTaken: another account has the address (also when both names are taken).
            UsernameTaken: another account has the username.
            Unavailable: the table is throttling or out of reach.

        """
        credentials = Credentials(profile.user_id, profile.username, password_hash)
        writes = (
            Put(keys.credentials(profile.email), asdict(credentials), only_if_absent=True),
            Put(
                keys.username(username_key(profile.username)),
                {"user_id": profile.user_id},
                only_if_absent=True,
            ),
            Put(keys.profile(profile.user_id), asdict(profile), only_if_absent=True),
        )
        try:
            self._table.write(*writes, *also)
        except ConditionFailed as refusal:
            if 0 in refusal.failed:
                raise EmailTaken from None
            if 1 in refusal.failed:
                raise UsernameTaken from None
            raise

    def find_credentials(self, email: str) -> Credentials | None:
        """Read what an address signs in to. Strongly consistent: a new account works at once.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        item = self._table.get(keys.credentials(email), consistent=True)
        return None if item is None else _read(Credentials, item)

    def find_profile(self, user_id: str) -> Profile | None:
        """Read an account. Strongly consistent: it is often asked for right after a change.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        item = self._table.get(keys.profile(user_id), consistent=True)
        return None if item is None else _read(Profile, item)

    def rename(self, user_id: str, username: str) -> Profile:
        """Give an account another username (in its normal form); the old one is free again.

        All items that hold the name change together. An access token keeps the name it was
        issued with until it expires.

        Raises:
            AccountNotFound: there is no such account.
            UsernameTaken: another account has the username.
            Unavailable: the table is throttling or out of reach.

        """
        for _ in range(RENAME_ATTEMPTS):
            profile = self.find_profile(user_id)
            if profile is None:
                raise AccountNotFound
            if profile.username == username:
                return profile
            try:
                self._table.write(*_renaming(profile, username))
            except ConditionFailed as refusal:
                if NEW_NAME in refusal.failed:
                    raise UsernameTaken from None
                # The account was renamed or deleted since it was read.
                continue
            return replace(profile, username=username)
        raise Unavailable

    def remove(self, profile: Profile, credentials: Credentials, *also: Write) -> None:
        """Remove an account as it was read and free its names, together with the writes in `also`.

        From then on nobody signs in to it and no item is added for it; what there is of it in its
        partition is left.

        Raises:
            Unavailable: it has been changed since it was read, or the table is throttling or out
                of reach.

        """
        own = Equals("user_id", profile.user_id)
        unchanged = Equals("password_hash", credentials.password_hash)
        try:
            self._table.write(
                Delete(
                    keys.profile(profile.user_id), only_if=(Equals("username", profile.username),)
                ),
                Delete(keys.credentials(profile.email), only_if=(own, unchanged)),
                Delete(keys.username(username_key(profile.username)), only_if=(own,)),
                *also,
            )
        except ConditionFailed:
            raise Unavailable from None


def _renaming(profile: Profile, username: str) -> list[Write]:
    assign = {"username": username}
    writes: list[Write] = [
        Update(
            keys.profile(profile.user_id), assign, only_if=(Equals("username", profile.username),)
        ),
        Update(
            keys.credentials(profile.email), assign, only_if=(Equals("user_id", profile.user_id),)
        ),
    ]
    old_key, new_key = username_key(profile.username), username_key(username)
    if new_key != old_key:
        owner = {"user_id": profile.user_id}
        writes.append(Put(keys.username(new_key), owner, only_if_absent=True))
        writes.append(Delete(keys.username(old_key), only_if=(Equals("user_id", profile.user_id),)))
    return writes


def _read(record_type: type[R], item: Item) -> R:
    """Take the attributes that the record has; a newer version may have stored others."""
    names = {declared.name for declared in fields(record_type)}
    return record_type(**{name: value for name, value in item.items() if name in names})
