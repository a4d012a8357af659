"""Signing up and signing in, with everyone at once."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.end_to_end.conftest import Traveller

AT_ONCE = 20


def _sign_up_at_once(api: httpx.Client, people: list[dict[str, str]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(lambda details: api.post("/auth/signup", json=details), people))


def _profiles(
    dynamodb: DynamoDBClient, table_name: str, attribute: str, value: str
) -> list[dict[str, Any]]:
    answer = dynamodb.scan(
        TableName=table_name,
        ConsistentRead=True,
        FilterExpression="SK = :profile AND #attribute = :value",
        ExpressionAttributeNames={"#attribute": attribute},
        ExpressionAttributeValues={":profile": {"S": "PROFILE"}, ":value": {"S": value}},
    )
    return list(answer["Items"])


def test_twenty_sign_ups_at_once_for_one_email_give_one_account(
    api: httpx.Client, dynamodb: DynamoDBClient, table_name: str
) -> None:
    email = f"everyone-{secrets.token_hex(4)}@example.com"
    people = [
        {"email": email, "username": f"one-{secrets.token_hex(6)}", "password": f"correct {n:04}"}
        for n in range(AT_ONCE)
    ]
    answers = _sign_up_at_once(api, people)
    created = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(created) == 1
    assert len(refused) == AT_ONCE - 1
    assert {answer.json()["code"] for answer in refused} == {"email_taken"}

    (profile,) = _profiles(dynamodb, table_name, "email", email)
    assert profile["PK"]["S"] == f"USER#{created[0].json()['user_id']}"


def test_a_username_goes_to_one_of_those_who_want_it_at_once(
    api: httpx.Client, dynamodb: DynamoDBClient, table_name: str
) -> None:
    username = f"wanted-{secrets.token_hex(4)}"
    people = [
        {
            "email": f"{secrets.token_hex(6)}@example.com",
            "username": username,
            "password": f"correct {n:04}",
        }
        for n in range(5)
    ]
    answers = _sign_up_at_once(api, people)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len(_profiles(dynamodb, table_name, "username", username)) == 1


def test_signing_in_gives_tokens_that_open_the_same_account(
    api: httpx.Client, traveller: Traveller
) -> None:
    answer = api.post(
        "/auth/login", json={"email": traveller.email, "password": traveller.password}
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 1_800
    profile = api.get("/user/profile", headers={"authorization": f"Bearer {body['access_token']}"})
    assert profile.json()["user_id"] == traveller.signed_in["user_id"]


@pytest.mark.parametrize("email", [None, "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_email_read_the_same(
    api: httpx.Client, traveller: Traveller, email: str | None
) -> None:
    details = {"email": email or traveller.email, "password": "not the password"}
    answer = api.post("/auth/login", json=details)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid_credentials"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_the_table_keeps_neither_passwords_nor_tokens(
    dynamodb: DynamoDBClient, table_name: str, traveller: Traveller
) -> None:
    items = dynamodb.scan(TableName=table_name)["Items"]
    kept = repr(items)
    assert traveller.email in kept
    for secret in (
        traveller.password,
        traveller.signed_in["access_token"],
        traveller.signed_in["refresh_token"],
    ):
        assert secret not in kept
