"""What was deployed, what would change, and what a destroyed environment leaves."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from local import deploy, deployed, destroy
from local.deployed import Deployed
from local.terminal import CannotContinueError

if TYPE_CHECKING:
    from collections.abc import Iterator

Done = subprocess.CompletedProcess[str]
PARAMETER = "/cv-location-classifier/staging/last-good-commit"


@pytest.fixture(autouse=True)
def build_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(deployed, "_DEPLOYED", tmp_path / "deployed")
    monkeypatch.setattr(deploy, "_OUTPUTS", tmp_path / "outputs.json")
    return tmp_path


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Stubber]]:
    """Answer for AWS; every prepared answer has to be asked for."""
    clients = {
        name: boto3.client(name, region_name="eu-central-1")
        for name in ("cloudformation", "dynamodb", "ssm")
    }
    stubbers = {name: Stubber(client) for name, client in clients.items()}
    monkeypatch.setattr(boto3, "client", clients.__getitem__)
    for stubber in stubbers.values():
        stubber.activate()
    yield stubbers
    for stubber in stubbers.values():
        stubber.assert_no_pending_responses()


class Cdk:
    """Remembers how the CDK's tool was called, and leaves what it would."""

    def __init__(self, outputs: str = "", code: int = 0) -> None:
        self.calls: list[list[str]] = []
        self.outputs = outputs
        self.code = code

    def __call__(self, command: list[str], **how: Any) -> Done:  # noqa: ANN401 - as subprocess has it
        if Path(command[0]).name != "cdk":
            return Done(command, 0, stdout="1a2b3c4d\n")
        self.calls.append(command[1:])
        if "--outputs-file" in command:
            Path(command[command.index("--outputs-file") + 1]).write_text(self.outputs)
        if how.get("stdout"):
            how["stdout"].write("Resources\n")
        return Done(command, self.code)


@pytest.fixture
def cdk(monkeypatch: pytest.MonkeyPatch) -> Cdk:
    cdk = Cdk('{"cv-location-classifier-staging-api": {"ApiUrl": "https://api.test"}}')
    monkeypatch.setattr(subprocess, "run", cdk)
    return cdk


def test_the_version_names_the_commit_and_is_a_setting_that_is_taken() -> None:
    version = deployed.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+(\+[0-9a-f]{8,}(\.dirty)?)?", version)
    assert re.fullmatch(r"[0-9A-Za-z._+-]{1,64}", version)


def test_a_deployment_is_remembered_for_the_smoke_test(cdk: Cdk) -> None:
    with pytest.raises(CannotContinueError, match="Nothing was deployed to staging"):
        deployed.read_deployed("staging")
    made = deploy.deploy("staging", api_only=False, more=["--require-approval", "never"])
    assert made.url == "https://api.test"
    assert deployed.read_deployed("staging") == made
    (call,) = cdk.calls
    assert call[:2] == ["deploy", "cv-location-classifier-staging-*"]
    assert "environment=staging" in call
    assert f"service_version={made.version}" in call
    assert call[-2:] == ["--require-approval", "never"]


def test_going_back_leaves_data_and_alarms_alone(cdk: Cdk) -> None:
    deploy.deploy("staging", api_only=True, more=[])
    assert cdk.calls[0][:3] == ["deploy", "cv-location-classifier-staging-api", "--exclusively"]


def test_a_deployment_that_failed_is_not_remembered(cdk: Cdk) -> None:
    cdk.code = 1
    with pytest.raises(CannotContinueError, match="`cdk deploy` ended with 1"):
        deploy.deploy("staging", api_only=False, more=[])
    with pytest.raises(CannotContinueError):
        deployed.read_deployed("staging")


def function(**variables: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Environment": {"Variables": variables}},
    }


def test_a_comparison_leaves_the_version_out_and_needs_no_change_set(
    cdk: Cdk, aws: dict[str, Stubber], tmp_path: Path
) -> None:
    template = {
        "Resources": {
            "Provider": {"Type": "AWS::Lambda::Function", "Properties": {}},
            "Docs": function(SERVICE_VERSION="0.1.0+deployed"),
            "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {}},
        }
    }
    aws["cloudformation"].add_response(
        "get_template",
        {"TemplateBody": json.dumps(template)},
        {"StackName": "cv-location-classifier-staging-api"},
    )
    deploy.compare("staging", out=tmp_path / "diff" / "staging.txt", more=[])
    (call,) = cdk.calls
    assert call[:4] == ["diff", "cv-location-classifier-staging-*", "--method", "template"]
    assert "service_version=0.1.0+deployed" in call
    assert (tmp_path / "diff" / "staging.txt").read_text() == "Resources\n"


def test_a_first_comparison_finds_no_version(cdk: Cdk, aws: dict[str, Stubber]) -> None:
    aws["cloudformation"].add_client_error("get_template", "ValidationError", "does not exist")
    deploy.compare("staging", out=None, more=[])
    assert any(word.startswith("service_version=") for word in cdk.calls[0])


def test_the_commit_to_go_back_to_is_kept_in_the_account(aws: dict[str, Stubber]) -> None:
    ssm = boto3.client("ssm")
    aws["ssm"].add_client_error("get_parameter", "ParameterNotFound")
    assert deployed.last_good(ssm, "staging") == ""
    aws["ssm"].add_response("put_parameter", {})
    deployed.mark_good(ssm, "staging", "1a2b")
    aws["ssm"].add_response("get_parameter", {"Parameter": {"Value": "1a2b"}}, {"Name": PARAMETER})
    assert deployed.last_good(ssm, "staging") == "1a2b"


def prepare_destruction(aws: dict[str, Stubber], *, protected: bool) -> None:
    outputs = [
        {"OutputKey": "TableName", "OutputValue": "table-1"},
        {"OutputKey": "UploadsBucketName", "OutputValue": "uploads-1"},
    ]
    stack = {"StackName": "data", "CreationTime": 0, "StackStatus": "OK", "Outputs": outputs}
    aws["cloudformation"].add_response("describe_stacks", {"Stacks": [stack]})
    aws["dynamodb"].add_response(
        "describe_table", {"Table": {"DeletionProtectionEnabled": protected}}
    )


@pytest.fixture
def emptied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    buckets: list[str] = []
    monkeypatch.setattr(destroy, "empty_bucket", lambda _s3, bucket: buckets.append(bucket))
    monkeypatch.setattr(boto3, "resource", lambda _name: None)
    return buckets


@pytest.mark.parametrize("typed", ["", "y", "yes", "production"])
def test_nothing_goes_unless_the_environment_is_typed(
    typed: str,
    cdk: Cdk,
    aws: dict[str, Stubber],
    emptied: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepare_destruction(aws, protected=False)
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    with pytest.raises(CannotContinueError, match="Nothing was changed"):
        destroy.destroy("staging")
    assert (cdk.calls, emptied) == ([], [])


@pytest.mark.parametrize("protected", [True, False])
def test_what_stays_is_told(
    protected: bool,  # noqa: FBT001
    cdk: Cdk,
    aws: dict[str, Stubber],
    emptied: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare_destruction(aws, protected=protected)
    aws["ssm"].add_response(
        "get_parameters_by_path",
        {"Parameters": [{"Name": "/cv-location-classifier/production/jwt-keys"}]},
        {"Path": "/cv-location-classifier/production", "Recursive": True},
    )
    monkeypatch.setattr("builtins.input", lambda _question: "production")
    destroy.destroy("production")
    assert cdk.calls[0][:3] == ["destroy", "cv-location-classifier-production-*", "--force"]
    assert emptied == ["uploads-1"]
    told = capsys.readouterr().out
    assert ("its table is kept" in told) is protected
    assert ("GOES, with everything of every user" in told) is not protected
    assert ("delete-table --table-name table-1" in told) is protected
    assert "delete-parameter --name /cv-location-classifier/production/jwt-keys" in told


def test_an_environment_that_was_never_deployed_has_nothing_to_empty(
    cdk: Cdk, aws: dict[str, Stubber], emptied: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    aws["cloudformation"].add_client_error("describe_stacks", "ValidationError", "does not exist")
    aws["ssm"].add_response("get_parameters_by_path", {"Parameters": []})
    monkeypatch.setattr("builtins.input", lambda _question: "staging")
    destroy.destroy("staging")
    assert (len(cdk.calls), emptied) == (1, [])


def test_deployments_are_remembered_apart() -> None:
    deployed.write_deployed("staging", Deployed("https://s.test", "1"))
    deployed.write_deployed("production", Deployed("https://p.test", "2"))
    assert deployed.read_deployed("staging").url == "https://s.test"
