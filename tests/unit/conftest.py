"""Unit tests: the rules and handlers alone. No sockets, no cloud, no files but their own.

Functions read their settings when they are imported, so the environment is set up here first.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import boto3  # noqa: F401 - opens a socket when first imported, to look for IPv6
import pytest
from hypothesis import settings as hypothesis_settings
from pytest_socket import disable_socket

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = {
    "ENVIRONMENT": "local",
    "TABLE_NAME": "unit-tests",
    "LOG_LEVEL": "INFO",
    "POWERTOOLS_SERVICE_NAME": "unit-tests",
    "POWERTOOLS_METRICS_NAMESPACE": "CvLocationClassifier",
    "SERVICE_VERSION": "0.0.0-test",
    "JWT_KEYS_PARAMETER": "/cv-location-classifier/local/jwt-keys",
    "JWT_ISSUER": "https://issuer.test",
    "JWT_AUDIENCE": "cv-location-classifier",
    "ACCESS_TOKEN_TTL_SECONDS": "1800",
    "REFRESH_TOKEN_TTL_SECONDS": "2592000",
    "REFRESH_REUSE_GRACE_SECONDS": "30",
    "PASSWORDS_PER_EMAIL": "5",
    "SIGN_IN_FAILURES_PER_NETWORK": "50",
    "SIGN_UPS_PER_NETWORK": "20",
    "RESETS_PER_NETWORK": "10",
    "BCRYPT_COST": "4",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "unit",
    "AWS_SECRET_ACCESS_KEY": "tests",
}
os.environ.update(ENVIRONMENT)
os.environ.pop("AWS_LAMBDA_INITIALIZATION_TYPE", None)

# A busy machine is no failed property.
hypothesis_settings.register_profile("unit", deadline=None)
hypothesis_settings.load_profile("unit")


def pytest_runtest_setup() -> None:
    """Take sockets away: a unit test that wants one is not a unit test."""
    disable_socket(allow_unix_socket=True)


@pytest.fixture
def environment() -> dict[str, str]:
    """Return the environment of a function with every variable there is."""
    return dict(ENVIRONMENT)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Collect the lines that functions log during a test."""
    from common.observability import logger  # noqa: PLC0415 - after the environment is set

    stream = io.StringIO()
    handler = logger.registered_handler
    usual = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(usual)  # type: ignore[attr-defined]
