"""Nothing that costs while nobody calls, and no log that stays forever."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.infrastructure.conftest import Templates

# Each has been looked up: free while idle, or within the always-free amounts.
FREE_WHEN_IDLE = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    # Budgets that only tell are free; what costs is a budget that acts.
    "AWS::Budgets::Budget",
    # Ten metrics under alarm are; see test_alarms.py.
    "AWS::CloudWatch::Alarm",
    # Three are; the setting `dashboards` asks for more, or for those (test_dashboards.py).
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    # A thousand mails a month are.
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "Custom::JwtKeys",
}


def test_every_kind_of_resource_is_known_to_cost_nothing_while_idle(templates: Templates) -> None:
    assert templates.kinds() <= FREE_WHEN_IDLE


def test_no_function_is_kept_warm_for_money(templates: Templates) -> None:
    for function in templates.resources("AWS::Lambda::Function").values():
        assert "ProvisionedConcurrencyConfig" not in function["Properties"]
        assert "SnapStart" not in function["Properties"]


def test_every_function_logs_to_a_group_of_its_own_that_ends(templates: Templates) -> None:
    groups = templates.resources("AWS::Logs::LogGroup")
    functions = templates.resources("AWS::Lambda::Function").values()
    used = [function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for function in functions]
    assert len(used) == len(set(used))
    assert set(used) <= set(groups)
    for group in groups.values():
        assert group["Properties"]["RetentionInDays"] in {14, 30}


def test_production_keeps_logs_longer(production: Templates, staging: Templates) -> None:
    for templates, days in ((production, 30), (staging, 14)):
        groups = templates.resources("AWS::Logs::LogGroup").values()
        assert {group["Properties"]["RetentionInDays"] for group in groups} == {days}


def test_metrics_by_route_are_off(templates: Templates) -> None:
    settings = templates.one("AWS::ApiGatewayV2::Stage")["Properties"]["DefaultRouteSettings"]
    assert not settings.get("DetailedMetricsEnabled")
