"""Everything that is kept of a user, as JSON, in parts that fit into an answer.

A part is filled with the user's items in the order of the table until it is large enough; the
cursor asks for the rest. What only proves a secret stays here: hashes and ids of sessions.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from common import keys
from common.photo_vector import VECTOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.table import Row, Table
    from common.table_values import Item

# Lambda's answers have 6 MB at most, in which the body is a JSON text inside JSON
# (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Items are counted as
# they are there, with every quotation mark and foreign letter escaped, twice.
PART_BYTES = 4_000_000
ITEMS_AT_ONCE = 25


@dataclass
class Part:
    """Items of a user by what they are; `after` asks for the rest, if there is any."""

    predictions: list[Item] = field(default_factory=list)
    itineraries: list[Item] = field(default_factory=list)
    sessions: list[Item] = field(default_factory=list)
    usage: list[Item] = field(default_factory=list)
    requests: list[Item] = field(default_factory=list)
    after: str | None = None


def _whole(row: Row) -> Item:
    return row.item


def _prediction(row: Row) -> Item:
    item = row.item
    if VECTOR not in item:
        return item
    return {**item, VECTOR: base64.b64encode(item[VECTOR]).decode("ascii")}


def _session(row: Row) -> Item:
    return _only(row.item, "created_at", "rotated_at", "expires_at")


def _usage(row: Row) -> Item:
    return {"month": row.key.sk.partition("#")[2], **row.item}


def _request(row: Row) -> Item:
    return _only(row.item, "status", "result", "expires_at")


def _only(item: Item, *names: str) -> Item:
    return {name: item[name] for name in names if name in item}


def _prefix(of: Callable[[str, str], keys.Key]) -> str:
    return of("", "").sk


# Every kind of item in a user's partition but the profile, which is read by itself: where it goes
# and what of it.
KINDS: dict[str, tuple[str, Callable[[Row], Item]]] = {
    _prefix(keys.prediction): ("predictions", _prediction),
    _prefix(keys.itinerary): ("itineraries", _whole),
    _prefix(keys.session): ("sessions", _session),
    _prefix(keys.description_share): ("usage", _usage),
    _prefix(keys.request): ("requests", _request),
}


def read_part(table: Table, user_id: str, after: str | None = None) -> Part:
    """Read what is kept of a user besides the profile, from `after` on. Strongly consistent.

    Raises:
        Unavailable: the table is throttling or out of reach.

    """
    partition, profile = keys.profile(user_id)
    part, size_bytes = Part(after=after), 0
    while True:
        page = table.query(partition, limit=ITEMS_AT_ONCE, after=part.after, consistent=True)
        for row in page.rows:
            if row.key.sk != profile:
                name, take = KINDS[row.key.sk.partition("#")[0] + "#"]
                item = take(row)
                size_bytes += len(json.dumps(json.dumps(item)))
                # No item alone is that large, so every part holds something.
                if size_bytes > PART_BYTES:
                    return part
                getattr(part, name).append(item)
            part.after = row.key.sk
        if page.after is None:
            part.after = None
            return part
