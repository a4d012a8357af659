"""Changes of one item that hold only under conditions, decided by the table itself.

A number that an item does not have (or an item that does not exist) counts as zero, so that the
first change of a counter needs no item to be there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.keys import Key


@dataclass(frozen=True)
class AtMost:
    """A number is at most `limit`, which is not negative; a missing one is."""

    attribute: str
    limit: int


@dataclass(frozen=True)
class Above:
    """A number is above `limit`, which is not negative; a missing one is not."""

    attribute: str
    limit: int


@dataclass(frozen=True)
class Equals:
    """A text is `value`; a missing one is not."""

    attribute: str
    value: str


Condition = AtMost | Above | Equals


@dataclass(frozen=True)
class Update:
    """Set attributes and add to counters of one item, made if need be, if all conditions hold."""

    key: Key
    assign: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    only_if: tuple[Condition, ...] = ()


class Expressions(NamedTuple):
    """An update in DynamoDB's language; `values` are not encoded yet."""

    update: str
    condition: str
    names: dict[str, str]
    values: dict[str, Any]


def express(update: Update) -> Expressions:
    """Write an update as DynamoDB's expressions.

    Every name goes by a placeholder, since any may be one of DynamoDB's 573 reserved words.
    """
    names: dict[str, str] = {}
    values: dict[str, Any] = {}

    def name(attribute: str) -> str:
        placeholder = f"#{len(names)}"
        names[placeholder] = attribute
        return placeholder

    def value(given: object) -> str:
        placeholder = f":{len(values)}"
        values[placeholder] = given
        return placeholder

    sets = [f"{name(attribute)} = {value(given)}" for attribute, given in update.assign.items()]
    adds = [f"{name(attribute)} {value(by)}" for attribute, by in update.add.items()]
    clauses = [
        f"{verb} {', '.join(parts)}" for verb, parts in (("SET", sets), ("ADD", adds)) if parts
    ]
    conditions: list[str] = []
    for condition in update.only_if:
        subject = name(condition.attribute)
        match condition:
            case AtMost(limit=limit):
                bound = value(limit)
                conditions.append(f"(attribute_not_exists({subject}) OR {subject} <= {bound})")
            case Above(limit=limit):
                conditions.append(f"{subject} > {value(limit)}")
            case Equals(value=wanted):
                conditions.append(f"{subject} = {value(wanted)}")
    return Expressions(" ".join(clauses), " AND ".join(conditions), names, values)
