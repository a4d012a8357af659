"""Changes of one item that happen only under conditions, decided by the table itself.

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
    """An attribute is `value`; None stands for an attribute that the item does not have."""

    attribute: str
    value: str | int | None


@dataclass(frozen=True)
class Exists:
    """The item is there."""


Condition = AtMost | Above | Equals | Exists


@dataclass(frozen=True)
class Update:
    """Set attributes and add to counters of one item, made if need be, if all conditions hold.

    An attribute that is set to None is removed.
    """

    key: Key
    assign: Mapping[str, Any] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    only_if: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Delete:
    """Remove an item if all conditions hold. Without any, removing what is not there is fine."""

    key: Key
    only_if: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Check:
    """Change nothing, but let the other writes happen only if all conditions (one or more) hold."""

    key: Key
    only_if: tuple[Condition, ...]


class Expressions(NamedTuple):
    """A write in DynamoDB's language; `values` are not encoded yet. Empty: there is none."""

    update: str
    condition: str
    names: dict[str, str]
    values: dict[str, Any]


class _Placeholders:
    """Stand-ins for names and values, and what each stands for.

    Every name goes by one, since any may be one of DynamoDB's 573 reserved words.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        placeholder = f"#{len(self.names)}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, given: object) -> str:
        placeholder = f":{len(self.values)}"
        self.values[placeholder] = given
        return placeholder


def express(write: Update | Delete | Check) -> Expressions:
    """Write changes and conditions as DynamoDB's expressions."""
    terms = _Placeholders()
    update = _express_changes(write, terms) if isinstance(write, Update) else ""
    condition = " AND ".join(_express_condition(wanted, terms) for wanted in write.only_if)
    return Expressions(update, condition, terms.names, terms.values)


def _express_changes(update: Update, terms: _Placeholders) -> str:
    sets = [
        f"{terms.name(attribute)} = {terms.value(given)}"
        for attribute, given in update.assign.items()
        if given is not None
    ]
    removals = [
        terms.name(attribute) for attribute, given in update.assign.items() if given is None
    ]
    sums = [f"{terms.name(attribute)} {terms.value(by)}" for attribute, by in update.add.items()]
    clauses = (("SET", sets), ("REMOVE", removals), ("ADD", sums))
    return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses if parts)


def _express_condition(condition: Condition, terms: _Placeholders) -> str:
    match condition:
        case AtMost(attribute, limit):
            subject = terms.name(attribute)
            return f"(attribute_not_exists({subject}) OR {subject} <= {terms.value(limit)})"
        case Above(attribute, limit):
            return f"{terms.name(attribute)} > {terms.value(limit)}"
        case Equals(attribute, None):
            return f"attribute_not_exists({terms.name(attribute)})"
        case Equals(attribute, value):
            return f"{terms.name(attribute)} = {terms.value(value)}"
        case Exists():
            return "attribute_exists(PK)"
