"""`describe`: puts photos into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from stacks.constructs.layers import catalogue_layer
from stacks.constructs.public_http_api import PublicHttpApi, Route
from stacks.constructs.upload_access import grant_uploads

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation
    from stacks.settings import Settings


def add_describe(on: Foundation, http_api: PublicHttpApi, *, predict: lambda_.Function) -> None:
    """Create the function and its route; it calls `predict` for what it says itself."""
    function = on.create(
        "Describe",
        name="describe",
        description="Puts photos into words",
        package=on.zip("describe", _create_layers(on)),
        environment={
            **on.table_name,
            "MODEL_ROOT": on.settings.platform.model_root,
            "PREDICT_FUNCTION_NAME": predict.function_name,
            "UPLOADS_BUCKET": on.data.uploads_bucket.bucket_name,
            **_vision_environment(on.settings),
        },
    )
    on.grant_items(
        function,
        (["GetItem", "UpdateItem"], ["USER#*", "IMAGE#*", "BUDGET#*"]),
        (["ConditionCheckItem"], ["USER#*"]),
    )
    grant_uploads(function, on.data.uploads_bucket, actions=["GetObject"])
    _grant_vision(function, predict, on.settings)
    http_api.add_routes(function, [Route("POST", "/describe")])


def _create_layers(on: Foundation) -> list[lambda_.ILayerVersion]:
    if not on.settings.platform.function_layers:
        return []
    packages = on.packages_layer(
        "DescribePackages",
        folder="describe-aws",
        description="The HTTP client and the image library of `describe`",
    )
    return [packages, catalogue_layer(on.scope, "Catalogue")]


def _vision_environment(settings: Settings) -> dict[str, str]:
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


def _grant_vision(
    function: lambda_.Function, predict: lambda_.Function, settings: Settings
) -> None:
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
