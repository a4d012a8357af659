"""What the dashboards ask of the logs, as CloudWatch Logs Insights has it.

Lambda writes its own lines as text: of a line that begins with REPORT, Insights knows `@type`,
`@initDuration` (on a cold start alone, in milliseconds), `@maxMemoryUsed` and `@memorySize` (in
bytes). The functions write JSON, of which it knows every field by its name:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html

`count(field)` counts the lines that have the field. Nothing here compares true with false, which
Insights does not say how to do. Queries in time have one `bin` and nothing else to group by: those
are the ones that can be drawn as lines.

Nothing of AWS is imported: the tests of the functions ask these of the lines that they write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

View = Literal["table", "line", "bar"]

REPORTS = 'filter @type = "REPORT"'
ANSWERED = 'filter message = "answered"'


@dataclass(frozen=True)
class LogQuery:
    """One question: its commands, and how the answer is drawn."""

    title: str
    commands: tuple[str, ...]
    view: View = "table"

    @property
    def text(self) -> str:
        """The query as Insights reads it."""
        return "\n| ".join(self.commands)


ANSWERS = LogQuery(
    "Answers, and how many of them were problems",
    (
        ANSWERED,
        "stats count(*) as answers, count(refusal) as refused, count(failure) as failed by bin(5m)",
    ),
    "line",
)
COLD_STARTS = LogQuery(
    "Cold starts",
    (REPORTS, "stats count(@initDuration) as cold_starts by bin(5m)"),
    "bar",
)
COLD_START_TIME = LogQuery(
    "Time of a cold start (ms)",
    (
        "filter ispresent(@initDuration)",
        "stats pct(@initDuration, 50) as median_ms, max(@initDuration) as slowest_ms by bin(5m)",
    ),
    "line",
)
MEMORY = LogQuery(
    "Memory (MB)",
    (
        REPORTS,
        (
            "stats max(@maxMemoryUsed / 1000000) as used_mb, max(@memorySize / 1000000) as size_mb"
            " by bin(5m)"
        ),
    ),
    "line",
)
ROUTES = LogQuery(
    "What was answered",
    (
        ANSWERED,
        "fields coalesce(failure, refusal) as problem",
        "stats count(*) as answers, pct(duration_ms, 95) as p95_ms by route, status, problem",
        "sort answers desc",
        "limit 15",
    ),
)
PROBLEMS = LogQuery(
    "Recent errors and warnings (correlation_id is the request_id of the answer)",
    (
        (
            'filter level = "ERROR" or level = "WARNING" or ispresent(failure)'
            " or @message like /Task timed out|Status: timeout|Runtime exited|\\[ERROR\\]/"
        ),
        (
            "fields @timestamp, level, coalesce(message, @message) as what,"
            " coalesce(exception_chain.0, failure, reason, outcome) as why, correlation_id"
        ),
        "sort @timestamp desc",
        "limit 20",
    ),
)
STARTS_AND_MEMORY = LogQuery(
    "Cold starts and memory, by function",
    (
        REPORTS,
        (
            "stats count(*) as invocations, count(@initDuration) as cold_starts,"
            " max(@initDuration) as slowest_start_ms, max(@maxMemoryUsed / 1000000) as used_mb,"
            " max(@memorySize / 1000000) as size_mb by @log"
        ),
        "sort invocations desc",
    ),
)
# What every function's page shows of its log group.
OF_EVERY_FUNCTION = (ANSWERS, COLD_STARTS, COLD_START_TIME, MEMORY, ROUTES, PROBLEMS)

CONFIDENCE = LogQuery(
    "How sure it was",
    ('filter message = "identified"', "stats count(*) as photos by verdict, confidence_level"),
    "bar",
)
PHOTO_SOURCES = LogQuery(
    "From memory or by the network, and which model",
    (
        'filter message = "identified"',
        (
            "stats count(*) as photos, pct(photo_ms, 50) as median_ms, pct(photo_ms, 95) as p95_ms"
            " by answered_by, model_version"
        ),
    ),
)
DESCRIPTIONS = LogQuery(
    "Who described, and why not a model",
    ('filter message = "described"', "stats count(*) as descriptions by answered_by, reason"),
    "bar",
)
UPSTREAM = LogQuery(
    "Calls of remote models, by outcome",
    (
        'filter message = "upstream call"',
        "stats count(*) as calls, pct(duration_ms, 95) as p95_ms by outcome, model",
        "sort calls desc",
    ),
)
BUDGET = LogQuery(
    "Calls left of the month's budget",
    (
        "filter ispresent(budget_remaining)",
        "stats min(budget_remaining) as calls_left by bin(5m)",
    ),
    "line",
)
SIGN_INS = LogQuery(
    "Sign-ins, by how they ended",
    (
        ANSWERED,
        'filter route = "POST /auth/login"',
        "fields coalesce(failure, refusal, message) as ended",
        "stats count(*) as attempts by ended",
    ),
    "bar",
)
QUERY_TIME = LogQuery(
    "Time of a recommendation (ms)",
    (
        "filter ispresent(results)",
        (
            "stats pct(duration_ms, 50) as median_ms, pct(duration_ms, 95) as p95_ms,"
            " max(duration_ms) as slowest_ms by bin(5m)"
        ),
    ),
    "line",
)
EMPTY_RESULTS = LogQuery(
    "Recommendations without a place",
    ("filter results = 0", "stats count(*) as empty by bin(5m)"),
    "bar",
)
RESULTS = LogQuery(
    "What was recommended",
    (
        "filter ispresent(results)",
        (
            "stats count(*) as queries, min(results) as fewest, avg(results) as average,"
            " sum(unknown_names) as unknown_names by search_mode"
        ),
    ),
)
TOKENS = LogQuery(
    "Why tokens were refused",
    ('filter message = "refused"', "stats count(*) as tokens by reason"),
    "bar",
)
# The access log of the HTTP API.
API_ROUTES = LogQuery(
    "Requests by route and status (access log)",
    (
        "filter ispresent(route)",
        "stats count(*) as requests, pct(latency_ms, 95) as p95_ms by route, status",
        "sort requests desc",
        "limit 25",
    ),
)
API_FAILURES = LogQuery(
    "What failed at the gateway (access log)",
    (
        "filter status >= 500",
        "fields @timestamp, route, status, integration_error, authorizer_error, request_id",
        "sort @timestamp desc",
        "limit 15",
    ),
)

# What is particular to a function, asked of its own lines.
OF_FUNCTION: dict[str, tuple[LogQuery, ...]] = {
    "predict": (CONFIDENCE, PHOTO_SOURCES),
    "describe": (DESCRIPTIONS, UPSTREAM, BUDGET),
    "auth": (SIGN_INS,),
    "recommend": (QUERY_TIME, EMPTY_RESULTS, RESULTS),
    "authorizer": (TOKENS,),
    "account": (),
    "docs": (),
}
OF_API = (API_ROUTES, API_FAILURES)
