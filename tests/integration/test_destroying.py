"""What `make destroy` does around the CDK's tool, on the services themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.destroy import empty_bucket, is_protected, kept_parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud import LocalCloud


def test_photos_of_the_last_day_are_gone(
    make_client: Callable[[str], Any], local_cloud: LocalCloud
) -> None:
    s3 = make_client("s3")
    s3.create_bucket(Bucket="uploads-of-staging")
    for number in range(3):
        s3.put_object(Bucket="uploads-of-staging", Key=f"uploads/{number}", Body=b"photo")
    resource = local_cloud.session().resource("s3", endpoint_url=local_cloud.url)
    empty_bucket(resource, "uploads-of-staging")
    resource.meta.client.close()
    assert "Contents" not in s3.list_objects_v2(Bucket="uploads-of-staging")


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_table_is_recognised(
    make_client: Callable[[str], Any],
    protected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    dynamodb = make_client("dynamodb")
    name = f"protected-{protected}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=protected,
    )
    assert is_protected(dynamodb, name) is protected


def test_parameters_of_the_environment_are_listed_and_no_others(
    make_client: Callable[[str], Any],
) -> None:
    ssm = make_client("ssm")
    for name in ("kept/vision-token", "kept/jwt-keys", "kept-2/jwt-keys"):
        ssm.put_parameter(Name=f"/cv-location-classifier/{name}", Value="v", Type="SecureString")
    assert kept_parameters(ssm, "kept") == [
        "/cv-location-classifier/kept/jwt-keys",
        "/cv-location-classifier/kept/vision-token",
    ]
