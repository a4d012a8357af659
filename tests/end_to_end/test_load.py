"""A day of fifty travellers at the deployed app: what they were told is what the table holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local.cloud import LocalCloud, free_port
from local.deployment import Deployment
from local.load.trial import try_a_day
from local.operations.check_table import read_items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRAVELLERS = 50
SECONDS = 90.0


@pytest.fixture
def own_deployment(tmp_path: Path) -> Iterator[tuple[LocalCloud, Deployment]]:
    """Deploy the app to a cloud of this test's own: nobody else's functions run meanwhile."""
    cloud = LocalCloud(tmp_path, free_port())
    cloud.start()
    try:
        yield cloud, Deployment.to_empty(cloud)
    finally:
        cloud.stop()


def test_fifty_travellers_are_told_the_truth(
    own_deployment: tuple[LocalCloud, Deployment],
) -> None:
    cloud, deployment = own_deployment
    dynamodb = cloud.session().client("dynamodb", endpoint_url=cloud.url)
    table_name = deployment.outputs()["TableName"]

    trial = try_a_day(
        deployment.url,
        lambda: read_items(dynamodb, table_name, 1_000_000.0),
        travellers=TRAVELLERS,
        seconds=SECONDS,
        seed=1,
    )

    dynamodb.close()
    assert trial.findings == [], json.dumps(trial.as_dict(), indent=2)
    assert set(trial.told) >= {"account", "photo", "trip"}
