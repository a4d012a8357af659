"""`docs/data.md` says of the table what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from common import keys
from common.keys import Key
from common.labels import LABEL, LABELLED_AT, LABELS_INDEX

DOCUMENT = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its own heading and ruler."""
    section = DOCUMENT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def keys_in_code() -> dict[str, Key]:
    """Return what every function of `keys.py` makes of the names of its parameters."""
    made = {
        name: function(*[f"<{parameter.replace('_', ' ')}>" for parameter in signature.parameters])
        for name, function in inspect.getmembers(keys, inspect.isfunction)
        if (signature := inspect.signature(function)).return_annotation == "Key"
    }
    assert len(made) > 10
    return made


def test_the_items_are_those_that_the_code_names() -> None:
    documented = {
        maker.strip("`"): Key(pk.strip("`"), sk.strip("`")) for _, maker, pk, sk, _ in rows("Items")
    }
    assert documented == keys_in_code()


def test_every_partition_that_is_asked_for_has_items() -> None:
    partitions = {
        found[0] for key in keys_in_code().values() if (found := re.match(r"[A-Z]+#?", key.pk))
    }
    asked = {name for row in rows("Access patterns") for name in re.findall(r"`([A-Z#]+)`", row[2])}
    assert asked
    assert asked <= partitions


def test_the_index_goes_by_its_name() -> None:
    assert f"`{LABELS_INDEX}` (`{LABEL}`, `{LABELLED_AT}`)" in DOCUMENT
