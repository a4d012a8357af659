"""The page on S3 and CloudFront: who may read it, what it may do, and in which order it comes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from stacks.settings import SettingsError
from stacks.web_serving import ASK_EACH_TIME, KEEP_FOR_GOOD, STRICT_TRANSPORT, security_headers
from tests.infrastructure.test_costs import FREE_WHEN_IDLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.infrastructure.conftest import Templates

PREFIX = "cv-location-classifier-production"
DISTRIBUTION = "AWS::CloudFront::Distribution"
DEPLOYMENT = "Custom::CDKBucketDeployment"
# Nothing is charged for having them.
FREE_AT_CLOUDFRONT = {
    DISTRIBUTION,
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    DEPLOYMENT,
}
TILES = {
    "map_tiles_url": "https://{s}.tiles.example/{z}/{x}/{y}.png",
    "map_tiles_attribution": "Tiles of Somebody",
}


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    """Write out what a template joins, with what is known at deployment only by its name."""
    if isinstance(value, str):
        return value
    ((function, what),) = value.items()
    if function == "Fn::Join":
        separator, parts = what
        return str(separator).join(_text(part) for part in parts)
    if function == "Fn::GetStackOutput":
        return f"<{what['OutputName']}>"
    return f"<{'.'.join(what) if isinstance(what, list) else what}>"


def _hosting(templates: Templates) -> dict[str, Any]:
    resources: dict[str, Any] = templates.by_stack[f"{PREFIX}-web"]["Resources"]
    return resources


def _of(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in resources.values() if one["Type"] == kind]


def _sent_headers(templates: Templates) -> dict[str, str]:
    """Return the headers as browsers get them."""
    (policy,) = _of(_hosting(templates), "AWS::CloudFront::ResponseHeadersPolicy")
    config = policy["ResponseHeadersPolicyConfig"]
    known = config["SecurityHeadersConfig"]
    assert all(header["Override"] for header in known.values())
    transport = known["StrictTransportSecurity"]
    return {
        "content-security-policy": _text(known["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
        STRICT_TRANSPORT: f"max-age={transport['AccessControlMaxAgeSec']}",
        "x-content-type-options": "nosniff" if known["ContentTypeOptions"] else "",
        "x-frame-options": known["FrameOptions"]["FrameOption"],
        "referrer-policy": known["ReferrerPolicy"]["ReferrerPolicy"],
        **{
            header["Header"]: header["Value"]
            for header in config["CustomHeadersConfig"]["Items"]
            if header["Override"]
        },
    }


def _policy(header: str) -> dict[str, set[str]]:
    directives = [directive.split() for directive in header.split("; ")]
    return {name: set(sources) for name, *sources in directives}


@pytest.mark.parametrize("environment", ["local", "staging", "production"])
def test_it_is_not_there_unless_it_is_asked_for(
    environments: Callable[[str], Templates], environment: str
) -> None:
    templates = environments(environment)
    assert not {kind for kind in templates.kinds() if "CloudFront" in kind}
    assert not [name for name in templates.by_stack if "-web" in name]


def test_the_local_cloud_never_hosts_it(synthesise: Callable[..., Templates]) -> None:
    assert DISTRIBUTION not in synthesise("local", web="true").kinds()


def test_templates_without_it_need_no_build_and_with_it_say_what_to_run(
    synthesise: Callable[..., Templates], tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "dist")
    assert synthesise("staging", web_directory=nowhere).by_stack
    with pytest.raises(SettingsError, match=r"web_directory: .* is not built; run `make web`"):
        synthesise("staging", web="true", web_directory=nowhere)


def test_nothing_of_it_costs_while_nobody_comes(with_web: Templates) -> None:
    assert with_web.kinds() <= FREE_WHEN_IDLE | FREE_AT_CLOUDFRONT


def test_cloudfront_alone_reads_the_bucket(with_web: Templates) -> None:
    resources = _hosting(with_web)
    (bucket,) = _of(resources, "AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert "WebsiteConfiguration" not in bucket
    (policy,) = _of(resources, "AWS::S3::BucketPolicy")
    refused, allowed = policy["PolicyDocument"]["Statement"]
    assert refused["Effect"] == "Deny"
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    (source,) = allowed["Condition"]["StringEquals"].values()
    (distribution,) = [name for name, one in resources.items() if one["Type"] == DISTRIBUTION]
    assert _text(source).endswith(f":distribution/<{distribution}>")


def test_it_is_read_over_tls_alone_compressed_and_by_its_first_file(with_web: Templates) -> None:
    config = with_web.one(DISTRIBUTION)["Properties"]["DistributionConfig"]
    behaviour = config["DefaultCacheBehavior"]
    assert config["Enabled"] is True
    assert config["DefaultRootObject"] == "index.html"
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behaviour["Compress"] is True
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
    assert "ResponseHeadersPolicyId" in behaviour
    assert not config.get("CacheBehaviors")
    (origin,) = config["Origins"]
    assert "OriginAccessControlId" in origin
    access = with_web.one("AWS::CloudFront::OriginAccessControl")["Properties"]
    assert access["OriginAccessControlConfig"]["SigningBehavior"] == "always"


def test_what_is_not_there_is_not_found(with_web: Templates) -> None:
    config = with_web.one(DISTRIBUTION)["Properties"]["DistributionConfig"]
    assert config["CustomErrorResponses"] == [
        {
            "ErrorCode": 403,
            "ResponseCode": 404,
            "ResponsePagePath": "/404.html",
            "ErrorCachingMinTTL": 10,
        }
    ]


def test_the_headers_are_those_that_the_local_server_sends(with_web: Templates) -> None:
    sent = _sent_headers(with_web)
    connect = _policy(sent["content-security-policy"])["connect-src"] - {"'self'"}
    assert sent == security_headers(sorted(connect), None)


def test_its_policy_allows_what_it_needs_and_no_more(with_web: Templates) -> None:
    policy = _policy(_sent_headers(with_web)["content-security-policy"])
    assert policy == {
        "default-src": {"'none'"},
        "script-src": {"'self'"},
        "style-src": {"'self'"},
        "img-src": {"'self'", "data:", "blob:"},
        "connect-src": {
            "'self'",
            "https://*.execute-api.<AWS::Region>.<AWS::URLSuffix>",
            "https://*.s3.<AWS::Region>.<AWS::URLSuffix>",
        },
        "base-uri": {"'none'"},
        "form-action": {"'none'"},
        "frame-ancestors": {"'none'"},
    }


def test_tiles_come_from_their_own_host_and_only_where_they_are_set(
    synthesise: Callable[..., Templates], web_directory: Path
) -> None:
    asked = synthesise("production", web="true", web_directory=str(web_directory), **TILES)
    policy = _policy(_sent_headers(asked)["content-security-policy"])
    assert policy["img-src"] == {"'self'", "data:", "blob:", "https://*.tiles.example"}
    assert policy["connect-src"] == {
        "'self'",
        "https://*.execute-api.<AWS::Region>.<AWS::URLSuffix>",
        "https://*.s3.<AWS::Region>.<AWS::URLSuffix>",
    }
    assert _configuration(asked)["tiles"] == {
        "url": TILES["map_tiles_url"],
        "attribution": TILES["map_tiles_attribution"],
    }


def _deployments(templates: Templates) -> dict[str, dict[str, Any]]:
    """Return the two uploads, by the cache-control of what they upload."""
    return {
        one["Properties"]["SystemMetadata"]["cache-control"]: one
        for one in templates.resources(DEPLOYMENT).values()
    }


def _uploaded(templates: Templates, deployment: dict[str, Any]) -> dict[str, str]:
    """Return what an upload puts into the bucket, with what only the deployment knows filled in."""
    properties = deployment["Properties"]
    markers = properties.get("SourceMarkers") or [{} for _ in properties["SourceObjectKeys"]]
    files = {}
    for key, known in zip(properties["SourceObjectKeys"], markers, strict=True):
        folder = templates.directory / f"asset.{key.removesuffix('.zip')}"
        for file in folder.rglob("*"):
            if file.is_file():
                text = file.read_text()
                for marker, value in known.items():
                    text = text.replace(marker, _text(value))
                path = file.relative_to(folder).as_posix()
                assert path not in files
                files[path] = text
    return files


def _configuration(templates: Templates) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        _uploaded(templates, _deployments(templates)[ASK_EACH_TIME])["config.json"]
    )
    return told


def test_what_is_named_by_its_content_is_kept_and_the_rest_is_asked_for(
    with_web: Templates,
) -> None:
    deployments = _deployments(with_web)
    assert set(deployments) == {KEEP_FOR_GOOD, ASK_EACH_TIME}
    assert set(_uploaded(with_web, deployments[KEEP_FOR_GOOD])) == {"assets/index-1a2b.js"}
    assert set(_uploaded(with_web, deployments[ASK_EACH_TIME])) == {
        *("index.html", "config.json", "404.html", "favicon.svg"),
    }


def test_the_entry_comes_after_what_it_names_which_stays_for_pages_that_are_open(
    with_web: Templates,
) -> None:
    (hashed,) = [
        name
        for name, one in with_web.resources(DEPLOYMENT).items()
        if one["Properties"]["SystemMetadata"]["cache-control"] == KEEP_FOR_GOOD
    ]
    assert hashed in _deployments(with_web)[ASK_EACH_TIME]["DependsOn"]
    for deployment in _deployments(with_web).values():
        assert deployment["Properties"]["Prune"] is False


def test_the_page_is_told_where_the_api_is(with_web: Templates) -> None:
    told = _configuration(with_web)
    assert told["tiles"] is None
    assert re.fullmatch(
        r"https://<PublishOutput\w*HttpApi\w*>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>|"
        r"<PublishOutput\w*HttpApi\w*ApiEndpoint\w*>",
        told["api_url"],
    )


def test_the_page_itself_says_that_it_asks_this_api_and_this_bucket_alone(
    with_web: Templates,
) -> None:
    entry = _uploaded(with_web, _deployments(with_web)[ASK_EACH_TIME])["index.html"]
    (policy,) = re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]+)" />', entry
    )
    directive, *sources = policy.split()
    assert directive == "connect-src"
    api_url = _configuration(with_web)["api_url"]
    (uploads,) = set(sources) - {"'self'", api_url}
    assert re.fullmatch(r"https://<PublishOutput\w*Uploads\w*RegionalDomainName\w*>", uploads)
    # A browser holds to it from where it stands.
    assert entry.index("<head>") < entry.index("<meta http-equiv") < entry.index("<meta charset")


def test_browsers_may_call_from_the_page_without_a_second_deployment(
    with_web: Templates, synthesise: Callable[..., Templates], web_directory: Path
) -> None:
    def origins(templates: Templates) -> list[list[str]]:
        cors = templates.one("AWS::ApiGatewayV2::Api")["Properties"]["CorsConfiguration"]
        buckets = templates.by_stack[f"{PREFIX}-data"]["Resources"]
        (bucket,) = _of(buckets, "AWS::S3::Bucket")
        (rule,) = bucket["CorsConfiguration"]["CorsRules"]
        return [
            [_text(one) for one in found]
            for found in (cors["AllowOrigins"], rule["AllowedOrigins"])
        ]

    def asked(allowed: str) -> Templates:
        return synthesise(
            "production", web="true", web_directory=str(web_directory), allowed_origins=allowed
        )

    of_api, of_bucket = origins(with_web)
    (page,) = of_api
    assert re.fullmatch(r"https://<PublishOutput\w*Distribution\w*DomainName\w*>", page)
    assert of_bucket == of_api
    assert origins(asked("https://travel.example")) == [["https://travel.example", page]] * 2
    assert origins(asked("*")) == [["*"]] * 2


def test_mails_for_a_new_password_lead_to_the_page_unless_there_is_another(
    with_web: Templates, synthesise: Callable[..., Templates], web_directory: Path
) -> None:
    def leads_to(templates: Templates) -> str:
        function = templates.functions()["auth"]["Properties"]
        return _text(function["Environment"]["Variables"]["PASSWORD_RESET_URL"])

    assert re.fullmatch(r"https://<PublishOutput\w*Distribution\w*>/", leads_to(with_web))
    other = "https://travel.example/new-password"
    asked = synthesise(
        "production", web="true", web_directory=str(web_directory), password_reset_url=other
    )
    assert leads_to(asked) == other


def test_no_stack_waits_for_one_that_waits_for_it(with_web: Templates) -> None:
    manifest = json.loads((with_web.directory / "manifest.json").read_text())
    waits = {
        name.removeprefix(f"{PREFIX}-"): {
            other.removeprefix(f"{PREFIX}-")
            for other in artifact.get("dependencies", [])
            if not other.endswith(".assets")
        }
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert waits["web"] == set()
    assert waits["data"] == {"web"}
    assert {"web", "data"} <= waits["api"]
    assert {"web", "api", "data"} <= waits["web-content"]
    # No value is exported, which would hold the stack that has it fast.
    for template in with_web.by_stack.values():
        assert not any("Export" in output for output in template.get("Outputs", {}).values())


def test_whoever_uploads_it_may_write_to_its_bucket_and_its_log_alone(with_web: Templates) -> None:
    resources = with_web.by_stack[f"{PREFIX}-web-content"]["Resources"]
    (role,) = _of(resources, "AWS::IAM::Role")
    assert not role.get("ManagedPolicyArns")
    (policy,) = _of(resources, "AWS::IAM::Policy")
    written: dict[str, set[str]] = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        for action in statement["Action"]:
            if not re.match(r"s3:(Get|List)", action):
                written.setdefault(action.partition(":")[0], set()).update(
                    _text(one) for one in statement["Resource"]
                )
    assert set(written) == {"logs", "s3"}
    assert all("Bucket" in one and "Uploads" not in one for one in written["s3"])
    (group,) = _of(resources, "AWS::Logs::LogGroup")
    assert group["RetentionInDays"] == 30


def test_its_address_is_an_output(with_web: Templates) -> None:
    outputs = with_web.by_stack[f"{PREFIX}-web"]["Outputs"]
    assert _text(outputs["WebUrl"]["Value"]).startswith("https://<Distribution")
    assert "WebBucketName" in outputs
