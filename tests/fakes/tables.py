"""A table in memory, and a table that fails on purpose."""

from __future__ import annotations

import copy
import json
import threading
from typing import TYPE_CHECKING

from common.table import ConditionFailed, Increment, Put, Table, Write
from common.updates import Above, AtMost, Condition, Equals, Update

if TYPE_CHECKING:
    from collections.abc import Iterable

    from common.keys import Key
    from common.table_values import Item


class InMemoryTable:
    """Behaves like `common.table.DynamoTable`, as far as `tests/contracts` looks.

    With `lagging`, only consistent reads see what was written: DynamoDB's others may come late.
    """

    def __init__(self, *, lagging: bool = False) -> None:
        self.items: dict[Key, Item] = {}
        self._lagging = lagging
        self._lock = threading.Lock()

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        if self._lagging and not consistent:
            return None
        with self._lock:
            return copy.deepcopy(self.items.get(key))

    def write(self, *writes: Write) -> None:
        with self._lock:
            failed = [at for at, write in enumerate(writes) if not self._may(write)]
            if failed:
                raise ConditionFailed(failed)
            for write in writes:
                self._do(write)

    def update(self, update: Update) -> Item:
        with self._lock:
            found = self.items.get(update.key)
            if not all(_holds(condition, found or {}) for condition in update.only_if):
                raise ConditionFailed([0], copy.deepcopy(found))
            item = self.items.setdefault(update.key, {})
            item.update(json.loads(json.dumps(dict(update.assign))))
            for attribute, by in update.add.items():
                item[attribute] = item.get(attribute, 0) + by
            return copy.deepcopy(item)

    def _may(self, write: Write) -> bool:
        exists = write.key in self.items
        if isinstance(write, Increment):
            return exists
        return not (write.only_if_absent and exists)

    def _do(self, write: Write) -> None:
        if isinstance(write, Put):
            kept = {name: value for name, value in write.attributes.items() if value is not None}
            self.items[write.key] = json.loads(json.dumps(kept))
            return
        item = self.items[write.key]
        item[write.attribute] = item.get(write.attribute, 0) + write.by


def _holds(condition: Condition, item: Item) -> bool:
    match condition:
        case AtMost(attribute, limit):
            return bool(item.get(attribute, 0) <= limit)
        case Above(attribute, limit):
            return bool(item.get(attribute, 0) > limit)
        case Equals(attribute, value):
            return bool(item.get(attribute) == value)


class FaultyTable:
    """A table whose next calls fail with the errors in `faults`, one after the other."""

    def __init__(self, table: Table, faults: Iterable[Exception | None]) -> None:
        self._table = table
        self._faults = iter(faults)

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        self._fail()
        return self._table.get(key, consistent=consistent)

    def write(self, *writes: Write) -> None:
        self._fail()
        self._table.write(*writes)

    def update(self, update: Update) -> Item:
        self._fail()
        return self._table.update(update)

    def _fail(self) -> None:
        fault = next(self._faults, None)
        if fault is not None:
            raise fault
