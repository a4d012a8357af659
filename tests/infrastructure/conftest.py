"""Infrastructure tests: the CloudFormation that the CDK app writes, without any cloud.

What belongs here is what a reviewer of the templates would look for. They read the templates as
JSON: what a construct was asked for proves nothing about what comes out.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from app import build_app
from stacks.settings import REPOSITORY, read_settings
from tests.infrastructure.dashboard_pages import bodies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.infrastructure.dashboard_pages import Page

Resource = dict[str, Any]


@dataclass(frozen=True)
class Templates:
    """The templates of one environment, and the folder that holds their assets."""

    directory: Path
    by_stack: Mapping[str, dict[str, Any]]

    def resources(self, kind: str) -> dict[str, Resource]:
        """Return the resources of a CloudFormation type over all stacks, by logical id."""
        return {
            name: resource
            for template in self.by_stack.values()
            for name, resource in template.get("Resources", {}).items()
            if resource["Type"] == kind
        }

    def one(self, kind: str) -> Resource:
        """Return the only resource of a CloudFormation type."""
        (resource,) = self.resources(kind).values()
        return resource

    def kinds(self) -> set[str]:
        """Return every CloudFormation type in use."""
        return {
            resource["Type"]
            for template in self.by_stack.values()
            for resource in template.get("Resources", {}).values()
        }

    def functions(self) -> dict[str, Resource]:
        """Return the service's own functions by their short name."""
        prefix = "cv-location-classifier-"
        return {
            resource["Properties"]["FunctionName"].removeprefix(prefix).partition("-")[2]: resource
            for resource in self.resources("AWS::Lambda::Function").values()
            if str(resource["Properties"].get("FunctionName", "")).startswith(prefix)
        }


def context(environment: str, **changes: object) -> dict[str, object]:
    """Return the context of `cdk.json` for one environment, with changes."""
    values: dict[str, object] = json.loads((REPOSITORY / "cdk.json").read_text())["context"]
    return {**values, "environment": environment, **changes}


@pytest.fixture(scope="session")
def layers_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand in for the built layers: these tests need no packages."""
    directory = tmp_path_factory.mktemp("layers")
    for name in ("shared", "shared-aws", "account-aws", "describe-aws", "recommend-aws"):
        (directory / name / "python").mkdir(parents=True)
        (directory / name / "python" / "module.py").touch()
    return directory


@pytest.fixture(scope="session")
def web_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand in for the built page."""
    directory = tmp_path_factory.mktemp("web")
    (directory / "assets").mkdir()
    for name in ("assets/index-1a2b.js", "config.json", "favicon.svg"):
        (directory / name).write_text("built")
    (directory / "index.html").write_text('<html>\n  <head>\n    <meta charset="utf-8" />\n')
    return directory


@pytest.fixture(scope="session")
def synthesise(
    tmp_path_factory: pytest.TempPathFactory, layers_directory: Path
) -> Callable[..., Templates]:
    """Return a function that synthesises the app for an environment, with changed settings.

    `reviewed` lets the rules of cdk-nag look at it on the way, which takes seconds: what they find
    is in `validation-report.json` beside the templates.
    """

    def run(environment: str, *, reviewed: bool = False, **changes: object) -> Templates:
        settings = {"layers_directory": str(layers_directory), **changes}
        asked = context(environment, **settings)
        directory = tmp_path_factory.mktemp(f"cdk-{environment}")
        app = cdk.App(outdir=str(directory), context=asked)
        build_app(app, read_settings(asked))
        if reviewed:
            cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
        try:
            app.synth()
        except RuntimeError as error:
            # Whatever they find ends the synthesis, after everything has been written.
            if not (reviewed and "ValidationFailed" in str(error)):
                raise
        return Templates(
            directory,
            {
                file.name.removesuffix(".template.json"): json.loads(file.read_text())
                for file in directory.glob("*.template.json")
            },
        )

    return run


@pytest.fixture(scope="session")
def environments(synthesise: Callable[..., Templates]) -> Callable[[str], Templates]:
    """Return a function that gives the reviewed templates of an environment, made once."""
    return functools.cache(functools.partial(synthesise, reviewed=True))


@pytest.fixture(scope="session", params=["local", "staging", "production"])
def templates(
    request: pytest.FixtureRequest, environments: Callable[[str], Templates]
) -> Templates:
    """Return the templates of each environment in turn."""
    return environments(request.param)


@pytest.fixture(scope="session")
def production(environments: Callable[[str], Templates]) -> Templates:
    """Return the templates of production."""
    return environments("production")


@pytest.fixture(scope="session")
def staging(environments: Callable[[str], Templates]) -> Templates:
    """Return the templates of staging."""
    return environments("staging")


@pytest.fixture(scope="session")
def folded(synthesise: Callable[..., Templates]) -> Templates:
    """Return the templates of production with the dashboards folded into those that are free."""
    return synthesise("production", dashboards="folded")


@pytest.fixture(scope="session")
def with_web(synthesise: Callable[..., Templates], web_directory: Path) -> Templates:
    """Return the templates of production with the page beside the API."""
    return synthesise("production", web="true", web_directory=str(web_directory))


@pytest.fixture(scope="session", params=["per_function", "folded"])
def pages(
    request: pytest.FixtureRequest, production: Templates, folded: Templates
) -> dict[str, Page]:
    """Return the dashboards by name, as they are by default and folded."""
    return bodies(production if request.param == "per_function" else folded)
