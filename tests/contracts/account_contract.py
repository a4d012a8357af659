"""What the repositories and rules of `account` do, over the fake table and over the real one.

`tests/unit/account/test_over_the_fake_table.py` and
`tests/integration/test_account_in_dynamo.py` run it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from account.deletion import Deletions
from account.export import read_part
from account.itineraries import Itineraries, Plan, Stop
from account.once import Records, do_once
from common import keys
from common.errors import (
    AccountNotFound,
    IdempotencyKeyReused,
    ItineraryNotFound,
    PreconditionFailed,
    PredictionNotFound,
    RequestInProgress,
    WrongPassword,
)
from common.limits import Attempts, passwords_per_email
from common.passwords import hash_password
from common.photo_vector import PhotoVector
from common.predictions import Predictions
from common.table import Put, Table
from common.ulids import new_ulid
from common.updates import Update
from common.users import Profile, Users
from tests.contracts.table_contract import in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD, 4)
SEEN: dict[str, Any] = {
    "landmark": "Colosseum",
    "recognised": True,
    "predictions": [
        {"landmark_id": "colosseum", "landmark": "Colosseum", "confidence": 0.9},
        {"landmark_id": "arles-amphitheatre", "landmark": "Arles Amphitheatre", "confidence": 0.1},
    ],
    "image_sha256": "ab" * 32,
    "model_version": "v1",
}
ROME = Plan(
    "Rome",
    "2026-05-01",
    "with Ada",
    (Stop(new_ulid(), 1, "Colosseum", 41.8902, 12.4922, "colosseum", "early"),),
)


def new_user(table: Table) -> Profile:
    user_id = new_ulid()
    profile = Profile(user_id, f"{user_id}@example.com", user_id, "2026-01-01T00:00:00.000+00:00")
    Users(table).add(profile, PASSWORD_HASH)
    return profile


def counts(table: Table, user_id: str) -> tuple[int, int]:
    profile = Users(table).find_profile(user_id)
    assert profile is not None
    return profile.prediction_count, profile.itinerary_count


class HistoryContract:
    """Subclass it and give a fixture `table`."""

    def test_the_history_is_read_newest_first_in_pages(self, table: Table) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        for at in range(5):
            identifier = new_ulid(1_000 + at)
            table.write(Put(keys.prediction(user_id, identifier), {"at": at}))
        read: list[int] = []
        after = None
        while not read or after is not None:
            page = predictions.page(user_id, limit=2, after=after)
            read += [item["at"] for item in page.predictions]
            after = page.after
        assert read == [4, 3, 2, 1, 0]

    @pytest.mark.parametrize(
        ("since_ms", "until_ms", "expected"),
        [
            (None, None, [4, 3, 2, 1, 0]),
            (1_002, None, [4, 3, 2]),
            (None, 1_002, [2, 1, 0]),
            (1_001, 1_003, [3, 2, 1]),
            (1_002, 1_002, [2]),
            (1_003, 1_001, []),
            (0, 0, []),
        ],
    )
    @pytest.mark.parametrize("limit", [1, 2, 10])
    def test_the_history_can_be_bounded_by_time(
        self,
        table: Table,
        since_ms: int | None,
        until_ms: int | None,
        expected: list[int],
        limit: int,
    ) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        for at in range(5):
            table.write(Put(keys.prediction(user_id, new_ulid(1_000 + at)), {"at": at}))
        read: list[int] = []
        pages, after = 0, None
        while pages == 0 or after is not None:
            page = predictions.page(
                user_id, limit=limit, after=after, since_ms=since_ms, until_ms=until_ms
            )
            read += [item["at"] for item in page.predictions]
            pages, after = pages + 1, page.after
        assert read == expected

    def test_a_deleted_prediction_is_counted_no_more(self, table: Table) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        first, second = predictions.add_all(user_id, [SEEN, SEEN])
        predictions.delete(user_id, first)
        assert counts(table, user_id) == (1, 0)
        with pytest.raises(PredictionNotFound):
            predictions.delete(user_id, first)
        with pytest.raises(PredictionNotFound):
            predictions.get(user_id, first)
        assert counts(table, user_id) == (1, 0)
        assert predictions.get(user_id, second)["landmark"] == "Colosseum"

    def test_nobody_deletes_the_prediction_of_another(self, table: Table) -> None:
        owner, other = new_user(table).user_id, new_user(table).user_id
        predictions = Predictions(table)
        prediction_id = predictions.add(owner, SEEN)
        with pytest.raises(PredictionNotFound):
            predictions.delete(other, prediction_id)
        assert counts(table, owner) == (1, 0)
        assert counts(table, other) == (0, 0)

    def test_feedback_is_read_with_its_prediction(self, table: Table) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        prediction_id = predictions.add(user_id, SEEN)
        given = predictions.give_feedback(
            user_id, prediction_id, correct=False, landmark="Arles  amphitheatre", comment="smaller"
        )
        stored = predictions.get(user_id, prediction_id)
        assert stored.items() >= SEEN.items()
        assert stored["feedback"] == {
            "correct": False,
            "landmark": "Arles  amphitheatre",
            "comment": "smaller",
            "given_at": given.given_at,
        }
        assert stored["label"] == "arles-amphitheatre"
        assert stored["label_name"] == "Arles Amphitheatre"
        assert (stored["label_correct"], stored["label_predicted"]) == (False, "colosseum")

    def test_new_feedback_replaces_the_old_with_its_label(self, table: Table) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        prediction_id = predictions.add(user_id, SEEN)
        predictions.give_feedback(
            user_id, prediction_id, correct=True, landmark=None, comment="yes"
        )
        assert predictions.get(user_id, prediction_id)["label"] == "colosseum"
        predictions.give_feedback(
            user_id, prediction_id, correct=False, landmark=None, comment=None
        )
        stored = predictions.get(user_id, prediction_id)
        assert stored["feedback"]["correct"] is False
        assert stored["feedback"].get("comment") is None
        assert not [name for name in stored if name.startswith("label")]

    @pytest.mark.parametrize("told", ["Konark Sun Temple", None])
    def test_a_photo_of_no_known_landmark_can_be_told_what_it_shows(
        self, table: Table, told: str | None
    ) -> None:
        user_id, predictions = new_user(table).user_id, Predictions(table)
        unknown = {**SEEN, "landmark": None, "recognised": False}
        prediction_id = predictions.add(user_id, unknown)
        predictions.give_feedback(
            user_id, prediction_id, correct=False, landmark=told, comment=None
        )
        stored = predictions.get(user_id, prediction_id)
        assert stored.get("label") == (told and "konark sun temple")
        assert stored.get("label_predicted") is None

    def test_there_is_no_feedback_on_what_is_not_there(self, table: Table) -> None:
        owner, other = new_user(table).user_id, new_user(table).user_id
        predictions = Predictions(table)
        prediction_id = predictions.add(owner, SEEN)
        with pytest.raises(PredictionNotFound):
            predictions.give_feedback(
                other, prediction_id, correct=True, landmark=None, comment=None
            )
        assert table.get(keys.prediction(other, prediction_id), consistent=True) is None


class ItinerariesContract:
    """Subclass it and give a fixture `table`."""

    def test_an_itinerary_is_stored_counted_and_read_back(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        added = itineraries.add(user_id, ROME)
        assert itineraries.get(user_id, added.itinerary_id) == added
        assert (added.version, added.plan) == (1, ROME)
        assert counts(table, user_id) == (0, 1)

    def test_itineraries_are_listed_newest_first(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        made = {itineraries.add(user_id, Plan(name)).itinerary_id for name in "abc"}
        first = itineraries.page(user_id, limit=2)
        rest = itineraries.page(user_id, limit=2, after=first.after)
        listed = [one.itinerary_id for one in [*first.itineraries, *rest.itineraries]]
        assert listed == sorted(made, reverse=True)
        assert rest.after is None

    def test_a_change_makes_a_new_version(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        added = itineraries.add(user_id, ROME)
        changed = itineraries.replace(user_id, added, Plan("Roma"))
        assert (changed.version, changed.plan) == (2, Plan("Roma"))
        assert changed.created_at == added.created_at
        assert itineraries.get(user_id, added.itinerary_id) == changed

    def test_a_change_of_an_older_version_changes_nothing(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        added = itineraries.add(user_id, ROME)
        changed = itineraries.replace(user_id, added, Plan("Roma"))
        with pytest.raises(PreconditionFailed):
            itineraries.replace(user_id, added, Plan("Rom"))
        with pytest.raises(PreconditionFailed):
            itineraries.delete(user_id, added)
        assert itineraries.get(user_id, added.itinerary_id) == changed
        assert counts(table, user_id) == (0, 1)

    def test_a_deleted_itinerary_is_counted_no_more_and_stays_away(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        added = itineraries.add(user_id, ROME)
        itineraries.delete(user_id, added)
        assert counts(table, user_id) == (0, 0)
        for change in (
            lambda: itineraries.get(user_id, added.itinerary_id),
            lambda: itineraries.delete(user_id, added),
            lambda: itineraries.replace(user_id, added, ROME),
        ):
            with pytest.raises(ItineraryNotFound):
                change()
        assert counts(table, user_id) == (0, 0)

    def test_nobody_without_an_account_gets_an_itinerary(self, table: Table) -> None:
        with pytest.raises(AccountNotFound):
            Itineraries(table).add(new_ulid(), ROME)

    def test_50_changes_at_once_are_each_done_or_refused_and_none_is_lost(
        self, table: Table
    ) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        itinerary_id = itineraries.add(user_id, Plan("Rome")).itinerary_id

        def add_stop(at: int) -> None:
            """Do as a client does: read, change, and begin again when refused."""
            while True:
                known = itineraries.get(user_id, itinerary_id)
                stops = (*known.plan.stops, Stop(new_ulid(), 1, f"stop {at}", 41.9, 12.5))
                try:
                    itineraries.replace(user_id, known, Plan("Rome", stops=stops))
                except PreconditionFailed:
                    continue
                return

        in_parallel(50, add_stop)
        left = itineraries.get(user_id, itinerary_id)
        assert sorted(stop.name for stop in left.plan.stops) == sorted(
            f"stop {at}" for at in range(50)
        )
        assert left.version == 51


class OnceContract:
    """Subclass it and give a fixture `table`."""

    def test_a_request_is_done_once_however_often_it_comes(self, table: Table) -> None:
        user_id, itineraries = new_user(table).user_id, Itineraries(table)
        results = [create_once(table, user_id, "key-1", ROME) for _ in range(3)]
        assert results[0] == results[1] == results[2]
        assert counts(table, user_id) == (0, 1)
        create_once(table, user_id, "key-2", ROME)
        assert len(itineraries.page(user_id, limit=9).itineraries) == 2

    def test_of_requests_at_once_one_is_done(self, table: Table) -> None:
        user_id = new_user(table).user_id

        def create(_: int) -> str:
            try:
                return create_once(table, user_id, "key-1", ROME)
            except RequestInProgress:
                return "in progress"

        outcomes = in_parallel(8, create)
        assert len(set(outcomes) - {"in progress"}) == 1
        assert counts(table, user_id) == (0, 1)

    def test_a_key_belongs_to_one_request_and_one_user(self, table: Table) -> None:
        user_id, other = new_user(table).user_id, new_user(table).user_id
        create_once(table, user_id, "key-1", ROME)
        with pytest.raises(IdempotencyKeyReused):
            create_once(table, user_id, "key-1", Plan("Paris"))
        create_once(table, other, "key-1", Plan("Paris"))
        assert counts(table, user_id) == counts(table, other) == (0, 1)

    def test_a_request_that_failed_may_be_sent_again(self, table: Table) -> None:
        user_id = new_user(table).user_id

        def fail() -> dict[str, Any]:
            raise PredictionNotFound

        with pytest.raises(PredictionNotFound):
            do_once(Records(table, user_id), "key-1", {"name": "Rome"}, fail)
        assert create_once(table, user_id, "key-1", ROME)

    def test_after_its_function_died_a_request_is_done_by_the_next(self, table: Table) -> None:
        user_id = new_user(table).user_id
        died(table, user_id, "key-1", ROME)
        with pytest.raises(RequestInProgress):
            create_once(table, user_id, "key-1", ROME)
        (record,) = table.query(keys.request(user_id, "").pk, prefix="REQUEST#").rows
        table.write(Update(record.key, assign={"in_progress_until_ms": 0}))
        assert create_once(table, user_id, "key-1", ROME)
        assert counts(table, user_id) == (0, 1)

    def test_a_record_binds_for_its_time_only(self, table: Table) -> None:
        user_id = new_user(table).user_id
        first = create_once(table, user_id, "key-1", ROME)
        (record,) = table.query(keys.request(user_id, "").pk, prefix="REQUEST#").rows
        table.write(Update(record.key, assign={"expires_at": 1}))
        assert create_once(table, user_id, "key-1", Plan("Paris")) != first
        assert counts(table, user_id) == (0, 2)

    def test_for_a_deleted_account_nothing_is_done_and_nothing_remembered(
        self, table: Table
    ) -> None:
        user_id = new_ulid()
        with pytest.raises(AccountNotFound):
            create_once(table, user_id, "key-1", ROME)
        assert table.query(keys.profile(user_id).pk, consistent=True).rows == []


def create_once(table: Table, user_id: str, key: str, plan: Plan) -> str:
    """Make an itinerary as the route does, and return its id."""
    records = Records(table, user_id)

    def create() -> dict[str, Any]:
        added = Itineraries(table).add(
            user_id,
            plan,
            also=lambda itinerary_id: records.completion({"itinerary_id": itinerary_id}),
        )
        return {"itinerary_id": added.itinerary_id}

    itinerary_id: str = do_once(records, key, {"name": plan.name}, create)["itinerary_id"]
    return itinerary_id


class Killed(BaseException):
    """What Lambda does to a function, which no handler of exceptions sees."""


def died(table: Table, user_id: str, key: str, plan: Plan) -> None:
    def create() -> dict[str, Any]:
        raise Killed

    with pytest.raises(Killed):
        do_once(Records(table, user_id), key, {"name": plan.name}, create)


class DeletionContract:
    """Subclass it, and give the fixtures `table` and `everything`, which reads the whole table."""

    def test_everything_of_a_user_goes_and_nothing_of_others(
        self, table: Table, everything: Callable[[], list[str]]
    ) -> None:
        leaving, staying = new_user(table), new_user(table)
        for profile in (leaving, staying):
            live(table, profile.user_id)
        before = [line for line in everything() if leaving.user_id in line]
        assert len(before) > 100
        kept = [line for line in everything() if staying.user_id in line]
        deletions(table).delete(leaving.user_id, PASSWORD)
        left = everything()
        assert [line for line in left if leaving.user_id in line] == []
        assert sorted(line for line in left if staying.user_id in line) == sorted(kept)

    def test_without_the_password_nothing_goes(
        self, table: Table, everything: Callable[[], list[str]]
    ) -> None:
        profile = new_user(table)
        live(table, profile.user_id)
        before = sorted(line for line in everything() if profile.user_id in line)
        with pytest.raises(WrongPassword):
            deletions(table).delete(profile.user_id, "something else")
        assert sorted(line for line in everything() if profile.user_id in line) == before

    def test_after_leaving_nothing_new_is_kept(self, table: Table) -> None:
        profile = new_user(table)
        prediction_id = Predictions(table).add(profile.user_id, SEEN)
        itinerary = Itineraries(table).add(profile.user_id, ROME)
        deletions(table).delete(profile.user_id, PASSWORD)
        for attempt in (
            lambda: Predictions(table).add(profile.user_id, SEEN),
            lambda: Predictions(table).give_feedback(
                profile.user_id, prediction_id, correct=True, landmark=None, comment=None
            ),
            lambda: Predictions(table).delete(profile.user_id, prediction_id),
            lambda: Itineraries(table).add(profile.user_id, ROME),
            lambda: Itineraries(table).replace(profile.user_id, itinerary, ROME),
            lambda: create_once(table, profile.user_id, "key", ROME),
            lambda: Users(table).rename(profile.user_id, "another-name"),
            lambda: deletions(table).delete(profile.user_id, PASSWORD),
        ):
            with pytest.raises((AccountNotFound, PredictionNotFound, ItineraryNotFound)):
                attempt()
        assert table.query(keys.profile(profile.user_id).pk, consistent=True).rows == []

    def test_the_address_and_the_name_are_free_for_a_new_account(self, table: Table) -> None:
        old = new_user(table)
        deletions(table).delete(old.user_id, PASSWORD)
        new = Profile(new_ulid(), old.email, old.username, old.created_at)
        Users(table).add(new, PASSWORD_HASH)
        assert Users(table).find_profile(new.user_id) == new

    def test_an_export_holds_all_of_a_user_and_no_secret(self, table: Table) -> None:
        profile = new_user(table)
        live(table, profile.user_id)
        part = read_part(table, profile.user_id)
        assert part.after is None
        assert len(part.predictions) == 101
        (said,) = [item["feedback"] for item in part.predictions if "feedback" in item]
        assert said["comment"] == "a comment"
        (itinerary,) = part.itineraries
        assert itinerary["stops"][0]["name"] == "Colosseum"
        assert len(part.requests) == 1
        assert part.sessions == [{"created_at": "2026", "expires_at": 4_000_000_000}]
        assert part.usage == [{"month": "2026-11", "calls": 3}]
        assert "secret" not in repr(part)

    def test_a_photos_vector_is_exported_as_text(self, table: Table) -> None:
        profile, vector = new_user(table), PhotoVector(bytes(range(16)), "e" * 64)
        Predictions(table).add(profile.user_id, {**SEEN, **vector.attributes()})
        (exported,) = read_part(table, profile.user_id).predictions
        assert base64.b64decode(exported["vector"]) == bytes(range(16))
        assert exported["vector_encoder"] == "e" * 64


def deletions(table: Table) -> Deletions:
    return Deletions(table, Users(table), Attempts(table), passwords_per_email(5))


def live(table: Table, user_id: str) -> None:
    """Leave something of every kind in a user's partition."""
    predictions = Predictions(table)
    predictions.add_all(user_id, [SEEN] * 90)
    predictions.add_all(user_id, [SEEN] * 10)
    prediction_id = predictions.add(user_id, SEEN)
    predictions.give_feedback(
        user_id, prediction_id, correct=True, landmark=None, comment="a comment"
    )
    create_once(table, user_id, "key-1", ROME)
    secrets = {"token_hash": "secret", "nonce": "secret", "family_id": "secret"}
    times = {"created_at": "2026", "expires_at": 4_000_000_000}
    table.write(
        Put(keys.session(user_id, new_ulid()), {**secrets, **times}),
        Put(keys.description_share(user_id, "2026-11"), {"calls": 3}),
    )
