"""The table and the bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from common.labels import LABEL, LABEL_FACTS, LABELLED_AT, LABELS_INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

TABLE = "AWS::DynamoDB::Table"
BUCKET = "AWS::S3::Bucket"


def test_the_table_has_one_key_and_expires_items(templates: Templates) -> None:
    table = templates.one(TABLE)["Properties"]
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    assert keys == {"HASH": "PK", "RANGE": "SK"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_all_capacity_together_is_free(production: Templates) -> None:
    table = production.one(TABLE)["Properties"]
    shares = [table, *table.get("GlobalSecondaryIndexes", [])]
    for unit in ("ReadCapacityUnits", "WriteCapacityUnits"):
        assert sum(share["ProvisionedThroughput"][unit] for share in shares) == 25


def test_the_only_index_is_that_of_labels_and_holds_no_comments(templates: Templates) -> None:
    (index,) = templates.one(TABLE)["Properties"]["GlobalSecondaryIndexes"]
    assert index["IndexName"] == LABELS_INDEX
    keys = {key["KeyType"]: key["AttributeName"] for key in index["KeySchema"]}
    assert keys == {"HASH": LABEL, "RANGE": LABELLED_AT}
    assert index["Projection"]["ProjectionType"] == "INCLUDE"
    assert set(index["Projection"]["NonKeyAttributes"]) == set(LABEL_FACTS)


def test_staging_takes_no_part_of_the_capacity_that_is_free_once(staging: Templates) -> None:
    table = staging.one(TABLE)["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    for part in (table, *table["GlobalSecondaryIndexes"]):
        assert "ProvisionedThroughput" not in part


def test_capacity_can_be_shared_between_environments(
    synthesise: Callable[..., Templates],
) -> None:
    table = synthesise("production", table_read_capacity="5", table_write_capacity="4").one(TABLE)
    capacity = table["Properties"]["ProvisionedThroughput"]
    assert capacity == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 4}


def test_restoring_to_any_second_costs_and_is_off_unless_asked_for(
    staging: Templates, synthesise: Callable[..., Templates]
) -> None:
    asked = synthesise("staging", point_in_time_recovery="true")
    for templates, enabled in ((staging, False), (asked, True)):
        recovery = templates.one(TABLE)["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is enabled


def test_productions_table_survives_its_stack(production: Templates, staging: Templates) -> None:
    table = production.one(TABLE)
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["DeletionPolicy"] == "Retain"
    assert table["UpdateReplacePolicy"] == "Retain"
    assert staging.one(TABLE)["DeletionPolicy"] == "Delete"


def test_uploads_are_private_and_gone_after_a_day(templates: Templates) -> None:
    bucket = templates.one(BUCKET)["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 1
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Status"] == "Enabled"


def test_browsers_may_upload_only_from_the_origins_in_the_settings(
    production: Templates, synthesise: Callable[..., Templates]
) -> None:
    assert "CorsConfiguration" not in production.one(BUCKET)["Properties"]
    asked = synthesise("production", allowed_origins="https://travel.example")
    (rule,) = asked.one(BUCKET)["Properties"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://travel.example"]
    assert rule["AllowedMethods"] == ["POST"]


def test_on_aws_uploads_travel_over_tls_alone(production: Templates) -> None:
    policy = production.one("AWS::S3::BucketPolicy")["Properties"]["PolicyDocument"]
    (refusal,) = [one for one in policy["Statement"] if one["Effect"] == "Deny"]
    assert refusal["Action"] == "s3:*"
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert refusal["Principal"] == {"AWS": "*"}
    assert len(policy["Statement"]) == 1


def test_nobody_is_let_in_by_a_policy_of_the_bucket(templates: Templates) -> None:
    for policy in templates.resources("AWS::S3::BucketPolicy").values():
        statements = policy["Properties"]["PolicyDocument"]["Statement"]
        assert all(statement["Effect"] == "Deny" for statement in statements)


def test_the_signing_keys_are_never_in_a_template(templates: Templates) -> None:
    keys = templates.one("Custom::JwtKeys")
    assert keys["DeletionPolicy"] == "Retain"
    assert set(keys["Properties"]) == {"ServiceToken", "ParameterName"}
    assert "SecureString" not in json.dumps(templates.by_stack)
