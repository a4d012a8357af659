"""What the dashboards show: whole, and true to what there is to measure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from common.observability import Metric
from local.dashboards.insights import fields_read
from stacks.constructs.dashboards import queries
from stacks.settings import REPOSITORY
from tests.infrastructure.dashboard_pages import asked, bodies, metrics_of, widgets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates
    from tests.infrastructure.dashboard_pages import Page

# Free in a month: https://aws.amazon.com/cloudwatch/pricing/
FREE_DASHBOARDS, FREE_CUSTOM_METRICS = 3, 10

# What there is, by namespace and dimensions:
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
OF_FUNCTION = {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"}
OF_API = {"4xx", "5xx", "Count", "IntegrationLatency", "Latency", "DataProcessed"}
OF_TABLE_OR_INDEX = {
    *("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
    *("ProvisionedReadCapacityUnits", "ProvisionedWriteCapacityUnits"),
    *("ReadThrottleEvents", "WriteThrottleEvents"),
}
OF_OPERATION = {"SuccessfulRequestLatency", "SystemErrors", "ThrottledRequests"}
KNOWN = {
    ("AWS/Lambda", ("FunctionName",)): OF_FUNCTION,
    ("AWS/Lambda", ()): {*OF_FUNCTION, "UnreservedConcurrentExecutions"},
    ("AWS/ApiGateway", ("ApiId",)): OF_API,
    ("AWS/DynamoDB", ("TableName",)): OF_TABLE_OR_INDEX,
    ("AWS/DynamoDB", ("GlobalSecondaryIndexName", "TableName")): OF_TABLE_OR_INDEX,
    ("AWS/DynamoDB", ("Operation", "TableName")): OF_OPERATION,
}
OPERATIONS = {
    *("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
    *("TransactWriteItems", "BatchWriteItem"),
}
FUNCTIONS = {"authorizer", "auth", "account", "predict", "describe", "recommend", "docs"}
ALONE = {"auth", "predict", "describe", "recommend"}


def test_every_function_has_a_page_by_default_and_the_small_ones_share_one(
    production: Templates,
) -> None:
    assert bodies(production).keys() == {"overview", *ALONE, "others"}


def test_folded_they_are_the_three_that_are_free(folded: Templates) -> None:
    assert bodies(folded).keys() == {"overview", "photos", "accounts"}
    assert len(bodies(folded)) == FREE_DASHBOARDS


def test_every_function_is_shown_with_all_that_is_asked_of_it(
    pages: dict[str, Page],
) -> None:
    apart = [body for name, body in pages.items() if name != "overview"]
    shown = {
        (dict(one.dimensions)["FunctionName"].rpartition("-")[2], one.name)
        for body in apart
        for one in metrics_of(body)
        if one.namespace == "AWS/Lambda"
    }
    assert shown == {(function, name) for function in FUNCTIONS for name in OF_FUNCTION}
    for function in FUNCTIONS:
        group = f"/aws/lambda/cv-location-classifier-production-{function}"
        questions = {query for body in apart for groups, query in asked(body) if group in groups}
        wanted = {one.text for one in queries.OF_FUNCTION[function]} | {queries.PROBLEMS.text}
        assert wanted <= questions
        assert any("@initDuration" in query for query in questions)
        assert any("@maxMemoryUsed" in query for query in questions)


def test_a_page_of_its_own_shows_what_is_logged_in_time(production: Templates) -> None:
    for name in ALONE:
        questions = {query for _, query in asked(bodies(production)[name])}
        assert {one.text for one in queries.OF_EVERY_FUNCTION} <= questions


def test_the_overview_shows_the_api_the_account_and_the_table(
    pages: dict[str, Page],
) -> None:
    shown = {(one.namespace, one.name) for one in metrics_of(pages["overview"])}
    assert {("AWS/ApiGateway", name) for name in ("Count", "4xx", "5xx", "Latency")} <= shown
    assert ("AWS/Lambda", "ConcurrentExecutions") in shown
    assert {
        ("AWS/DynamoDB", name) for name in ("SuccessfulRequestLatency", "SystemErrors")
    } <= shown
    index = {
        one.name
        for one in metrics_of(pages["overview"])
        if "GlobalSecondaryIndexName" in dict(one.dimensions)
    }
    assert {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"} <= index
    assert {query for _, query in asked(pages["overview"])} == {one.text for one in queries.OF_API}


def test_the_overview_begins_with_the_states_of_all_alarms(
    pages: dict[str, Page], production: Templates
) -> None:
    alarms = production.resources("AWS::CloudWatch::Alarm")
    (states,) = widgets_of(pages["overview"], "alarm")
    assert len(states["alarms"]) == len(alarms) > 0


def test_every_metric_of_a_widget_exists(pages: dict[str, Page]) -> None:
    for page, body in pages.items():
        for one in metrics_of(body):
            names = tuple(sorted(name for name, _ in one.dimensions))
            if one.namespace.startswith("AWS/"):
                assert one.name in KNOWN[one.namespace, names], (page, one)
            else:
                assert one.namespace == "CvLocationClassifier/production"
                assert one.name in set(Metric)
                assert names == ("service",)
                assert dict(one.dimensions)["service"] in FUNCTIONS
            assert dict(one.dimensions).get("Operation", "GetItem") in OPERATIONS


def test_no_percentile_is_asked_of_the_table_which_has_none(pages: dict[str, Page]) -> None:
    of_the_table = [
        metric[-1].get("stat", "Average")
        for properties in widgets_of(pages["overview"], "metric")
        for metric in properties["metrics"]
        if metric[0] == "AWS/DynamoDB"
    ]
    assert set(of_the_table) == {"Sum", "Average"}


def test_metrics_are_of_the_functions_the_table_and_the_index_that_there_are(
    pages: dict[str, Page], production: Templates
) -> None:
    functions = {production.functions()[name]["Properties"]["FunctionName"] for name in FUNCTIONS}
    (index,) = production.one("AWS::DynamoDB::Table")["Properties"]["GlobalSecondaryIndexes"]
    by_dimension: dict[str, set[str]] = {}
    for body in pages.values():
        for one in metrics_of(body):
            for name, value in one.dimensions:
                by_dimension.setdefault(name, set()).add(value)
    assert by_dimension["FunctionName"] == functions
    assert by_dimension["GlobalSecondaryIndexName"] == {index["IndexName"]}
    assert len(by_dimension["TableName"]) == len(by_dimension["ApiId"]) == 1


def test_custom_metrics_are_within_the_ten_that_are_free_and_all_are_shown(
    pages: dict[str, Page],
) -> None:
    custom = {
        one for body in pages.values() for one in metrics_of(body) if "AWS/" not in one.namespace
    }
    assert {one.name for one in custom} == set(Metric)
    assert len(custom) <= FREE_CUSTOM_METRICS


def test_custom_metrics_are_asked_of_the_functions_that_write_them(pages: dict[str, Page]) -> None:
    for body in pages.values():
        for one in metrics_of(body):
            if not one.namespace.startswith("AWS/"):
                folder = REPOSITORY / "functions" / dict(one.dimensions)["service"]
                sources = "".join(file.read_text() for file in folder.glob("*.py"))
                assert f"Metric.{Metric(one.name).name}" in sources, one


def test_dashboards_and_alarms_look_where_the_functions_write_their_metrics(
    templates: Templates,
) -> None:
    (namespace,) = {
        templates.functions()[name]["Properties"]["Environment"]["Variables"][
            "POWERTOOLS_METRICS_NAMESPACE"
        ]
        for name in FUNCTIONS
    }
    alarmed = {
        alarm["Properties"]["Namespace"]
        for alarm in templates.resources("AWS::CloudWatch::Alarm").values()
    }
    drawn = {one.namespace for body in bodies(templates).values() for one in metrics_of(body)}
    for looked_at in (alarmed, drawn):
        assert {name for name in looked_at if not name.startswith("AWS/")} == {namespace}


def test_every_log_group_of_a_query_is_one_of_ours(
    pages: dict[str, Page], production: Templates
) -> None:
    ours = {
        group["Properties"]["LogGroupName"]
        for group in production.resources("AWS::Logs::LogGroup").values()
    }
    for body in pages.values():
        for groups, _ in asked(body):
            assert groups
            assert set(groups) <= ours


def test_the_access_log_has_the_fields_that_are_asked_of_it(production: Templates) -> None:
    stage = production.one("AWS::ApiGatewayV2::Stage")["Properties"]
    written = json.loads(stage["AccessLogSettings"]["Format"]).keys()
    for query in queries.OF_API:
        assert fields_read(query.text) - {"@timestamp"} <= written


def test_durations_are_drawn_against_the_timeouts(
    pages: dict[str, Page], production: Templates
) -> None:
    timeouts = {
        name: production.functions()[name]["Properties"]["Timeout"] * 1_000 for name in FUNCTIONS
    }
    drawn = {}
    for body in pages.values():
        for properties in widgets_of(body, "metric"):
            name, _, rest = properties["title"].partition(": ")
            if rest == "duration (ms)":
                (mark,) = properties["annotations"]["horizontal"]
                drawn[name] = mark["value"]
    assert drawn == timeouts


def test_capacity_is_drawn_against_what_is_provisioned(
    production: Templates, synthesise: Callable[..., Templates]
) -> None:
    table = production.one("AWS::DynamoDB::Table")["Properties"]
    provisioned = [table["ProvisionedThroughput"]] + [
        index["ProvisionedThroughput"] for index in table["GlobalSecondaryIndexes"]
    ]
    for title, unit in (("reads", "ReadCapacityUnits"), ("writes", "WriteCapacityUnits")):
        assert _marks(production, f"Table: {title} a second") == [
            throughput[unit] for throughput in provisioned
        ]
    on_demand = synthesise("production", table_billing="on_demand")
    assert _marks(on_demand, "Table: reads a second") == []


def _marks(templates: Templates, title: str) -> list[float]:
    (widget,) = (
        properties
        for properties in widgets_of(bodies(templates)["overview"], "metric")
        if properties["title"] == title
    )
    return [mark["value"] for mark in widget.get("annotations", {}).get("horizontal", [])]
