"""The page's address as CloudFront gives it: the hosting stack, deployed to the local cloud.

`make up` does without it. The local cloud answers for a distribution under its host name, and takes
what a proxy says for TLS.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import httpx
import pytest

from stacks.settings import read_settings
from stacks.web_serving import (
    ASK_EACH_TIME,
    KEEP_FOR_GOOD,
    NOT_FOUND,
    NOT_FOUND_PAGE,
    security_headers,
)
from stacks.web_stack import WebHostingStack
from tests.infrastructure.conftest import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STACK = "web-hosting"
FILES = {
    "index.html": ("<!doctype html><title>The page</title>", ASK_EACH_TIME),
    "assets/index-1a2b.js": ("export const answer = 42;", KEEP_FOR_GOOD),
    NOT_FOUND: (NOT_FOUND_PAGE, ASK_EACH_TIME),
}
ANYWHERE_IN_THE_REGION = [
    "https://*.execute-api.us-east-1.amazonaws.com",
    "https://*.s3.us-east-1.amazonaws.com",
]


def _template() -> dict[str, Any]:
    app = cdk.App()
    WebHostingStack(app, STACK, settings=read_settings(context("local")))
    template: dict[str, Any] = app.synth().get_stack_by_name(STACK).template
    # The local cloud speaks plain HTTP, and would hold this test to the bucket's wish for TLS.
    (policy,) = [
        resource["Properties"]["PolicyDocument"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::S3::BucketPolicy"
    ]
    policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    return template


@pytest.fixture(scope="module")
def outputs(make_client: Callable[[str], Any]) -> dict[str, str]:
    """Return what a deployed stack gives out, with a page in its bucket."""
    cloudformation, s3 = make_client("cloudformation"), make_client("s3")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(_template()))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK)
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    for key, (content, keep) in FILES.items():
        kind = "text/html" if key.endswith("html") else "text/javascript"
        s3.put_object(
            Bucket=outputs["WebBucketName"],
            Key=key,
            Body=content.encode(),
            CacheControl=keep,
            ContentType=kind,
        )
    return outputs


@pytest.fixture
def browser(cloud: dict[str, str], outputs: dict[str, str]) -> Iterator[httpx.Client]:
    """Return a client that gets the page's own address from the local cloud."""
    headers = {"host": httpx.URL(outputs["WebUrl"]).host, "x-forwarded-proto": "https"}
    with httpx.Client(
        base_url=cloud["AWS_ENDPOINT_URL"], headers=headers, trust_env=False, timeout=30
    ) as client:
        yield client


def test_the_page_is_at_its_address_with_the_headers_of_the_local_server(
    browser: httpx.Client,
) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.text) == (200, FILES["index.html"][0])
    sent = security_headers(ANYWHERE_IN_THE_REGION, None)
    assert {name: answer.headers.get(name) for name in sent} == sent
    assert answer.headers["cache-control"] == ASK_EACH_TIME
    script = browser.get("/assets/index-1a2b.js")
    assert script.headers["cache-control"] == KEEP_FOR_GOOD


def test_what_is_not_there_is_not_found(browser: httpx.Client) -> None:
    answer = browser.get("/missing")
    assert (answer.status_code, answer.text) == (404, NOT_FOUND_PAGE)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_it_is_only_read_and_only_over_tls(browser: httpx.Client, outputs: dict[str, str]) -> None:
    assert browser.post("/", content=b"x").status_code == 403
    plain = browser.get("/", headers={"x-forwarded-proto": "http"})
    assert plain.status_code == 301
    assert plain.headers["location"] == f"{outputs['WebUrl']}/"


def test_nobody_reads_the_bucket_itself(cloud: dict[str, str], outputs: dict[str, str]) -> None:
    url = f"{cloud['AWS_ENDPOINT_URL']}/{outputs['WebBucketName']}/index.html"
    assert httpx.get(url, trust_env=False).status_code == 403
