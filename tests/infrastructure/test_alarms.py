"""The alarms: few enough to be free, quiet on quiet days, told to somebody who finds help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from common.observability import Metric
from stacks.constructs.alarm_list import FREE_ALARMS
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

EMAIL = "owner@travel.example"
# Longer ago than that no alarm over minutes may look, and none over hours further than a week.
DAY_SECONDS, WEEK_SECONDS, HOUR_SECONDS = 86_400, 7 * 86_400, 3_600
RUNBOOK = (REPOSITORY / "docs" / "runbook.md").read_text()


@pytest.fixture(scope="module")
def owned(synthesise: Callable[..., Templates]) -> Templates:
    """Return the templates of a deployment whose owner wants to be told."""
    return synthesise("production", alarm_email=EMAIL)


def _alarms(templates: Templates) -> dict[str, dict[str, Any]]:
    found = [one["Properties"] for one in templates.resources("AWS::CloudWatch::Alarm").values()]
    prefix = re.compile(r"cv-location-classifier-[a-z]+-")
    return {prefix.sub("", alarm["AlarmName"], count=1): alarm for alarm in found}


def _statements(templates: Templates) -> list[dict[str, Any]]:
    policy = templates.one("AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]
    statements: list[dict[str, Any]] = policy["Statement"]
    return statements


def test_there_are_no_more_alarms_than_are_free(templates: Templates) -> None:
    assert 0 < len(_alarms(templates)) <= FREE_ALARMS


def test_an_alarm_watches_one_metric_since_each_is_billed(templates: Templates) -> None:
    for name, alarm in _alarms(templates).items():
        assert "Metrics" not in alarm, name
        assert alarm["Namespace"], name
        assert alarm["Period"] >= 60, f"{name}: below a minute it costs three times as much"


def test_an_alarm_looks_no_further_back_than_cloudwatch_can(templates: Templates) -> None:
    for name, alarm in _alarms(templates).items():
        longest = WEEK_SECONDS if alarm["Period"] >= HOUR_SECONDS else DAY_SECONDS
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= longest, name


def test_no_single_failure_wakes_anybody(templates: Templates) -> None:
    for name, alarm in _alarms(templates).items():
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold", name
        assert alarm["DatapointsToAlarm"] <= alarm["EvaluationPeriods"], name
        wanted = alarm["DatapointsToAlarm"] * alarm["Threshold"]
        assert wanted >= 2, f"{name} is raised by one"


def test_the_metrics_are_those_that_the_functions_count(production: Templates) -> None:
    environments = {
        function["Properties"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
        for function in production.functions().values()
        if "Environment" in function["Properties"]
    }
    own = [
        alarm for alarm in _alarms(production).values() if not alarm["Namespace"].startswith("AWS/")
    ]
    assert len(own) == 3
    for alarm in own:
        assert {alarm["Namespace"]} == environments
        assert alarm["MetricName"] in {metric.value for metric in Metric}
        (dimension,) = alarm["Dimensions"]
        assert dimension["Name"] == "service"
        assert dimension["Value"] in production.functions()


def test_the_beginning_and_the_end_of_an_alarm_are_told_to_the_topic(templates: Templates) -> None:
    (topic,) = templates.resources("AWS::SNS::Topic")
    for alarm in _alarms(templates).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]


def test_an_alarm_says_what_to_look_at_and_where_help_is(production: Templates) -> None:
    for name, alarm in _alarms(production).items():
        description = alarm["AlarmDescription"]
        assert "Look first: " in description
        assert description.endswith(f" Then docs/runbook.md#{name}")
        # CloudWatch's limit, and what fits on a telephone.
        assert len(description) <= 300


def test_the_runbook_may_be_a_page_on_the_web(synthesise: Callable[..., Templates]) -> None:
    url = "https://travel.example/runbook.md"
    for name, alarm in _alarms(synthesise("staging", runbook_url=url)).items():
        assert alarm["AlarmDescription"].endswith(f" Then {url}#{name}")


def test_every_alarm_has_its_section_in_the_runbook_and_every_section_its_alarm(
    production: Templates,
) -> None:
    _, _, rest = RUNBOOK.partition("\n## Alarms\n")
    alarms, _, _ = rest.partition("\n## ")
    sections = re.findall(r"^### ([a-z-]+)$", alarms, re.MULTILINE)
    assert sections == list(_alarms(production))
    for text in re.split(r"^### .*$", alarms, flags=re.MULTILINE)[1:]:
        for part in ("**Users see**", "**Look first**", "**Likely**", "**Do**", "**Over when**"):
            assert part in text, f"{text.strip()[:60]}: {part}"


def test_links_within_the_runbook_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", RUNBOOK, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in headings}
    assert len(anchors) == len(headings)
    assert set(re.findall(r"\]\(#([^)]*)\)", RUNBOOK)) <= anchors


def test_the_owner_is_told_by_mail(owned: Templates, production: Templates) -> None:
    subscription = owned.one("AWS::SNS::Subscription")["Properties"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", EMAIL)
    assert production.resources("AWS::SNS::Subscription") == {}


def test_the_alarms_of_this_account_may_publish_and_nobody_in_the_clear(
    production: Templates,
) -> None:
    denied = [each for each in _statements(production) if each["Effect"] == "Deny"]
    assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
    (allowed,) = (each for each in _statements(production) if each["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "aws:SourceArn" in allowed["Condition"]["ArnLike"]


def test_the_budget_warns_of_what_is_spent_and_of_what_will_be(owned: Templates) -> None:
    properties = owned.one("AWS::Budgets::Budget")["Properties"]
    assert properties["Budget"]["BudgetLimit"] == {"Amount": 1, "Unit": "USD"}
    assert properties["Budget"]["TimeUnit"] == "MONTHLY"
    assert properties["Budget"]["CostTypes"]["IncludeCredit"] is False
    notified = properties["NotificationsWithSubscribers"]
    watched = [
        (one["Notification"]["NotificationType"], one["Notification"]["Threshold"])
        for one in notified
    ]
    assert watched == [("ACTUAL", 50), ("ACTUAL", 100), ("FORECASTED", 100)]
    for one in notified:
        assert one["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": EMAIL}]


@pytest.mark.parametrize(
    ("environment", "changes"),
    [
        ("production", {}),
        ("production", {"alarm_email": EMAIL, "monthly_budget_dollars": 0}),
        ("local", {"alarm_email": EMAIL}),
    ],
)
def test_there_is_no_budget_that_tells_nobody_or_where_it_cannot_be(
    synthesise: Callable[..., Templates], environment: str, changes: dict[str, object]
) -> None:
    assert synthesise(environment, **changes).resources("AWS::Budgets::Budget") == {}


def test_whoever_deploys_without_an_address_is_warned(
    synthesise: Callable[..., Templates], owned: Templates
) -> None:
    def warnings(templates: Templates) -> bool:
        manifest = (templates.directory / "manifest.json").read_text()
        metadata = "".join(file.read_text() for file in templates.directory.glob("*.metadata.json"))
        return "alarm_email is not set" in manifest + metadata

    assert warnings(synthesise("production"))
    assert not warnings(owned)
    assert not warnings(synthesise("local"))
