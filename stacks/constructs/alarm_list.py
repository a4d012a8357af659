"""The alarms: what each asks, from when on the answer is bad, and where to look first.

Ten alarms are free, and one over an expression is billed for every metric in it: each of these
watches a single metric, so that ten are ten. None is raised by one bad request on a quiet day, and
where no requests come, no data is good news. What nobody has to act on is on the dashboards alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

if TYPE_CHECKING:
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from aws_cdk import aws_dynamodb as dynamodb

FREE_ALARMS = 10

_FIVE_MINUTES = cdk.Duration.minutes(5)
_QUARTER_HOUR = cdk.Duration.minutes(15)
_HOUR = cdk.Duration.hours(1)

# In five minutes, twice within a quarter of an hour: five requests fail when something is broken,
# one or two when a container dies.
SERVER_ERRORS = 5
# `describe` may take 24 s and the gateway gives up after 30: only what is about to fail is slower.
SLOW_MILLISECONDS = 25_000
# The gateway remembers a refusal for five minutes, so that a locked-out user counts once in five
# minutes: with few users even one is much, but only if it happens again within the hour.
UNCHECKED_TOKENS = 1
# In a quarter of an hour: one photo that kills the function, sent again, is two.
PREDICT_ERRORS = 3
# As many requests as make the API's errors an alarm.
THROTTLED_INVOCATIONS = 5
# The table is tried three times before a user gets a 503: this is five users.
THROTTLED_TABLE_CALLS = 15
# In an hour, twice within six. Of 1,000 calls a month 33 come on a day; photos are still described,
# only by us.
UPSTREAM_FAILURES = 5
# In a quarter of an hour, twice in a row, answers to attempts that come too soon among them. One
# network may fail 50 times in an hour (`sign_in_failures_per_network`); people do not go on then.
REFUSED_SIGN_INS = 100
# In an hour, twice in a row: at this rate a month's free million of requests lasts two days. A
# million spread over the month is 1,400 an hour.
MUCH_TRAFFIC = 20_000


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One question. It is raised when `datapoints` of the last `periods` reach the threshold."""

    name: str
    """Also the anchor of its section in docs/runbook.md."""
    means: str
    look_first: str
    metric: cloudwatch.Metric
    threshold: float
    datapoints: int
    periods: int

    def describe(self, runbook: str) -> str:
        """Return what the mail says below the alarm's name; `runbook` is where it can be read."""
        return f"{self.means} Look first: {self.look_first} Then {runbook}#{self.name}"


def alarms_of(
    api: apigatewayv2.HttpApi, table: dynamodb.ITable, predict: lambda_.IFunction, namespace: str
) -> list[Alarm]:
    """Return the alarms over the gateway, the functions and the table, most urgent first.

    In `namespace` is what the functions count themselves.
    """
    return [
        *_of_the_gateway(api, namespace),
        *_of_the_functions(predict, namespace),
        *_of_the_table(table),
        *_of_what_is_abused(api, namespace),
    ]


def _of_the_gateway(api: apigatewayv2.HttpApi, namespace: str) -> list[Alarm]:
    return [
        Alarm(
            name="server-errors",
            means="The API answers requests with 5xx.",
            look_first="which function's errors rise with it, on the overview dashboard.",
            metric=api.metric_server_error(period=_FIVE_MINUTES, statistic="Sum"),
            threshold=SERVER_ERRORS,
            datapoints=2,
            periods=3,
        ),
        Alarm(
            name="locked-out",
            means="Tokens cannot be checked: signed-in users are refused everywhere.",
            look_first="'signing keys not read' in the log of the authorizer, and make show-keys.",
            metric=_counted(namespace, "TokensUnchecked", "authorizer", _FIVE_MINUTES),
            threshold=UNCHECKED_TOKENS,
            datapoints=2,
            periods=12,
        ),
        Alarm(
            name="slow-answers",
            means="One answer in a hundred takes as long as the gateway waits.",
            look_first="whose duration is near its limit: predict or describe, on the dashboards.",
            metric=api.metric_latency(period=_FIVE_MINUTES, statistic="p99"),
            threshold=SLOW_MILLISECONDS,
            datapoints=3,
            periods=3,
        ),
    ]


def _of_the_functions(predict: lambda_.IFunction, namespace: str) -> list[Alarm]:
    return [
        Alarm(
            name="predict-failing",
            means="predict crashes, runs out of memory or of time; describe falls back to less.",
            look_first="the last REPORT and 'Task timed out' lines in its log.",
            metric=predict.metric_errors(period=_QUARTER_HOUR, statistic="Sum"),
            threshold=PREDICT_ERRORS,
            datapoints=1,
            periods=1,
        ),
        Alarm(
            name="no-capacity",
            means="The account's concurrent executions are used up: functions are not started.",
            look_first="concurrency, on the overview dashboard: one function, or all?",
            metric=lambda_.Function.metric_all_throttles(period=_FIVE_MINUTES, statistic="Sum"),
            threshold=THROTTLED_INVOCATIONS,
            datapoints=2,
            periods=3,
        ),
        Alarm(
            name="upstream-failing",
            means="The remote model fails and photos are described by us. It can wait.",
            look_first="the outcome of 'upstream call' lines in the log of describe.",
            metric=_counted(namespace, "UpstreamFailures", "describe", _HOUR),
            threshold=UPSTREAM_FAILURES,
            datapoints=2,
            periods=6,
        ),
    ]


def _of_the_table(table: dynamodb.ITable) -> list[Alarm]:
    return [
        Alarm(
            name=f"table-{kind}s-throttled",
            means=f"The table refuses {kind}s beyond its capacity: users get 503.",
            look_first=f"consumed against provisioned {kind} units on the overview dashboard.",
            metric=table.metric(metric_name, period=_FIVE_MINUTES, statistic="Sum"),
            threshold=THROTTLED_TABLE_CALLS,
            datapoints=2,
            periods=3,
        )
        for kind, metric_name in (("read", "ReadThrottleEvents"), ("write", "WriteThrottleEvents"))
    ]


def _of_what_is_abused(api: apigatewayv2.HttpApi, namespace: str) -> list[Alarm]:
    return [
        Alarm(
            name="password-guessing",
            means="Somebody tries passwords, and goes on when told to wait.",
            look_first="who gets 401 and 429 on /auth/login, in the access log of the API.",
            metric=_counted(namespace, "SignInsRefused", "auth", _QUARTER_HOUR),
            threshold=REFUSED_SIGN_INS,
            datapoints=2,
            periods=2,
        ),
        Alarm(
            name="much-traffic",
            means="So many requests that the free amounts are gone within days.",
            look_first="routes and source addresses, in the access log of the API.",
            metric=api.metric_count(period=_HOUR, statistic="Sum"),
            threshold=MUCH_TRAFFIC,
            datapoints=2,
            periods=2,
        ),
    ]


def _counted(
    namespace: str, metric_name: str, service: str, period: cdk.Duration
) -> cloudwatch.Metric:
    """Return a metric that the functions count themselves (`common/observability.py`)."""
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric_name,
        dimensions_map={"service": service},
        period=period,
        statistic="Sum",
    )
