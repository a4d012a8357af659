"""The roles of the delivery: who may take them, and what little they may do by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stacks.settings import SettingsError, read_settings
from tests.infrastructure.conftest import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

REPOSITORY = "octo-org@123456/travel.app@456789"
CLAIMS = "token.actions.githubusercontent.com"
ROLE = "AWS::IAM::Role"
PROVIDER = "AWS::IAM::OIDCProvider"


@pytest.fixture(scope="module")
def delivery(synthesise: Callable[..., Templates]) -> Templates:
    return synthesise("staging", github_repository=REPOSITORY)


def roles(templates: Templates) -> dict[str, dict[str, Any]]:
    return {
        role["Properties"]["RoleName"].removeprefix("cv-location-classifier-"): role["Properties"]
        for role in templates.resources(ROLE).values()
    }


def statements(templates: Templates, role: str) -> list[dict[str, Any]]:
    """Return what a role's policies say, whether beside it or within it."""
    (logical_id,) = [
        name
        for name, resource in templates.resources(ROLE).items()
        if resource["Properties"]["RoleName"] == f"cv-location-classifier-{role}"
    ]
    return [
        statement
        for policy in templates.resources("AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"] == [{"Ref": logical_id}]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def text(value: object) -> str:
    """Write out a joined ARN, with the account and the region by name."""
    if isinstance(value, dict):
        if "Ref" in value:
            return f"<{value['Ref'].removeprefix('AWS::')}>"
        separator, parts = value["Fn::Join"]
        return str(separator).join(text(part) for part in parts)
    return str(value)


def test_an_environment_is_deployed_without_the_delivery(staging: Templates) -> None:
    assert staging.by_stack
    assert all(name.startswith("cv-location-classifier-staging-") for name in staging.by_stack)
    assert PROVIDER not in staging.kinds()


def test_the_delivery_is_deployed_alone_and_belongs_to_no_environment(delivery: Templates) -> None:
    assert set(delivery.by_stack) == {"cv-location-classifier-delivery"}
    assert delivery.kinds() == {PROVIDER, ROLE, "AWS::IAM::Policy"}
    for role in roles(delivery).values():
        assert [tag["Key"] for tag in role["Tags"]] == ["project"]


def test_only_jobs_of_the_repository_for_their_purpose_take_a_role(delivery: Templates) -> None:
    subjects = {}
    for name, role in roles(delivery).items():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert statement["Effect"] == "Allow"
        assert set(statement["Principal"]) == {"Federated"}
        # Compared whole: a pattern would let `…:environment:staging-2` or another branch in.
        assert set(statement["Condition"]) == {"StringEquals"}
        claims = statement["Condition"]["StringEquals"]
        assert claims[f"{CLAIMS}:aud"] == "sts.amazonaws.com"
        subjects[name] = claims[f"{CLAIMS}:sub"]
    assert subjects == {
        "deploy-staging": f"repo:{REPOSITORY}:environment:staging",
        "deploy-production": f"repo:{REPOSITORY}:environment:production",
        "diff": f"repo:{REPOSITORY}:pull_request",
    }


def test_no_role_has_a_policy_of_aws_or_a_long_session(delivery: Templates) -> None:
    for role in roles(delivery).values():
        assert "ManagedPolicyArns" not in role
        assert role["MaxSessionDuration"] == 3_600


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_deploying_is_assuming_the_roles_of_the_bootstrap(
    delivery: Templates, environment: str
) -> None:
    assume, remember = statements(delivery, f"deploy-{environment}")
    assert assume["Action"] == "sts:AssumeRole"
    assert sorted(map(text, assume["Resource"])) == [
        f"arn:<Partition>:iam::<AccountId>:role/cdk-hnb659fds-{name}-role-<AccountId>-<Region>"
        for name in ("deploy", "file-publishing", "image-publishing", "lookup")
    ]
    assert sorted(remember["Action"]) == ["ssm:GetParameter", "ssm:PutParameter"]
    assert text(remember["Resource"]) == (
        "arn:<Partition>:ssm:<Region>:<AccountId>:parameter"
        f"/cv-location-classifier/{environment}/last-good-commit"
    )


def test_pull_requests_may_read_templates_and_nothing_else(delivery: Templates) -> None:
    (statement,) = statements(delivery, "diff")
    assert sorted(statement["Action"]) == [
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
    ]
    assert text(statement["Resource"]) == (
        "arn:<Partition>:cloudformation:<Region>:<AccountId>:stack/cv-location-classifier-*/*"
    )


def test_githubs_tokens_are_trusted_for_aws_alone(delivery: Templates) -> None:
    provider = delivery.one(PROVIDER)["Properties"]
    assert provider == {
        "Url": f"https://{CLAIMS}",
        "ClientIdList": ["sts.amazonaws.com"],
        "Tags": [{"Key": "project", "Value": "cv-location-classifier"}],
    }


def test_an_account_that_trusts_github_already_is_left_as_it_is(
    synthesise: Callable[..., Templates],
) -> None:
    templates = synthesise("staging", github_repository="a/b", github_provider_exists="true")
    assert PROVIDER not in templates.kinds()
    for role in roles(templates).values():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert text(statement["Principal"]["Federated"]) == (
            f"arn:<Partition>:iam::<AccountId>:oidc-provider/{CLAIMS}"
        )


def test_an_account_of_productions_own_lets_staging_in_nowhere(
    synthesise: Callable[..., Templates],
) -> None:
    templates = synthesise("staging", github_repository="a/b", github_environments="production")
    assert set(roles(templates)) == {"deploy-production", "diff"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("github_repository", "travel.app"),
        ("github_repository", "https://github.com/octo-org/travel.app"),
        # A pattern in the trust would be one of somebody else's repositories.
        ("github_repository", "octo-org/*"),
        ("github_environments", "staging,local"),
        ("github_provider_exists", "perhaps"),
    ],
)
def test_a_bad_setting_of_the_delivery_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"\b{name}: "):
        read_settings(context("staging") | {name: value})
