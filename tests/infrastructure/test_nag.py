"""The rules of cdk-nag (AWS Solutions, Serverless) and of the CDK itself over every template."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.infrastructure.nag_exceptions import EXCEPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.infrastructure.conftest import Templates

Finding = tuple[str, str]

# A resource of another stack, as the CDK refers to it, and the hash at the end of a logical id.
_OF_ANOTHER_STACK = re.compile(
    r'\{"Fn::GetStackOutput":\{[^}]*\{"Ref":"AWS::Region"\},'
    r'"OutputName":"PublishOutputFnGetAtt(\w+?)[0-9A-F]{8}(\w+?)[0-9A-F]{8}"\}\}'
)
_OF_THIS_STACK = re.compile(r"<(\w+?)[0-9A-F]{8}\.(\w+)>")


def _findings(templates: Templates, environment: str) -> set[Finding]:
    # A pack that finds nothing is not in it. One that did not run leaves exceptions unmet.
    report = json.loads((templates.directory / "validation-report.json").read_text())
    prefix = "cv-location-classifier-"
    if environment != "delivery":
        prefix += f"{environment}-"
    return {
        (_rule(violation["ruleName"]), _path(construct["constructPath"], prefix))
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def _rule(name: str) -> str:
    return _OF_THIS_STACK.sub(r"<\1.\2>", _OF_ANOTHER_STACK.sub(r"<\1.\2>", name))


def _path(path: str, prefix: str) -> str:
    return path.removeprefix(prefix).removesuffix("/Resource")


def _accepted(environment: str) -> list[Finding]:
    return [
        (exception.rule, resource)
        for exception in EXCEPTIONS
        if environment in exception.environments
        for resource in exception.resources
    ]


@pytest.fixture(scope="session", params=["local", "staging", "production", "delivery"])
def environment(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def found(
    environment: str,
    environments: Callable[[str], Templates],
    synthesise: Callable[..., Templates],
) -> set[Finding]:
    """Return what the rules find in an environment, or in the app of the delivery roles."""
    if environment == "delivery":
        delivery = synthesise("staging", reviewed=True, github_repository="travel/example")
        return _findings(delivery, environment)
    return _findings(environments(environment), environment)


def test_every_finding_is_fixed_or_has_its_reason(environment: str, found: set[Finding]) -> None:
    assert found - set(_accepted(environment)) == set()


def test_every_exception_still_meets_a_finding(environment: str, found: set[Finding]) -> None:
    assert set(_accepted(environment)) - found == set()


def test_an_exception_is_made_once(environment: str) -> None:
    twice = [finding for finding, times in Counter(_accepted(environment)).items() if times > 1]
    assert twice == []


def test_what_settings_can_ask_for_has_its_reasons_too(
    synthesise: Callable[..., Templates],
    web_directory: Path,
) -> None:
    asked = synthesise(
        "production",
        reviewed=True,
        alarm_email="owner@travel.example",
        allowed_origins="https://travel.example",
        dashboards="folded",
        mail_sender="no-reply@travel.example",
        point_in_time_recovery="true",
        table_billing="on_demand",
        web="true",
        web_directory=str(web_directory),
    )
    found = _findings(asked, "production")
    assert found - set(_accepted("production")) == set(_accepted("everything"))


def test_a_reason_is_a_sentence() -> None:
    for exception in EXCEPTIONS:
        assert len(exception.reason.split()) >= 8, exception
        assert exception.reason.endswith("."), exception
