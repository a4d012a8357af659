"""`make destroy`: take one environment's stacks down, and say what stays.

Production keeps its table, which is protected against deletion; the signing keys stay everywhere,
so that a later deployment does not sign everybody out. Only a person who types the environment's
name gets that far.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.deploy import context, run_cdk, settings_of, stack_name
from local.deployed import ENVIRONMENTS, version
from local.terminal import CannotContinueError, say
from local.web.build import build_web

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3ServiceResource
    from mypy_boto3_ssm import SSMClient


def read_outputs(
    cloudformation: CloudFormationClient, environment: str, stack: str = "data"
) -> dict[str, str]:
    """Return the outputs of a stack; none when there is no such stack."""
    try:
        found = cloudformation.describe_stacks(StackName=stack_name(environment, stack))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return {}
        raise
    (described,) = found["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def is_protected(dynamodb: DynamoDBClient, table: str) -> bool:
    """Tell whether a table refuses to be deleted; its stack then leaves it behind."""
    return dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled", False)


def empty_bucket(s3: S3ServiceResource, bucket: str) -> None:
    """Delete the photos of the last day, or the page: CloudFormation deletes no bucket with any."""
    s3.Bucket(bucket).objects.all().delete()


def kept_parameters(ssm: SSMClient, environment: str) -> list[str]:
    """Return the names of the environment's parameters, which no stack owns."""
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path=f"/cv-location-classifier/{environment}", Recursive=True
    )
    return sorted(found["Name"] for page in pages for found in page["Parameters"])


def tell_what_stays(*, table: str, parameters: list[str]) -> str:
    """Return what is left and how to remove it, for a person to decide."""
    lines = ["", "What stays:"]
    if table:
        lines += [
            f"  the table {table}, with everything of every user; within the free amount it costs",
            "  nothing. A new deployment makes a new, empty one beside it. To delete it for good:",
            f"    aws dynamodb update-table --table-name {table} --no-deletion-protection-enabled",
            f"    aws dynamodb delete-table --table-name {table}",
        ]
    if parameters:
        lines += [
            "  parameters, which cost nothing. A later deployment signs tokens with the same keys.",
            "  To delete them for good:",
            *(f"    aws ssm delete-parameter --name {name}" for name in parameters),
        ]
    lines += [
        "  packages and images of past deployments, in the bucket and the repository of",
        "  `cdk bootstrap`, which other deployments share: cents a month; docs/deploy.md says how",
        "  to empty and remove them.",
    ]
    return "\n".join(lines)


def destroy(environment: str) -> None:
    """Ask, take the stacks down, and tell what stays.

    Raises `CannotContinueError` when the answer is not the environment's name, or the CDK fails.
    """
    outputs = read_outputs(boto3.client("cloudformation"), environment)
    table = outputs.get("TableName", "")
    kept_table = table if table and is_protected(boto3.client("dynamodb"), table) else ""
    fate = "is kept" if kept_table else "GOES, with everything of every user"
    say(f"This takes {environment} down: its address stops answering, and its table {fate}.")
    if input(f"Type {environment} to go on: ").strip() != environment:
        message = "Nothing was changed."
        raise CannotContinueError(message)
    if settings_of(environment).hosts_web:
        # The CDK writes the templates first, of what it takes down, too.
        build_web()
        outputs |= read_outputs(boto3.client("cloudformation"), environment, "web")
    for name in ("UploadsBucketName", "WebBucketName"):
        if name in outputs:
            empty_bucket(boto3.resource("s3"), outputs[name])
    run_cdk(
        *("destroy", stack_name(environment, "*"), "--force"),
        *context(environment, version()),
    )
    parameters = kept_parameters(boto3.client("ssm"), environment)
    say(tell_what_stays(table=kept_table, parameters=parameters))


def main() -> None:
    """Take an environment down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    options = parser.parse_args()
    try:
        destroy(options.environment)
    except (CannotContinueError, BotoCoreError, ClientError, EOFError) as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
