"""The page to open first: the gateway, every function at once, the account, and the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.constructs.dashboards.charts import (
    BLUE,
    FIFTH,
    GREY,
    HALF,
    ORANGE,
    PERIOD,
    QUARTER,
    RED,
    SIXTH,
    THIRD,
    VIOLET,
    Source,
    graph,
    limit,
    log_chart,
)
from stacks.constructs.dashboards.queries import API_FAILURES, API_ROUTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stacks.constructs.dashboards.rows import Row, Watched
    from stacks.settings import Settings

# API Gateway gives an integration this long.
INTEGRATION_TIMEOUT_SECONDS = 30
# What `common/table.py` calls.
OPERATIONS = (
    *("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
    *("TransactWriteItems", "BatchWriteItem"),
)
TIMED_OPERATIONS = ("GetItem", "Query", "UpdateItem", "TransactWriteItems")
INDEX = "labels"


@dataclass(frozen=True)
class Gateway:
    """The HTTP API, by what its metrics and its log go by."""

    api_id: str
    access_log_group: str

    @property
    def metrics(self) -> Source:
        """See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html."""
        return Source("AWS/ApiGateway", {"ApiId": self.api_id})


def api_rows(gateway: Gateway) -> list[Row]:
    """Return what callers see of the service."""
    metrics = gateway.metrics
    bad = [
        metrics.metric("4xx", "Sum", "4xx: the caller's", ORANGE),
        metrics.metric("5xx", "Sum", "5xx: ours", RED),
    ]
    return [
        [
            graph("API: requests", [metrics.metric("Count", "Sum", "requests", BLUE)], width=THIRD),
            graph("API: refused (4xx) and failed (5xx)", bad, width=THIRD),
            graph(
                "API: latency (ms)",
                metrics.percentiles("Latency"),
                limits=[
                    limit(
                        INTEGRATION_TIMEOUT_SECONDS * 1_000,
                        f"given up after {INTEGRATION_TIMEOUT_SECONDS} s",
                    )
                ],
                width=THIRD,
            ),
        ],
        [
            log_chart(query, [gateway.access_log_group], width=HALF, height=8)
            for query in (API_ROUTES, API_FAILURES)
        ],
    ]


def functions_row(watched: Sequence[Watched], *, account_concurrency: int) -> Row:
    """Return which function it is, and whether the account has come to its limit."""
    account = Source("AWS/Lambda", {})

    def each(name: str) -> list[cloudwatch.IMetric]:
        return [one.lambda_metrics.metric(name, "Sum", one.name) for one in watched]

    return [
        graph("Functions: invocations", each("Invocations"), width=QUARTER),
        graph("Functions: crashes", each("Errors"), width=QUARTER),
        graph("Functions: throttles", each("Throttles"), width=QUARTER),
        graph(
            "Account: functions running at once",
            [account.metric("ConcurrentExecutions", "Maximum", "at once", BLUE)],
            limits=[limit(account_concurrency, f"limit, {account_concurrency}")],
            width=QUARTER,
        ),
    ]


def table_row(table_name: str, settings: Settings) -> Row:
    """Return what is used of the table's capacity, and how it answers."""
    table = Source("AWS/DynamoDB", {"TableName": table_name})
    index = Source("AWS/DynamoDB", {"TableName": table_name, "GlobalSecondaryIndexName": INDEX})
    latencies = [
        _operation(table_name, name).metric("SuccessfulRequestLatency", "Average", name)
        for name in TIMED_OPERATIONS
    ]
    throttled = [
        table.metric("ReadThrottleEvents", "Sum", "reads", BLUE),
        table.metric("WriteThrottleEvents", "Sum", "writes", ORANGE),
        index.metric("ReadThrottleEvents", "Sum", f"{INDEX}: reads", VIOLET),
        index.metric("WriteThrottleEvents", "Sum", f"{INDEX}: writes", RED),
    ]
    return [
        _capacity("Table: reads a second", "Read", table, index, settings),
        _capacity("Table: writes a second", "Write", table, index, settings),
        graph("Table: throttled", throttled, width=SIXTH),
        graph("Table: DynamoDB's errors", [_system_errors(table_name)], width=SIXTH),
        graph("Table: latency (ms, average)", latencies, width=QUARTER),
    ]


def _operation(table_name: str, operation: str) -> Source:
    return Source("AWS/DynamoDB", {"TableName": table_name, "Operation": operation})


def _capacity(
    title: str, kind: str, table: Source, index: Source, settings: Settings
) -> cloudwatch.GraphWidget:
    """Return what is consumed a second against what is provisioned, where anything is."""
    name = f"Consumed{kind}CapacityUnits"
    used = [
        _per_second(table.metric(name, "Sum", "table"), "table", BLUE),
        _per_second(index.metric(name, "Sum", INDEX), INDEX, GREY),
    ]
    of_table, of_index = (
        (settings.table_read_capacity, settings.labels_read_capacity)
        if kind == "Read"
        else (settings.table_write_capacity, settings.labels_write_capacity)
    )
    limits = [
        limit(of_table, f"table, {of_table} provisioned"),
        limit(of_index, f"{INDEX}, {of_index}"),
    ]
    provisioned = settings.table_billing == "provisioned"
    return graph(title, used, limits=limits if provisioned else (), width=FIFTH)


def _per_second(metric: cloudwatch.Metric, name: str, colour: str) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression=f"{name} / PERIOD({name})",
        using_metrics={name: metric},
        label=name,
        color=colour,
        period=PERIOD,
    )


def _system_errors(table_name: str) -> cloudwatch.MathExpression:
    by_operation: Mapping[str, cloudwatch.IMetric] = {
        f"e{number}": _operation(table_name, name).metric("SystemErrors", "Sum", name)
        for number, name in enumerate(OPERATIONS)
    }
    return cloudwatch.MathExpression(
        expression=f"SUM([{', '.join(by_operation)}])",
        using_metrics=by_operation,
        label="system errors",
        color=RED,
        period=PERIOD,
    )
