"""Requests that are done once, however often they are sent: those with an `Idempotency-Key`.

Powertools knows the protocol: what counts as the same request, what to do while one is under way,
when a record ends. The records lie among the user's own items, by way of the one table gateway. So
they go when the user goes, none is made for a user who has gone, and a busy table is answered like
everywhere else. What came of a request is stored in the same transaction as the thing itself: a
function that dies in between leaves neither, or both.

Importing this loads Powertools' module, which loads boto3, 28 ms of CPU: the first such request
does, and the other routes' cold starts do without.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import (
    BasePersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from common import keys
from common.clients import FUNCTION_TIMEOUT_SECONDS
from common.errors import (
    AccountNotFound,
    DomainError,
    IdempotencyKeyReused,
    RequestInProgress,
)
from common.table import ConditionFailed, Put
from common.ulids import new_ulid
from common.updates import Check, Delete, Equals, Exists, Update

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.keys import Key
    from common.table import Table, Write
    from common.table_values import Item

# A client that repeats a request does so within minutes; a day is what others promise.
RECORD_TTL_SECONDS = 24 * 60 * 60
DONE = "COMPLETED"


class Records(BasePersistenceLayer):
    """The records of one user's requests, for one attempt at one of them."""

    def __init__(self, table: Table, user_id: str) -> None:
        """Keep records in `table`, among the items of that user."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._table = table
        self._user_id = user_id
        self._attempt = new_ulid()
        self._own_key: Key | None = None

    def completion(self, result: dict[str, Any]) -> list[Write]:
        """Return what to write together with the thing itself: that the request is done."""
        if self._own_key is None:
            return []
        done = {"status": DONE, "result": json.dumps(result)}
        own = (Equals("attempt", self._attempt),)
        return [Update(self._own_key, assign=done, only_if=own)]

    def _put_record(self, data_record: DataRecord) -> None:
        """Claim the request, unless somebody has."""
        key = keys.request(self._user_id, data_record.idempotency_key)
        claim = {
            "status": data_record.status,
            "attempt": self._attempt,
            "payload_hash": data_record.payload_hash,
            "expires_at": data_record.expiry_timestamp,
            "in_progress_until_ms": data_record.in_progress_expiry_timestamp,
        }
        account = Check(keys.profile(self._user_id), only_if=(Exists(),))
        try:
            self._table.write(account, Put(key, claim, only_if_absent=True))
        except ConditionFailed as refusal:
            if 0 in refusal.failed:
                raise AccountNotFound from None
            self._take_over(key, claim, data_record)
        self._own_key = key

    def _take_over(self, key: Key, claim: Item, wanted: DataRecord) -> None:
        """Claim a request whose record has expired, or whose function has died."""
        found = self._table.get(key, consistent=True)
        if found is None:
            raise IdempotencyItemAlreadyExistsError
        if not _is_over(found):
            known = _as_data_record(wanted.idempotency_key, found)
            self._validate_payload(wanted, known)
            raise IdempotencyItemAlreadyExistsError(old_data_record=known)
        same = (Equals("attempt", found["attempt"]),)
        try:
            self._table.update(Update(key, assign={**claim, "result": None}, only_if=same))
        except ConditionFailed:
            raise IdempotencyItemAlreadyExistsError from None

    def _get_record(self, idempotency_key: str) -> DataRecord:
        found = self._table.get(keys.request(self._user_id, idempotency_key), consistent=True)
        if found is None:
            raise IdempotencyItemNotFoundError
        return _as_data_record(idempotency_key, found)

    def _update_record(self, data_record: DataRecord) -> None:
        """Do nothing: `completion` was written with the thing itself."""

    def _delete_record(self, data_record: DataRecord) -> None:
        """Give the claim back if nothing was done, so that the same request may be tried again.

        What failed may have been done all the same, its answer lost: then there is a result.
        """
        key = keys.request(self._user_id, data_record.idempotency_key)
        undone = (Equals("attempt", self._attempt), Equals("result", None))
        try:
            self._table.write(Delete(key, only_if=undone))
        except ConditionFailed:
            return


def do_once(
    records: Records, idempotency_key: str, payload: object, work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Return what `work` returns, or returned when the same request was done before.

    `work` has to write `records.completion(result)` together with what it does.

    Raises:
        IdempotencyKeyReused: the key came with another payload before.
        RequestInProgress: the same request is being done at this moment.
        AccountNotFound: the user has been deleted since the token was issued.
        Unavailable: the table is throttling or out of reach.

    """
    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="payload",
        expires_after_seconds=RECORD_TTL_SECONDS,
        hash_function="sha256",
        lambda_context=_FullTime(),  # type: ignore[arg-type] # the only method that is called
    )

    @idempotent_function(  # type: ignore[untyped-decorator]
        data_keyword_argument="asked",
        persistence_store=records,
        config=config,
        key_prefix="once",
    )
    def do(*, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - what is hashed
        return work()

    try:
        result: dict[str, Any] = do(asked={"key": idempotency_key, "payload": payload})
    except IdempotencyValidationError:
        raise IdempotencyKeyReused from None
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError, ConditionFailed):
        raise RequestInProgress from None
    except IdempotencyPersistenceLayerError as error:
        if isinstance(error.__cause__, DomainError):
            raise error.__cause__ from None
        raise
    return result


class _FullTime:
    """Stands for a context of Lambda: a request takes no longer than the function may."""

    def get_remaining_time_in_millis(self) -> int:
        return int(FUNCTION_TIMEOUT_SECONDS * 1000)


def _is_over(record: Item) -> bool:
    """Tell whether a record binds nobody any more; DynamoDB removes expired ones within days."""
    now = time.time()
    if record["expires_at"] < now:
        return True
    return bool(record["status"] != DONE and record["in_progress_until_ms"] < now * 1000)


def _as_data_record(idempotency_key: str, record: Item) -> DataRecord:
    return DataRecord(
        idempotency_key=idempotency_key,
        status=record["status"],
        expiry_timestamp=record["expires_at"],
        in_progress_expiry_timestamp=record["in_progress_until_ms"],
        response_data=record.get("result", ""),
        payload_hash=record["payload_hash"],
    )
