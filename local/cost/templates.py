"""What the templates of a deployment have that costs: read from CloudFormation's JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Template = dict[str, Any]
Resource = dict[str, Any]

_PREFIX = "cv-location-classifier-"
# A dashboard of more metrics is charged for, be it one of the first three.
FREE_DASHBOARD_METRICS = 50


@dataclass(frozen=True)
class Function:
    """What decides what a second of a function costs."""

    memory_mb: int
    arm: bool


@dataclass(frozen=True)
class Dashboard:
    """What decides whether a dashboard is free, and what looking at it scans."""

    metrics: int
    log_queries: int

    @property
    def may_be_free(self) -> bool:
        """Whether it is one of those of which three are free."""
        return self.metrics <= FREE_DASHBOARD_METRICS


@dataclass(frozen=True)
class Deployment:
    """One environment."""

    functions: Mapping[str, Function]
    """By the name of their folder."""
    read_units: int
    """Provisioned, of the table and its indexes together; 0 when it is billed on demand."""
    write_units: int
    on_demand: bool
    dashboards: tuple[Dashboard, ...]
    alarm_metrics: int
    """One for an alarm, and one for each metric in an expression."""
    log_retention_days: int
    traced: bool
    hosts_web: bool
    """Whether the page is hosted beside the API."""


def read_deployment(templates: Iterable[Template]) -> Deployment:
    """Read the templates of all stacks of one environment."""
    resources = [
        resource for template in templates for resource in template.get("Resources", {}).values()
    ]
    (table,) = _of(resources, "AWS::DynamoDB::Table")
    functions = [
        function
        for function in _of(resources, "AWS::Lambda::Function")
        if "FunctionName" in function
    ]
    shares = [table, *table.get("GlobalSecondaryIndexes", [])]
    return Deployment(
        functions={
            _short_name(function): Function(
                memory_mb=function["MemorySize"], arm=function["Architectures"] == ["arm64"]
            )
            for function in functions
        },
        read_units=sum(_units(share, "ReadCapacityUnits") for share in shares),
        write_units=sum(_units(share, "WriteCapacityUnits") for share in shares),
        on_demand=table.get("BillingMode") == "PAY_PER_REQUEST",
        dashboards=tuple(
            _read_dashboard(dashboard) for dashboard in _of(resources, "AWS::CloudWatch::Dashboard")
        ),
        alarm_metrics=sum(
            _count_alarm(alarm) for alarm in _of(resources, "AWS::CloudWatch::Alarm")
        ),
        log_retention_days=max(
            group["RetentionInDays"] for group in _of(resources, "AWS::Logs::LogGroup")
        ),
        traced=any(function.get("TracingConfig") == {"Mode": "Active"} for function in functions),
        hosts_web=any(True for _ in _of(resources, "AWS::CloudFront::Distribution")),
    )


def _of(resources: list[Resource], kind: str) -> Iterator[dict[str, Any]]:
    return (resource["Properties"] for resource in resources if resource["Type"] == kind)


def _short_name(function: dict[str, Any]) -> str:
    name: str = function["FunctionName"]
    return name.removeprefix(_PREFIX).partition("-")[2]


def _units(share: dict[str, Any], kind: str) -> int:
    units: int = share.get("ProvisionedThroughput", {}).get(kind, 0)
    return units


def _count_alarm(alarm: dict[str, Any]) -> int:
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", [])) or 1


def _read_dashboard(dashboard: dict[str, Any]) -> Dashboard:
    widgets = json.loads(_text(dashboard["DashboardBody"]))["widgets"]
    metrics = {
        json.dumps([part for part in metric if not isinstance(part, dict)])
        for widget in widgets
        for metric in widget["properties"].get("metrics", [])
        if isinstance(metric[0], str)
    }
    return Dashboard(
        metrics=len(metrics), log_queries=sum(widget["type"] == "log" for widget in widgets)
    )


def _text(body: object) -> str:
    """Return a body that is joined from text and references, with a word for each reference."""
    if isinstance(body, str):
        return body
    assert isinstance(body, dict)  # noqa: S101 - CloudFormation knows nothing else
    (parts,) = body.values()
    separator, texts = parts
    return str(separator).join(text if isinstance(text, str) else "reference" for text in texts)
