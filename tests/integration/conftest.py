"""Integration tests: our adapters against the services that they adapt, on the local cloud.

A cloud is started on a free port of its own, unless `AWS_ENDPOINT_URL` names one that runs
already. Every run has a table of its own, so that neither harms the other's data.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from common.labels import LABEL, LABEL_FACTS, LABELLED_AT, LABELS_INDEX
from common.table import DynamoTable
from common.ulids import new_ulid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud import LocalCloud

# What talks to a table here is the adapter under test: its errors are the ones that count.
_RETRIES = {"mode": "standard", "total_max_attempts": 3}


@pytest.fixture(scope="session")
def cloud(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the environment variables that send AWS clients to the cloud."""
    if "AWS_ENDPOINT_URL" in os.environ:
        return dict(os.environ)
    local_cloud: LocalCloud = request.getfixturevalue("local_cloud")
    return local_cloud.client_environment()


@pytest.fixture(scope="session")
def make_client(cloud: dict[str, str]) -> Iterator[Callable[[str], Any]]:
    """Return a function that makes a client of an AWS service of the cloud."""
    made: list[Any] = []

    def make(service: str) -> Any:  # noqa: ANN401 - as boto3
        made.append(
            boto3.client(  # type: ignore[call-overload]
                service,
                endpoint_url=cloud["AWS_ENDPOINT_URL"],
                region_name=cloud.get("AWS_DEFAULT_REGION", "us-east-1"),
                aws_access_key_id=cloud.get("AWS_ACCESS_KEY_ID", "000000000000"),
                aws_secret_access_key=cloud.get("AWS_SECRET_ACCESS_KEY", "local"),
                config=Config(retries=_RETRIES, max_pool_connections=25),  # type: ignore[arg-type]
            )
        )
        return made[-1]

    yield make
    # A client that is dropped with open connections fails whichever test runs then.
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def table(make_client: Callable[[str], Any]) -> Iterator[DynamoTable]:
    """Return the real adapter over a new table with the keys and the index of ours."""
    with create_table(make_client("dynamodb")) as created:
        yield created


@pytest.fixture
def own_table(make_client: Callable[[str], Any]) -> Iterator[DynamoTable]:
    """Return the same over a table of this test's own, for what counts everybody's calls."""
    with create_table(make_client("dynamodb")) as created:
        yield created


@contextmanager
def create_table(dynamodb: Any) -> Iterator[DynamoTable]:  # noqa: ANN401 - as boto3
    """Create a table and delete it afterwards."""
    name = f"integration-{new_ulid()}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("PK", "SK", LABEL, LABELLED_AT)
        ],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": LABELS_INDEX,
                "KeySchema": [
                    {"AttributeName": LABEL, "KeyType": "HASH"},
                    {"AttributeName": LABELLED_AT, "KeyType": "RANGE"},
                ],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": list(LABEL_FACTS),
                },
            }
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    yield DynamoTable(name, lambda: dynamodb)
    dynamodb.delete_table(TableName=name)
