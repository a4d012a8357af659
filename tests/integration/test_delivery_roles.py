"""The roles of the delivery, taken as GitHub's jobs take them, where permissions are enforced.

The local cloud reads the claims of a token without checking who signed it: that GitHub did is
AWS's part.
"""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import boto3
import pytest
from botocore.exceptions import ClientError

from app import build_app
from local.cloud import ACCOUNT, REGION
from local.deploy import CDK
from local.deployed import ROOT, last_good, mark_good
from stacks.last_good import last_good_parameter
from stacks.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local.cloud import LocalCloud

GITHUB = "token.actions.githubusercontent.com"
REPOSITORY = "octo-org@123456/travel.app@456789"
SUBJECTS = {
    "deploy-staging": f"repo:{REPOSITORY}:environment:staging",
    "deploy-production": f"repo:{REPOSITORY}:environment:production",
    "diff": f"repo:{REPOSITORY}:pull_request",
}
STAGING_API = "cv-location-classifier-staging-api"

BOOTSTRAP_ROLES = [
    f"cdk-hnb659fds-{name}-role-{ACCOUNT}-{REGION}"
    for name in ("deploy", "file-publishing", "image-publishing", "lookup")
]


def synthesise(directory: Path, **settings: str) -> dict[str, Any]:
    """Return the templates of the app with these settings, by stack."""
    context = {**json.loads((ROOT / "cdk.json").read_text())["context"], **settings}
    app = cdk.App(outdir=str(directory), context=context)
    build_app(app, read_settings(context))
    app.synth()
    return {
        file.name.removesuffix(".template.json"): json.loads(file.read_text())
        for file in directory.glob("*.template.json")
    }


@pytest.fixture(scope="module")
def aws(
    local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Any]]:
    """Return a function that makes clients; the delivery and a stack of staging are deployed."""
    made: list[Any] = []

    def make(service: str, session: boto3.Session | None = None) -> Any:  # noqa: ANN401 - as boto3
        client = (session or local_cloud.session()).client(  # type: ignore[call-overload]
            service, endpoint_url=local_cloud.url
        )
        made.append(client)
        return client

    delivery = synthesise(
        tmp_path_factory.mktemp("delivery"),
        environment="local",
        github_repository=REPOSITORY,
        # The local cloud has no such resource type.
        github_provider_exists="true",
    )
    deployed = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "old"}}
    for name, template in {**delivery, STAGING_API: {"Resources": {"Deployed": deployed}}}.items():
        cloudformation = make("cloudformation")
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name)
    account = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    for name in BOOTSTRAP_ROLES:
        make("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [account]})
        )
    yield make
    for client in made:
        client.close()


def token(**claims: str) -> str:
    """Return a token with these claims, in the form of GitHub's."""
    issued = {"iss": f"https://{GITHUB}", "aud": "sts.amazonaws.com", **claims}
    parts = [{"alg": "RS256"}, issued]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
    return ".".join([*(part.decode().rstrip("=") for part in encoded), "signature"])


def take(aws: Callable[..., Any], role: str, **claims: str) -> boto3.Session:
    """Return a session of `role` for a job with these claims."""
    given = aws("sts").assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/cv-location-classifier-{role}",
        RoleSessionName="job",
        WebIdentityToken=token(**claims),
    )["Credentials"]
    return boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION
    )


def assert_denied(call: Callable[..., object], **arguments: Any) -> None:  # noqa: ANN401
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    assert refused.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}


@pytest.mark.parametrize("role", SUBJECTS)
def test_a_job_takes_the_role_that_is_meant_for_it(aws: Callable[..., Any], role: str) -> None:
    session = take(aws, role, sub=SUBJECTS[role])
    assert f"cv-location-classifier-{role}" in aws("sts", session).get_caller_identity()["Arn"]


@pytest.mark.parametrize("role", SUBJECTS)
@pytest.mark.parametrize(
    "subject",
    [
        f"repo:{REPOSITORY}:ref:refs/heads/main",
        f"repo:{REPOSITORY}:environment:staging-2",
        f"repo:{REPOSITORY}:environment:Staging",
        f"repo:{REPOSITORY}",
        # A fork, a repository with a longer name, and one that took over the names.
        "repo:somebody@1/travel.app@2:environment:staging",
        f"repo:{REPOSITORY}0:environment:staging",
        "repo:octo-org/travel.app:environment:staging",
        f"repo:x/{REPOSITORY}:pull_request",
    ],
)
def test_no_other_job_takes_a_role(aws: Callable[..., Any], role: str, subject: str) -> None:
    assert_denied(take, aws=aws, role=role, sub=subject)


@pytest.mark.parametrize("role", SUBJECTS)
def test_a_job_takes_no_role_that_is_meant_for_another(aws: Callable[..., Any], role: str) -> None:
    for other in set(SUBJECTS) - {role}:
        assert_denied(take, aws=aws, role=role, sub=SUBJECTS[other])


def test_a_token_for_another_service_is_not_taken(aws: Callable[..., Any]) -> None:
    subject = SUBJECTS["deploy-staging"]
    assert_denied(take, aws=aws, role="deploy-staging", sub=subject, aud="https://github.com/octo")
    elsewhere = "https://tokens.somebody.example"
    assert_denied(take, aws=aws, role="deploy-staging", sub=subject, iss=elsewhere)


def test_a_pull_request_compares_and_sees_nothing_else(
    aws: Callable[..., Any], local_cloud: LocalCloud, tmp_path: Path
) -> None:
    session = take(aws, "diff", sub=SUBJECTS["diff"])
    given = session.get_credentials()
    assert given is not None
    for name in ("shared-aws", "account-aws", "describe-aws", "recommend-aws"):
        (tmp_path / "layers" / name / "python").mkdir(parents=True)
        (tmp_path / "layers" / name / "python" / "module.py").touch()
    assembly = tmp_path / "cdk.out"
    synthesise(assembly, environment="staging", layers_directory=str(tmp_path / "layers"))
    done = subprocess.run(  # noqa: S603 - ours
        [
            *(str(CDK), "diff", "cv-location-classifier-staging-*", "--app", str(assembly)),
            *("--method", "template", "--ci", "--no-color"),
        ],
        cwd=ROOT,
        env={
            **local_cloud.client_environment(),
            "AWS_ACCESS_KEY_ID": given.access_key,
            "AWS_SECRET_ACCESS_KEY": given.secret_key,
            "AWS_SESSION_TOKEN": str(given.token),
            "CDK_DISABLE_CLI_TELEMETRY": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[-] AWS::SSM::Parameter Deployed" in done.stdout
    assert "[+] AWS::DynamoDB::Table" in done.stdout
    assert f"Stack {STAGING_API}" in done.stdout

    cloudformation = aws("cloudformation", session)
    assert_denied(cloudformation.delete_stack, StackName=STAGING_API)
    assert_denied(
        cloudformation.create_change_set,
        StackName=STAGING_API,
        ChangeSetName="more",
        TemplateBody="{}",
    )
    assert_denied(cloudformation.get_template, StackName="somebody-elses")
    assert_denied(aws("ssm", session).get_parameter, Name=last_good_parameter("staging"))
    assert_denied(aws("dynamodb", session).list_tables)
    assert_denied(aws("s3", session).list_buckets)
    for name in BOOTSTRAP_ROLES:
        assert_denied(
            aws("sts", session).assume_role,
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}",
            RoleSessionName="job",
        )


def test_a_deployment_works_through_the_roles_of_the_bootstrap_alone(
    aws: Callable[..., Any],
) -> None:
    session = take(aws, "deploy-staging", sub=SUBJECTS["deploy-staging"])
    for name in BOOTSTRAP_ROLES:
        aws("sts", session).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="job"
        )
    assert_denied(aws("cloudformation", session).delete_stack, StackName=STAGING_API)
    assert_denied(aws("dynamodb", session).list_tables)


def test_each_environment_remembers_its_own_last_good_commit(aws: Callable[..., Any]) -> None:
    ssm = aws("ssm", take(aws, "deploy-staging", sub=SUBJECTS["deploy-staging"]))
    assert last_good(ssm, "staging") == ""
    for commit in ("1a2b3c", "4d5e6f"):
        mark_good(ssm, "staging", commit)
        assert last_good(ssm, "staging") == commit
    assert_denied(last_good, ssm=ssm, environment="production")
    assert_denied(mark_good, ssm=ssm, environment="production", good="1a2b3c")
    keys = "/cv-location-classifier/staging/jwt-keys"
    assert_denied(ssm.get_parameter, Name=keys)
    assert_denied(ssm.put_parameter, Name=keys, Value="mine", Type="String")
