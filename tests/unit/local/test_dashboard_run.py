"""What the pictures of the dashboards take from a run: all of it measured, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from local.dashboards.measurements import Measurements, read_run
from local.dashboards.metrics import ExpressionError, series_of
from local.dashboards.processes import Peak, Start
from local.dashboards.recording import Recording
from local.dashboards.travellers import Exchange

NAME = "cv-location-classifier-local-predict"
GROUP = f"/aws/lambda/{NAME}"
BEGAN = 1_000.0
OWN = "CvLocationClassifier/local"


def report(milliseconds: float, request_id: str) -> str:
    return (
        f"REPORT RequestId: {request_id}\tDuration: {milliseconds} ms\tBilled Duration: 1 ms\t"
        "Memory Size: 512 MB\tMax Memory Used: 0 MB"
    )


def answered(milliseconds: float, request_id: str, *, cold: bool) -> str:
    line = {"message": "answered", "function_request_id": request_id, "cold_start": cold}
    return json.dumps({**line, "duration_ms": milliseconds})


EMBEDDED = json.dumps(
    {
        "_aws": {
            "Timestamp": 1_004_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": OWN,
                    "Dimensions": [["service"]],
                    "Metrics": [{"Name": "Predictions"}, {"Name": "PredictionsRecognised"}],
                }
            ],
        },
        "service": "predict",
        "Predictions": [1.0, 3.0],
        "PredictionsRecognised": [1.0],
    },
    separators=(",", ":"),
)
RECORDING = Recording(
    began=BEGAN,
    ended=BEGAN + 60,
    namespace=OWN,
    api_id="api",
    access_log_group="access",
    dashboards={},
    alarms={},
    events={
        GROUP: [
            # One from 1,000 to 1,004 s, with a cold start, and another within it.
            (1_002_000, answered(100, "R2", cold=False)),
            (1_002_000, report(1_000, "R2")),
            (1_004_000, answered(500, "R1", cold=True)),
            (1_004_000, EMBEDDED),
            (1_004_000, report(4_000, "R1")),
            (1_030_000, "Traceback (most recent call last):"),
            (1_030_000, report(10, "R3")),
        ]
    },
    exchanges=[
        Exchange(BEGAN + 1, "POST /predict", 200, 50.0),
        Exchange(BEGAN + 2, "POST /predict", 404, 5.0),
        Exchange(BEGAN + 30, "POST /predict", 503, 500.0),
    ],
    peaks=[Peak(BEGAN + 1, NAME, 100.0), Peak(BEGAN + 20, NAME, 250.0), Peak(BEGAN, "other", 9.0)],
    starts=[Start(BEGAN + 0.5, NAME)],
)


@pytest.fixture
def run() -> Measurements:
    return read_run(RECORDING)


def metric(*parts: str, **options: str) -> dict[str, Any]:
    return {"metrics": [[*parts, {"stat": "Sum", **options}]]}


def shown(run: Measurements, properties: dict[str, Any]) -> dict[float, float] | None:
    (series,) = series_of(properties, run, 10.0)
    return series.points


def test_invocations_are_counted_from_the_reports(run: Measurements) -> None:
    of = ("FunctionName", NAME)
    assert shown(run, metric("AWS/Lambda", "Invocations", *of)) == {1000: 2, 1030: 1}
    assert shown(run, metric("AWS/Lambda", "Errors", *of)) == {1000: 0, 1030: 1}
    assert shown(run, metric("AWS/Lambda", "Duration", *of, stat="p95")) == {1000: 4_000, 1030: 10}
    at_once = metric("AWS/Lambda", "ConcurrentExecutions", *of, stat="Maximum")
    assert shown(run, at_once) == {1000: 2, 1020: 1, 1030: 0}
    everywhere = metric("AWS/Lambda", "ConcurrentExecutions", stat="Maximum")
    assert shown(run, everywhere) == shown(run, at_once)


def init_durations(run: Measurements, group: str = GROUP) -> dict[str, float]:
    reports = [line for line in run.lines[group] if "@initDuration" in line]
    return {line["@requestId"]: line["@initDuration"] for line in reports}


def test_a_cold_start_took_what_was_beyond_the_handlers_own_time(run: Measurements) -> None:
    assert init_durations(run) == {"R1": 3_500}


def test_of_a_silent_function_the_longest_request_waited_for_the_new_process() -> None:
    silent = [(1_001_000, report(900, "R2")), (1_002_000, report(1_900, "R1"))]
    later = [(1_030_000, report(10, "R3"))]
    quiet = replace(RECORDING, events={GROUP: [*silent, *later]})
    assert init_durations(read_run(quiet)) == {"R1": 1_900}
    warm = replace(quiet, starts=[])
    assert init_durations(read_run(warm)) == {}


def test_memory_is_what_was_last_seen_and_not_what_the_report_says(run: Measurements) -> None:
    used = [line["@maxMemoryUsed"] for line in run.lines[GROUP] if "@maxMemoryUsed" in line]
    assert used == [100e6, 100e6, 250e6]


def test_memory_that_nobody_saw_is_not_there() -> None:
    unseen = replace(RECORDING, peaks=[])
    assert not any("@maxMemoryUsed" in line for line in read_run(unseen).lines[GROUP])


def test_the_clients_journal_stands_for_the_gateways_metrics_and_its_log(run: Measurements) -> None:
    of = ("ApiId", "api")
    assert shown(run, metric("AWS/ApiGateway", "Count", *of)) == {1000: 2, 1030: 1}
    assert shown(run, metric("AWS/ApiGateway", "4xx", *of)) == {1000: 1, 1030: 0}
    assert shown(run, metric("AWS/ApiGateway", "5xx", *of)) == {1000: 0, 1030: 1}
    assert shown(run, metric("AWS/ApiGateway", "Latency", *of, stat="p99")) == {1000: 50, 1030: 500}
    assert [line["status"] for line in run.lines["access"]] == ["200", "404", "503"]


def test_embedded_metrics_are_read_and_shares_computed(run: Measurements) -> None:
    part, whole = ("PredictionsRecognised", "a"), ("Predictions", "b")
    rows: list[list[Any]] = [
        [OWN, name, "service", "predict", {"stat": "Sum", "id": ident, "visible": False}]
        for name, ident in (part, whole)
    ]
    rows.append([{"expression": "100 * a / b", "label": "share"}])
    assert shown(run, {"metrics": rows}) == {1000: 25.0}


def test_a_rate_is_by_the_second(run: Measurements) -> None:
    rows = [
        ["AWS/Lambda", "Invocations", "FunctionName", NAME,
         {"stat": "Sum", "id": "m", "visible": False}],
        [{"expression": "m / PERIOD(m)", "label": "rate"}],
    ]  # fmt: skip
    assert shown(run, {"metrics": rows}) == {1000: 0.2, 1030: 0.1}


def test_what_the_local_cloud_does_not_measure_is_told_from_what_did_not_happen(
    run: Measurements,
) -> None:
    assert shown(run, metric("AWS/Lambda", "Throttles", "FunctionName", NAME)) is None
    assert shown(run, metric("AWS/DynamoDB", "ReadThrottleEvents", "TableName", "t")) is None
    assert shown(run, metric(OWN, "UpstreamCalls", "service", "describe")) == {}
    total = [
        ["AWS/DynamoDB", "SystemErrors", "TableName", "t", {"id": "e0", "visible": False}],
        [{"expression": "SUM([e0])", "label": "errors"}],
    ]
    assert shown(run, {"metrics": total}) is None


def test_an_expression_that_is_not_understood_is_refused(run: Measurements) -> None:
    with pytest.raises(ExpressionError):
        series_of({"metrics": [[{"expression": "FILL(m, 0)", "label": "x"}]]}, run, 10.0)
