"""Who may deploy from outside: GitHub's workflows of one repository, without any key of AWS.

A workflow shows a token that GitHub signs for one job, and gets credentials for an hour. The token
says in `sub` which repository the job belongs to and what it is for; the roles here compare it
whole, so that a fork, another branch's job or a pull request does not become a deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from stacks.last_good import last_good_parameter

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings

GITHUB = "token.actions.githubusercontent.com"
# What aws-actions/configure-aws-credentials asks GitHub to make the token for.
AUDIENCE = "sts.amazonaws.com"

# What `cdk bootstrap` leaves for the CDK's command line tool. The one that CloudFormation works
# under is not among them: it is assumed by CloudFormation alone.
_BOOTSTRAP_ROLES = ("deploy", "file-publishing", "image-publishing", "lookup")
_QUALIFIER = cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER


class DeliveryStack(cdk.Stack):
    """A role for each environment's deployments, and one that may only compare."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        """Let the workflows of `settings.github_repository` deploy `settings.github_environments`.

        The names of the roles are fixed, so that a workflow needs to know the account alone.
        """
        super().__init__(
            scope,
            construct_id,
            synthesizer=settings.platform.synthesizer(),
            description="Lets the workflows of a GitHub repository deploy to this account",
        )
        self._repository = settings.github_repository
        self._provider = self._trust_github(exists=settings.github_provider_exists)
        for environment in settings.github_environments:
            self._add_deploy_role(environment)
        self._add_diff_role()

    def _trust_github(self, *, exists: bool) -> iam.IOidcProvider:
        if exists:
            return iam.OidcProviderNative.from_oidc_provider_arn(
                self,
                "GitHub",
                self.format_arn(
                    service="iam", region="", resource="oidc-provider", resource_name=GITHUB
                ),
            )
        return iam.OidcProviderNative(
            self, "GitHub", url=f"https://{GITHUB}", client_ids=[AUDIENCE]
        )

    def _create_role(self, construct_id: str, *, name: str, subject: str, purpose: str) -> iam.Role:
        """Return a role for jobs whose token has exactly this `subject` after the repository."""
        return iam.Role(
            self,
            construct_id,
            role_name=f"cv-location-classifier-{name}",
            description=purpose,
            assumed_by=iam.WebIdentityPrincipal(
                self._provider.oidc_provider_arn,
                conditions={
                    "StringEquals": {
                        f"{GITHUB}:aud": AUDIENCE,
                        f"{GITHUB}:sub": f"repo:{self._repository}:{subject}",
                    }
                },
            ),
            max_session_duration=cdk.Duration.hours(1),
        )

    def _add_deploy_role(self, environment: str) -> None:
        """Let jobs in a GitHub environment deploy; which branches reach it is set up at GitHub."""
        role = self._create_role(
            f"Deploy{environment.title()}",
            name=f"deploy-{environment}",
            subject=f"environment:{environment}",
            purpose=f"Deploys {environment} from GitHub Actions, through the CDK's own roles",
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["sts:AssumeRole"],
                resources=[self._bootstrap_role(name) for name in _BOOTSTRAP_ROLES],
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["ssm:GetParameter", "ssm:PutParameter"],
                resources=[
                    self.format_arn(
                        service="ssm",
                        resource="parameter",
                        resource_name=last_good_parameter(environment).removeprefix("/"),
                    )
                ],
            )
        )

    def _add_diff_role(self) -> None:
        """Let jobs of pull requests read the deployed templates, which hold nothing of users.

        The CDK's lookup role would do too, but it may read every table and bucket of the account.
        """
        role = self._create_role(
            "Diff",
            name="diff",
            subject="pull_request",
            purpose="Compares a pull request's templates with the deployed ones",
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudformation:DescribeStacks", "cloudformation:GetTemplate"],
                resources=[
                    self.format_arn(
                        service="cloudformation",
                        resource="stack",
                        resource_name="cv-location-classifier-*/*",
                    )
                ],
            )
        )

    def _bootstrap_role(self, name: str) -> str:
        return self.format_arn(
            service="iam",
            region="",
            resource="role",
            resource_name=f"cdk-{_QUALIFIER}-{name}-role-{self.account}-{self.region}",
        )
