"""What has to hold of each item of the table by itself, by its kind: see docs/data.md."""

from __future__ import annotations

import inspect
import json
import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from account.itineraries import MAX_ITINERARIES
from common import keys
from common.labels import LABEL, LABEL_FACTS, LABELLED_AT, Feedback, label
from common.ulids import is_ulid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from common.keys import Key

# Kinds that go by themselves, and those that must not: an account with `expires_at` would vanish.
EXPIRING = frozenset(
    {
        "session",
        "attempts",
        "request",
        "cached_prediction",
        "cached_description",
        "description_budget",
        "description_share",
    }
)
# No setting keeps anything for longer than a year; times in milliseconds are further away.
LONGEST_LIFE_SECONDS = 400 * 24 * 60 * 60
# Attributes that say who asked: what is remembered for everybody has none of them.
_OWNERS = frozenset({"user_id", "email", "username"})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DELETE = "delete the item: it is made anew when it is needed"
_ASK = "nothing here writes this: find out who did, then restore it from a backup or delete it"


class Complaint(NamedTuple):
    """What is wrong with one item, and what to do."""

    rule: str
    found: str
    remedy: str


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return what the keys of every kind of item look like, from the functions that make them."""
    made: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}
    for name, function in inspect.getmembers(keys, inspect.isfunction):
        signature = inspect.signature(function)
        if signature.return_annotation == "Key":
            key = function(*["\0"] * len(signature.parameters))
            made[name] = (_pattern(key.pk), _pattern(key.sk))
    return made


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(re.escape("\0"), ".+"), re.DOTALL)


def kind_of(key: Key) -> str:
    """Return what kind of item has this key, by the function in `keys.py`; "" for none of them."""
    for name, (partition, sort) in _patterns().items():
        if partition.fullmatch(key.pk) and sort.fullmatch(key.sk):
            return name
    return ""


def complaints_of(kind: str, key: Key, item: Mapping[str, Any], now: float) -> Iterator[Complaint]:
    """Say what is wrong with an item, whatever else there is. `now` is in seconds since 1970."""
    if not kind:
        yield Complaint("items are of known kinds", "a key that keys.py does not make", _ASK)
        return
    yield from _expiry(kind, item, now)
    if kind != "prediction" and (LABEL in item or LABELLED_AT in item):
        yield Complaint(
            "labels are on predictions", f"a {kind} in the index", "remove label and labelled_at"
        )
    try:
        wrong = [found for found, holds in _RULES[kind](key, item) if not holds]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield unreadable(kind, error)
        return
    for found in wrong:
        yield _not_whole(kind, found)


def unreadable(kind: str, error: Exception) -> Complaint:
    """Say that an item lacks something, or has it in another form."""
    # The type alone: a text might quote the item.
    return _not_whole(kind, f"attributes missing or of another type ({type(error).__name__})")


def _not_whole(kind: str, found: str) -> Complaint:
    words = kind.replace("_", " ")
    rule = f"{'an' if words[0] in 'ai' else 'a'} {words} is whole"
    return Complaint(rule, found, _DELETE if kind in EXPIRING else _ASK)


def _expiry(kind: str, item: Mapping[str, Any], now: float) -> Iterator[Complaint]:
    expires_at = item.get("expires_at")
    if kind not in EXPIRING:
        if expires_at is not None:
            yield Complaint("what stays does not expire", "expires_at", "remove expires_at, soon")
    elif not isinstance(expires_at, int | float) or not 0 < expires_at < now + LONGEST_LIFE_SECONDS:
        yield Complaint(
            "what expires says when", f"expires_at {expires_at!r}, which is no such time", _DELETE
        )


# What was found where something does not hold, and whether it holds.
Findings = list[tuple[str, bool]]


def _profile(key: Key, item: Mapping[str, Any]) -> Findings:
    return [
        ("another user_id than in the key", key.pk == keys.profile(item["user_id"]).pk),
        ("a user_id that is no ULID", is_ulid(item["user_id"])),
        ("no created_at", bool(item["created_at"])),
        ("more itineraries than there may be", item["itinerary_count"] <= MAX_ITINERARIES),
        ("a day's upload forms without the day", ("upload_forms" in item) == _has_day(item)),
    ]


def _has_day(item: Mapping[str, Any]) -> bool:
    return "upload_forms_on" in item


def _credentials(_key: Key, item: Mapping[str, Any]) -> Findings:
    reset = "reset_token_hash" in item
    return [
        ("no bcrypt hash", item["password_hash"].startswith("$2")),
        ("a reset token without an end", not reset or item["reset_expires_at"] > 0),
        ("a reset token that is no hash", not reset or _is_hash(item["reset_token_hash"])),
    ]


def _username(_key: Key, item: Mapping[str, Any]) -> Findings:
    return [("a user_id that is no ULID", is_ulid(item["user_id"]))]


def _session(key: Key, item: Mapping[str, Any]) -> Findings:
    rotated = [name in item for name in ("previous_hash", "nonce", "rotated_at")]
    spent = item.get("previous_hash")
    return [
        ("another family_id than in the key", key.sk == keys.session("", item["family_id"]).sk),
        ("a live token that is no hash", _is_hash(item["token_hash"])),
        ("half a rotation: of previous_hash, nonce, rotated_at some", len(set(rotated)) == 1),
        ("a live token that is spent", spent != item["token_hash"]),
        ("a spent token that is no hash", spent is None or _is_hash(spent)),
        ("an end before the last rotation", item.get("rotated_at", 0) <= item["expires_at"]),
    ]


def _attempts(_key: Key, item: Mapping[str, Any]) -> Findings:
    return [
        ("no attempts", item["attempts"] >= 1),
        ("a pause beyond the window", item.get("blocked_until", 0) <= item["expires_at"]),
    ]


def _prediction(key: Key, item: Mapping[str, Any]) -> Findings:
    stored = {name: item[name] for name in _LABEL_ATTRIBUTES if name in item}
    said = item.get("feedback")
    due: dict[str, Any] = {}
    if said is not None:
        feedback = Feedback(
            said["correct"], said.get("landmark"), said.get("comment"), said["given_at"]
        )
        due = {name: value for name, value in label(item, feedback).items() if value is not None}
    return [
        ("another prediction_id than in the key", key.sk.endswith(f"#{item['prediction_id']}")),
        ("an id that is no ULID", is_ulid(item["prediction_id"])),
        ("no created_at", bool(item["created_at"])),
        ("a label that its feedback does not give", stored == due),
    ]


# Those that feedback sets; the index's others are facts of the prediction itself.
_LABEL_ATTRIBUTES = (LABEL, LABELLED_AT, *(name for name in LABEL_FACTS if "label" in name))


def _itinerary(key: Key, item: Mapping[str, Any]) -> Findings:
    stops = [stop["stop_id"] for stop in item["stops"]]
    return [
        ("another itinerary_id than in the key", key.sk.endswith(f"#{item['itinerary_id']}")),
        ("an id that is no ULID", is_ulid(item["itinerary_id"])),
        ("no version", item["version"] >= 1),
        ("no name", bool(item["name"])),
        ("two stops with one id", len(stops) == len(set(stops))),
        ("a stop before the first day", all(stop["day"] >= 1 for stop in item["stops"])),
        ("a change before it was made", item["created_at"] <= item["updated_at"]),
    ]


def _request(_key: Key, item: Mapping[str, Any]) -> Findings:
    done, result = item["status"] == "COMPLETED", item.get("result")
    return [
        ("an unknown status", done or item["status"] == "INPROGRESS"),
        ("done without a result, or a result before", done == (result is not None)),
        ("a result that names no itinerary", not done or _names_itinerary(result)),
        ("nobody's attempt", is_ulid(item["attempt"])),
    ]


def _names_itinerary(result: str | None) -> bool:
    with suppress(ValueError):
        return is_ulid(json.loads(result or "")["itinerary_id"])
    return False


def _deletion(key: Key, item: Mapping[str, Any]) -> Findings:
    return [
        ("a name that is no ULID", is_ulid(key.sk)),
        ("no begun_at", bool(item["begun_at"])),
    ]


def _cached_prediction(_key: Key, item: Mapping[str, Any]) -> Findings:
    facts = json.loads(item["answer"])
    return [("who asked", not _OWNERS & (item.keys() | facts.keys()))]


def _cached_description(_key: Key, item: Mapping[str, Any]) -> Findings:
    return [
        ("who asked", not _OWNERS & item.keys()),
        ("no time to ask again", item["again_at_ms"] >= 0),
        ("a text without its model", not item.get("text") or bool(item.get("model"))),
    ]


def _calls(_key: Key, item: Mapping[str, Any]) -> Findings:
    return [("less than no calls", item.get("calls", 0) >= 0)]


def _is_hash(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None


_RULES: dict[str, Callable[[Key, Mapping[str, Any]], Findings]] = {
    "profile": _profile,
    "credentials": _credentials,
    "username": _username,
    "session": _session,
    "attempts": _attempts,
    "prediction": _prediction,
    "itinerary": _itinerary,
    "request": _request,
    "deletion": _deletion,
    "cached_prediction": _cached_prediction,
    "cached_description": _cached_description,
    "description_budget": _calls,
    "description_share": _calls,
}
