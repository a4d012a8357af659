"""How the pages of the dashboards are laid out, what they say, and where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.constructs.dashboards.dashboards import OVERVIEW_RUNBOOK
from stacks.constructs.dashboards.functions import NORMAL, RUNBOOK
from stacks.settings import REPOSITORY
from tests.infrastructure.dashboard_pages import bodies, metrics_of, widgets_of
from tests.infrastructure.test_dashboards import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates
    from tests.infrastructure.dashboard_pages import Page

WIDTH = 24
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
MOST_WIDGETS, MOST_METRICS_OF_WIDGET, MOST_METRICS = 500, 500, 2_500
# Of a dashboard that is free: https://aws.amazon.com/cloudwatch/pricing/
FREE_METRICS_OF_DASHBOARD = 50


def test_every_row_is_as_wide_as_the_page_and_nothing_overlaps(
    pages: dict[str, Page],
) -> None:
    for body in pages.values():
        covered: set[tuple[int, int]] = set()
        for widget in body["widgets"]:
            cells = {
                (x, y)
                for x in range(widget["x"], widget["x"] + widget["width"])
                for y in range(widget["y"], widget["y"] + widget["height"])
            }
            assert not cells & covered
            covered |= cells
        height = max(y for _, y in covered) + 1
        assert covered == {(x, y) for x in range(WIDTH) for y in range(height)}


def test_pages_are_within_the_limits_of_cloudwatch_and_of_what_is_free(
    pages: dict[str, Page],
) -> None:
    for body in pages.values():
        assert len(body["widgets"]) <= MOST_WIDGETS
        rows = [len(properties["metrics"]) for properties in widgets_of(body, "metric")]
        assert max(rows) <= MOST_METRICS_OF_WIDGET
        assert sum(rows) <= MOST_METRICS
        assert len(set(metrics_of(body))) <= FREE_METRICS_OF_DASHBOARD


def test_every_page_says_what_normal_is_and_leads_to_the_others(
    pages: dict[str, Page],
) -> None:
    assert NORMAL.keys() == RUNBOOK.keys() == FUNCTIONS
    for name, body in pages.items():
        first = body["widgets"][0]
        assert (first["type"], first["y"]) == ("text", 0)
        text = first["properties"]["markdown"]
        assert "**Normal:**" in text
        for other in pages.keys() - {name}:
            assert f"(#dashboards:name=cv-location-classifier-production-{other})" in text


def test_the_runbook_has_the_sections_that_pages_lead_to() -> None:
    named = {*OVERVIEW_RUNBOOK, *(section for sections in RUNBOOK.values() for section in sections)}
    headings = {
        line.lstrip("# ").strip()
        for line in (REPOSITORY / "docs" / "runbook.md").read_text().splitlines()
        if line.startswith("#")
    }
    assert named <= headings


def test_with_the_runbooks_address_its_sections_are_links(
    synthesise: Callable[..., Templates],
) -> None:
    url = "https://example.com/docs/runbook.md"
    linked = bodies(synthesise("production", runbook_url=url))
    text = linked["others"]["widgets"][0]
    assert f"[locked-out]({url}#locked-out)" in text["properties"]["markdown"]
