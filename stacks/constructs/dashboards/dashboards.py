"""The pages, and what is on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.constructs.dashboards.charts import FULL, note, states
from stacks.constructs.dashboards.functions import NORMAL, RUNBOOK, particular
from stacks.constructs.dashboards.overview import Gateway, api_rows, functions_row, table_row
from stacks.constructs.dashboards.rows import (
    Watched,
    answers_and_problems,
    logged_signs,
    starts_and_memory,
    vital_signs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stacks.api_stack import ApiStack
    from stacks.constructs.dashboards.rows import Row
    from stacks.data_stack import DataStack
    from stacks.settings import Settings

OVERVIEW = "overview"
# Each has a page of its own; the others share one.
ALONE = ("predict", "describe", "recommend", "auth")
TOGETHER = ("authorizer", "account", "docs")
OTHERS = "others"
# Three dashboards of up to 50 metrics are free: https://aws.amazon.com/cloudwatch/pricing/
FOLDED: Mapping[str, tuple[str, ...]] = {
    "photos": ("predict", "describe", "recommend"),
    "accounts": ("auth", *TOGETHER),
}
OVERVIEW_RUNBOOK = (
    *("server-errors", "slow-answers", "no-capacity", "table-reads-throttled"),
    *("table-writes-throttled", "much-traffic"),
)
SHOWN_AT_FIRST = cdk.Duration.hours(3)


class Dashboards(Construct):
    """An overview and the pages of the functions, as the setting `dashboards` has it."""

    def __init__(  # noqa: PLR0913 - what there is to see, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        data: DataStack,
        api: ApiStack,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        """Create the pages over the functions and the gateway of `api` and the table of `data`."""
        super().__init__(scope, construct_id)
        self._settings = settings
        self._watched = {
            name: Watched(name, function, settings.metrics_namespace, settings.account_concurrency)
            for name, function in api.functions.items()
        }
        folded = settings.dashboards == "folded"
        self._pages = list(FOLDED) if folded else [*ALONE, OTHERS]
        self._create_overview(data, api, alarms)
        if folded:
            for page, names in FOLDED.items():
                self._create_shared_page(page, [self._watched[name] for name in names])
        else:
            for name in ALONE:
                self._create_own_page(self._watched[name])
            self._create_shared_page(OTHERS, [self._watched[name] for name in TOGETHER])

    def _create_overview(
        self, data: DataStack, api: ApiStack, alarms: Sequence[cloudwatch.IAlarm]
    ) -> None:
        gateway = Gateway(api.http_api.api.api_id, api.http_api.access_log_group_name)
        watched = list(self._watched.values())
        concurrency = self._settings.account_concurrency
        rows: list[Row] = [
            [states("Alarms", alarms, width=FULL)],
            *api_rows(gateway),
            functions_row(watched, account_concurrency=concurrency),
            table_row(data.table.table_name, self._settings),
        ]
        text = (
            "**Normal:** no failures (5xx), no crashes, no throttles; latency far below its red"
            " line; capacity used far below what is provisioned. 4xx are callers' mistakes: worth"
            " a look only when they jump. Which function is it? Open its page below."
        )
        self._add(OVERVIEW, text, rows, sections=OVERVIEW_RUNBOOK)

    def _create_own_page(self, watched: Watched) -> None:
        rows = [
            vital_signs(watched),
            *particular(watched),
            logged_signs(watched),
            answers_and_problems([watched]),
        ]
        self._add(watched.name, NORMAL[watched.name], rows, sections=RUNBOOK[watched.name])

    def _create_shared_page(self, page: str, watched: Sequence[Watched]) -> None:
        rows: list[Row] = []
        for one in watched:
            rows += [vital_signs(one), *particular(one)]
        rows += [starts_and_memory(watched), answers_and_problems(watched)]
        text = "\n\n".join(f"**{one.name}**: {NORMAL[one.name]}" for one in watched)
        sections = tuple(dict.fromkeys(section for one in watched for section in RUNBOOK[one.name]))
        self._add(page, text, rows, sections=sections, height=3 + len(watched))

    def _add(
        self,
        page: str,
        text: str,
        rows: Sequence[Row],
        *,
        sections: Sequence[str],
        height: int = 4,
    ) -> None:
        links = f"{self._pages_but(page)}\n\n{self._runbook(sections)}"
        heading = f"## {self._settings.environment}: {page}\n\n{text}\n\n{links}"
        dashboard = cloudwatch.Dashboard(
            self,
            page.capitalize(),
            dashboard_name=self._name(page),
            default_interval=SHOWN_AT_FIRST,
            period_override=cloudwatch.PeriodOverride.AUTO,
        )
        first: Row = [note(heading, height=height)]
        for row in (first, *rows):
            dashboard.add_widgets(*row)

    def _pages_but(self, page: str) -> str:
        others = [other for other in (OVERVIEW, *self._pages) if other != page]
        links = " · ".join(f"[{one}](#dashboards:name={self._name(one)})" for one in others)
        return f"**Pages:** {links}"

    def _runbook(self, sections: Sequence[str]) -> str:
        url = self._settings.runbook_url
        named = [f"[{one}]({url}#{one})" if url else one for one in sections]
        return f"**What to do** (`docs/runbook.md`): {' · '.join(named)}"

    def _name(self, page: str) -> str:
        return f"cv-location-classifier-{self._settings.environment}-{page}"
