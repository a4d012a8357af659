"""A log group with an end, and a role that may do nothing but write to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

if TYPE_CHECKING:
    from constructs import Construct


def create_log_group(
    scope: Construct, construct_id: str, *, function_name: str, retention: logs.RetentionDays
) -> logs.LogGroup:
    """Return the log group of `function_name`, under the name that Lambda's own tools expect."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=f"/aws/lambda/{function_name}",
        retention=retention,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )


def create_role(scope: Construct, construct_id: str, *, log_group: logs.LogGroup) -> iam.Role:
    """Return an execution role that may write to `log_group` and nothing else.

    The managed `AWSLambdaBasicExecutionRole` may write to every log group of the account.
    """
    role = iam.Role(scope, construct_id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    return role
