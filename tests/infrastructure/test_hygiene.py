"""Encryption, transport, traces and logs: what every deployment has, whatever its settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates


def test_no_resource_is_encrypted_with_a_key_that_costs(templates: Templates) -> None:
    """DynamoDB, S3, logs and SSM encrypt with keys of AWS for nothing; a key of one's own costs."""
    assert not {kind for kind in templates.kinds() if kind.startswith("AWS::KMS::")}
    assert "KmsMasterKeyId" not in json.dumps(templates.by_stack)
    assert "KMSMasterKeyId" not in json.dumps(templates.by_stack)


def test_the_table_is_encrypted_with_the_key_that_is_always_there(templates: Templates) -> None:
    """Encryption at rest cannot be switched off; `SSEEnabled` would buy one that is charged for."""
    table = templates.one("AWS::DynamoDB::Table")["Properties"]
    assert not table.get("SSESpecification", {}).get("SSEEnabled")


def test_uploads_are_encrypted(templates: Templates) -> None:
    bucket = templates.one("AWS::S3::Bucket")["Properties"]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_every_function_of_the_service_is_traced_on_aws(
    production: Templates, staging: Templates
) -> None:
    for templates in (production, staging):
        for name, function in templates.functions().items():
            traced = function["Properties"].get("TracingConfig") == {"Mode": "Active"}
            assert traced == (name != "create-jwt-keys"), name


def test_tracing_can_be_switched_off(synthesise: Callable[..., Templates]) -> None:
    templates = synthesise("production", traced="false")
    for name, function in templates.functions().items():
        assert "TracingConfig" not in function["Properties"], name
        if name != "create-jwt-keys":
            variables = function["Properties"]["Environment"]["Variables"]
            assert variables["POWERTOOLS_TRACE_DISABLED"] == "true", name
    assert "xray:" not in json.dumps(templates.by_stack)


def test_every_log_ends(templates: Templates) -> None:
    groups = templates.resources("AWS::Logs::LogGroup").values()
    assert len(groups) == len(templates.resources("AWS::Lambda::Function")) + 1
    for group in groups:
        assert group["Properties"]["RetentionInDays"] <= 30


def test_the_gateway_logs_every_request_to_a_group_that_ends(templates: Templates) -> None:
    stage = templates.one("AWS::ApiGatewayV2::Stage")["Properties"]
    group, attribute = stage["AccessLogSettings"]["DestinationArn"]["Fn::GetAtt"]
    assert attribute == "Arn"
    logs = templates.resources("AWS::Logs::LogGroup")[group]["Properties"]
    assert logs["LogGroupName"].startswith("/aws/vendedlogs/")


def test_nothing_looks_up_an_account_while_templates_are_written(templates: Templates) -> None:
    """A lookup would need credentials and a network; what is missing stands in the manifest."""
    manifest = json.loads((templates.directory / "manifest.json").read_text())
    assert not manifest.get("missing")
    for artifact in manifest["artifacts"].values():
        if artifact["type"] == "aws:cloudformation:stack":
            assert artifact["environment"] == "aws://unknown-account/unknown-region"
