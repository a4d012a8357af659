"""The smoke test itself: fails where the app does not work, and leaves nobody behind."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from local.deployed import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from local.cloud import LocalCloud
    from local.deployment import Deployment

CHECKS = [
    *("health", "info", "openapi", "no token", "sign-up", "predict", "describe", "recommend"),
    *("itinerary", "export", "leaving"),
]
RECOMMEND = "cv-location-classifier-local-recommend"


def smoke(url: str, *more: str) -> tuple[int, dict[str, bool], str]:
    """Return the exit status, what each check found, and all that was printed."""
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "local.smoke", "--url", url, *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = re.findall(r"^  ([✓✗]) (.{10}) ", done.stdout, flags=re.MULTILINE)
    found = {name.strip(): mark == "✓" for mark, name in lines}
    return done.returncode, found, done.stdout + done.stderr


@pytest.fixture(autouse=True)
def nobody_is_left(deployment: Deployment, dynamodb: DynamoDBClient) -> Iterator[None]:
    """Look through the whole table after each test."""
    yield
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=deployment.outputs()["TableName"], ConsistentRead=True
    )
    left = [item for page in pages for item in page["Items"] if "smoke-" in str(item)]
    assert left == []


@contextmanager
def broken_recommend(cloud: LocalCloud) -> Iterator[None]:
    """Have a function fail for as long as the block lasts."""
    functions = cloud.session().client("lambda", endpoint_url=cloud.url)
    handler = functions.get_function_configuration(FunctionName=RECOMMEND)["Handler"]
    functions.update_function_configuration(FunctionName=RECOMMEND, Handler="recommend.nothing.at")
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=RECOMMEND, Handler=handler)


def test_a_visit_checks_every_function_and_leaves_nobody_behind(deployment: Deployment) -> None:
    code, found, printed = smoke(deployment.url)
    assert code == 0, printed
    assert found == dict.fromkeys(CHECKS, True)
    assert "All well" in printed


def test_a_broken_function_fails_it_and_still_leaves_nobody_behind(
    deployment: Deployment, local_cloud: LocalCloud
) -> None:
    with broken_recommend(local_cloud):
        code, found, printed = smoke(deployment.url)
    assert code == 1, printed
    assert found == {**dict.fromkeys(CHECKS[:7], True), "recommend": False, "leaving": True}
    assert "POST" in printed
    assert "/recommend answered 50" in printed
    assert smoke(deployment.url)[0] == 0, "the function was not repaired"


def test_another_version_than_the_deployed_one_fails_it(deployment: Deployment) -> None:
    code, found, printed = smoke(deployment.url, "--version", "0.0.0+elsewhere")
    assert code == 1
    assert found == {"health": True, "info": False, "leaving": True}
    assert "not 0.0.0+elsewhere" in printed


def test_an_address_without_an_api_fails_it(local_cloud: LocalCloud) -> None:
    code, found, printed = smoke(f"{local_cloud.url}/_aws/execute-api/nothing")
    assert code == 1, printed
    assert found == {"health": False, "leaving": True}
