"""A run as it was recorded: the deployed dashboards, the logs, and what the clients saw."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from local.dashboards.processes import Peak, ProcessWatch, Start
from local.dashboards.travellers import Exchange, travel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from local.cloud import LocalCloud
    from local.deployment import Deployment

Event = tuple[int, str]
"""When a line was logged (milliseconds since 1970), and the line."""

PREFIX = "cv-location-classifier-local-"
ACCESS_LOG_GROUP = "/aws/vendedlogs/cv-location-classifier-local-api"


@dataclass(frozen=True)
class Recording:
    """Nothing computed: what a run was seen to be. `began` and `ended` in seconds since 1970."""

    began: float
    ended: float
    namespace: str
    api_id: str
    access_log_group: str
    dashboards: dict[str, dict[str, Any]]
    events: dict[str, list[Event]]
    exchanges: list[Exchange]
    peaks: list[Peak]
    starts: list[Start]
    alarms: dict[str, tuple[str, str]]
    """By ARN, the name and the state of each."""

    def write(self, file: Path) -> None:
        """Keep it, to draw it again."""
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> Recording:
        """Return one that was kept."""
        document = json.loads(file.read_text())
        document["exchanges"] = [Exchange(**one) for one in document["exchanges"]]
        document["peaks"] = [Peak(**one) for one in document["peaks"]]
        document["starts"] = [Start(**one) for one in document["starts"]]
        return cls(**document)


def record(cloud: LocalCloud, deployment: Deployment, *, seconds: float) -> Recording:
    """Have travellers use what is deployed, and return what there was to see."""
    api_id = deployment.outputs()["ApiId"]
    began = time.time()
    with ProcessWatch(cloud.state) as processes:
        exchanges = travel(deployment.url, seconds)
    ended = time.time()
    session, url = cloud.session(), cloud.url
    cloudwatch = session.client("cloudwatch", endpoint_url=url)
    return Recording(
        began=began,
        ended=ended,
        namespace="CvLocationClassifier/local",
        api_id=api_id,
        access_log_group=ACCESS_LOG_GROUP,
        dashboards=dict(_dashboards(cloudwatch)),
        events=dict(_events(session.client("logs", endpoint_url=url), began, ended)),
        exchanges=exchanges,
        peaks=processes.peaks,
        starts=processes.starts,
        alarms=_alarms(cloudwatch),
    )


def _dashboards(cloudwatch: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - boto3
    for entry in cloudwatch.list_dashboards()["DashboardEntries"]:
        name = entry["DashboardName"]
        body = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
        yield name.removeprefix(PREFIX), json.loads(body)


def _alarms(cloudwatch: Any) -> dict[str, tuple[str, str]]:  # noqa: ANN401 - boto3
    return {
        alarm["AlarmArn"]: (alarm["AlarmName"].removeprefix(PREFIX), alarm["StateValue"])
        for alarm in cloudwatch.describe_alarms(AlarmNamePrefix=PREFIX)["MetricAlarms"]
    }


def _events(logs: Any, began: float, ended: float) -> Iterator[tuple[str, list[Event]]]:  # noqa: ANN401
    span = {"startTime": int(began * 1000), "endTime": int(ended * 1000)}
    groups = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=f"/aws/lambda/{PREFIX}"
    )
    for group in (group["logGroupName"] for page in groups for group in page["logGroups"]):
        pages: Iterable[Mapping[str, Any]] = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, **span
        )
        found = [
            (event["timestamp"], event["message"]) for page in pages for event in page["events"]
        ]
        yield group, found
