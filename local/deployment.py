"""Deploying the CDK app to a local cloud, and finding the API there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.cloud import ACCOUNT, REGION, LocalCloud
from local.commands import run
from local.terminal import CannotContinueError

ROOT = Path(__file__).resolve().parents[1]

_STACK_PREFIX = "cv-location-classifier-local"
_CDK = ROOT / "node_modules" / ".bin" / "cdk"


class DeploymentError(CannotContinueError):
    """The stacks were synthesised, but the cloud did not take them."""


class Deployment:
    """The app as deployed to `cloud`."""

    def __init__(self, cloud: LocalCloud) -> None:
        """Describe the deployment; nothing happens yet."""
        self._cloud = cloud
        self._assembly = cloud.state / "cdk.out"
        self._outputs_file = cloud.state / "outputs.json"
        self.bootstrap_log = cloud.directory / "bootstrap.log"
        self.deploy_log = cloud.directory / "deploy.log"
        self._environment = cloud.client_environment() | {"CDK_DISABLE_CLI_TELEMETRY": "1"}

    @classmethod
    def to_empty(cls, cloud: LocalCloud) -> Deployment:
        """Deploy the app to a cloud that has nothing yet.

        Raises `DeploymentError` when the cloud refuses it.
        """
        deployment = cls(cloud)
        deployment.bootstrap()
        deployment.synthesise()
        deployment.deploy()
        return deployment

    def bootstrap(self) -> None:
        """Create what the CDK needs in an account: its bucket and its roles."""
        run(
            [_CDK, "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--ci"],
            log=self.bootstrap_log,
            directory=self._cloud.state,
            environment=self._environment,
        )

    def synthesise(self) -> None:
        """Write the templates and the packages of every stack."""
        run(
            [
                *(_CDK, "synth", "--quiet", "--output", self._assembly),
                *("--context", "environment=local"),
            ],
            log=self._cloud.directory / "synth.log",
            directory=ROOT,
            environment=self._environment,
        )

    def deploy(self) -> None:
        """Deploy what was synthesised.

        Raises `DeploymentError` when the cloud refuses it.
        """
        try:
            run(
                [
                    *(_CDK, "deploy", "--all", "--ci", "--app", self._assembly),
                    *("--require-approval", "never", "--method", "direct"),
                    *("--outputs-file", self._outputs_file),
                ],
                log=self.deploy_log,
                directory=ROOT,
                environment=self._environment,
            )
        except CannotContinueError as error:
            raise DeploymentError(str(error)) from error
        self._put_cors()
        self._verify_mail_sender()

    def outputs(self) -> dict[str, str]:
        """Return the outputs of all stacks."""
        by_stack: dict[str, dict[str, str]] = json.loads(self._outputs_file.read_text())
        return {name: value for outputs in by_stack.values() for name, value in outputs.items()}

    @property
    def url(self) -> str:
        """Address of the API, by path: the host-name form needs DNS that not every machine has."""
        return f"{self._cloud.url}/_aws/execute-api/{self.outputs()['ApiId']}"

    def _put_cors(self) -> None:
        # The emulator keeps the CORS settings that come through CloudFormation where it does not
        # look for them; put through the API, they work.
        for api in self._resources("AWS::ApiGatewayV2::Api"):
            if "CorsConfiguration" in api:
                gateway = self._cloud.session().client("apigatewayv2", endpoint_url=self._cloud.url)
                gateway.update_api(
                    ApiId=self.outputs()["ApiId"], CorsConfiguration=api["CorsConfiguration"]
                )

    def _verify_mail_sender(self) -> None:
        # On AWS a person confirms the address; here no mail leaves the machine.
        for function in self._resources("AWS::Lambda::Function"):
            sender = function.get("Environment", {}).get("Variables", {}).get("MAIL_SENDER")
            if sender:
                ses = self._cloud.session().client("sesv2", endpoint_url=self._cloud.url)
                ses.create_email_identity(EmailIdentity=sender)

    def _resources(self, kind: str) -> list[dict[str, Any]]:
        """Return the properties of the API stack's resources of a CloudFormation type."""
        template = json.loads((self._assembly / f"{_STACK_PREFIX}-api.template.json").read_text())
        return [
            resource["Properties"]
            for resource in template["Resources"].values()
            if resource["Type"] == kind
        ]
