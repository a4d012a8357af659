"""What the dashboards ask of a function, asked of the lines that it wrote in a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.dashboards.insights import answer, fields_read, read_line
from stacks.constructs.dashboards.queries import OF_EVERY_FUNCTION, OF_FUNCTION

if TYPE_CHECKING:
    from local.dashboards.insights import Fields
    from stacks.constructs.dashboards.queries import LogQuery

# As Lambda writes it after a cold start:
# https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
REPORT = (
    "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 15.74 ms\t"
    "Billed Duration: 16 ms\tMemory Size: 512 MB\tMax Memory Used: 56 MB\tInit Duration: 130.61 ms"
)
NOW_MS = 1_795_000_000_000
# Of these, a line has one; that there is a value is seen in the answer.
_FIRST_OF_SEVERAL = re.compile(r"coalesce\([^)]*\)")


def read_lines(written: str) -> list[Fields]:
    """Return the fields of what a function wrote, and of a REPORT line behind it."""
    lines = [*written.splitlines(), REPORT]
    return [read_line(line, NOW_MS + at, "unit:tests") for at, line in enumerate(lines)]


def unanswered(function: str, written: str) -> list[str]:
    """Return the titles of the queries of a function's page that find nothing in `written`.

    A field that no line has counts as nothing, and so does a column without a value.
    """
    lines = read_lines(written)
    known = {name for line in lines for name in line}
    return [
        query.title
        for query in (*OF_EVERY_FUNCTION, *OF_FUNCTION[function])
        if fields_read(_FIRST_OF_SEVERAL.sub("", query.text)) - known
        or not _finds_all(query, lines)
    ]


def _finds_all(query: LogQuery, lines: list[Fields]) -> bool:
    found = answer(query.text, lines)
    return bool(found.rows) and all(
        any(row[column] is not None for row in found.rows) for column in found.columns
    )
