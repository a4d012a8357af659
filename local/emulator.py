"""Run ministack with what it lacks: partition keys in its permissions, and CORS in its refusals.

The functions' roles reach parts of the one table: their statements compare `dynamodb:LeadingKeys`
with patterns. ministack compares a condition with what it knows of a request, and of requests to
DynamoDB it does not know that: `ForAllValues` of nothing is true, so that every key would pass. On
AWS the key holds the values of the partition key that a request names; a transaction is authorised
item by item, each as the action it stands for
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).

What the authorizer refuses is answered without the headers of CORS, so that a page in a browser
cannot tell an expired token from a lost connection. AWS sends them with every answer of an HTTP API
that has CORS (https://github.com/aws/aws-sam-cli/issues/9087 compares another emulator with it).

A transaction that botocore sends again, since its answer was lost, has the same token and is done
once. ministack compares what is sent again with what came first, and the latter after it has
rewritten numbers: with a 1.0 or a 1E-4 in it, the same transaction is refused as another one.

Four functions of ministack are wrapped, at the release that requirements.txt pins. Should they
ever have other names, the cloud does not start; that keys are looked at is tested in
tests/end_to_end/test_permissions.py, what browsers are let read in test_cors.py, and transactions
in tests/integration/test_dynamo_table.py.
"""

from __future__ import annotations

import copy
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ministack.app import main
from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway, dynamodb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The table's partition key, as `common/keys.py` names it.
_PARTITION_KEY = "PK"
_LEADING_KEYS = "dynamodb:LeadingKeys"
# Where the two wrappers pass to each other which keys are for which action.
_BY_ACTION = "local:leadingkeysbyaction"
_ANY_ACTION = ""
# Of a transaction, as ministack names the parts, too.
_PARTS = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "Get": "dynamodb:GetItem",
}
# What makes a transaction the same one.
_SAME = "ClientRequestToken"
# What lets a page read an answer, and which of its headers.
_ALLOWED = "Access-Control-Allow-Origin"
_READABLE = (_ALLOWED, "Access-Control-Expose-Headers", "Vary")
_EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")

Request = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def leading_keys(request: Request) -> dict[str, list[str]]:
    """Return the partition keys that a request to DynamoDB names, by action.

    The action is "" where the request is for one action alone. Empty for what names no key: a scan,
    or a request about the table itself.
    """
    keys: dict[str, list[str]] = {}
    for action, key in _named(request):
        keys.setdefault(action, []).append(key)
    return keys


def _named(request: Request) -> Iterator[tuple[str, str]]:
    for item in request.get("TransactItems", []):
        for part, action in _PARTS.items():
            yield from ((action, key) for key in _of_item(item.get(part, {})))
    for one in (request, *_of_batch(request)):
        yield from ((_ANY_ACTION, key) for key in _of_item(one))
    yield from ((_ANY_ACTION, key) for key in _of_query(request))


def _of_batch(request: Request) -> Iterator[Request]:
    for of_table in request.get("RequestItems", {}).values():
        if isinstance(of_table, dict):  # BatchGetItem
            yield from ({"Key": key} for key in of_table["Keys"])
        else:  # BatchWriteItem
            yield from (item for one in of_table for item in one.values())


def _of_item(request: Request) -> Iterator[str]:
    for attributes in (request.get("Key"), request.get("Item")):
        if attributes and _PARTITION_KEY in attributes:
            yield attributes[_PARTITION_KEY]["S"]


def _of_query(request: Request) -> Iterator[str]:
    names = request.get("ExpressionAttributeNames", {})
    for name, value in _EQUALS.findall(request.get("KeyConditionExpression", "")):
        if names.get(name, name) == _PARTITION_KEY:
            yield request["ExpressionAttributeValues"][value]["S"]


def enforce_leading_keys() -> None:
    """Let ministack compare `dynamodb:LeadingKeys` with the keys of each request.

    Raises `AttributeError` when this ministack is not the one that this was written for.
    """
    known, enforce = iam_actions.dynamodb_service_context, iam_evaluator.enforce

    def add_leading_keys(body: bytes) -> dict[str, Any]:
        keys = leading_keys(json.loads(body)) if body[:1] == b"{" else {}
        return {**known(body), _BY_ACTION: keys}

    def enforce_for_action(
        access_key_id: str,
        iam_action: str,
        *where: str,
        service_context: Mapping[str, Any] | None = None,
        **what: str,
    ) -> object:  # ministack's own answer
        context = dict(service_context or {})
        by_action = context.pop(_BY_ACTION, {})
        keys = by_action.get(iam_action, by_action.get(_ANY_ACTION))
        if keys:
            context[_LEADING_KEYS] = keys
        return enforce(access_key_id, iam_action, *where, service_context=context, **what)

    iam_actions.dynamodb_service_context = add_leading_keys
    iam_evaluator.enforce = enforce_for_action


def let_browsers_read_refusals() -> None:
    """Let every answer of an HTTP API with CORS have its headers, and not only a function's.

    Raises `AttributeError` when this ministack is not the one that this was written for.
    """
    execute = apigateway.handle_execute

    async def execute_with_cors(
        api_id: str,
        stage: str,
        path: str,
        method: str,
        headers: Mapping[str, str],
        *what: object,
        **more: object,
    ) -> Answer:
        status, answered, body = await execute(api_id, stage, path, method, headers, *what, **more)
        if method != "OPTIONS" and _ALLOWED not in answered:
            # What it says to a browser that asks first, it knows of the API by itself.
            asked = await execute(api_id, stage, path, "OPTIONS", headers, *what, **more)
            answered |= {name: asked[1][name] for name in _READABLE if name in asked[1]}
        return status, answered, body

    apigateway.handle_execute = execute_with_cors


def compare_transactions_as_sent() -> None:
    """Let a transaction that is sent again be compared with what was sent, and not with its copy.

    Raises `AttributeError` when this ministack is not the one that this was written for.
    """
    known, remembered = dynamodb._transact_write_items, dynamodb._txn_idempotency  # noqa: SLF001

    def write(request: Request) -> Answer:
        sent = copy.deepcopy({name: request[name] for name in request if name != _SAME})
        answer: Answer = known(request)
        entry = remembered.get(request.get(_SAME))
        if entry is not None and answer[0] == HTTPStatus.OK:
            entry["signature"] = sent
        return answer

    dynamodb._transact_write_items = write  # noqa: SLF001


if __name__ == "__main__":
    enforce_leading_keys()
    compare_transactions_as_sent()
    let_browsers_read_refusals()
    main()
