"""The narrowest right to the photos that users upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_s3 as s3

# What `common/uploads.py` puts in front of every key.
KEYS = "uploads/*"


def grant_uploads(
    function: lambda_.Function, bucket: s3.IBucket, *, actions: Sequence[str]
) -> None:
    """Let `function` do `actions` on uploads: `GetObject` to read one, `PutObject` to sign forms.

    A form is good for what whoever signed it may do. Nobody may list the bucket, so that S3 answers
    403 instead of 404 to a key that does not exist.
    """
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=[f"s3:{action}" for action in actions],
            resources=[bucket.arn_for_objects(KEYS)],
        )
    )
