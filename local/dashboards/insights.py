"""The part of CloudWatch Logs Insights' language that our dashboards speak.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html

The local cloud takes queries and answers them without `stats`, so they are answered here, from its
log lines. What is not understood is refused: a dashboard must not be drawn from half a query.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Fields = dict[str, Any]
TIME = "bin"
MEGABYTE = 1_000_000

_REPORT = re.compile(
    r"^REPORT RequestId: (?P<request>\S+)\s+Duration: (?P<duration>[\d.]+) ms"
    r"\s+Billed Duration: (?P<billed>[\d.]+) ms\s+Memory Size: (?P<size>\d+) MB"
    r"\s+Max Memory Used: (?P<used>\d+) MB(?:\s+Init Duration: (?P<init>[\d.]+) ms)?"
)
_NAME = r"@?[A-Za-z_][\w.]*"
_STRINGS = re.compile(r'"[^"]*"|/(?:\\.|[^/])+/')
_WORDS = frozenset(
    {"as", "asc", "by", "desc", "fields", "filter", "like", "limit", "or", "sort", "stats"}
)


class QueryError(ValueError):
    """The query has a form that is not understood here."""


@dataclass(frozen=True)
class Answer:
    """Rows as they are shown; of a query in time, `bin` is when each row's span begins (s)."""

    columns: tuple[str, ...]
    rows: tuple[Fields, ...]

    @property
    def in_time(self) -> bool:
        """Whether the rows are points in time."""
        return TIME in self.columns


def read_line(message: str, timestamp_ms: int, log_group: str) -> Fields:
    """Return the fields that Insights finds in a log line."""
    fields: Fields = {"@message": message, "@timestamp": timestamp_ms, "@log": log_group}
    report = _REPORT.match(message)
    if report:
        return fields | _of_report(report)
    if message.startswith("{"):
        try:
            return fields | _flatten(json.loads(message))
        except ValueError:
            return fields
    return fields


def _of_report(report: re.Match[str]) -> Fields:
    fields: Fields = {
        "@type": "REPORT",
        "@requestId": report["request"],
        "@duration": float(report["duration"]),
        "@billedDuration": float(report["billed"]),
        "@memorySize": float(report["size"]) * MEGABYTE,
        "@maxMemoryUsed": float(report["used"]) * MEGABYTE,
    }
    return fields | ({"@initDuration": float(report["init"])} if report["init"] else {})


def _flatten(value: object, path: str = "") -> Fields:
    inner: Iterable[tuple[object, object]]
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return {} if value is None else {path: value}
    flat: Fields = {}
    for key, item in inner:
        flat |= _flatten(item, f"{path}.{key}" if path else str(key))
    return flat


def fields_read(query: str) -> set[str]:
    """Return the fields that a query takes from the lines, without those that it makes itself."""
    bare = _STRINGS.sub(" ", query)
    made = set(re.findall(rf"\bas ({_NAME})", bare))
    functions = set(re.findall(r"(\w+)\(", bare))
    spans = set(re.findall(r"bin\((\w+)\)", bare))
    names = set(re.findall(rf"(?<![\w.@]){_NAME}", bare))
    return names - made - functions - spans - _WORDS


def answer(query: str, lines: Iterable[Fields], *, bin_seconds: float | None = None) -> Answer:
    """Answer a query; with `bin_seconds`, points in time are that far apart.

    Raises `QueryError` for a form that is not understood.
    """
    rows = [dict(line) for line in lines]
    columns: tuple[str, ...] = ()
    for command in re.split(r"\n\| ", query):
        verb, _, rest = command.partition(" ")
        if verb == "filter":
            rows = [row for row in rows if _holds(rest, row)]
        elif verb == "fields":
            columns = _add_fields(rest, rows)
        elif verb == "stats":
            columns, rows = _summarise(rest, rows, bin_seconds)
        elif verb == "sort":
            rows = _sort(rest, rows)
        elif verb == "limit":
            rows = rows[: int(rest)]
        else:
            raise QueryError(command)
    return Answer(columns, tuple({name: row.get(name) for name in columns} for row in rows))


def _holds(condition: str, row: Fields) -> bool:
    return any(_holds_alone(part.strip(), row) for part in condition.split(" or "))


def _holds_alone(condition: str, row: Fields) -> bool:
    if present := re.fullmatch(rf"ispresent\(({_NAME})\)", condition):
        return row.get(present[1]) is not None
    if like := re.fullmatch(rf"({_NAME}) like /(.+)/", condition):
        return re.search(like[2], str(row.get(like[1], ""))) is not None
    if equal := re.fullmatch(rf'({_NAME}) = (?:"([^"]*)"|(\d+))', condition):
        found = row.get(equal[1])
        if equal[2] is not None:
            return found == equal[2]
        return found is not None and _number(found) == float(equal[3])
    if least := re.fullmatch(rf"({_NAME}) >= (\d+)", condition):
        found = row.get(least[1])
        return found is not None and _number(found) >= float(least[2])
    raise QueryError(condition)


def _add_fields(text: str, rows: Sequence[Fields]) -> tuple[str, ...]:
    names = []
    for part in _split(text):
        expression, _, name = part.partition(" as ")
        names.append(name or expression)
        for row in rows:
            row[names[-1]] = _value(expression, row)
    return tuple(names)


def _value(expression: str, row: Fields) -> Any:  # noqa: ANN401 - as the lines have it
    if first := re.fullmatch(r"coalesce\((.+)\)", expression):
        values = (row.get(name) for name in _split(first[1]))
        return next((value for value in values if value is not None), None)
    if divided := re.fullmatch(rf"({_NAME}) / (\d+)", expression):
        value = row.get(divided[1])
        return None if value is None else _number(value) / float(divided[2])
    if re.fullmatch(_NAME, expression):
        return row.get(expression)
    raise QueryError(expression)


def _summarise(
    text: str, rows: Sequence[Fields], bin_seconds: float | None
) -> tuple[tuple[str, ...], list[Fields]]:
    aggregates, _, grouping = text.partition(" by ")
    by = _split(grouping)
    span = _span(by, bin_seconds)
    groups: dict[tuple[Any, ...], list[Fields]] = {}
    for row in rows:
        key = (_bin(row, span),) if span else tuple(row.get(name) for name in by)
        groups.setdefault(key, []).append(row)
    names = [TIME] if span else by
    summaries = [_aggregate(part) for part in _split(aggregates)]
    answered = [
        dict(zip(names, key, strict=True)) | {name: of(members) for name, of in summaries}
        for key, members in groups.items()
    ]
    if span:
        answered.sort(key=lambda row: row[TIME])
    return (*names, *(name for name, _ in summaries)), answered


def _span(by: Sequence[str], bin_seconds: float | None) -> float | None:
    """Return how far apart points in time are; None where it is not time that rows go by."""
    minutes = [re.fullmatch(r"bin\((\d+)m\)", name) for name in by]
    if not any(minutes):
        return None
    if len(by) > 1 or minutes[0] is None:
        message = f"{', '.join(by)} cannot be drawn in time"
        raise QueryError(message)
    return bin_seconds or 60.0 * int(minutes[0][1])


def _bin(row: Fields, span: float) -> float:
    since_1970: float = row["@timestamp"] / 1000
    return math.floor(since_1970 / span) * span


def _aggregate(part: str) -> tuple[str, Callable[[Sequence[Fields]], float | None]]:
    form = re.fullmatch(rf"(count|sum|min|max|avg|pct)\((.+?)(?:, (\d+))?\) as ({_NAME})", part)
    if form is None:
        raise QueryError(part)
    function, expression, percent, name = form.groups()
    if expression == "*":
        return name, len

    def summarise(members: Sequence[Fields]) -> float | None:
        values = [value for row in members if (value := _value(expression, row)) is not None]
        if function == "count":
            return len(values)
        numbers = [_number(value) for value in values]
        return _NUMERIC[str(function)](numbers, float(percent or 0)) if numbers else None

    return name, summarise


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that as many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


_NUMERIC: Mapping[str, Callable[[Sequence[float], float], float]] = {
    "sum": lambda numbers, _: math.fsum(numbers),
    "min": lambda numbers, _: min(numbers),
    "max": lambda numbers, _: max(numbers),
    "avg": lambda numbers, _: math.fsum(numbers) / len(numbers),
    "pct": percentile,
}


def _sort(text: str, rows: Sequence[Fields]) -> list[Fields]:
    name, _, direction = text.partition(" ")
    if direction not in {"asc", "desc"}:
        raise QueryError(text)
    return sorted(rows, key=lambda row: row[name], reverse=direction == "desc")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        message = f"{value!r} is no number"
        raise QueryError(message)
    return float(value)


def _split(text: str) -> list[str]:
    """Split at the commas that are outside of parentheses."""
    return [part.strip() for part in re.split(r",(?![^()]*\))", text) if part.strip()]
