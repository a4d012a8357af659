"""What has to hold of the table, whatever happened to the functions: docs/data.md, as rules.

`Census` takes the items one by one, in any order, and remembers of each only what other items are
held against. What it finds names items by their keys, with addresses and usernames as hashes.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from common import keys
from common.identity import username_key
from local.operations.item_rules import Complaint, complaints_of, kind_of, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from common.keys import Key

# A deletion takes seconds, or is taken up again by whoever wanted it. Later, nobody will.
DELETION_ENDS_AFTER = timedelta(days=1)
_PERSONAL = ("EMAIL#", "USERNAME#")


class Violation(NamedTuple):
    """One thing that does not hold; `remedy` is what a person can do about it."""

    rule: str
    key: Key
    found: str
    remedy: str

    def __str__(self) -> str:
        """Say it without personal data."""
        return f"{self.rule}: {shown(self.key)}\n  found: {self.found}\n  do: {self.remedy}"


class _Names(NamedTuple):
    """What an account is called, by the keys that its names have."""

    email: Key
    username: Key


@dataclass
class Census:
    """Items seen so far. `now` is in seconds since 1970."""

    now: float = field(default_factory=time.time)
    items: int = 0
    _alone: list[Violation] = field(default_factory=list)
    _accounts: dict[str, _Names] = field(default_factory=dict)
    _counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    _credentials: dict[Key, tuple[str, Key]] = field(default_factory=dict)
    _usernames: dict[Key, str] = field(default_factory=dict)
    _deletions: dict[str, str] = field(default_factory=dict)
    _sessions: dict[Key, Key] = field(default_factory=dict)
    _owned: dict[str, Key] = field(default_factory=dict)
    # Users of whom something cannot be read: nothing else of theirs is to be deleted for it.
    _unreadable: set[str] = field(default_factory=set)
    _kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, key: Key, item: Mapping[str, Any]) -> None:
        """Look at one item, without its key attributes."""
        self.items += 1
        kind = kind_of(key)
        for complaint in complaints_of(kind, key, item, self.now):
            self._alone.append(_violation(complaint, key))
        user_id = key.pk.removeprefix("USER#")
        try:
            self._remember(kind, key, user_id, item)
        except (KeyError, TypeError, AttributeError) as error:
            self._alone.append(_violation(unreadable(kind, error), key))
            self._unreadable.add(item.get("user_id", user_id))

    def _remember(self, kind: str, key: Key, user_id: str, item: Mapping[str, Any]) -> None:
        if kind == "profile":
            names = _Names(
                keys.credentials(item["email"]), keys.username(username_key(item["username"]))
            )
            self._accounts[user_id] = names
            self._counted[user_id] = (
                item.get("prediction_count", 0),
                item.get("itinerary_count", 0),
            )
        elif kind == "credentials":
            named = keys.username(username_key(item["username"]))
            self._credentials[key] = (item["user_id"], named)
        elif kind == "username":
            self._usernames[key] = item["user_id"]
        elif kind == "deletion":
            self._deletions[key.sk] = item["begun_at"]
        elif key.pk.startswith("USER#"):
            self._kinds[user_id, kind] += 1
            self._owned.setdefault(user_id, key)
            if kind == "session":
                self._sessions[key] = keys.credentials(item["email"])

    def violations(self) -> Iterator[Violation]:
        """Say what does not hold among all of the items."""
        yield from self._alone
        for user_id, names in self._accounts.items():
            yield from self._check_account(user_id, names)
        yield from self._check_names()
        yield from self._check_sessions()
        yield from self._check_deletions()
        for user_id, key in self._owned.items():
            if user_id not in self._accounts.keys() | self._deletions.keys() | self._unreadable:
                kinds = sorted(kind for owner, kind in self._kinds if owner == user_id)
                yield Violation(
                    "no items without their account",
                    key,
                    f"{', '.join(kinds)} of a user without PROFILE and without a sign in DELETIONS",
                    f"put DELETIONS/{user_id} with begun_at, then: make finish-deletions",
                )

    def _check_account(self, user_id: str, names: _Names) -> Iterator[Violation]:
        profile = keys.profile(user_id)
        if self._credentials.get(names.email, ("", None))[0] != user_id:
            yield Violation(
                "an account has its address",
                profile,
                f"{shown(names.email)} is missing or another's: its owner cannot sign in",
                "restore the item from a backup (docs/runbook.md), or delete the account's items",
            )
        if self._usernames.get(names.username) != user_id:
            yield Violation(
                "an account has its username",
                profile,
                f"{shown(names.username)} is missing or another's",
                "put the reservation again with this user_id; if another has it, rename one",
            )
        counted = ("prediction", "itinerary")
        for kind, stored in zip(counted, self._counted[user_id], strict=True):
            there = self._kinds[user_id, kind]
            if stored != there:
                yield Violation(
                    "counters are right",
                    profile,
                    f"{kind}_count is {stored}, and there are {there}",
                    f"set {kind}_count to {there}, while the account is not in use",
                )

    def _check_names(self) -> Iterator[Violation]:
        for key, (user_id, named) in self._credentials.items():
            account = self._accounts.get(user_id)
            if user_id in self._unreadable:
                continue
            if account is None or account.email != key:
                yield _nobodys(key, user_id, "address")
            elif account.username != named:
                yield Violation(
                    "one name in account and sign-in",
                    key,
                    f"another username than {shown(keys.profile(user_id))}",
                    "copy the account's username into the sign-in item",
                )
        for key, user_id in self._usernames.items():
            account = self._accounts.get(user_id)
            if user_id in self._unreadable:
                continue
            if account is None or account.username != key:
                yield _nobodys(key, user_id, "username")

    def _check_sessions(self) -> Iterator[Violation]:
        for key, email in self._sessions.items():
            account = self._accounts.get(key.pk.removeprefix("USER#"))
            if account is not None and email != account.email:
                yield Violation(
                    "a session signs in to its account",
                    key,
                    "the address of another account",
                    "delete the session",
                )

    def _check_deletions(self) -> Iterator[Violation]:
        for user_id, begun_at in self._deletions.items():
            key = keys.deletion(user_id)
            if user_id in self._accounts:
                yield Violation(
                    "who leaves has no account",
                    key,
                    f"{shown(keys.profile(user_id))} is still there",
                    "find out which is right before anything else: make finish-deletions would "
                    "leave a sign-in without an account",
                )
            age = datetime.fromtimestamp(self.now, UTC) - _moment(begun_at)
            if age > DELETION_ENDS_AFTER:
                yield Violation(
                    "deletions end", key, f"begun {age.days} days ago", "make finish-deletions"
                )


def take_census(items: Iterable[tuple[Key, Mapping[str, Any]]], now: float | None = None) -> Census:
    """Look at all of these items, at this time or at `now`."""
    census = Census() if now is None else Census(now)
    for key, item in items:
        census.add(key, item)
    return census


def shown(key: Key) -> str:
    """Write a key without what it says of a person: addresses and names as hashes."""
    for prefix in _PERSONAL:
        if key.pk.startswith(prefix):
            digest = hashlib.sha256(key.pk.removeprefix(prefix).encode()).hexdigest()
            return f"{prefix}<sha256 {digest[:16]}>/{key.sk}"
    return f"{key.pk}/{key.sk}"


def _nobodys(key: Key, user_id: str, what: str) -> Violation:
    return Violation(
        f"a taken {what} is somebody's",
        key,
        f"held for USER#{user_id}, who has no account by it",
        f"delete the item: its user_id is {user_id}; the {what} is free then",
    )


def _violation(complaint: Complaint, key: Key) -> Violation:
    return Violation(complaint.rule, key, complaint.found, complaint.remedy)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
