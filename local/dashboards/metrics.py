"""The series of a dashboard's metric widget, from the samples of a run.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

import math
import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.dashboards.insights import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from local.dashboards.measurements import Key, Measurements, Sample

Points = dict[float, float]
"""Values by when their span begins (seconds since 1970)."""

_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": math.fsum,
    "Maximum": max,
    "Average": statistics.fmean,
    "p50": lambda values: percentile(values, 50),
    "p95": lambda values: percentile(values, 95),
    "p99": lambda values: percentile(values, 99),
}


class ExpressionError(ValueError):
    """The expression has a form that is not understood here."""


@dataclass(frozen=True)
class Series:
    """One line of a graph; `points` is None where the local cloud does not measure it."""

    label: str
    colour: str | None
    points: Points | None


@dataclass(frozen=True)
class _Row:
    """One entry of a widget's `metrics`."""

    parts: tuple[str, ...]
    options: Mapping[str, Any]

    @property
    def key(self) -> Key:
        namespace, name, *rest = self.parts
        return namespace, name, frozenset(zip(rest[::2], rest[1::2], strict=True))


def read_rows(properties: Mapping[str, Any]) -> list[_Row]:
    """Return the metrics and expressions of a metric widget."""
    rows = []
    for entry in properties["metrics"]:
        *parts, last = entry
        options = last if isinstance(last, dict) else {}
        rows.append(_Row(tuple(parts if options else entry), options))
    return rows


def series_of(
    properties: Mapping[str, Any], run: Measurements, span_seconds: float
) -> list[Series]:
    """Return what a metric widget shows of a run, a point every `span_seconds`."""
    rows = read_rows(properties)
    by_id = {
        row.options["id"]: _points(row, run, span_seconds)
        for row in rows
        if row.parts and "id" in row.options
    }
    shown = []
    for row in rows:
        if row.options.get("visible", True) is False:
            continue
        expression = row.options.get("expression")
        points = (
            _evaluate(expression, by_id, span_seconds)
            if expression
            else _points(row, run, span_seconds)
        )
        label = row.options.get("label") or row.parts[1]
        shown.append(Series(label, row.options.get("color"), points))
    return shown


def _points(row: _Row, run: Measurements, span_seconds: float) -> Points | None:
    samples = run.measured(row.key)
    if samples is None:
        return None
    spans: dict[float, list[float]] = {}
    for at, value in _within(samples, run):
        spans.setdefault(math.floor(at / span_seconds) * span_seconds, []).append(value)
    statistic = _STATISTICS[row.options.get("stat", "Average")]
    return {at: statistic(values) for at, values in sorted(spans.items())}


def _within(samples: Sequence[Sample], run: Measurements) -> list[Sample]:
    return [(at, value) for at, value in samples if run.began <= at <= run.ended]


def _evaluate(
    expression: str, by_id: Mapping[str, Points | None], span_seconds: float
) -> Points | None:
    if share := re.fullmatch(r"100 \* (\w+) / (\w+)", expression):
        part, whole = by_id[share[1]], by_id[share[2]]
        if part is None or whole is None:
            return None
        return {at: 100 * part.get(at, 0) / value for at, value in whole.items() if value}
    if rate := re.fullmatch(r"(\w+) / PERIOD\(\1\)", expression):
        total = by_id[rate[1]]
        return None if total is None else {at: one / span_seconds for at, one in total.items()}
    if together := re.fullmatch(r"SUM\(\[([\w, ]+)\]\)", expression):
        return _add_up([by_id[name] for name in together[1].split(", ")])
    raise ExpressionError(expression)


def _add_up(parts: Sequence[Points | None]) -> Points | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return {
        at: math.fsum(part.get(at, 0) for part in known)
        for at in sorted({at for part in known for at in part})
    }
