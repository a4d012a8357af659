"""What is particular to each function, and what normal looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.constructs.dashboards.charts import (
    BLUE,
    GREEN,
    HALF,
    ORANGE,
    PERIOD,
    QUARTER,
    RED,
    THIRD,
    graph,
    log_chart,
)
from stacks.constructs.dashboards.queries import (
    BUDGET,
    CONFIDENCE,
    DESCRIPTIONS,
    EMPTY_RESULTS,
    PHOTO_SOURCES,
    QUERY_TIME,
    RESULTS,
    SIGN_INS,
    TOKENS,
    UPSTREAM,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stacks.constructs.dashboards.rows import Row, Watched

NORMAL: Mapping[str, str] = {
    "auth": (
        "Opens accounts and sessions. **Normal:** a sign-in takes a fraction of a second, almost"
        " all of it hashing the password. Many refused sign-ins with few that succeed are somebody"
        " guessing: `too_many_attempts` says that the limits hold."
    ),
    "predict": (
        "Names the landmark on a photo. **Normal:** of photos of landmarks it knows it recognises"
        " about four in five, of others about one in twenty. A share that falls with the traffic"
        " unchanged, or a new model version, means the model; slow starts mean the image."
    ),
    "describe": (
        "Puts photos into words: by a remote model within the month's budget, by ourselves where"
        " not. **Normal:** without a token every answer is local, with the reason `no_token`. Local"
        " answers for another reason mean the model or the budget; users still get an answer."
    ),
    "recommend": (
        "Places worth going to, and the catalogue. **Normal:** all in memory, a few milliseconds a"
        " query; slower means a cold start or the table. No place is a right answer where nothing"
        " lies within the distance asked for."
    ),
    "authorizer": (
        "Checks access tokens; the gateway keeps its answer for up to five minutes."
        " **Normal:** expired tokens are refused all day. Tokens that could not be *checked* mean"
        " that the signing keys are out of reach: then nobody gets in."
    ),
    "account": "The signed-in user's own data. **Normal:** no failures, well under a second.",
    "docs": "Health, facts and the API's documentation. **Normal:** nothing to see.",
}

# The sections of docs/runbook.md that are about it: each is an alarm's.
RUNBOOK: Mapping[str, tuple[str, ...]] = {
    "auth": ("password-guessing", "no-capacity"),
    "predict": ("predict-failing", "slow-answers"),
    "describe": ("upstream-failing", "slow-answers"),
    "recommend": ("slow-answers", "server-errors"),
    "authorizer": ("locked-out",),
    "account": ("server-errors",),
    "docs": ("server-errors",),
}


def _auth(watched: Watched) -> list[Row]:
    metrics = watched.own_metrics
    counted = [
        metrics.metric("SignUps", "Sum", "sign-ups", BLUE),
        metrics.metric("SignIns", "Sum", "sign-ins", GREEN),
        metrics.metric("SignInsRefused", "Sum", "refused sign-ins", RED),
    ]
    return [
        [
            graph("Sign-ups and sign-ins", counted, width=HALF),
            log_chart(SIGN_INS, [watched.log_group], width=HALF),
        ]
    ]


def _predict(watched: Watched) -> list[Row]:
    metrics = watched.own_metrics
    recognised = cloudwatch.MathExpression(
        expression="100 * recognised / photos",
        using_metrics={
            "recognised": metrics.metric("PredictionsRecognised", "Sum", "recognised"),
            "photos": metrics.metric("Predictions", "Sum", "photos"),
        },
        label="recognised",
        color=GREEN,
        period=PERIOD,
    )
    return [
        [
            graph("Recognised (% of photos)", [recognised], width=QUARTER, highest=100),
            log_chart(CONFIDENCE, [watched.log_group], width=QUARTER),
            graph(
                "Decoding and inference (ms)",
                metrics.percentiles("InferenceMilliseconds"),
                width=QUARTER,
            ),
            log_chart(PHOTO_SOURCES, [watched.log_group], width=QUARTER),
        ]
    ]


def _describe(watched: Watched) -> list[Row]:
    metrics = watched.own_metrics
    calls = [
        metrics.metric("UpstreamCalls", "Sum", "calls", BLUE),
        metrics.metric("UpstreamFailures", "Sum", "failed", RED),
    ]
    return [
        [
            log_chart(DESCRIPTIONS, [watched.log_group], width=QUARTER),
            graph("Calls of remote models", calls, width=QUARTER),
            log_chart(UPSTREAM, [watched.log_group], width=QUARTER),
            log_chart(BUDGET, [watched.log_group], width=QUARTER),
        ]
    ]


def _recommend(watched: Watched) -> list[Row]:
    return [
        [
            log_chart(query, [watched.log_group], width=THIRD)
            for query in (QUERY_TIME, EMPTY_RESULTS, RESULTS)
        ]
    ]


def _authorizer(watched: Watched) -> list[Row]:
    metrics = watched.own_metrics
    tokens = [
        metrics.metric("TokensRefused", "Sum", "refused", ORANGE),
        metrics.metric("TokensUnchecked", "Sum", "could not be checked", RED),
    ]
    return [
        [
            graph("Tokens not let in", tokens, width=HALF),
            log_chart(TOKENS, [watched.log_group], width=HALF),
        ]
    ]


PARTICULAR: Mapping[str, Callable[[Watched], list[Row]]] = {
    "auth": _auth,
    "predict": _predict,
    "describe": _describe,
    "recommend": _recommend,
    "authorizer": _authorizer,
}


def particular(watched: Watched) -> list[Row]:
    """Return the rows that only this function has."""
    rows = PARTICULAR.get(watched.name)
    return rows(watched) if rows else []
