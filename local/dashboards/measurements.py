"""What a local run measured: log lines with the fields that Insights finds, and metric samples.

What the local cloud offers of CloudWatch, as seen with ministack 1.5.33:

- Logs: every line that the functions wrote, and START, END and REPORT lines around them.
- No access log of the HTTP API and no metrics of it: the client's own journal stands for both.
- `AWS/Lambda` metrics of invocations through Lambda's API alone, none of those through the gateway:
  counted here from the REPORT lines.
- REPORT lines without an init duration. Of a cold start it is what the request took beyond the
  handler's own `duration_ms`, so that unpacking layers is in it.
- REPORT lines with the wrong memory: it is read from the processes (`processes`).
- Metrics in the embedded format stay log lines: they are read from there.
- No throttling, no consumed capacity, no metrics of the table: not measured.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.dashboards.insights import MEGABYTE, Fields, read_line
from local.dashboards.processes import INTERVAL_SECONDS
from local.dashboards.travellers import access_log_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from local.dashboards.processes import Peak
    from local.dashboards.recording import Event, Recording
    from local.dashboards.travellers import Exchange

Sample = tuple[float, float]
"""When (seconds since 1970), and how much."""
Key = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions of a metric."""

_SERVER_ERROR, _CLIENT_ERROR = 500, 400
# What can be told of a run at all, so that nothing seen is not the same as not looked for.
_TOLD = {
    "AWS/Lambda": {"Invocations", "Errors", "Duration", "ConcurrentExecutions"},
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency"},
}


@dataclass
class Measurements:
    """Everything that is known of a run."""

    began: float
    ended: float
    namespace: str
    """Of the functions' own metrics."""
    alarms: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The name and the state of each, by ARN."""
    lines: dict[str, list[Fields]] = field(default_factory=dict)
    """By log group, in time."""
    samples: dict[Key, list[Sample]] = field(default_factory=dict)

    def measured(self, key: Key) -> list[Sample] | None:
        """Return the samples of a metric; None if the local cloud does not measure it."""
        namespace, name, _ = key
        if namespace != self.namespace and name not in _TOLD.get(namespace, set()):
            return None
        return self.samples.get(key, [])

    def add(
        self, namespace: str, name: str, dimensions: Mapping[str, str], samples: Iterable[Sample]
    ) -> None:
        """Add samples of a metric."""
        key = (namespace, name, frozenset(dimensions.items()))
        self.samples.setdefault(key, []).extend(samples)


@dataclass(frozen=True)
class _Invocation:
    """One run of a function, from the lines that it ended with."""

    ended: float
    milliseconds: float
    crashed: bool


def read_run(recording: Recording) -> Measurements:
    """Return what the log lines and the client's journal of a run say."""
    run = Measurements(
        recording.began, recording.ended, recording.namespace, alarms=recording.alarms
    )
    everywhere: list[_Invocation] = []
    for group, logged in recording.events.items():
        name = group.removeprefix("/aws/lambda/")
        peaks = [one for one in recording.peaks if one.function == name]
        run.lines[group] = _lines_of(group, logged, peaks)
        _add_cold_starts(
            run.lines[group], [one.at for one in recording.starts if one.function == name]
        )
        invocations = _invocations_of(run.lines[group])
        everywhere += invocations
        _add_invocations(run, {"FunctionName": name}, invocations)
        _add_embedded(run, logged)
    run.add("AWS/Lambda", "ConcurrentExecutions", {}, _at_once(everywhere))
    _add_exchanges(run, recording.exchanges, recording.api_id, recording.access_log_group)
    return run


def _lines_of(group: str, logged: Sequence[Event], peaks: Sequence[Peak]) -> list[Fields]:
    lines: list[Fields] = []
    for at_ms, message in logged:
        line = read_line(message, at_ms, f"local:{group}")
        if line.get("@type") == "REPORT":
            line.pop("@maxMemoryUsed")
            before = [peak.megabytes for peak in peaks if peak.at * 1000 <= at_ms]
            if before:
                line["@maxMemoryUsed"] = before[-1] * MEGABYTE
        lines.append(line)
    return lines


def _add_cold_starts(lines: Sequence[Fields], starts: Sequence[float]) -> None:
    """Give the REPORTs of cold starts their init durations."""
    answered = [line for line in lines if line.get("message") == "answered"]
    handled_ms: dict[str, float] = {
        line["function_request_id"]: line["duration_ms"]
        for line in answered
        if line.get("cold_start") and "duration_ms" in line
    }
    reports = [line for line in lines if line.get("@type") == "REPORT"]
    cold = (
        [line for line in reports if line["@requestId"] in handled_ms]
        if answered
        else _started_for(reports, starts)
    )
    for line in cold:
        handled = handled_ms.get(line["@requestId"], 0.0)
        line["@initDuration"] = max(0.0, line["@duration"] - handled)


def _started_for(reports: Sequence[Fields], starts: Sequence[float]) -> list[Fields]:
    """Return the requests that processes were started for: of several, the one that took longest.

    For `authorizer`, which says nothing of a request that it lets pass.
    """
    cold: list[Fields] = []
    for start in sorted(starts):
        waiting = [
            line
            for line in reports
            if -line["@duration"] <= 1000 * start - line["@timestamp"] <= 1000 * INTERVAL_SECONDS
            and line not in cold
        ]
        if waiting:
            cold.append(max(waiting, key=lambda line: float(line["@duration"])))
    return cold


def _invocations_of(lines: Sequence[Fields]) -> list[_Invocation]:
    found, crashed = [], False
    for line in lines:
        if line["@message"].startswith("Traceback ") or "Task timed out" in line["@message"]:
            crashed = True
        if line.get("@type") == "REPORT":
            found.append(_Invocation(line["@timestamp"] / 1000, line["@duration"], crashed))
            crashed = False
    return found


def _add_invocations(
    run: Measurements, dimensions: Mapping[str, str], invocations: Sequence[_Invocation]
) -> None:
    values: dict[str, list[Sample]] = {
        "Invocations": [(one.ended, 1.0) for one in invocations],
        "Errors": [(one.ended, float(one.crashed)) for one in invocations],
        "Duration": [(one.ended, one.milliseconds) for one in invocations],
        "ConcurrentExecutions": _at_once(invocations),
    }
    for name, samples in values.items():
        run.add("AWS/Lambda", name, dimensions, samples)


def _at_once(invocations: Sequence[_Invocation]) -> list[Sample]:
    """Return how many ran at once, whenever that changed."""
    changes = sorted(
        [(one.ended - one.milliseconds / 1000, 1) for one in invocations]
        + [(one.ended, -1) for one in invocations]
    )
    running, samples = 0, []
    for at, change in changes:
        running += change
        samples.append((at, float(running)))
    return samples


def _add_embedded(run: Measurements, logged: Sequence[Event]) -> None:
    """Add the metrics that are log lines in the embedded format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    for _, message in logged:
        if not message.startswith('{"_aws"'):
            continue
        document: dict[str, Any] = json.loads(message)
        at = document["_aws"]["Timestamp"] / 1000
        for directive in document["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = {name: document[name] for name in names}
                for metric in directive["Metrics"]:
                    values = [(at, value) for value in document[metric["Name"]]]
                    run.add(directive["Namespace"], metric["Name"], dimensions, values)


def _add_exchanges(
    run: Measurements, exchanges: Sequence[Exchange], api_id: str, access_log_group: str
) -> None:
    ordered = sorted(exchanges, key=lambda one: one.at)
    run.lines[access_log_group] = [
        read_line(access_log_line(one), math.floor(one.at * 1000), f"local:{access_log_group}")
        for one in ordered
    ]
    ours = [(one.at, float(one.status >= _SERVER_ERROR)) for one in ordered]
    theirs = [(one.at, float(_CLIENT_ERROR <= one.status < _SERVER_ERROR)) for one in ordered]
    values = {
        "Count": [(one.at, 1.0) for one in ordered],
        "4xx": theirs,
        "5xx": ours,
        "Latency": [(one.at, one.latency_ms) for one in ordered],
    }
    for name, samples in values.items():
        run.add("AWS/ApiGateway", name, {"ApiId": api_id}, samples)
