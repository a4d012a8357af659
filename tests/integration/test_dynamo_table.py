"""The real table keeps the contract that the fake of the unit tests is held to."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from common.keys import Key
from common.table import DynamoTable, Put
from tests.contracts.table_contract import RepositoriesContract, TableContract

if TYPE_CHECKING:
    from collections.abc import Callable


class TestDynamoTable(TableContract):
    """The adapter, as a table."""


class TestRepositoriesInDynamo(RepositoriesContract):
    """The repositories over the adapter."""


def test_a_table_that_does_not_exist_is_our_own_defect(
    make_client: Callable[[str], Any],
) -> None:
    missing = DynamoTable("no-such-table", lambda: make_client("dynamodb"))
    with pytest.raises(Exception, match="ResourceNotFound"):
        missing.write(Put(Key("USER#1", "PROFILE"), {}))


@pytest.mark.parametrize("number", ["1", "1.0", "1E-4", "41.890200", "-0"])
def test_a_transaction_that_is_sent_again_is_done_once_whatever_its_numbers_look_like(
    number: str, make_client: Callable[[str], Any], table: DynamoTable
) -> None:
    dynamodb, token = make_client("dynamodb"), secrets.token_hex(16)
    table_name = table._name
    key = {"PK": {"S": f"USER#{token}"}, "SK": {"S": "PROFILE"}}
    count = {"TableName": table_name, "Key": key, "UpdateExpression": "ADD times :one"}
    counted = {"Update": {**count, "ExpressionAttributeValues": {":one": {"N": "1"}}}}
    put = {
        "TableName": table_name,
        "Item": {**key, "SK": {"S": "PREDICTION#1"}, "confidence": {"N": number}},
    }
    for _ in range(2):
        dynamodb.transact_write_items(
            TransactItems=[counted, {"Put": put}], ClientRequestToken=token
        )
    stored = dynamodb.get_item(TableName=table_name, Key=key, ConsistentRead=True)["Item"]
    assert stored["times"] == {"N": "1"}

    with pytest.raises(dynamodb.exceptions.IdempotentParameterMismatchException):
        dynamodb.transact_write_items(TransactItems=[counted], ClientRequestToken=token)
