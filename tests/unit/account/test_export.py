"""An export holds every item once, in parts that an answer can carry."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from account.export import KINDS, PART_BYTES, read_part
from common import keys
from common.table import Put
from common.ulids import new_ulid
from tests.contracts.account_contract import new_user
from tests.fakes.tables import InMemoryTable

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_ANSWER_BYTES = 6 * 1024 * 1024


@pytest.mark.parametrize("text", ["plain", '"quoted"', "\\back\\", "東京", "🗼", "line\n"])
def test_every_part_fits_into_an_answer_and_every_item_is_in_one(text: str) -> None:
    table, filling = InMemoryTable(), text * (200_000 // len(json.dumps(text)))
    user_id = new_user(table).user_id
    ids = [new_ulid(1_000 + at) for at in range(40)]
    for identifier in ids:
        item = {"prediction_id": identifier, "filling": filling}
        table.write(Put(keys.prediction(user_id, identifier), item))
    found: list[str] = []
    parts, after = 0, None
    while parts == 0 or after is not None:
        part = read_part(table, user_id, after)
        # As Lambda sends it, with everything escaped that can be.
        answer = json.dumps({"body": json.dumps(part.predictions)})
        assert len(answer) < LARGEST_ANSWER_BYTES
        found += [item["prediction_id"] for item in part.predictions]
        parts, after = parts + 1, part.after
        assert parts < 20
    assert found == ids
    assert parts > 1
    assert PART_BYTES < LARGEST_ANSWER_BYTES


def test_a_part_ends_behind_its_last_item_even_where_the_table_goes_on() -> None:
    table = InMemoryTable()
    user_id = new_user(table).user_id
    for at in range(60):
        table.write(Put(keys.prediction(user_id, new_ulid(at)), {"at": at}))
    part = read_part(table, user_id)
    assert [item["at"] for item in part.predictions] == list(range(60))
    assert part.after is None


def test_every_kind_of_item_of_a_user_is_exported() -> None:
    """Whoever adds a kind decides here what of it is the user's to have."""
    of_users: set[str] = set()
    for _, function in inspect.getmembers(keys, inspect.isfunction):
        signature = inspect.signature(function)
        if list(signature.parameters)[:1] == ["user_id"]:
            key: Any = function(*["" for _ in signature.parameters])
            of_users |= {key.sk} if key.pk.startswith("USER#") else set()
    assert len(of_users) > 4
    assert of_users - {"PROFILE"} == set(KINDS)
