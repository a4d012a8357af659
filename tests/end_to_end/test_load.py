"""A day of fifty travellers at the deployed app: what they were told is what the table holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.load.trial import try_a_day
from local.operations.check_table import read_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from local.deployment import Deployment

TRAVELLERS = 50
SECONDS = 90.0


def test_fifty_travellers_are_told_the_truth(
    deployment: Deployment, dynamodb: DynamoDBClient, table_name: str
) -> None:
    trial = try_a_day(
        deployment.url,
        lambda: read_items(dynamodb, table_name, 1_000_000.0),
        travellers=TRAVELLERS,
        seconds=SECONDS,
        seed=1,
    )

    summary = json.dumps(trial.as_dict(), indent=2)
    assert trial.findings == [], summary
    assert set(trial.told) >= {"account", "photo", "trip", "change"}
