"""End-to-end tests: the deployed app, seen from outside.

What belongs here is what only the whole can show: a request through the HTTP API, the authorizer
and a function under its own role. Rules and edge cases have their place in the unit tests.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.deployment import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_ssm import SSMClient

    from local.cloud import LocalCloud

# A Lambda function may take 29 s, and these run on a busy machine.
_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Traveller:
    """Someone with an account."""

    email: str
    username: str
    password: str
    signed_in: dict[str, Any]
    """The answer to signing up: ids and tokens."""

    @property
    def headers(self) -> dict[str, str]:
        """Headers that show the access token."""
        return {"authorization": f"Bearer {self.signed_in['access_token']}"}


@pytest.fixture(scope="session")
def deployment(local_cloud: LocalCloud) -> Deployment:
    """Deploy the app to the tests' own cloud."""
    return Deployment.to_empty(local_cloud)


@pytest.fixture(scope="session")
def api(deployment: Deployment) -> Iterator[httpx.Client]:
    """Return a client of the deployed API."""
    limits = httpx.Limits(max_connections=None)
    with httpx.Client(
        base_url=deployment.url, timeout=_TIMEOUT_SECONDS, limits=limits, trust_env=False
    ) as client:
        yield client


@pytest.fixture(scope="session")
def dynamodb(local_cloud: LocalCloud) -> DynamoDBClient:
    """Look into the table past the API."""
    return local_cloud.session().client("dynamodb", endpoint_url=local_cloud.url)


@pytest.fixture(scope="session")
def table_name(deployment: Deployment) -> str:
    """Return the name of the deployed table."""
    return deployment.outputs()["TableName"]


@pytest.fixture(scope="session")
def ssm(local_cloud: LocalCloud) -> SSMClient:
    """Look at the signing keys."""
    return local_cloud.session().client("ssm", endpoint_url=local_cloud.url)


@pytest.fixture(scope="session")
def logs(local_cloud: LocalCloud) -> CloudWatchLogsClient:
    """Read what the functions logged."""
    return local_cloud.session().client("logs", endpoint_url=local_cloud.url)


@pytest.fixture(scope="session")
def new_traveller(api: httpx.Client) -> Callable[[], Traveller]:
    """Return a function that signs someone up."""

    def sign_up() -> Traveller:
        name = f"traveller-{secrets.token_hex(4)}"
        details = {
            "email": f"{name}@example.com",
            "username": name,
            "password": secrets.token_urlsafe(16),
        }
        answer = api.post("/auth/signup", json=details)
        assert answer.status_code == 201, answer.text
        return Traveller(**details, signed_in=answer.json())

    return sign_up


@pytest.fixture(scope="session")
def traveller(new_traveller: Callable[[], Traveller]) -> Traveller:
    """Return someone with an account, for tests that change nothing of it."""
    return new_traveller()
