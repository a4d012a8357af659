"""`make check-table`: whether everything holds that has to hold of the table. It only reads.

It needs the right to scan, which no function has. Other requests go on meanwhile, and a scan is
no photograph: what looks wrong because somebody was in the middle of something is looked at again.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from common.keys import Key
from common.table_values import Item, decode
from local.operations.invariants import Violation, take_census
from local.operations.target import ENVIRONMENTS, ending_with, find_target
from local.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# How often the table is read before something is said to be wrong.
LOOKS = 3
# Half of what the table can be read at (20 units), of which strongly consistent reads take one for
# 4 kB: a scan that takes all of it would have travellers refused.
READ_UNITS_A_SECOND = 10.0
# Small enough that the first page alone takes no more than the table has saved up.
ITEMS_A_PAGE = 100


def read_items(
    dynamodb: Any,  # noqa: ANN401 - a client
    name: str,
    units_a_second: float = READ_UNITS_A_SECOND,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[Key, Item]]:
    """Read every item, strongly consistent, at no more than so many read units a second."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=name, ConsistentRead=True, Limit=ITEMS_A_PAGE, ReturnConsumedCapacity="TOTAL"
    )
    for page in pages:
        for item in page["Items"]:
            yield Key(item["PK"]["S"], item["SK"]["S"]), decode(item)
        if "LastEvaluatedKey" in page:
            sleep(page.get("ConsumedCapacity", {}).get("CapacityUnits", 0.0) / units_a_second)


def check(read: Callable[[], Iterator[tuple[Key, Item]]]) -> tuple[int, list[Violation]]:
    """Return how many items there are, and what does not hold however often one looks."""
    census = take_census(read())
    found = list(census.violations())
    for _ in range(LOOKS - 1):
        if not found:
            break
        again = {(one.rule, one.key): one for one in take_census(read()).violations()}
        found = [again[one.rule, one.key] for one in found if (one.rule, one.key) in again]
    return census.items, found


def _run(options: argparse.Namespace) -> bool:
    target = find_target(options.environment)
    name, dynamodb = target.table_name(), target.client("dynamodb")
    say(f"Table {name} of {target}")
    items, found = check(lambda: read_items(dynamodb, name, options.units))
    for violation in found:
        say(f"\n{violation}")
    if found:
        say(f"\n  ! {len(found)} of {items} items or between them do not hold: see above.")
    else:
        say(f"  ✓ Everything holds of {items} items.")
    return not found


def main() -> None:
    """Check the table; 0 when everything holds, 1 when something does not, 2 when unknown."""
    parser = argparse.ArgumentParser(prog="check-table", description=__doc__)
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    parser.add_argument(
        "--units",
        type=float,
        default=READ_UNITS_A_SECOND,
        help="read units a second that it takes (%(default)s)",
    )
    with ending_with(2):
        holds = _run(parser.parse_args())
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
