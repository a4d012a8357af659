"""The service as anyone sees it."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx
    from mypy_boto3_logs import CloudWatchLogsClient

    from local.deployment import Deployment
    from tests.end_to_end.conftest import Traveller


def test_health_answers_a_plain_client(deployment: Deployment) -> None:
    with urllib.request.urlopen(f"{deployment.url}/health") as answer:  # noqa: S310 - ours
        assert answer.status == 200
        body = json.load(answer)
    assert body["status"] == "healthy"
    age = datetime.now(UTC) - datetime.fromisoformat(body["timestamp"])
    assert abs(age.total_seconds()) < 60


def test_info_tells_the_environment(api: httpx.Client) -> None:
    answer = api.get("/info")
    assert answer.status_code == 200
    assert answer.json()["environment"] == "local"


def test_a_browser_may_call_from_the_allowed_origins(api: httpx.Client) -> None:
    preflight = api.options(
        "/predict",
        headers={"origin": "https://travel.example", "access-control-request-method": "POST"},
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_no_log_holds_a_secret(
    api: httpx.Client, logs: CloudWatchLogsClient, traveller: Traveller
) -> None:
    api.post("/auth/login", json={"email": traveller.email, "password": traveller.password})
    api.get("/user/profile", headers=traveller.headers)
    written = [
        event["message"]
        for group in logs.describe_log_groups()["logGroups"]
        for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
    ]
    assert written, "the functions have written no logs at all"
    everything = "\n".join(written)
    for secret in (
        traveller.password,
        traveller.email,
        traveller.signed_in["access_token"],
        traveller.signed_in["refresh_token"],
    ):
        assert secret not in everything
