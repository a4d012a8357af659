"""What `describe` is told of the remote models, and its rights beyond table and uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.settings import Settings


def vision_environment(settings: Settings) -> dict[str, str]:
    """Return where the models are and what they may cost; what is not set has its default there."""
    chosen = {
        "VISION_BASE_URL": settings.vision_base_url,
        "VISION_MODELS": ",".join(settings.vision_models),
        "VISION_PROMPT": settings.vision_prompt,
    }
    return {
        "VISION_TOKEN_PARAMETER": settings.vision_token_parameter,
        "MONTHLY_CALLS": str(settings.vision_monthly_calls),
        "MONTHLY_CALLS_PER_USER": str(settings.vision_monthly_calls_per_user),
        "CALL_INTERVAL_MS": str(settings.vision_call_interval_ms),
        **{name: value for name, value in chosen.items() if value},
    }


def grant_vision(function: lambda_.Function, predict: lambda_.Function, settings: Settings) -> None:
    """Let `function` read the endpoint's token and call `predict`.

    The parameter is the owner's to write: CloudFormation cannot make a SecureString, and without
    one every answer is local.
    """
    parameter = cdk.Stack.of(function).format_arn(
        service="ssm",
        resource="parameter",
        resource_name=settings.vision_token_parameter.removeprefix("/"),
    )
    function.add_to_role_policy(
        iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[parameter])
    )
    function.add_to_role_policy(
        iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[predict.function_arn])
    )
