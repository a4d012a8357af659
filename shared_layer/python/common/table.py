"""The gateway to the one DynamoDB table.

Repositories say what they want in a few words (`Put`, `Update`, …), and nothing above this module
sees a botocore type. Every client error becomes one of three things: a condition that
did not hold, `Unavailable` (busy or out of reach: 503), or a defect in our own code, which is
left to surface as it is.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from common.clients import client
from common.errors import Unavailable
from common.keys import Key
from common.observability import logger, trace
from common.table_values import Item, decode, encode, encode_key
from common.updates import Check, Delete, Exists, Update, express

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
BUSY_CODES = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
# The reasons a transaction gives per item: those that go away by themselves.
BUSY_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError"})
# A write met a transaction on one item. The SDK does not repeat these; the loser usually finds out
# within one round trip whether its condition still holds.
CONFLICT_CODE = "TransactionConflictException"
CONFLICT_REASON = "TransactionConflict"
CONFLICT_ATTEMPTS = 5
CONFLICT_BACKOFF_SECONDS = 0.05
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
TRANSACTION_ITEMS = 100
BATCH_ITEMS = 25
# What a busy table leaves over of a batch is sent again, after pauses of at most these.
BATCH_BACKOFF_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)


class ConditionFailed(Exception):  # noqa: N818 - an outcome that callers expect
    """A write was refused by its condition; nothing was written.

    `failed` holds the positions, in the order given, of the writes whose condition failed. `item`
    is what the refused update found, None where there was nothing.
    """

    def __init__(self, failed: Sequence[int], item: Item | None = None) -> None:
        """Remember which writes were refused."""
        super().__init__("condition failed")
        self.failed = tuple(failed)
        self.item = item


@dataclass(frozen=True)
class Put:
    """Write a whole item; with `only_if_absent`, refuse when the key exists already."""

    key: Key
    attributes: Mapping[str, Any]
    only_if_absent: bool = False


@dataclass(frozen=True)
class Increment:
    """Add `by` to a counter of an item that must exist."""

    key: Key
    attribute: str
    by: int = 1


Write = Put | Increment | Update | Delete | Check

# The one call that does a write alone. A check alone is a transaction of one.
SINGLE_OPERATIONS = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}


class Row(NamedTuple):
    """One item of a query, without its key attributes, and its key."""

    key: Key
    item: Item


class Page(NamedTuple):
    """Some rows of a partition. `after` asks for the rest; None when there is no more."""

    rows: list[Row]
    after: str | None


class Table(Protocol):
    """What repositories need of a table."""

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """Read one item without its key attributes; None when there is none.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        ...

    def query(  # noqa: PLR0913 - what a query is
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> Page:
        """Read up to `limit` items of a partition in the order of their sort keys.

        Items whose time has passed (`expires_at`) may still be among them.

        Args:
            partition: the `pk` of the keys.
            prefix: what the sort keys begin with.
            limit: at least 1.
            after: where the page before ended (its `after`); None for the first.
            newest_first: in descending order, which for ULIDs is by time.
            consistent: see everything that has been written.

        Raises:
            Unavailable: the table is throttling or out of reach.

        """
        ...

    def write(self, *writes: Write) -> None:
        """Do all of the writes or none (at most 100, of different items).

        Raises:
            ConditionFailed: a condition did not hold.
            Unavailable: the table is throttling or out of reach.

        """
        ...

    def update(self, update: Update) -> Item:
        """Change one item and return all of it as it is then, without its key attributes.

        Raises:
            ConditionFailed: a condition did not hold; it carries the item.
            Unavailable: the table is throttling or out of reach. Whether the item was changed
                is not known then.

        """
        ...

    def discard(self, *keys: Key) -> None:
        """Remove any number of items, whether they are there or not.

        Half the price of as many `Delete`s in one `write`, but not all or none.

        Raises:
            Unavailable: the table is throttling or out of reach. Some items may be gone then.

        """
        ...


class DynamoTable:
    """The real table."""

    def __init__(
        self,
        name: str,
        dynamodb: Callable[[], Any] = lambda: client("dynamodb"),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Use the table called `name`; `dynamodb` gives the low-level client when first needed."""
        self._name = name
        self._dynamodb = dynamodb
        self._sleep = sleep

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        """See `Table.get`."""
        answer = self._call(
            "get_item", TableName=self._name, Key=encode_key(key), ConsistentRead=consistent
        )
        found = answer.get("Item")
        return None if found is None else decode(found)

    def query(  # noqa: PLR0913 - see `Table.query`
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> Page:
        """See `Table.query`."""
        arguments: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": "PK = :pk" + (" AND begins_with(SK, :sk)" if prefix else ""),
            "ExpressionAttributeValues": encode({":pk": partition, ":sk": prefix or None}),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": consistent,
        }
        start = None if after is None else encode_key(Key(partition, after))
        found: list[Any] = []
        # One more than asked for tells whether there is more; a megabyte may end an answer early.
        while len(found) <= limit:
            arguments["Limit"] = limit + 1 - len(found)
            answer = self._call(
                "query", **arguments, **({"ExclusiveStartKey": start} if start else {})
            )
            found += answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if start is None:
                break
        rows = [Row(Key(item["PK"]["S"], item["SK"]["S"]), decode(item)) for item in found[:limit]]
        return Page(rows, rows[-1].key.sk if len(found) > limit else None)

    def write(self, *writes: Write) -> None:
        """See `Table.write`."""
        operations = [_as_operation(self._name, write) for write in writes]
        if len(writes) == 1 and not isinstance(writes[0], Check):
            ((kind, arguments),) = operations[0].items()
            self._call_until_free(SINGLE_OPERATIONS[kind], **arguments)
        else:
            self._call_until_free("transact_write_items", TransactItems=operations)

    def update(self, update: Update) -> Item:
        """See `Table.update`."""
        answer = self._call_until_free(
            "update_item",
            **_as_operation(self._name, update)["Update"],
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return decode(answer["Attributes"])

    def discard(self, *keys: Key) -> None:
        """See `Table.discard`."""
        for first in range(0, len(keys), BATCH_ITEMS):
            self._discard_batch(keys[first : first + BATCH_ITEMS])

    def _discard_batch(self, keys: Sequence[Key]) -> None:
        requests = [{"DeleteRequest": {"Key": encode_key(key)}} for key in keys]
        for longest in (*BATCH_BACKOFF_SECONDS, 0.0):
            answer = self._call("batch_write_item", RequestItems={self._name: requests})
            requests = answer.get("UnprocessedItems", {}).get(self._name, [])
            if not requests:
                return
            self._sleep(random.uniform(longest / 4, longest))  # noqa: S311 - jitter
        raise Unavailable

    def _call_until_free(self, operation: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Call DynamoDB, again and again while a transaction is in the way."""
        for attempt in range(CONFLICT_ATTEMPTS):
            if attempt:
                longest = CONFLICT_BACKOFF_SECONDS * 2**attempt
                self._sleep(random.uniform(longest / 4, longest))  # noqa: S311 - jitter
            try:
                return self._call(operation, **arguments)
            except _InTheWay:
                continue
        raise Unavailable

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Call DynamoDB, turning its errors into ours."""
        dynamodb = self._dynamodb()
        from botocore import exceptions  # noqa: PLC0415 - loaded with the client, see clients.py

        try:
            with trace(operation):
                answer: dict[str, Any] = getattr(dynamodb, operation)(**arguments)
        except exceptions.ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "ConditionalCheckFailedException":
                found: Any = error.response.get("Item")
                raise ConditionFailed([0], decode(found) if found else None) from None
            if code == "TransactionCanceledException":
                given: Any = error.response.get("CancellationReasons", [])
                raise _why_cancelled([reason.get("Code", "None") for reason in given]) from None
            if code == CONFLICT_CODE:
                raise _InTheWay from None
            if code in BUSY_CODES:
                logger.warning("table busy", extra={"operation": operation, "reason": code})
                raise Unavailable from error
            raise
        except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
            reason = type(error).__name__
            logger.warning("table unreachable", extra={"operation": operation, "reason": reason})
            raise Unavailable from error
        else:
            return answer


class _InTheWay(Exception):  # noqa: N818 - what happened
    """A transaction on the same item was in the way of a write."""


def _why_cancelled(reasons: Sequence[str]) -> Exception:
    """Return what the reasons, one for each part of a transaction, come down to."""
    failed = [at for at, why in enumerate(reasons) if why == "ConditionalCheckFailed"]
    if failed:
        return ConditionFailed(failed)
    if any(why in BUSY_REASONS for why in reasons):
        return Unavailable()
    if CONFLICT_REASON in reasons:
        return _InTheWay()
    return RuntimeError(f"transaction cancelled for {sorted(set(reasons))}")


def _as_operation(table: str, write: Write) -> dict[str, Any]:
    """Return a write as a part of a transaction; its arguments alone are those of a single call."""
    match write:
        case Put(key, attributes, only_if_absent):
            put = {"TableName": table, "Item": encode_key(key) | encode(attributes)}
            condition = {"ConditionExpression": "attribute_not_exists(PK)"}
            return {"Put": put | (condition if only_if_absent else {})}
        case Increment(key, attribute, by):
            changed = Update(key, add={attribute: by}, only_if=(Exists(),))
            return _as_operation(table, changed)
        case Update():
            return {"Update": _arguments(table, write)}
        case Delete():
            return {"Delete": _arguments(table, write)}
        case Check():
            return {"ConditionCheck": _arguments(table, write)}


def _arguments(table: str, write: Update | Delete | Check) -> dict[str, Any]:
    expressions = express(write)
    given = {
        "UpdateExpression": expressions.update,
        "ConditionExpression": expressions.condition,
        "ExpressionAttributeNames": expressions.names,
        "ExpressionAttributeValues": encode(expressions.values),
    }
    # DynamoDB refuses an empty expression or map.
    stated = {name: value for name, value in given.items() if value}
    return {"TableName": table, "Key": encode_key(write.key), **stated}
