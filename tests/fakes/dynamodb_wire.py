"""DynamoDB's side of the wire: requests as botocore sends them, done on a table in memory.

It reads the expressions that `common.updates.express` writes, and refuses any other.
`tests/unit/faults/test_wire.py` holds it, with the real adapter and the real botocore in front of
it, to the contract that the real table is held to.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from common.keys import Key
from common.table import ConditionFailed, Put, Write
from common.table_values import Item, decode, encode, encode_key
from common.updates import Above, AtMost, Check, Condition, Delete, Equals, Exists, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.tables import InMemoryTable

PREFIX = "com.amazonaws.dynamodb.v20120810#"
Answer = tuple[int, dict[str, Any]]
"""A status and a document."""

_CLAUSES = re.compile(r"\b(SET|REMOVE|ADD) ")


def problem(code: str, status: int = 400, **more: object) -> Answer:
    """Return an error as DynamoDB writes it."""
    return status, {"__type": f"{PREFIX}{code}", "message": code, **more}


class DynamoServer:
    """Does what requests ask for, on `table`."""

    def __init__(self, table: InMemoryTable) -> None:
        self.table = table
        # Outcomes of transactions by their tokens: the same one again changes nothing.
        self._done: set[str] = set()

    def answer(self, operation: str, body: bytes) -> Answer:
        """Do one request, such as `GetItem`."""
        asked = json.loads(body, object_hook=_with_bytes)
        do: Callable[[dict[str, Any]], Answer] = getattr(self, f"_{operation}")
        status, document = do(asked)
        return status, _with_text(document)

    def _GetItem(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        key = _key(asked["Key"])
        found = self.table.get(key, consistent=asked["ConsistentRead"])
        return 200, {} if found is None else {"Item": _whole(key, found)}

    def _Query(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        values = decode(asked["ExpressionAttributeValues"])
        start = asked.get("ExclusiveStartKey")
        page = self.table.query(
            values[":pk"],
            prefix=values.get(":sk", ""),
            limit=asked["Limit"],
            after=start and start["SK"]["S"],
            newest_first=not asked["ScanIndexForward"],
            consistent=asked["ConsistentRead"],
        )
        answer: dict[str, Any] = {"Items": [_whole(row.key, row.item) for row in page.rows]}
        if page.after is not None:
            answer["LastEvaluatedKey"] = encode_key(Key(values[":pk"], page.after))
        return 200, answer

    def _PutItem(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        return self._write_one(_write("Put", asked))

    def _DeleteItem(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        return self._write_one(_write("Delete", asked))

    def _UpdateItem(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        update = _write("Update", asked)
        found = self.table.get(update.key, consistent=True)
        status, answer = self._write_one(update)
        if status == 200:
            now = self.table.get(update.key, consistent=True)
            return 200, {"Attributes": _whole(update.key, now or {})}
        return status, answer if found is None else {**answer, "Item": _whole(update.key, found)}

    def _BatchWriteItem(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - DynamoDB's name
        for requests in asked["RequestItems"].values():
            self.table.discard(*[_key(one["DeleteRequest"]["Key"]) for one in requests])
        return 200, {"UnprocessedItems": {}}

    def _TransactWriteItems(self, asked: dict[str, Any]) -> Answer:  # noqa: N802 - as above
        if asked["ClientRequestToken"] in self._done:
            return 200, {}
        items = asked["TransactItems"]
        writes = [_write(kind, one) for item in items for kind, one in item.items()]
        try:
            self.table.write(*writes)
        except ConditionFailed as refusal:
            return cancelled(
                ["ConditionalCheckFailed" if at in refusal.failed else "None"
                 for at in range(len(writes))]
            )  # fmt: skip
        self._done.add(asked["ClientRequestToken"])
        return 200, {}

    def _write_one(self, write: Write) -> Answer:
        try:
            self.table.write(write)
        except ConditionFailed:
            return problem("ConditionalCheckFailedException")
        return 200, {}


def cancelled(codes: list[str]) -> Answer:
    """Return the answer to a transaction of which each part ended as its code says."""
    return problem(
        "TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes]
    )


def _write(kind: str, asked: Mapping[str, Any]) -> Write:
    """Read one write, alone or as a part of a transaction."""
    if kind == "Put":
        alone = asked.get("ConditionExpression")
        assert alone in {None, "attribute_not_exists(PK)"}
        return Put(_key(asked["Item"]), decode(asked["Item"]), only_if_absent=alone is not None)
    key, terms = _key(asked["Key"]), _Terms(asked)
    conditions = tuple(
        terms.condition(text)
        for text in asked.get("ConditionExpression", "").split(" AND ")
        if text
    )
    if kind == "Delete":
        return Delete(key, conditions)
    if kind == "ConditionCheck":
        return Check(key, conditions)
    assign, add = terms.changes(asked.get("UpdateExpression", ""))
    return Update(key, assign, add, conditions)


class _Terms:
    """What placeholders stand for."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        self._names: Mapping[str, str] = asked.get("ExpressionAttributeNames", {})
        self._values = decode(asked.get("ExpressionAttributeValues", {}))

    def condition(self, text: str) -> Condition:
        if text == "attribute_exists(PK)":
            return Exists()
        if found := re.fullmatch(r"\(attribute_not_exists\((#\d+)\) OR \1 <= (:\d+)\)", text):
            return AtMost(self._names[found[1]], self._values[found[2]])
        if found := re.fullmatch(r"(#\d+) > (:\d+)", text):
            return Above(self._names[found[1]], self._values[found[2]])
        if found := re.fullmatch(r"(#\d+) = (:\d+)", text):
            return Equals(self._names[found[1]], self._values[found[2]])
        found = re.fullmatch(r"attribute_not_exists\((#\d+)\)", text)
        assert found, text
        return Equals(self._names[found[1]], None)

    def changes(self, text: str) -> tuple[dict[str, Any], dict[str, int]]:
        assign: dict[str, Any] = {}
        add: dict[str, int] = {}
        _, *parts = _CLAUSES.split(text)
        for verb, terms in zip(parts[::2], parts[1::2], strict=True):
            for term in terms.strip().split(", "):
                name, _, value = term.replace(" = ", " ").partition(" ")
                if verb == "ADD":
                    add[self._names[name]] = self._values[value]
                else:
                    assign[self._names[name]] = self._values[value] if verb == "SET" else None
        return assign, add


def _key(sent: Mapping[str, Any]) -> Key:
    return Key(sent["PK"]["S"], sent["SK"]["S"])


def _whole(key: Key, item: Item) -> dict[str, Any]:
    return encode_key(key) | encode(item)


def _with_bytes(sent: dict[str, Any]) -> dict[str, Any]:
    """Read binary values, which JSON carries as base64."""
    if sent.keys() == {"B"} and isinstance(sent["B"], str):
        return {"B": base64.b64decode(sent["B"])}
    return sent


def _with_text(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write binary values as JSON carries them."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {name: _with_text(inner) for name, inner in value.items()}
    return [_with_text(inner) for inner in value] if isinstance(value, list) else value
