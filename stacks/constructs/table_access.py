"""The narrowest right to a part of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

if TYPE_CHECKING:
    from collections.abc import Sequence


def grant_items(
    function: lambda_.Function,
    table: dynamodb.ITable,
    *,
    actions: Sequence[str],
    partition_keys: Sequence[str],
) -> None:
    """Let `function` do `actions` (such as `GetItem`) on items whose `PK` matches a pattern.

    A transaction needs the actions of its parts: `TransactWriteItems` with puts is `PutItem`.
    """
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=[f"dynamodb:{action}" for action in actions],
            resources=[table.table_arn],
            conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(partition_keys)}},
        )
    )
