"""What a widget looks like: the one place that knows colours, periods and heights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stacks.constructs.dashboards.queries import LogQuery

# A dashboard is 24 wide.
FULL, HALF, THIRD, QUARTER, FIFTH, SIXTH = 24, 12, 8, 6, 5, 4
ROW_HEIGHT = 6
# The shortest that AWS measures its own metrics in; a longer range is drawn with longer ones.
PERIOD = cdk.Duration.minutes(1)

BLUE, GREEN, ORANGE, RED, VIOLET, GREY = (
    *("#1f77b4", "#2ca02c", "#ff7f0e", "#d62728", "#9467bd", "#7f7f7f"),
)
# From what is usual to what is slow.
PERCENTILES = (("p50", "#aec7e8"), ("p95", BLUE), ("p99", VIOLET))

_VIEWS = {
    "table": cloudwatch.LogQueryVisualizationType.TABLE,
    "line": cloudwatch.LogQueryVisualizationType.LINE,
    "bar": cloudwatch.LogQueryVisualizationType.BAR,
}


@dataclass(frozen=True)
class Source:
    """Metrics of one namespace about one thing."""

    namespace: str
    dimensions: Mapping[str, str]

    def metric(
        self, name: str, statistic: str, label: str, colour: str | None = None
    ) -> cloudwatch.Metric:
        """Return one of the metrics."""
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map=dict(self.dimensions),
            statistic=statistic,
            label=label,
            color=colour,
            period=PERIOD,
        )

    def percentiles(self, name: str) -> list[cloudwatch.Metric]:
        """Return the usual, the slow and the slowest of a metric in time."""
        return [self.metric(name, stat, stat, colour) for stat, colour in PERCENTILES]


def limit(value: float, label: str) -> cloudwatch.HorizontalAnnotation:
    """Return a red line at what must not be reached."""
    return cloudwatch.HorizontalAnnotation(value=value, label=label, color=RED)


def graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    *,
    width: int,
    limits: Sequence[cloudwatch.HorizontalAnnotation] = (),
    highest: float | None = None,
) -> cloudwatch.GraphWidget:
    """Return a graph of metrics from zero upwards, with a line at each limit."""
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_y_axis=cloudwatch.YAxisProps(min=0, max=highest, show_units=False),
        left_annotations=list(limits) or None,
        width=width,
        height=ROW_HEIGHT,
    )


def log_chart(
    query: LogQuery, log_groups: Sequence[str], *, width: int, height: int = ROW_HEIGHT
) -> cloudwatch.LogQueryWidget:
    """Return the answer to a query of the logs."""
    return cloudwatch.LogQueryWidget(
        title=query.title,
        log_group_names=list(log_groups),
        query_string=query.text,
        view=_VIEWS[query.view],
        width=width,
        height=height,
    )


def states(
    title: str, alarms: Sequence[cloudwatch.IAlarm], *, width: int, height: int = 3
) -> cloudwatch.AlarmStatusWidget:
    """Return whether alarms are raised."""
    return cloudwatch.AlarmStatusWidget(
        title=title, alarms=list(alarms), width=width, height=height
    )


def note(markdown: str, *, width: int = FULL, height: int = 3) -> cloudwatch.TextWidget:
    """Return a piece of text."""
    return cloudwatch.TextWidget(markdown=markdown, width=width, height=height)
