"""Who may do what: one role for each function, and only what it uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.grants import ACTIONS, ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
# X-Ray has no resources that a policy could name.
TRACES = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
# The local cloud knows no identities either; AWS does, see the test of mail.
LOCAL_MAIL = {"ses:SendEmail"}
# The CDK's function between CloudFormation and the one that makes the keys.
FRAMEWORK = {"lambda:GetFunction", "lambda:InvokeFunction"}
Statement = dict[str, Any]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _statements(templates: Templates, role: str) -> list[Statement]:
    properties = templates.resources("AWS::IAM::Role")[role]["Properties"]
    inline = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    attached = [
        policy["Properties"]["PolicyDocument"]
        for policy in templates.resources("AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Properties"].get("Roles", [])
    ]
    return [statement for document in inline + attached for statement in document["Statement"]]


def _role_of(templates: Templates, function: str) -> str:
    role = templates.functions()[function]["Properties"]["Role"]
    name: str = role["Fn::GetAtt"][0]
    return name


def _framework_role(templates: Templates) -> str:
    (role,) = (
        function["Properties"]["Role"]["Fn::GetAtt"][0]
        for function in templates.resources("AWS::Lambda::Function").values()
        if "FunctionName" not in function["Properties"]
    )
    name: str = role
    return name


def _actions(statements: list[Statement]) -> set[str]:
    return {action for statement in statements for action in _listed(statement["Action"])}


@pytest.mark.parametrize("function", ACTIONS)
def test_a_function_may_do_what_it_does_and_nothing_else(
    production: Templates, function: str
) -> None:
    statements = _statements(production, _role_of(production, function))
    traced = function != "create-jwt-keys"
    assert _actions(statements) == ACTIONS[function] | LOGS | (TRACES if traced else set())
    assert all(statement["Effect"] == "Allow" for statement in statements)


@pytest.mark.parametrize("function", ITEMS)
def test_a_function_reaches_only_its_own_items(templates: Templates, function: str) -> None:
    reached: dict[str, set[str]] = {}
    for statement in _statements(templates, _role_of(templates, function)):
        for action in _listed(statement["Action"]):
            if action.startswith("dynamodb:"):
                keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                reached.setdefault(action, set()).update(_listed(keys))
    assert reached == ITEMS[function]


def test_mail_is_sent_by_auth_alone_from_the_address_in_the_settings(
    synthesise: Callable[..., Templates],
) -> None:
    templates = synthesise("staging", mail_sender="no-reply@travel.example")
    for function in ACTIONS:
        statements = _statements(templates, _role_of(templates, function))
        sending = [each for each in statements if "ses:SendEmail" in _listed(each["Action"])]
        assert bool(sending) == (function == "auth"), function
        for statement in sending:
            names = {str(arn["Fn::Join"][1][-1]) for arn in statement["Resource"]}
            assert names == {":identity/no-reply@travel.example", ":identity/travel.example"}


def test_a_function_reaches_uploads_and_nothing_else_of_the_bucket(templates: Templates) -> None:
    for function in ACTIONS:
        for statement in _statements(templates, _role_of(templates, function)):
            if any(action.startswith("s3:") for action in _listed(statement["Action"])):
                (resource,) = _listed(statement["Resource"])
                assert json.dumps(resource).endswith('/uploads/*"]]}'), resource


def test_every_function_has_a_role_of_its_own(templates: Templates) -> None:
    roles = [_role_of(templates, function) for function in templates.functions()]
    assert len(roles) == len(set(roles)) == len(ACTIONS)


def test_no_policy_has_a_wildcard_action_or_names_every_resource(templates: Templates) -> None:
    for role in templates.resources("AWS::IAM::Role"):
        for statement in _statements(templates, role):
            assert not any("*" in action for action in _listed(statement["Action"])), statement
            if not set(_listed(statement["Action"])) <= TRACES | LOCAL_MAIL:
                assert "*" not in _listed(statement["Resource"]), statement


def test_every_role_is_one_of_those_above(templates: Templates) -> None:
    known = {_role_of(templates, function) for function in templates.functions()}
    assert set(templates.resources("AWS::IAM::Role")) == known | {_framework_role(templates)}
    for policy in templates.resources("AWS::IAM::Policy").values():
        assert all(set(role) == {"Ref"} for role in policy["Properties"]["Roles"])
        assert not {"Users", "Groups"} & set(policy["Properties"])


def test_the_key_makers_framework_may_call_the_key_maker_alone(templates: Templates) -> None:
    statements = _statements(templates, _framework_role(templates))
    assert _actions(statements) == FRAMEWORK | LOGS
    (key_maker,) = (
        name
        for name, function in templates.resources("AWS::Lambda::Function").items()
        if str(function["Properties"].get("FunctionName", "")).endswith("-create-jwt-keys")
    )
    arn = {"Fn::GetAtt": [key_maker, "Arn"]}
    for statement in statements:
        if set(_listed(statement["Action"])) <= FRAMEWORK:
            every_version = {"Fn::Join": ["", [arn, ":*"]]}
            assert all(one in (arn, every_version) for one in _listed(statement["Resource"]))


def test_a_role_writes_to_the_log_group_of_its_function_alone(templates: Templates) -> None:
    for function in templates.resources("AWS::Lambda::Function").values():
        properties = function["Properties"]
        group = properties["LoggingConfig"]["LogGroup"]["Ref"]
        for statement in _statements(templates, properties["Role"]["Fn::GetAtt"][0]):
            if set(_listed(statement["Action"])) & LOGS:
                assert set(_listed(statement["Action"])) == LOGS
                assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}


def test_secrets_are_read_by_those_who_use_them(templates: Templates) -> None:
    """And written by the key maker alone, which may not read them."""
    reads = {"authorizer": "jwt-keys", "auth": "jwt-keys", "describe": "vision-token"}
    for function in ACTIONS:
        parameters = {
            (action, str(statement["Resource"]["Fn::Join"][1][-1]).rpartition("/")[2])
            for statement in _statements(templates, _role_of(templates, function))
            for action in _listed(statement["Action"])
            if action.startswith("ssm:")
        }
        expected = {("ssm:GetParameter", reads[function])} if function in reads else set()
        if function == "create-jwt-keys":
            expected = {("ssm:PutParameter", "jwt-keys")}
        assert parameters == expected, function


def test_nobody_has_a_managed_policy(templates: Templates) -> None:
    """Those for Lambda may write to every log group of the account, or more."""
    for name, role in templates.resources("AWS::IAM::Role").items():
        assert not role["Properties"].get("ManagedPolicyArns"), name
    assert not templates.kinds() & {"AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::IAM::Group"}


def test_only_lambda_may_take_a_role(templates: Templates) -> None:
    for role in templates.resources("AWS::IAM::Role").values():
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_only_this_api_may_invoke_a_function(templates: Templates) -> None:
    for permission in templates.resources("AWS::Lambda::Permission").values():
        properties = permission["Properties"]
        assert properties["Principal"] == "apigateway.amazonaws.com"
        assert "SourceArn" in properties
