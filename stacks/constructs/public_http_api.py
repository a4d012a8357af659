"""The HTTP API: CORS, throttling, access logs, and an authorizer for all but public routes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stacks.settings import Settings

_METHODS = ("GET", "POST", "PATCH", "DELETE")
_ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "response_bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "integration_error": "$context.integrationErrorMessage",
    "authorizer_error": "$context.authorizer.error",
    "user_id": "$context.authorizer.user_id",
    "source_ip": "$context.identity.sourceIp",
    "user_agent": "$context.identity.userAgent",
}


@dataclass(frozen=True)
class Route:
    """One route; it wants an access token unless it is public."""

    method: str
    path: str
    public: bool = False


class PublicHttpApi(Construct):
    """One HTTP API with its only stage, `$default`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        authorizer: lambda_.Function,
    ) -> None:
        """Create the API without routes; `authorizer` answers for every one that is not public."""
        super().__init__(scope, construct_id)
        self.api = apigatewayv2.HttpApi(
            self,
            "HttpApi",
            api_name=f"cv-location-classifier-{settings.environment}",
            create_default_stage=False,
            cors_preflight=_cors(settings.allowed_origins),
        )
        self._authorizer = HttpLambdaAuthorizer(
            "AccessToken",
            authorizer,
            response_types=[HttpLambdaResponseType.SIMPLE],
            identity_source=["$request.header.Authorization"],
            results_cache_ttl=cdk.Duration.seconds(settings.authorizer_cache_seconds),
        )
        # API Gateway may only write to groups under this prefix without growing the account's
        # resource policy past its size limit.
        self.access_log_group_name = (
            f"/aws/vendedlogs/cv-location-classifier-{settings.environment}-api"
        )
        self._create_stage(settings)

    def _create_stage(self, settings: Settings) -> None:
        access_logs = logs.LogGroup(
            self,
            "AccessLogs",
            log_group_name=self.access_log_group_name,
            retention=settings.log_retention,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(
                rate_limit=settings.throttle_requests_per_second,
                burst_limit=settings.throttle_burst,
            ),
        )
        # The construct takes access logs only as an implementation of an interface; the resource
        # takes the two strings.
        resource = stage.node.default_child
        assert isinstance(resource, apigatewayv2.CfnStage)  # noqa: S101 - narrows the type
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=access_logs.log_group_arn, format=json.dumps(_ACCESS_LOG)
        )

    def add_routes(self, function: lambda_.Function, routes: Sequence[Route]) -> None:
        """Send `routes` to `function`."""
        integration = HttpLambdaIntegration(f"{function.node.path}/Integration", function)
        for route in routes:
            self.api.add_routes(
                path=route.path,
                methods=[apigatewayv2.HttpMethod[route.method]],
                integration=integration,
                authorizer=(
                    apigatewayv2.HttpNoneAuthorizer() if route.public else self._authorizer
                ),
            )


def _cors(origins: Sequence[str]) -> apigatewayv2.CorsPreflightOptions | None:
    if not origins:
        return None
    return apigatewayv2.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigatewayv2.CorsHttpMethod[method] for method in _METHODS],
        # `accept` needs no leave: Fetch lets every page set it to plain media types.
        allow_headers=["authorization", "content-type", "idempotency-key", "if-match"],
        # The last is the gateway's own name for a request, in answers that no function gave.
        expose_headers=["etag", "location", "retry-after", "x-request-id", "apigw-requestid"],
        max_age=cdk.Duration.hours(1),
    )
