"""A table in memory, and a table that fails on purpose."""

from __future__ import annotations

import copy
import json
import threading
from typing import TYPE_CHECKING, Any

from common.table import ConditionFailed, Increment, Page, Put, Row, Table, Write
from common.updates import Above, AtMost, Condition, Delete, Equals, Exists, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> Page:
        if self._lagging and not consistent:
            return Page([], None)
        with self._lock:
            found = sorted(
                key for key in self.items if key.pk == partition and key.sk.startswith(prefix)
            )
            if newest_first:
                found = [key for key in reversed(found) if after is None or key.sk < after]
            else:
                found = [key for key in found if after is None or key.sk > after]
            rows = [Row(key, copy.deepcopy(self.items[key])) for key in found[:limit]]
            return Page(rows, rows[-1].key.sk if len(found) > limit else None)

    def write(self, *writes: Write) -> None:
        with self._lock:
            failed = [at for at, write in enumerate(writes) if not self._may(write)]
            if failed:
                raise ConditionFailed(failed)
            for write in writes:
                self._do(write)

    def update(self, update: Update) -> Item:
        with self._lock:
            if not self._may(update):
                raise ConditionFailed([0], copy.deepcopy(self.items.get(update.key)))
            self._do(update)
            return copy.deepcopy(self.items[update.key])

    def discard(self, *keys: Key) -> None:
        with self._lock:
            for key in keys:
                self.items.pop(key, None)

    def _may(self, write: Write) -> bool:
        found = self.items.get(write.key)
        match write:
            case Put():
                return found is None or not write.only_if_absent
            case Increment():
                return found is not None
            case _:
                return all(_holds(condition, found) for condition in write.only_if)

    def _do(self, write: Write) -> None:
        match write:
            case Put():
                self.items[write.key] = _stored(write.attributes)
            case Increment():
                item = self.items[write.key]
                item[write.attribute] = item.get(write.attribute, 0) + write.by
            case Update():
                item = self.items.setdefault(write.key, {})
                for attribute in write.assign:
                    item.pop(attribute, None)
                item.update(_stored(write.assign))
                for attribute, by in write.add.items():
                    item[attribute] = item.get(attribute, 0) + by
            case Delete():
                self.items.pop(write.key, None)


def _stored(attributes: Mapping[str, Any]) -> Item:
    kept = {name: value for name, value in attributes.items() if value is not None}
    binary = {name: value for name, value in kept.items() if isinstance(value, bytes)}
    item: Item = json.loads(json.dumps({name: kept[name] for name in kept.keys() - binary}))
    return item | binary


def _holds(condition: Condition, found: Item | None) -> bool:
    item = found or {}
    match condition:
        case AtMost(attribute, limit):
            return bool(item.get(attribute, 0) <= limit)
        case Above(attribute, limit):
            return bool(item.get(attribute, 0) > limit)
        case Equals(attribute, value):
            return bool(item.get(attribute) == value)
        case Exists():
            return found is not None


class FaultyTable:
    """A table whose next calls fail with the errors in `faults`, one after the other."""

    def __init__(self, table: Table, faults: Iterable[BaseException | None]) -> None:
        self._table = table
        self._faults = iter(faults)

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        self._fail()
        return self._table.get(key, consistent=consistent)

    def query(self, partition: str, **arguments: Any) -> Page:  # noqa: ANN401 - see `Table.query`
        self._fail()
        return self._table.query(partition, **arguments)

    def write(self, *writes: Write) -> None:
        self._fail()
        self._table.write(*writes)

    def update(self, update: Update) -> Item:
        self._fail()
        return self._table.update(update)

    def discard(self, *keys: Key) -> None:
        self._fail()
        self._table.discard(*keys)

    def _fail(self) -> None:
        fault = next(self._faults, None)
        if fault is not None:
            raise fault


class WatchedTable:
    """A table that tells the name of every call to `before`, before it happens.

    Requests that meet are a matter of luck; what `before` does meanwhile makes them meet.
    """

    def __init__(self, table: Table, before: Callable[[str], object]) -> None:
        self._table = table
        self._before = before

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        self._before("get")
        return self._table.get(key, consistent=consistent)

    def query(self, partition: str, **arguments: Any) -> Page:  # noqa: ANN401 - see `Table.query`
        self._before("query")
        return self._table.query(partition, **arguments)

    def write(self, *writes: Write) -> None:
        self._before("write")
        self._table.write(*writes)

    def update(self, update: Update) -> Item:
        self._before("update")
        return self._table.update(update)

    def discard(self, *keys: Key) -> None:
        self._before("discard")
        self._table.discard(*keys)
