"""The keys that sign access tokens, made once, at the first deployment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import custom_resources as cr
from constructs import Construct

from stacks.constructs.logged_function import create_log_group, create_role

if TYPE_CHECKING:
    from stacks.settings import Settings

_CODE = Path(__file__).parent / "create_jwt_keys"
# They run once in a deployment. Lambda's own default of 128 MB is a fourteenth of a core, with
# which importing the SDK alone takes seconds.
_MEMORY_MB = 256


class JwtKeys(Construct):
    """An SSM SecureString with the signing keys.

    CloudFormation cannot create a SecureString, so a custom resource does. It never overwrites a
    value and never deletes one: losing the keys signs every user out.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        """Create the keys under the parameter name of `settings`, unless they exist."""
        super().__init__(scope, construct_id)
        self.parameter_name = settings.jwt_keys_parameter
        self._parameter_arn = cdk.Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=self.parameter_name.removeprefix("/")
        )
        name = f"cv-location-classifier-{settings.environment}-create-jwt-keys"
        log_group = create_log_group(
            self, "Logs", function_name=name, retention=settings.log_retention
        )
        role = create_role(self, "Role", log_group=log_group)
        role.add_to_policy(
            iam.PolicyStatement(actions=["ssm:PutParameter"], resources=[self._parameter_arn])
        )
        function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description="Creates the JWT signing keys at the first deployment",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=settings.platform.zip_architecture,
            handler="handler.handle",
            code=lambda_.Code.from_asset(str(_CODE), exclude=["__pycache__"]),
            memory_size=_MEMORY_MB,
            timeout=cdk.Duration.seconds(30),
            log_group=log_group,
            role=role,
        )
        provider = self._create_provider(function, f"{name}-provider", settings)
        cdk.CustomResource(
            self,
            "Resource",
            service_token=provider.service_token,
            resource_type="Custom::JwtKeys",
            properties={"ParameterName": self.parameter_name},
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

    def _create_provider(
        self, function: lambda_.Function, name: str, settings: Settings
    ) -> cr.Provider:
        """Return the CDK's function that lets `function` answer CloudFormation."""
        log_group = create_log_group(
            self, "ProviderLogs", function_name=name, retention=settings.log_retention
        )
        # Without a role of ours, it gets the managed policy that may write to every log group.
        role = create_role(self, "ProviderRole", log_group=log_group)
        provider = cr.Provider(
            self,
            "Provider",
            on_event_handler=function,
            log_group=log_group,
            framework_on_event_role=role,
        )
        framework = provider.node.find_child("framework-onEvent").node.default_child
        assert isinstance(framework, lambda_.CfnFunction)  # noqa: S101 - narrows the type
        framework.memory_size = _MEMORY_MB
        return provider

    def grant_read(self, function: lambda_.Function) -> None:
        """Let `function` read and decrypt the keys.

        The parameter is encrypted under the account's `aws/ssm` key, which lets whoever may read
        the parameter decrypt it: no statement on the key is needed.
        """
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[self._parameter_arn])
        )
