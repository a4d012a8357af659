"""The web page on S3 and CloudFront: what gives it an address, and what lies there.

Two stacks, one before the API and one after it: the API lets browsers call it from the page's
address, and the page is told the API's (docs/decisions/0016-the-page-comes-before-the-api.md).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment

from stacks.constructs.logged_function import create_log_group, create_role
from stacks.settings import REPOSITORY, SettingsError
from stacks.web_serving import (
    ASK_EACH_TIME,
    CONFIGURATION,
    ENTRY,
    HASHED_FOLDER,
    KEEP_FOR_GOOD,
    NOT_FOUND,
    NOT_FOUND_PAGE,
    STRICT_TRANSPORT,
    STRICT_TRANSPORT_SECONDS,
    configuration,
    narrow,
    security_headers,
)

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

    from stacks.api_stack import ApiStack
    from stacks.data_stack import DataStack
    from stacks.settings import Settings

# Headers that CloudFront takes as themselves; the others it takes by any name.
_KNOWN = {
    "content-security-policy",
    "referrer-policy",
    STRICT_TRANSPORT,
    "x-content-type-options",
    "x-frame-options",
}
# How long CloudFront remembers that there is nothing.
_NOT_FOUND_SECONDS = 10


class WebHostingStack(cdk.Stack):
    """A private bucket, and the distribution that alone may read it."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        """Create an empty place for the page; `WebContentStack` fills it."""
        super().__init__(
            scope,
            construct_id,
            synthesizer=settings.platform.synthesizer(),
            description="The address of the web page",
        )
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"The page of cv-location-classifier, {settings.environment}",
            default_root_object=ENTRY,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                # For as long as each file says, a second at least; one copy for each compression.
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                compress=True,
                response_headers_policy=self._create_headers(settings),
            ),
            # S3 says of what is not there that it is forbidden, since nobody may list the bucket.
            error_responses=[
                cloudfront.ErrorResponse(
                    http_status=403,
                    response_http_status=404,
                    response_page_path=f"/{NOT_FOUND}",
                    ttl=cdk.Duration.seconds(_NOT_FOUND_SECONDS),
                )
            ],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        )
        self.url = f"https://{distribution.distribution_domain_name}"
        cdk.CfnOutput(self, "WebUrl", value=self.url)
        cdk.CfnOutput(self, "WebBucketName", value=self.bucket.bucket_name)

    def _create_headers(self, settings: Settings) -> cloudfront.ResponseHeadersPolicy:
        # Neither the API nor the bucket for uploads has a name yet: any of this region, which the
        # page itself narrows down to the two.
        somewhere = [
            f"https://*.execute-api.{self.region}.{self.url_suffix}",
            f"https://*.s3.{self.region}.{self.url_suffix}",
        ]
        headers = security_headers(somewhere, settings.tiles)
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=headers["content-security-policy"], override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption[headers["x-frame-options"]],
                    override=True,
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy[
                        headers["referrer-policy"].replace("-", "_").upper()
                    ],
                    override=True,
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=cdk.Duration.seconds(STRICT_TRANSPORT_SECONDS),
                    override=True,
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in headers.items()
                    if name not in _KNOWN
                ]
            ),
        )


class WebContentStack(cdk.Stack):
    """The built page, put where `WebHostingStack` has made room for it."""

    def __init__(  # noqa: PLR0913 - what the page has to be told of
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        hosting: WebHostingStack,
        data: DataStack,
        api: ApiStack,
    ) -> None:
        """Upload what was built, told where the API is and where large photos go.

        Raises:
            SettingsError: the page is not built, saying how to.

        """
        super().__init__(
            scope,
            construct_id,
            synthesizer=settings.platform.synthesizer(),
            description="The web page",
        )
        self._bucket = hosting.bucket
        dist = _built(settings)
        api_url = api.http_api.api.api_endpoint
        connect = [api_url, f"https://{data.uploads_bucket.bucket_regional_domain_name}"]
        name = f"cv-location-classifier-{settings.environment}-deploy-web"
        log_group = create_log_group(
            self, "Logs", function_name=name, retention=settings.log_retention
        )
        self._log_group = log_group
        # Without a role of ours, it gets the managed policy that may write to every log group.
        self._role = create_role(self, "Role", log_group=log_group)
        hashed = self._deploy(
            "Hashed",
            keep=KEEP_FOR_GOOD,
            sources=[_files(dist, exclude=["/*", f"!/{HASHED_FOLDER}"])],
        )
        named = self._deploy(
            "Named",
            keep=ASK_EACH_TIME,
            sources=[
                _files(dist, exclude=[f"/{HASHED_FOLDER}", f"/{ENTRY}", f"/{CONFIGURATION}"]),
                s3_deployment.Source.data(ENTRY, narrow((dist / ENTRY).read_text(), connect)),
                # Not as an object, whose nulls do not come through.
                s3_deployment.Source.data(
                    CONFIGURATION, json.dumps(configuration(api_url, settings.tiles))
                ),
                s3_deployment.Source.data(NOT_FOUND, NOT_FOUND_PAGE),
            ],
        )
        # The entry names the others, so that they have to be there first.
        named.node.add_dependency(hashed)

    def _deploy(
        self, construct_id: str, *, keep: str, sources: list[s3_deployment.ISource]
    ) -> s3_deployment.BucketDeployment:
        return s3_deployment.BucketDeployment(
            self,
            construct_id,
            destination_bucket=self._bucket,
            sources=sources,
            cache_control=[s3_deployment.CacheControl.from_string(keep)],
            # A page that was opened before loads the rest of itself after: what it names stays.
            prune=False,
            log_group=self._log_group,
            role=self._role,
        )


def _built(settings: Settings) -> Path:
    dist = REPOSITORY / settings.web_directory
    if not (dist / ENTRY).is_file():
        message = f"web_directory: {dist} is not built; run `make web`"
        raise SettingsError(message)
    return dist


def _files(dist: Path, *, exclude: list[str]) -> s3_deployment.ISource:
    return s3_deployment.Source.asset(str(dist), exclude=exclude, ignore_mode=cdk.IgnoreMode.GIT)
