"""The access patterns in `docs/data.md` are those that the functions have the rights to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.infrastructure.conftest import Templates

Right = tuple[str, str, str]
"""A function, an operation, and what the keys of the partitions begin with."""


def documented() -> set[Right]:
    """Read the rows of the document; one with several operations and partitions means all pairs."""
    text = (REPOSITORY / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.partition("## Access patterns\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    rights: set[Right] = set()
    for line in lines:
        _, operations, partitions, functions = (cell.strip() for cell in line.strip("|").split("|"))
        rights |= {
            (function.strip(), operation, partition)
            for function in functions.split(",")
            for operation in re.findall(r"\b[A-Z]\w+Item|Query", operations)
            for partition in re.findall(r"`([A-Z#]+)`", partitions)
        }
    return rights


def granted(templates: Templates) -> Iterator[Right]:
    """Read what the policies allow each function to do with items of the table."""
    names = {
        resource["Properties"]["Role"]["Fn::GetAtt"][0]: name
        for name, resource in templates.functions().items()
    }
    for policy in templates.resources("AWS::IAM::Policy").values():
        (role,) = policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            conditions = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
            keys = conditions.get("dynamodb:LeadingKeys", [])
            actions = statement["Action"]
            for key in [keys] if isinstance(keys, str) else keys:
                for action in [actions] if isinstance(actions, str) else actions:
                    yield names[role["Ref"]], action.partition(":")[2], key.removesuffix("*")


def test_every_right_to_items_has_an_access_pattern(production: Templates) -> None:
    rights = set(granted(production))
    assert len(rights) > 20
    assert rights - documented() == set(), "docs/data.md does not say what these are for"


def test_every_access_pattern_has_its_right(production: Templates) -> None:
    deployed = production.functions()
    operations = {(function, operation) for function, operation, _ in granted(production)}
    wanted = {
        (function, operation) for function, operation, _ in documented() if function in deployed
    }
    assert len(wanted) > 10
    assert wanted - operations == set(), "docs/data.md tells of what these may not do"
