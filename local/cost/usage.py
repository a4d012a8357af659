"""How much of everything a month uses: a deployment, its traffic, and what a request takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.observability import Metric
from local.cost.traffic import KEPT_WARM_MINUTES, REQUESTS_A_CHECK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.cost.measured import Measurements, Request
    from local.cost.templates import Deployment
    from local.cost.traffic import Mix

HOURS_A_MONTH = 730
MINUTES_A_MONTH = HOURS_A_MONTH * 60
SECONDS_A_MONTH = MINUTES_A_MONTH * 60
GB = 1024**3
# The gateway counts a request once for each of these.
METERED_BYTES = 512 * 1024
# START, END and REPORT of one invocation, and the gateway's line; each event is counted with 26
# bytes on top (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html).
PLATFORM_LOG_BYTES = 350
PLATFORM_LOG_LINES = 3
ACCESS_LOG_BYTES = 550
EVENT_BYTES = 26
# Headers that an answer has besides its body.
HEADER_BYTES = 500
# Somebody who opens the page asks the API for this much: signs in, has a photo named and described,
# looks at places, keeps a trip.
REQUESTS_A_VISIT = 10
# CloudFront asks S3 each time whether these are still the same: the entry and what it reads first.
ASKED_FOR_A_VISIT = 2
# Somebody looks at the dashboards once a day, at three hours each.
LOOKS_A_MONTH = 30
HOURS_LOOKED_AT = 3
ALARM_MAILS_A_MONTH = 20
# X-Ray records the first request in a second and one in twenty of the others; of a function's
# sampling nothing can be set (https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html).
TRACED_OF_THE_REST = 0.05
# Those with secrets read them anew every five minutes, while they are called.
READERS_OF_SECRETS = 3
SECRETS_READ_MINUTES = 5


@dataclass(frozen=True)
class Call:
    """A kind of invocation and how many of them there are."""

    request: Request
    times: float
    through_gateway: bool


def monthly_usage(
    deployment: Deployment, mix: Mix, requests: float, measured: Measurements
) -> dict[str, float]:
    """Return what one environment uses in a month, by the names of the price table's items.

    Requests come evenly over the month. Clusters, as people make them, start functions less often
    between and more often at once.

    Raises `KeyError` when the mix has a route that was not measured.
    """
    calls = list(_calls(mix, requests, measured))
    invocations = sum(call.times for call in calls)
    log_gb = _log_gb(calls)
    usage = {
        "lambda_requests": invocations,
        **_by_processor(deployment, _compute(deployment, calls, measured)),
        "http_api_requests": sum(
            call.times * _metered(call.request) for call in calls if call.through_gateway
        ),
        **_table(deployment, calls, measured, requests),
        "s3_storage_gb_months": measured.packages_gb,
        # A form is used once, and what it brought is read once.
        "s3_writes": requests * mix.shares.get("POST /uploads", 0),
        "s3_reads": requests * mix.shares.get("POST /uploads", 0),
        "ses_mails": sum(call.times * call.request.work.calls.get("sesv2", 0) for call in calls),
        "ecr_storage_gb_months": measured.image_gb,
        "cloudwatch_dashboards": sum(page.may_be_free for page in deployment.dashboards),
        "cloudwatch_large_dashboards": sum(not page.may_be_free for page in deployment.dashboards),
        "cloudwatch_alarm_metrics": deployment.alarm_metrics,
        "cloudwatch_custom_metrics": len(Metric) if requests else 0,
        "logs_ingested_gb": log_gb,
        "logs_stored_gb_months": log_gb * deployment.log_retention_days / 30,
        "logs_scanned_gb": _scanned_gb(deployment, log_gb),
        "xray_traces": traces(invocations) if deployment.traced else 0,
        "kms_requests": min(
            invocations,
            READERS_OF_SECRETS * MINUTES_A_MONTH / SECRETS_READ_MINUTES,
        ),
        "transfer_out_gb": sum(
            call.times * (call.request.answered_bytes + HEADER_BYTES)
            for call in calls
            if call.through_gateway
        )
        / GB,
        "sns_mails": ALARM_MAILS_A_MONTH if deployment.alarm_metrics else 0,
    }
    return add_up([usage, _web(measured, requests)]) if deployment.hosts_web else usage


def _web(measured: Measurements, requests: float) -> dict[str, float]:
    """Return what the page adds, if all requests come from it and every visit is a first one."""
    page, visits = measured.page, requests / REQUESTS_A_VISIT
    return {
        "cloudfront_requests": visits * page.files,
        "cloudfront_gb": visits * (page.compressed_bytes + page.files * HEADER_BYTES) / GB,
        "s3_reads": visits * ASKED_FOR_A_VISIT,
        "s3_storage_gb_months": page.bytes / GB,
        # Browsers ask first whether they may, and the gateway counts that as a request.
        "http_api_requests": requests,
    }


def add_up(usages: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return what several environments use together."""
    together: dict[str, float] = {}
    for usage in usages:
        for item, quantity in usage.items():
            together[item] = together.get(item, 0) + quantity
    return together


def _calls(mix: Mix, requests: float, measured: Measurements) -> Iterable[Call]:
    authorised = 0.0
    described = 0.0
    for route, share in mix.shares.items():
        request = measured.requests[route]
        times = requests * share
        yield Call(request, times, through_gateway=True)
        authorised += times * request.authorised
        described += times * request.work.calls.get("lambda", 0)
    checked = measured.requests["authorizer"]
    yield Call(checked, authorised / REQUESTS_A_CHECK, through_gateway=False)
    yield Call(measured.requests["predict for describe"], described, through_gateway=False)


def gb_seconds_of(
    deployment: Deployment, mix: Mix, requests: float, measured: Measurements
) -> dict[str, float]:
    """Return the GB-seconds that Lambda bills in a month, by function."""
    return _compute(deployment, list(_calls(mix, requests, measured)), measured)


def _compute(deployment: Deployment, calls: list[Call], measured: Measurements) -> dict[str, float]:
    seconds = dict.fromkeys(measured.starts, 0.0)
    waits_ms = _billed_ms(deployment, measured, "predict for describe")
    for call in calls:
        request = call.request
        milliseconds = request.work.billed_ms(
            deployment.functions[request.function], measured.threads.get(request.function, 1)
        ) + waits_ms * request.work.calls.get("lambda", 0)
        seconds[request.function] += call.times * _gb_seconds(
            deployment, request.function, milliseconds
        )
    for name, times in _invocations(calls).items():
        milliseconds = measured.starts[name].billed_ms(deployment.functions[name], 1)
        seconds[name] += times * cold_share(times) * _gb_seconds(deployment, name, milliseconds)
    return seconds


def _by_processor(deployment: Deployment, seconds: Mapping[str, float]) -> dict[str, float]:
    together = {"lambda_arm_gb_seconds": 0.0, "lambda_x86_gb_seconds": 0.0}
    for name, one in seconds.items():
        arm = deployment.functions[name].arm
        together["lambda_arm_gb_seconds" if arm else "lambda_x86_gb_seconds"] += one
    return together


def _invocations(calls: Iterable[Call]) -> dict[str, float]:
    together: dict[str, float] = {}
    for call in calls:
        name = call.request.function
        together[name] = together.get(name, 0) + call.times
    return together


def _billed_ms(deployment: Deployment, measured: Measurements, what: str) -> int:
    request = measured.requests[what]
    threads = measured.threads.get(request.function, 1)
    return request.work.billed_ms(deployment.functions[request.function], threads)


def _gb_seconds(deployment: Deployment, name: str, milliseconds: float) -> float:
    return deployment.functions[name].memory_mb / 1024 * milliseconds / 1000


def cold_share(invocations: float) -> float:
    """Return the share of a month's invocations that nobody came before for too long.

    They come at random, evenly over the month: the time between two is exponential.
    """
    return math.exp(-invocations / MINUTES_A_MONTH * KEPT_WARM_MINUTES)


def traces(invocations: float) -> float:
    """Return how many of a month's invocations X-Ray records, if they come at random."""
    a_second = invocations / SECONDS_A_MONTH
    first = 1 - math.exp(-a_second)
    return SECONDS_A_MONTH * (first + TRACED_OF_THE_REST * (a_second - first))


def _metered(request: Request) -> int:
    return max(1, math.ceil(request.sent_bytes / METERED_BYTES))


def _table(
    deployment: Deployment, calls: list[Call], measured: Measurements, requests: float
) -> dict[str, float]:
    storage = {"dynamodb_storage_gb_months": requests * measured.table_bytes_a_request / GB}
    if not deployment.on_demand:
        return storage | {
            "dynamodb_read_units": deployment.read_units,
            "dynamodb_write_units": deployment.write_units,
        }
    # Half of the calls read: transactions count twice, and most others once.
    accesses = sum(call.times * call.request.work.calls.get("dynamodb", 0) for call in calls)
    return storage | {
        "dynamodb_on_demand_reads": accesses,
        "dynamodb_on_demand_writes": accesses,
    }


def _log_gb(calls: list[Call]) -> float:
    total = 0.0
    for call in calls:
        own = call.request.log_bytes + call.request.log_lines * EVENT_BYTES
        platform = PLATFORM_LOG_BYTES + PLATFORM_LOG_LINES * EVENT_BYTES
        access = ACCESS_LOG_BYTES + EVENT_BYTES if call.through_gateway else 0
        total += call.times * (own + platform + access)
    return total / GB


def _scanned_gb(deployment: Deployment, log_gb: float) -> float:
    """Return what the dashboards' queries read: each, at worst, every log of the hours shown."""
    queries = sum(dashboard.log_queries for dashboard in deployment.dashboards)
    return log_gb * HOURS_LOOKED_AT / HOURS_A_MONTH * queries * LOOKS_A_MONTH
