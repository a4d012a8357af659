"""What must survive a redeployment: the table, the uploads bucket and the signing keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3

from stacks.constructs.jwt_keys import JwtKeys

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings


class DataStack(cdk.Stack):
    """One table, one bucket, one SSM parameter."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        """Create the resources that `settings` asks for."""
        super().__init__(scope, construct_id, synthesizer=settings.platform.synthesizer())
        self.table = self._create_table(settings)
        self.uploads_bucket = self._create_uploads_bucket(settings)
        self.jwt_keys = JwtKeys(self, "JwtKeys", settings=settings)
        cdk.CfnOutput(self, "TableName", value=self.table.table_name)
        cdk.CfnOutput(self, "UploadsBucketName", value=self.uploads_bucket.bucket_name)

    def _create_table(self, settings: Settings) -> dynamodb.Table:
        provisioned = settings.table_billing == "provisioned"
        # TableV2 would bring autoscaling, whose alarms use up the ten free ones.
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="PK", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="SK", type=dynamodb.AttributeType.STRING),
            billing_mode=(
                dynamodb.BillingMode.PROVISIONED
                if provisioned
                else dynamodb.BillingMode.PAY_PER_REQUEST
            ),
            read_capacity=settings.table_read_capacity if provisioned else None,
            write_capacity=settings.table_write_capacity if provisioned else None,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=settings.point_in_time_recovery
            ),
            deletion_protection=settings.deletion_protection,
            removal_policy=(
                cdk.RemovalPolicy.RETAIN
                if settings.deletion_protection
                else cdk.RemovalPolicy.DESTROY
            ),
        )
        # Sparse: holds the predictions whose feedback says what the photo shows. The names are
        # those of `common/labels.py`.
        table.add_global_secondary_index(
            index_name="labels",
            partition_key=dynamodb.Attribute(name="label", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="labelled_at", type=dynamodb.AttributeType.STRING),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=[
                *("image_sha256", "label_name", "label_correct", "label_predicted"),
                "model_version",
            ],
            read_capacity=settings.labels_read_capacity if provisioned else None,
            write_capacity=settings.labels_write_capacity if provisioned else None,
        )
        return table

    def _create_uploads_bucket(self, settings: Settings) -> s3.Bucket:
        one_day = cdk.Duration.days(1)
        return s3.Bucket(
            self,
            "Uploads",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=settings.platform.enforce_tls,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=one_day, abort_incomplete_multipart_upload_after=one_day
                )
            ],
            # Browsers post forms here, and want to know whether they arrived.
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.POST],
                    allowed_origins=list(settings.allowed_origins),
                    allowed_headers=["content-type"],
                    max_age=3_600,
                )
            ]
            if settings.allowed_origins
            else None,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
