"""What every function is shown by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.constructs.dashboards.charts import (
    BLUE,
    FULL,
    HALF,
    ORANGE,
    QUARTER,
    RED,
    Source,
    graph,
    limit,
    log_chart,
)
from stacks.constructs.dashboards.queries import (
    ANSWERS,
    COLD_START_TIME,
    COLD_STARTS,
    MEMORY,
    PROBLEMS,
    ROUTES,
    STARTS_AND_MEMORY,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch

    from stacks.constructs.service_function import ServiceFunction

Row = list["cloudwatch.IWidget"]


@dataclass(frozen=True)
class Watched:
    """A function and what there is to know of it."""

    name: str
    function: ServiceFunction
    namespace: str
    account_concurrency: int

    @property
    def lambda_metrics(self) -> Source:
        """What Lambda measures: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html."""
        return Source("AWS/Lambda", {"FunctionName": self.function.function_name})

    @property
    def own_metrics(self) -> Source:
        """What the function counts itself (`common.observability.Metric`)."""
        return Source(self.namespace, {"service": self.name})

    @property
    def log_group(self) -> str:
        """The name of its log group."""
        return self.function.log_group_name


def vital_signs(watched: Watched) -> Row:
    """Return traffic, faults, time and concurrency, from metrics: looking at them is free."""
    metrics = watched.lambda_metrics
    seconds = watched.function.timeout_seconds
    return [
        graph(
            f"{watched.name}: invocations",
            [metrics.metric("Invocations", "Sum", "invocations", BLUE)],
            width=QUARTER,
        ),
        graph(
            f"{watched.name}: crashes and throttles",
            [
                metrics.metric("Errors", "Sum", "errors", RED),
                metrics.metric("Throttles", "Sum", "throttles", ORANGE),
            ],
            width=QUARTER,
        ),
        graph(
            f"{watched.name}: duration (ms)",
            metrics.percentiles("Duration"),
            limits=[limit(seconds * 1_000, f"timeout, {seconds} s")],
            width=QUARTER,
        ),
        graph(
            f"{watched.name}: running at once",
            [metrics.metric("ConcurrentExecutions", "Maximum", "at once", BLUE)],
            limits=[limit(watched.account_concurrency, "the whole account's limit")],
            width=QUARTER,
        ),
    ]


def logged_signs(watched: Watched) -> Row:
    """Return problems answered, cold starts and memory, from the function's own logs."""
    groups = [watched.log_group]
    return [
        log_chart(query, groups, width=QUARTER)
        for query in (ANSWERS, COLD_STARTS, COLD_START_TIME, MEMORY)
    ]


def answers_and_problems(watched: Sequence[Watched]) -> Row:
    """Return what was answered, and the lines that say what went wrong."""
    groups = [one.log_group for one in watched]
    return [
        log_chart(ROUTES, groups, width=HALF, height=7),
        log_chart(PROBLEMS, groups, width=HALF, height=7),
    ]


def starts_and_memory(watched: Sequence[Watched]) -> Row:
    """Return cold starts and memory of several functions as one table."""
    return [log_chart(STARTS_AND_MEMORY, [one.log_group for one in watched], width=FULL)]
