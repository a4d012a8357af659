"""Whatever is wrong with the table is found, by its key and without anybody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from account.itineraries import Itineraries
from account.once import Records, do_once
from common import keys
from common.identity import username_key
from common.limits import Attempts, passwords_per_email
from common.predictions import Answer, PredictionCache, Predictions
from common.ulids import new_ulid
from describe.budget import Budget, Limits
from describe.cache import DescriptionCache, question_key
from local.operations.check_table import check
from local.operations.invariants import DELETION_ENDS_AFTER, Census, shown, take_census
from local.operations.item_rules import EXPIRING, kind_of
from tests.contracts.account_contract import ROME, SEEN, new_user
from tests.fakes.clocks import ManualClock
from tests.fakes.tables import InMemoryTable
from tests.unit.auth.parts import EMAIL, build_auth

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key

NOW = ManualClock().monotonic()


@pytest.fixture
def table() -> InMemoryTable:
    """Return a table with something of every kind but a deletion."""
    table = InMemoryTable()
    auth = build_auth(table)
    signed_in = auth.sign_up()
    user_id = signed_in.user_id
    auth.sessions.refresh(signed_in.refresh_token)
    auth.accounts.sign_in(EMAIL, "a lovely journey", "203.0.113.7")
    Attempts(table, auth.clock.monotonic).take(passwords_per_email(5), EMAIL)
    predictions = Predictions(table)
    named, plain = (predictions.add(user_id, SEEN) for _ in range(2))
    for one in (named, plain):
        predictions.give_feedback(
            user_id, one, correct=False, landmark=None if one == plain else "Arles", comment=None
        )
    records = Records(table, user_id)

    def make() -> dict[str, str]:
        def done(itinerary_id: str) -> list[Any]:
            return list(records.completion({"itinerary_id": itinerary_id}))

        return {"itinerary_id": Itineraries(table).add(user_id, ROME, done).itinerary_id}

    do_once(records, "a key", {"name": "Rome"}, make)
    PredictionCache(table).put("ab" * 32, "v1", Answer({"landmark": None}))
    clock = ManualClock()
    cache = DescriptionCache(table, 86_400, clock)
    cache.keep(question_key("ab" * 32, "what?", ("m",)), "A castle.", "m")
    Budget(table, Limits(10, 5, 100), clock).reserve(user_id, 1.0)
    return table


def found_in(table: InMemoryTable, now: float = NOW) -> list[str]:
    return [violation.rule for violation in take_census(table.items.items(), now).violations()]


def only(table: InMemoryTable, kind: str) -> Key:
    return next(key for key in table.items if kind_of(key) == kind)


def test_a_table_that_was_lived_in_holds(table: InMemoryTable) -> None:
    kinds = {kind_of(key) for key in table.items}
    assert kinds >= EXPIRING
    assert len(kinds) == 12
    assert found_in(table) == []


def test_a_deletion_in_progress_holds_and_one_that_was_forgotten_does_not(
    table: InMemoryTable,
) -> None:
    user_id = only(table, "profile").pk.removeprefix("USER#")
    for kind in ("profile", "credentials", "username"):
        del table.items[only(table, kind)]
    assert found_in(table) == ["no items without their account"]
    begun_at = "2026-11-28T15:00:00.000+00:00"
    table.items[keys.deletion(user_id)] = {"begun_at": begun_at}
    soon = 1_795_878_000.0
    assert found_in(table, soon) == []
    assert found_in(table, soon + DELETION_ENDS_AFTER.total_seconds() + 1_000) == ["deletions end"]


def change(kind: str, **attributes: object) -> Callable[[InMemoryTable], object]:
    """Set attributes of the item of a kind; None takes one away."""

    def do(table: InMemoryTable) -> None:
        item = table.items[only(table, kind)]
        item.update(attributes)
        for name, value in attributes.items():
            if value is None:
                del item[name]

    return do


def remove(kind: str) -> Callable[[InMemoryTable], object]:
    return lambda table: table.items.pop(only(table, kind))


def put(key: Key, **attributes: object) -> Callable[[InMemoryTable], object]:
    return lambda table: table.items.update({key: attributes})


SOMEBODY = new_ulid()


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (remove("credentials"), "an account has its address"),
        (remove("username"), "an account has its username"),
        (remove("prediction"), "counters are right"),
        (remove("itinerary"), "counters are right"),
        (change("profile", prediction_count=7), "counters are right"),
        (change("profile", itinerary_count=1_000), "a profile is whole"),
        (change("profile", user_id=SOMEBODY), "a profile is whole"),
        (change("profile", expires_at=int(NOW) + 60), "what stays does not expire"),
        (change("profile", upload_forms=3), "a profile is whole"),
        (change("profile", label="x"), "labels are on predictions"),
        (change("profile", email=None), "a profile is whole"),
        (change("credentials", username="grace"), "one name in account and sign-in"),
        (change("credentials", user_id=SOMEBODY), "a taken address is somebody's"),
        (change("credentials", password_hash="plain"), "a credentials is whole"),
        (change("credentials", reset_token_hash="x"), "a credentials is whole"),
        (change("username", user_id=SOMEBODY), "a taken username is somebody's"),
        (put(keys.credentials("b@c.de"), user_id=SOMEBODY, username="b", password_hash="$2"),
         "a taken address is somebody's"),
        (put(keys.username("b"), user_id=SOMEBODY), "a taken username is somebody's"),
        (put(keys.description_share(SOMEBODY, "2026-11"), calls=1, expires_at=int(NOW) + 60),
         "no items without their account"),
        (put(keys.Key("SOMETHING", "ELSE"), n=1), "items are of known kinds"),
        (put(keys.Key("USER#x", "SOMETHING"), n=1), "items are of known kinds"),
        (change("session", token_hash="plain"), "a session is whole"),
        (change("session", family_id=SOMEBODY), "a session is whole"),
        (change("session", previous_hash=None), "a session is whole"),
        (change("session", nonce=None), "a session is whole"),
        (change("session", email="b@c.de"), "a session signs in to its account"),
        (change("session", rotated_at=int(NOW) * 2), "a session is whole"),
        (change("attempts", attempts=0), "an attempts is whole"),
        (change("attempts", blocked_until=int(NOW) * 2), "an attempts is whole"),
        (change("prediction", label="another"), "a prediction is whole"),
        (change("prediction", label=None), "a prediction is whole"),
        (change("prediction", feedback=None), "a prediction is whole"),
        (change("prediction", prediction_id=SOMEBODY), "a prediction is whole"),
        (change("itinerary", itinerary_id=SOMEBODY), "an itinerary is whole"),
        (change("itinerary", version=0), "an itinerary is whole"),
        (change("itinerary", name=None), "an itinerary is whole"),
        (change("itinerary", stops=[{"stop_id": "a", "day": 1}] * 2), "an itinerary is whole"),
        (change("request", result=None), "a request is whole"),
        (change("request", status="INPROGRESS"), "a request is whole"),
        (change("request", result="{}"), "a request is whole"),
        (change("cached_prediction", answer='{"user_id": "x"}'), "a cached prediction is whole"),
        (change("cached_description", user_id=SOMEBODY), "a cached description is whole"),
        (change("cached_description", model=""), "a cached description is whole"),
        (change("description_share", calls=-1), "a description share is whole"),
        (change("description_budget", calls=-1), "a description budget is whole"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_found(
    table: InMemoryTable, spoil: Callable[[InMemoryTable], object], rule: str
) -> None:
    spoil(table)
    assert rule in found_in(table)


@pytest.mark.parametrize("kind", sorted(EXPIRING))
@pytest.mark.parametrize("expires_at", [None, "soon", 0, int(NOW) * 1_000])
def test_what_expires_has_to_say_when_in_seconds(
    table: InMemoryTable, kind: str, expires_at: object
) -> None:
    change(kind, expires_at=expires_at)(table)
    assert "what expires says when" in found_in(table)


def test_an_account_that_is_being_deleted_and_is_still_there_is_found(table: InMemoryTable) -> None:
    user_id = only(table, "profile").pk.removeprefix("USER#")
    table.items[keys.deletion(user_id)] = {"begun_at": "2026-11-28T15:00:00+00:00"}
    assert "who leaves has no account" in found_in(table)


def test_what_is_found_names_no_address_and_no_name(table: InMemoryTable) -> None:
    remove("profile")(table)
    said = "\n".join(
        str(violation) for violation in take_census(table.items.items(), NOW).violations()
    )
    assert "EMAIL#<sha256 " in said
    assert "USERNAME#<sha256 " in said
    assert "ada" not in said.lower()
    assert "do: " in said


def test_keys_of_people_are_told_apart_by_their_hashes() -> None:
    assert shown(keys.credentials("a@b.c")) != shown(keys.credentials("b@b.c"))
    assert shown(keys.username(username_key("Ada"))) == shown(keys.username("ada"))
    assert shown(keys.profile("U1")) == "USER#U1/PROFILE"


def test_what_holds_when_one_looks_again_is_not_reported(table: InMemoryTable) -> None:
    right = list(table.items.items())
    wrong = [(key, item) for key, item in right if kind_of(key) != "itinerary"]
    looks = iter([wrong, right, right])
    assert check(lambda: iter(next(looks))) == (len(wrong), [])
    looks = iter([wrong, wrong, wrong])
    _, found = check(lambda: iter(next(looks)))
    assert [violation.rule for violation in found] == ["counters are right"]


def test_items_are_looked_at_in_any_order(table: InMemoryTable) -> None:
    new_user(table)
    for order in (sorted(table.items), sorted(table.items, reverse=True)):
        census = Census(NOW)
        for key in order:
            census.add(key, table.items[key])
        assert list(census.violations()) == []
        assert census.items == len(table.items)
