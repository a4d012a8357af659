"""The contract of `common.table.Table`, and of the repositories that stand on it.

`tests/unit/common/test_in_memory_table.py` holds the fake to it, and
`tests/integration/test_dynamo_table.py` the real table on the local cloud.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from common import keys
from common.errors import AccountNotFound, EmailTaken, PredictionNotFound, UsernameTaken
from common.keys import Key
from common.photo_vector import PhotoVector
from common.predictions import Answer, PredictionCache, Predictions
from common.table import TRANSACTION_ITEMS, ConditionFailed, Increment, Put, Table
from common.ulids import new_ulid
from common.updates import Above, AtMost, Check, Delete, Equals, Exists, Update
from common.users import Profile, Users

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.updates import Condition

ATTRIBUTES: dict[str, Any] = {
    "text": "Ponte Vecchio 🌉",
    "empty": "",
    "whole": 3,
    "fraction": 0.1,
    "yes": True,
    "list": [1, 2.5, "x", {"inner": [False]}],
    "map": {"a": {"b": 1.25}},
    "bytes": bytes(range(256)),
}


def fresh_key() -> Key:
    return Key(f"USER#{new_ulid()}", "PROFILE")


def write_rows(table: Table, sort_keys: list[str]) -> str:
    """Write items to a new partition and return its name."""
    partition = fresh_key().pk
    for sort_key in sort_keys:
        table.write(Put(Key(partition, sort_key), {"name": sort_key}))
    return partition


def new_profile(email: str = "", username: str = "") -> Profile:
    user_id = new_ulid()
    return Profile(
        user_id,
        email or f"{user_id}@example.com",
        username or user_id,
        created_at="2026-01-01T00:00:00.000+00:00",
    )


class TableContract:
    """Subclass it and give a fixture `table`."""

    def test_what_was_never_written_is_not_there(self, table: Table) -> None:
        assert table.get(fresh_key()) is None
        assert table.get(fresh_key(), consistent=True) is None

    def test_what_is_written_is_read_back(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, ATTRIBUTES))
        assert table.get(key, consistent=True) == ATTRIBUTES

    def test_an_attribute_without_a_value_is_left_out(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"name": "ada", "landmark": None}))
        assert table.get(key, consistent=True) == {"name": "ada"}

    def test_writing_again_replaces_the_whole_item(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"a": 1, "b": 2}))
        table.write(Put(key, {"a": 3}))
        assert table.get(key, consistent=True) == {"a": 3}

    def test_an_item_is_not_written_over_when_it_must_be_new(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"a": 1}, only_if_absent=True))
        with pytest.raises(ConditionFailed) as refusal:
            table.write(Put(key, {"a": 2}, only_if_absent=True))
        assert refusal.value.failed == (0,)
        assert table.get(key, consistent=True) == {"a": 1}

    def test_several_writes_happen_together(self, table: Table) -> None:
        one, other = fresh_key(), fresh_key()
        table.write(Put(one, {"a": 1}), Put(other, {"b": 2}))
        assert table.get(one, consistent=True) == {"a": 1}
        assert table.get(other, consistent=True) == {"b": 2}

    def test_several_writes_fail_together_and_say_which_failed(self, table: Table) -> None:
        taken, free, missing = fresh_key(), fresh_key(), fresh_key()
        table.write(Put(taken, {"a": 1}))
        with pytest.raises(ConditionFailed) as refusal:
            table.write(
                Put(free, {"b": 2}, only_if_absent=True),
                Put(taken, {"a": 2}, only_if_absent=True),
                Increment(missing, "counter"),
            )
        assert refusal.value.failed == (1, 2)
        assert table.get(free, consistent=True) is None
        assert table.get(taken, consistent=True) == {"a": 1}
        assert table.get(missing, consistent=True) is None

    def test_a_counter_starts_at_nothing_and_adds_up(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"name": "ada"}))
        table.write(Increment(key, "counter"))
        table.write(Increment(key, "counter", 4))
        assert table.get(key, consistent=True) == {"name": "ada", "counter": 5}

    def test_nothing_is_counted_on_an_item_that_is_not_there(self, table: Table) -> None:
        key = fresh_key()
        with pytest.raises(ConditionFailed) as refusal:
            table.write(Increment(key, "counter"))
        assert refusal.value.failed == (0,)
        assert table.get(key, consistent=True) is None

    def test_parallel_counts_are_all_counted(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"counter": 0}))
        in_parallel(20, lambda _: table.write(Increment(key, "counter")))
        assert table.get(key, consistent=True) == {"counter": 20}

    def test_a_hundred_writes_are_one_transaction(self, table: Table) -> None:
        wanted = [fresh_key() for _ in range(TRANSACTION_ITEMS)]
        table.write(*[Put(key, {"a": 1}) for key in wanted])
        assert table.get(wanted[-1], consistent=True) == {"a": 1}

    def test_an_update_makes_what_is_not_there_and_returns_it(self, table: Table) -> None:
        key = fresh_key()
        made = table.update(Update(key, assign={"name": "ada"}, add={"count": 2}))
        assert made == {"name": "ada", "count": 2}
        assert table.get(key, consistent=True) == made

    def test_an_update_keeps_what_it_does_not_name(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, ATTRIBUTES | {"status": "old", "count": 5}))
        changed = table.update(Update(key, assign={"status": "new"}, add={"count": -1}))
        assert changed == ATTRIBUTES | {"status": "new", "count": 4}

    @pytest.mark.parametrize(
        ("condition", "holds"),
        [
            (AtMost("count", 3), True),
            (AtMost("count", 2), False),
            (AtMost("missing", 0), True),
            (Above("count", 2), True),
            (Above("count", 3), False),
            (Above("missing", 0), False),
            (Equals("name", "ada"), True),
            (Equals("name", "bob"), False),
            (Equals("missing", "ada"), False),
            (Equals("count", 3), True),
            (Equals("count", 4), False),
            (Equals("missing", None), True),
            (Equals("name", None), False),
            (Exists(), True),
        ],
    )
    def test_an_update_happens_only_if_its_condition_holds(
        self, table: Table, condition: Condition, *, holds: bool
    ) -> None:
        key = fresh_key()
        before = {"name": "ada", "count": 3}
        table.write(Put(key, before))
        update = Update(key, add={"count": 1}, only_if=(condition,))
        if holds:
            assert table.update(update)["count"] == 4
            return
        with pytest.raises(ConditionFailed) as refusal:
            table.update(update)
        assert refusal.value.item == before
        assert table.get(key, consistent=True) == before

    def test_an_update_needs_every_one_of_its_conditions(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"count": 3}))
        both = (AtMost("count", 3), Above("count", 3))
        with pytest.raises(ConditionFailed):
            table.update(Update(key, assign={"count": 9}, only_if=both))
        assert table.get(key, consistent=True) == {"count": 3}

    def test_a_refused_update_of_nothing_leaves_nothing(self, table: Table) -> None:
        key = fresh_key()
        with pytest.raises(ConditionFailed) as refusal:
            table.update(Update(key, add={"count": 1}, only_if=(Above("count", 0),)))
        assert refusal.value.item is None
        assert table.get(key, consistent=True) is None

    def test_of_20_parallel_updates_those_below_the_limit_happen(self, table: Table) -> None:
        key = fresh_key()

        def take(_: int) -> bool:
            try:
                table.update(Update(key, add={"count": 1}, only_if=(AtMost("count", 6),)))
            except ConditionFailed:
                return False
            return True

        assert sum(in_parallel(20, take)) == 7
        assert table.get(key, consistent=True) == {"count": 7}

    def test_an_update_removes_what_is_set_to_nothing(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"name": "ada", "note": "x"}))
        changed = table.update(Update(key, assign={"note": None, "missing": None, "name": "eve"}))
        assert changed == {"name": "eve"}
        assert table.get(key, consistent=True) == {"name": "eve"}

    def test_a_refused_update_of_what_must_exist_leaves_nothing(self, table: Table) -> None:
        key = fresh_key()
        for change in (table.update, table.write):
            with pytest.raises(ConditionFailed):
                change(Update(key, assign={"a": 1}, only_if=(Exists(),)))
        assert table.get(key, consistent=True) is None

    def test_of_20_parallel_changes_of_one_version_one_happens(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"version": 1}))

        def change(at: int) -> int | None:
            assign = {"version": 2, "by": at}
            try:
                table.write(Update(key, assign=assign, only_if=(Equals("version", 1),)))
            except ConditionFailed:
                return None
            return at

        (winner,) = (at for at in in_parallel(20, change) if at is not None)
        assert table.get(key, consistent=True) == {"version": 2, "by": winner}

    def test_what_is_deleted_is_gone_and_may_be_deleted_again(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"a": 1}))
        table.write(Delete(key))
        assert table.get(key, consistent=True) is None
        table.write(Delete(key))

    def test_only_the_version_one_knows_is_deleted(self, table: Table) -> None:
        key = fresh_key()
        table.write(Put(key, {"version": 2}))
        with pytest.raises(ConditionFailed):
            table.write(Delete(key, only_if=(Equals("version", 1),)))
        assert table.get(key, consistent=True) == {"version": 2}
        table.write(Delete(key, only_if=(Equals("version", 2),)))
        with pytest.raises(ConditionFailed):
            table.write(Delete(key, only_if=(Equals("version", 2),)))

    def test_what_is_discarded_is_gone_however_many_and_whether_it_was_there(
        self, table: Table
    ) -> None:
        partition = write_rows(table, [f"STOP#{number:02}" for number in range(60)])
        kept = write_rows(table, ["STOP#01"])
        table.discard(*[Key(partition, f"STOP#{number:02}") for number in range(1, 90)])
        assert [row.key.sk for row in table.query(partition, consistent=True).rows] == ["STOP#00"]
        assert len(table.query(kept, consistent=True).rows) == 1
        table.discard()

    def test_changes_of_every_kind_happen_together(self, table: Table) -> None:
        new, counted, changed, gone, checked = (fresh_key() for _ in range(5))
        for key in (counted, changed, gone, checked):
            table.write(Put(key, {"a": 1}))
        table.write(
            Put(new, {"b": 1}, only_if_absent=True),
            Increment(counted, "a"),
            Update(changed, assign={"a": 5}, only_if=(Exists(),)),
            Delete(gone, only_if=(Equals("a", 1),)),
            Check(checked, only_if=(Equals("a", 1),)),
        )
        after = [table.get(key, consistent=True) for key in (new, counted, changed, gone, checked)]
        assert after == [{"b": 1}, {"a": 2}, {"a": 5}, None, {"a": 1}]

    def test_one_condition_refuses_changes_of_every_kind(self, table: Table) -> None:
        new, changed, gone, checked = (fresh_key() for _ in range(4))
        for key in (changed, gone, checked):
            table.write(Put(key, {"a": 1}))
        with pytest.raises(ConditionFailed) as refusal:
            table.write(
                Put(new, {"b": 1}),
                Update(changed, assign={"a": 5}),
                Delete(gone),
                Check(checked, only_if=(Equals("a", 2),)),
            )
        assert refusal.value.failed == (3,)
        after = [table.get(key, consistent=True) for key in (new, changed, gone, checked)]
        assert after == [None, {"a": 1}, {"a": 1}, {"a": 1}]

    def test_a_check_alone_tells_whether_something_is_there(self, table: Table) -> None:
        key = fresh_key()
        with pytest.raises(ConditionFailed):
            table.write(Check(key, only_if=(Exists(),)))
        table.write(Put(key, {}))
        table.write(Check(key, only_if=(Exists(),)))

    def test_a_query_reads_one_partition_in_order(self, table: Table) -> None:
        partition = write_rows(table, ["STOP#2", "STOP#1", "STOP#3"])
        write_rows(table, ["STOP#9"])
        page = table.query(partition, consistent=True)
        assert [(row.key, row.item) for row in page.rows] == [
            (Key(partition, name), {"name": name}) for name in ("STOP#1", "STOP#2", "STOP#3")
        ]
        assert page.after is None

    def test_a_query_reads_what_begins_alike(self, table: Table) -> None:
        partition = write_rows(table, ["PROFILE", "STOP#1", "STOP#2", "STOPOVER", "TRIP#1"])
        page = table.query(partition, prefix="STOP#", consistent=True)
        assert [row.key.sk for row in page.rows] == ["STOP#1", "STOP#2"]

    @pytest.mark.parametrize("newest_first", [False, True])
    @pytest.mark.parametrize(("limit", "pages"), [(1, 5), (2, 3), (5, 1), (9, 1)])
    def test_pages_hold_everything_once_and_say_where_they_end(
        self, table: Table, limit: int, pages: int, *, newest_first: bool
    ) -> None:
        names = [f"STOP#{number}" for number in range(5)]
        partition = write_rows(table, [*names, "TRIP#1", "A#1"])
        read: list[list[str]] = []
        after = None
        while not read or after is not None:
            page = table.query(
                partition,
                prefix="STOP#",
                limit=limit,
                after=after,
                newest_first=newest_first,
                consistent=True,
            )
            read.append([row.key.sk for row in page.rows])
            after = page.after
        assert len(read) == pages
        assert [name for names in read for name in names] == sorted(names, reverse=newest_first)

    def test_an_empty_partition_is_an_empty_page(self, table: Table) -> None:
        page = table.query(fresh_key().pk, consistent=True)
        assert (page.rows, page.after) == ([], None)

    def test_a_page_begins_after_an_item_that_is_gone_meanwhile(self, table: Table) -> None:
        partition = write_rows(table, ["STOP#1", "STOP#2", "STOP#3"])
        first = table.query(partition, prefix="STOP#", limit=1, consistent=True)
        table.write(Delete(first.rows[0].key))
        rest = table.query(partition, prefix="STOP#", after=first.after, consistent=True)
        assert [row.key.sk for row in rest.rows] == ["STOP#2", "STOP#3"]


class RepositoriesContract:
    """Subclass it and give a fixture `table`."""

    def test_a_new_account_can_be_found_by_id_and_by_address(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        assert users.find_profile(profile.user_id) == profile
        found = users.find_credentials(profile.email)
        assert found is not None
        assert (found.user_id, found.password_hash) == (profile.user_id, "$hash$")

    def test_an_unknown_account_is_not_found(self, table: Table) -> None:
        assert Users(table).find_profile(new_ulid()) is None
        assert Users(table).find_credentials("nobody@example.com") is None

    def test_an_address_has_one_account(self, table: Table) -> None:
        users, first = Users(table), new_profile()
        users.add(first, "$hash$")
        second = new_profile(email=first.email)
        with pytest.raises(EmailTaken):
            users.add(second, "$hash$")
        assert users.find_profile(second.user_id) is None

    def test_a_username_has_one_account_whatever_its_case(self, table: Table) -> None:
        users, first = Users(table), new_profile()
        users.add(first, "$hash$")
        second = new_profile(username=first.username.lower())
        with pytest.raises(UsernameTaken):
            users.add(second, "$hash$")
        assert users.find_credentials(second.email) is None
        users.add(new_profile(email=second.email), "$hash$")

    def test_when_both_names_are_taken_it_is_the_address_that_is_told(self, table: Table) -> None:
        users, first = Users(table), new_profile()
        users.add(first, "$hash$")
        with pytest.raises(EmailTaken):
            users.add(new_profile(email=first.email, username=first.username), "$hash$")

    def test_what_comes_with_an_account_is_written_only_with_it(self, table: Table) -> None:
        users, first = Users(table), new_profile()
        with_first, with_second = fresh_key(), fresh_key()
        users.add(first, "$hash$", Put(with_first, {"a": 1}))
        with pytest.raises(EmailTaken):
            users.add(new_profile(email=first.email), "$hash$", Put(with_second, {"a": 1}))
        assert table.get(with_first, consistent=True) == {"a": 1}
        assert table.get(with_second, consistent=True) is None

    def test_of_20_parallel_sign_ups_for_one_address_one_succeeds(self, table: Table) -> None:
        users, email = Users(table), f"{new_ulid()}@example.com"
        profiles = [new_profile(email=email) for _ in range(20)]

        def sign_up(at: int) -> str:
            try:
                users.add(profiles[at], "$hash$")
            except EmailTaken:
                return "taken"
            return profiles[at].user_id

        outcomes = in_parallel(20, sign_up)
        (winner,) = (outcome for outcome in outcomes if outcome != "taken")
        existing = [p.user_id for p in profiles if users.find_profile(p.user_id)]
        assert existing == [winner]
        found = users.find_credentials(email)
        assert found is not None
        assert found.user_id == winner

    def test_a_renamed_account_has_its_new_name_everywhere(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        name = f"New-{new_ulid()}"
        assert users.rename(profile.user_id, name) == replace(profile, username=name)
        assert users.find_profile(profile.user_id) == replace(profile, username=name)
        found = users.find_credentials(profile.email)
        assert found is not None
        assert (found.username, found.password_hash) == (name, "$hash$")
        with pytest.raises(UsernameTaken):
            users.add(new_profile(username=name.lower()), "$hash$")

    def test_the_name_that_an_account_gave_up_is_free(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        users.rename(profile.user_id, f"new-{new_ulid()}")
        users.add(new_profile(username=profile.username), "$hash$")

    def test_an_account_is_not_renamed_to_what_another_is_called(self, table: Table) -> None:
        users, profile, other = Users(table), new_profile(), new_profile()
        users.add(profile, "$hash$")
        users.add(other, "$hash$")
        with pytest.raises(UsernameTaken):
            users.rename(profile.user_id, other.username.lower())
        assert users.find_profile(profile.user_id) == profile
        with pytest.raises(UsernameTaken):
            users.add(new_profile(username=profile.username), "$hash$")

    def test_a_name_may_change_its_case_alone(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        users.rename(profile.user_id, profile.username.lower())
        renamed = users.find_profile(profile.user_id)
        assert renamed is not None
        assert renamed.username == profile.username.lower()
        with pytest.raises(UsernameTaken):
            users.add(new_profile(username=profile.username), "$hash$")

    def test_a_name_may_stay_what_it_is(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        assert users.rename(profile.user_id, profile.username) == profile

    def test_an_account_that_is_gone_is_not_renamed(self, table: Table) -> None:
        name = f"new-{new_ulid()}"
        with pytest.raises(AccountNotFound):
            Users(table).rename(new_ulid(), name)
        Users(table).add(new_profile(username=name), "$hash$")

    def test_of_accounts_that_want_one_name_at_once_one_gets_it(self, table: Table) -> None:
        users, profiles = Users(table), [new_profile() for _ in range(8)]
        for profile in profiles:
            users.add(profile, "$hash$")
        name = f"new-{new_ulid()}"

        def rename(at: int) -> bool:
            try:
                users.rename(profiles[at].user_id, name)
            except UsernameTaken:
                return False
            return True

        outcomes = in_parallel(len(profiles), rename)
        assert sum(outcomes) == 1
        for profile, renamed in zip(profiles, outcomes, strict=True):
            now = users.find_profile(profile.user_id)
            assert now is not None
            assert now.username == (name if renamed else profile.username)

    def test_an_account_renamed_twice_at_once_holds_one_name(self, table: Table) -> None:
        users, profile = Users(table), new_profile()
        users.add(profile, "$hash$")
        names = [f"new-{new_ulid()}" for _ in range(3)]
        in_parallel(len(names), lambda at: users.rename(profile.user_id, names[at]))
        now = users.find_profile(profile.user_id)
        assert now is not None
        for name in [profile.username, *names]:
            if name != now.username:
                users.add(new_profile(username=name), "$hash$")

    def test_a_prediction_is_stored_and_counted(self, table: Table) -> None:
        profile = new_profile()
        Users(table).add(profile, "$hash$")
        seen = {"landmark": "Colosseum", "confidence": 0.93, "predictions": [{"rank": 1}]}
        prediction_id = Predictions(table).add(profile.user_id, seen)
        stored = Predictions(table).get(profile.user_id, prediction_id)
        assert stored.items() >= seen.items()
        assert stored["prediction_id"] == prediction_id
        after = Users(table).find_profile(profile.user_id)
        assert after is not None
        assert after.prediction_count == 1

    def test_a_batch_of_predictions_keeps_its_order(self, table: Table) -> None:
        profile = new_profile()
        Users(table).add(profile, "$hash$")
        ids = Predictions(table).add_all(profile.user_id, [{"at": at} for at in range(8)])
        for at, prediction_id in enumerate(ids):
            stored = table.get(keys.prediction(profile.user_id, prediction_id), consistent=True)
            assert stored is not None
            assert stored["at"] == at
        after = Users(table).find_profile(profile.user_id)
        assert after is not None
        assert after.prediction_count == 8

    def test_a_prediction_is_found_by_its_owner_alone(self, table: Table) -> None:
        profile = new_profile()
        Users(table).add(profile, "$hash$")
        prediction_id = Predictions(table).add(profile.user_id, {"landmark": "Colosseum"})
        with pytest.raises(PredictionNotFound):
            Predictions(table).get(new_ulid(), prediction_id)

    def test_no_predictions_are_no_writes(self, table: Table) -> None:
        assert Predictions(table).add_all(new_ulid(), []) == []

    def test_parallel_predictions_of_one_user_are_all_counted(self, table: Table) -> None:
        profile = new_profile()
        Users(table).add(profile, "$hash$")
        predictions = Predictions(table)
        ids = in_parallel(6, lambda at: predictions.add(profile.user_id, {"at": at}))
        assert len(set(ids)) == 6
        after = Users(table).find_profile(profile.user_id)
        assert after is not None
        assert after.prediction_count == 6

    def test_a_deleted_account_gets_no_predictions(self, table: Table) -> None:
        user_id = new_ulid()
        with pytest.raises(AccountNotFound):
            Predictions(table).add(user_id, {"landmark": "Colosseum"})
        assert table.get(keys.profile(user_id), consistent=True) is None

    def test_an_answer_is_remembered_by_image_and_model(self, table: Table) -> None:
        cache, image = PredictionCache(table), new_ulid()
        facts = {"landmark": None, "predictions": [{"confidence": 0.1}]}
        answer = Answer(facts, PhotoVector(bytes(range(256)), "e" * 64))
        assert cache.get(image, "v1") is None
        cache.put(image, "v1", answer)
        assert cache.get(image, "v1") == answer
        assert cache.get(image, "v2") is None
        cache.put(image, "v2", Answer(facts))
        assert cache.get(image, "v2") == Answer(facts)


def in_parallel(times: int, work: Callable[[int], Any]) -> list[Any]:
    """Do `work(0)` to `work(times - 1)` in as many threads; the first failure is raised."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))
