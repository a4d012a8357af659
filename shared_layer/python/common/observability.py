"""The one owner of logs, metrics and traces.

Logs are JSON lines with the request's id as `correlation_id`. They never hold bodies, tokens,
passwords, e-mail addresses or the text of unexpected exceptions (which may quote any of them).
"""

from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools import Tracer

__all__ = [
    "Metric",
    "count",
    "describe_exception",
    "flush_metrics",
    "load_tracer",
    "logger",
    "measure",
    "trace",
]

logger = Logger(use_rfc3339=True)


class Metric(StrEnum):
    """Every custom metric there is: the first ten are free, so each has to earn its place."""

    SIGN_UPS = "SignUps"
    SIGN_INS = "SignIns"
    SIGN_INS_REFUSED = "SignInsRefused"
    TOKENS_REFUSED = "TokensRefused"
    TOKENS_UNCHECKED = "TokensUnchecked"
    PREDICTIONS = "Predictions"
    PREDICTIONS_RECOGNISED = "PredictionsRecognised"
    INFERENCE_MILLISECONDS = "InferenceMilliseconds"
    UPSTREAM_CALLS = "UpstreamCalls"
    UPSTREAM_FAILURES = "UpstreamFailures"


def count(metric: Metric, amount: int = 1) -> None:
    """Add to a counter; it is written with the request's other metrics."""
    _metrics().add_metric(metric, MetricUnit.Count, amount)


def measure(metric: Metric, milliseconds: float) -> None:
    """Record a duration; it is written with the request's other metrics."""
    _metrics().add_metric(metric, MetricUnit.Milliseconds, milliseconds)


def flush_metrics() -> None:
    """Write what was counted as one line in CloudWatch's embedded metric format, if anything."""
    if _metrics().metric_set:
        _metrics().flush_metrics()


@cache
def _metrics() -> Metrics:
    return Metrics()


@contextmanager
def trace(name: str) -> Iterator[None]:
    """Time a step as a subsegment of the request's X-Ray trace, where tracing is on.

    Of an exception the trace gets the kind. X-Ray's own recording would take its text, in which
    SES names the recipient.
    """
    tracer = load_tracer()
    if tracer is None:
        yield
        return
    failure: BaseException | None = None
    with tracer.provider.in_subsegment(name=f"## {name}") as subsegment:
        try:
            yield
        except BaseException as error:  # noqa: BLE001 - raised again below
            failure = error
            if subsegment is not None:
                # X-Ray's, of which Powertools' protocol knows a part.
                subsegment.add_fault_flag()  # type: ignore[attr-defined]
                subsegment.put_annotation("failure", type(error).__name__)
    if failure is not None:
        raise failure


@cache
def load_tracer() -> Tracer | None:
    """Make the tracer where there is something to send to: on AWS, unless it is switched off.

    Elsewhere the X-Ray SDK would take longer to import than everything else together and send
    to nobody. Call it in the init phase, so that no request waits for the import.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" not in os.environ or os.environ.get(
        "POWERTOOLS_TRACE_DISABLED", ""
    ).lower() in {"1", "true"}:
        return None
    from aws_lambda_powertools import Tracer  # noqa: PLC0415 - see above

    return Tracer(auto_patch=False)


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Say what went wrong and where, without the exception's text: it may quote a user."""
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None:
        chain.append(type(current).__qualname__)
        current = current.__cause__
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"exception_chain": chain, "frames": frames}
