"""Every way in which DynamoDB can fail becomes one of ours, and what is stored comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Unavailable
from common.keys import Key
from common.table import (
    BATCH_BACKOFF_SECONDS,
    BUSY_CODES,
    CONFLICT_ATTEMPTS,
    ConditionFailed,
    DynamoTable,
    Increment,
    Put,
    Write,
)
from common.updates import Update

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = Key("USER#1", "PROFILE")
PUTS = (Put(KEY, {"name": "ada"}, only_if_absent=True), Put(Key("EMAIL#a", "X"), {}))


class ScriptedDynamo:
    """A DynamoDB client that does as told, call after call, and remembers what it was asked."""

    def __init__(self, *script: Exception | dict[str, Any]) -> None:
        self.script = list(script)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**arguments: object) -> dict[str, Any]:
            self.asked.append((operation, arguments))
            step = self.script.pop(0)
            if isinstance(step, Exception):
                raise step
            return step

        return call


def refused(code: str, **more: object) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "no"}, **more}
    return ClientError(response, "Any")


def cancelled(*reasons: str) -> ClientError:
    return refused(
        "TransactionCanceledException", CancellationReasons=[{"Code": why} for why in reasons]
    )


def table_over(*script: Exception | dict[str, Any]) -> tuple[DynamoTable, ScriptedDynamo]:
    dynamo = ScriptedDynamo(*script)
    return DynamoTable("t", lambda: dynamo, sleep=lambda _seconds: None), dynamo


OUT_OF_REACH = [
    ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ReadTimeoutError(endpoint_url="https://dynamodb"),
    EndpointConnectionError(endpoint_url="https://dynamodb"),
]


@pytest.mark.parametrize("fault", [*map(refused, sorted(BUSY_CODES)), *OUT_OF_REACH], ids=str)
@pytest.mark.parametrize("writes", [PUTS[:1], PUTS], ids=["one", "transaction"])
def test_a_busy_or_absent_table_is_unavailable(fault: Exception, writes: tuple[Write, ...]) -> None:
    with pytest.raises(Unavailable) as refusal:
        table_over(fault)[0].get(KEY)
    assert refusal.value.retry_after_seconds > 0
    with pytest.raises(Unavailable):
        table_over(fault)[0].write(*writes)


@pytest.mark.parametrize(
    "fault",
    [refused("ValidationException"), refused("AccessDeniedException"), NoCredentialsError()],
    ids=str,
)
def test_our_own_defects_are_not_passed_off_as_a_busy_table(fault: Exception) -> None:
    with pytest.raises(type(fault)):
        table_over(fault)[0].get(KEY)


def test_a_failed_condition_of_a_single_write_is_told_apart() -> None:
    table, _ = table_over(refused("ConditionalCheckFailedException"))
    with pytest.raises(ConditionFailed) as refusal:
        table.write(PUTS[0])
    assert refusal.value.failed == (0,)


def test_a_failed_condition_of_a_transaction_says_which_write_it_was() -> None:
    table, _ = table_over(cancelled("None", "ConditionalCheckFailed"))
    with pytest.raises(ConditionFailed) as refusal:
        table.write(*PUTS)
    assert refusal.value.failed == (1,)


def test_a_transaction_that_met_another_is_tried_again() -> None:
    conflict = cancelled("TransactionConflict", "None")
    table, dynamo = table_over(conflict, conflict, {})
    table.write(*PUTS)
    assert len(dynamo.asked) == 3


def test_the_loser_of_a_conflict_learns_of_its_failed_condition() -> None:
    table, _ = table_over(
        cancelled("TransactionConflict", "None"), cancelled("ConditionalCheckFailed", "None")
    )
    with pytest.raises(ConditionFailed):
        table.write(*PUTS)


@pytest.mark.parametrize("change", [DynamoTable.write, DynamoTable.update], ids=["write", "update"])
def test_a_single_write_that_met_a_transaction_is_tried_again(
    change: Callable[[DynamoTable, Update], object],
) -> None:
    conflict = refused("TransactionConflictException")
    table, dynamo = table_over(conflict, conflict, {"Attributes": {}})
    change(table, Update(KEY, assign={"name": "ada"}))
    assert len(dynamo.asked) == 3


def test_an_endless_conflict_ends_as_unavailable() -> None:
    table, dynamo = table_over(*[cancelled("TransactionConflict")] * CONFLICT_ATTEMPTS)
    with pytest.raises(Unavailable):
        table.write(*PUTS)
    assert len(dynamo.asked) == CONFLICT_ATTEMPTS


def test_a_throttled_transaction_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        table_over(cancelled("None", "ProvisionedThroughputExceeded"))[0].write(*PUTS)


def test_a_transaction_that_could_never_work_surfaces() -> None:
    with pytest.raises(RuntimeError, match="ValidationError"):
        table_over(cancelled("None", "ValidationError"))[0].write(*PUTS)


def test_waits_between_conflicts_grow_and_stay_under_a_second() -> None:
    waits: list[float] = []
    dynamo = ScriptedDynamo(*[cancelled("TransactionConflict")] * CONFLICT_ATTEMPTS)
    with pytest.raises(Unavailable):
        DynamoTable("t", lambda: dynamo, sleep=waits.append).write(*PUTS)
    assert len(waits) == CONFLICT_ATTEMPTS - 1
    assert all(0 < wait_seconds < 1 for wait_seconds in waits)


def test_a_read_is_consistent_only_when_asked() -> None:
    table, dynamo = table_over({}, {})
    assert table.get(KEY) is None
    table.get(KEY, consistent=True)
    assert [asked["ConsistentRead"] for _, asked in dynamo.asked] == [False, True]


def test_a_counter_is_only_moved_on_an_item_that_exists() -> None:
    table, dynamo = table_over({})
    table.write(Increment(KEY, "prediction_count", 3))
    ((operation, asked),) = dynamo.asked
    assert operation == "update_item"
    assert asked["ConditionExpression"] == "attribute_exists(PK)"
    assert list(asked["ExpressionAttributeValues"].values()) == [{"N": "3"}]


def row(sort_key: str) -> dict[str, Any]:
    return {"PK": {"S": "USER#1"}, "SK": {"S": sort_key}}


def test_an_answer_that_a_megabyte_cut_short_is_completed() -> None:
    table, dynamo = table_over(
        {"Items": [row("A#1")], "LastEvaluatedKey": row("A#1")},
        {"Items": [], "LastEvaluatedKey": row("A#1")},
        {"Items": [row("A#2"), row("A#3")]},
    )
    page = table.query("USER#1", prefix="A#", limit=2)
    assert [found.key.sk for found in page.rows] == ["A#1", "A#2"]
    assert page.after == "A#2"
    assert [asked["Limit"] for _, asked in dynamo.asked] == [3, 2, 2]
    assert [asked.get("ExclusiveStartKey") for _, asked in dynamo.asked[1:]] == [row("A#1")] * 2


def test_a_query_is_consistent_only_when_asked() -> None:
    table, dynamo = table_over({"Items": []}, {"Items": []})
    table.query("USER#1")
    table.query("USER#1", consistent=True)
    assert [asked["ConsistentRead"] for _, asked in dynamo.asked] == [False, True]


def test_a_throttled_query_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        table_over(refused("ThrottlingException"))[0].query("USER#1")


def left_over(*sort_keys: str) -> dict[str, Any]:
    return {"UnprocessedItems": {"t": [{"DeleteRequest": {"Key": row(sk)}} for sk in sort_keys]}}


def test_what_a_busy_table_leaves_of_a_batch_is_sent_again() -> None:
    table, dynamo = table_over(left_over("A#2", "A#3"), left_over("A#3"), {"UnprocessedItems": {}})
    table.discard(*[Key("USER#1", f"A#{at}") for at in range(4)])
    sent = [
        [request["DeleteRequest"]["Key"]["SK"]["S"] for request in asked["RequestItems"]["t"]]
        for _, asked in dynamo.asked
    ]
    assert sent == [["A#0", "A#1", "A#2", "A#3"], ["A#2", "A#3"], ["A#3"]]


def test_a_table_that_leaves_over_of_a_batch_again_and_again_is_unavailable() -> None:
    table, _ = table_over(*[left_over("A#1")] * (len(BATCH_BACKOFF_SECONDS) + 1))
    with pytest.raises(Unavailable):
        table.discard(Key("USER#1", "A#1"))


def test_a_batch_has_no_more_items_than_dynamodb_takes() -> None:
    table, dynamo = table_over({}, {}, {})
    table.discard(*[Key("USER#1", f"A#{at}") for at in range(60)])
    assert [len(asked["RequestItems"]["t"]) for _, asked in dynamo.asked] == [25, 25, 10]


# DynamoDB's numbers have 38 digits and exponents down to -130, and know no floats: one without a
# fraction comes back as a whole number, which is exact up to 2**53.
NUMBERS = st.integers(-(10**37), 10**37) | st.floats(-(2.0**53), 2.0**53).filter(
    lambda number: number == 0 or abs(number) > 1e-100
)
VALUES = st.recursive(
    st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), VALUES, max_size=4))
def test_what_is_stored_comes_back_as_it_was(attributes: dict[str, Any]) -> None:
    table, dynamo = table_over({})
    table.write(Put(KEY, attributes))
    stored = dynamo.asked[0][1]["Item"]
    again, _ = table_over({"Item": stored})
    assert again.get(KEY) == attributes


def test_an_attribute_without_a_value_is_not_stored() -> None:
    table, dynamo = table_over({})
    table.write(Put(KEY, {"landmark": None}))
    assert set(dynamo.asked[0][1]["Item"]) == {"PK", "SK"}
