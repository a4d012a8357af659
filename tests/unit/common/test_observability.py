"""Logs, metrics and traces: enough to find a fault, and nothing about anybody."""

from __future__ import annotations

import json

import pytest

from common import observability
from common.observability import (
    Metric,
    count,
    describe_exception,
    flush_metrics,
    load_tracer,
    measure,
    trace,
)


def test_the_metrics_stay_within_the_ten_that_are_free() -> None:
    assert len(Metric) <= 10


def test_what_is_counted_is_written_once_in_the_embedded_format(
    capsys: pytest.CaptureFixture[str],
) -> None:
    count(Metric.PREDICTIONS, 2)
    measure(Metric.INFERENCE_MILLISECONDS, 12.5)
    flush_metrics()
    flush_metrics()
    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "CvLocationClassifier"
    # As the dashboards and alarms ask for them: any more would be other metrics, which cost.
    assert directive["Dimensions"] == [["service"]]
    assert written["service"] == "unit-tests"
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == {
        "Predictions": "Count",
        "InferenceMilliseconds": "Milliseconds",
    }
    assert written["Predictions"] == [2.0]


def test_nothing_counted_is_nothing_written(capsys: pytest.CaptureFixture[str]) -> None:
    flush_metrics()
    assert capsys.readouterr().out == ""


def test_outside_lambda_a_step_is_simply_done() -> None:
    with trace("step"):
        done = True
    assert done
    assert load_tracer() is None


def test_tracing_can_be_switched_off_on_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
    observability.load_tracer.cache_clear()
    assert load_tracer() is None


def test_an_exception_is_described_by_kind_and_place_and_not_by_its_text() -> None:
    def fail() -> None:
        try:
            int(secret)
        except ValueError as error:
            raise KeyError(secret) from error

    secret = "ada@example.com"
    with pytest.raises(KeyError) as raised:
        fail()
    description = describe_exception(raised.value)
    assert description["exception_chain"] == ["KeyError", "ValueError"]
    assert any(frame.endswith(" fail") for frame in description["frames"])
    assert secret not in repr(description)
