"""Which partition keys a request to the table names, as the local cloud sees it."""

from __future__ import annotations

from typing import Any

import pytest

from local.emulator import leading_keys


def _key(name: str) -> dict[str, Any]:
    return {"PK": {"S": name}, "SK": {"S": "PROFILE"}}


@pytest.mark.parametrize(
    ("request_", "keys"),
    [
        ({"TableName": "t", "Key": _key("USER#1")}, ["USER#1"]),
        ({"TableName": "t", "Item": {**_key("USER#1"), "name": {"S": "Ada"}}}, ["USER#1"]),
        ({"RequestItems": {"t": {"Keys": [_key("USER#1"), _key("USER#2")]}}}, ["USER#1", "USER#2"]),
        (
            {
                "RequestItems": {
                    "t": [
                        {"PutRequest": {"Item": _key("USER#1")}},
                        {"DeleteRequest": {"Key": _key("DELETIONS")}},
                    ]
                }
            },
            ["USER#1", "DELETIONS"],
        ),
        (
            {
                "KeyConditionExpression": "PK = :pk AND begins_with(SK, :sk)",
                "ExpressionAttributeValues": {":pk": {"S": "USER#1"}, ":sk": {"S": "TRIP#"}},
            },
            ["USER#1"],
        ),
        (
            {
                "KeyConditionExpression": "#sk = :sk AND #pk = :pk",
                "ExpressionAttributeNames": {"#pk": "PK", "#sk": "SK"},
                "ExpressionAttributeValues": {":pk": {"S": "USER#1"}, ":sk": {"S": "PROFILE"}},
            },
            ["USER#1"],
        ),
    ],
    ids=["key", "item", "batch read", "batch write", "query", "query by placeholders"],
)
def test_a_request_names_its_keys(request_: dict[str, Any], keys: list[str]) -> None:
    assert leading_keys(request_) == {"": keys}


def test_a_transaction_names_them_for_the_action_of_each_part() -> None:
    request = {
        "TransactItems": [
            {"Put": {"TableName": "t", "Item": _key("EMAIL#a")}},
            {"Put": {"TableName": "t", "Item": _key("USERNAME#a")}},
            {"ConditionCheck": {"TableName": "t", "Key": _key("USER#1")}},
        ]
    }
    assert leading_keys(request) == {
        "dynamodb:PutItem": ["EMAIL#a", "USERNAME#a"],
        "dynamodb:ConditionCheckItem": ["USER#1"],
    }


def test_a_scan_and_the_table_itself_name_none() -> None:
    assert leading_keys({"TableName": "t", "FilterExpression": "PK = :pk"}) == {}
    assert leading_keys({"TableName": "t"}) == {}
