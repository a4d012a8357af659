"""What the templates cost: within what is free, and as `docs/cost.md` says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from common.observability import Metric
from local.cost.measured import load_measurements
from local.cost.page import write_page
from local.cost.prices import load_prices
from local.cost.templates import Deployment, read_deployment
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

FREE_ALARM_METRICS = 10
FREE_CUSTOM_METRICS = 10
FREE_DASHBOARDS = 3
FREE_UNITS = 25


def _deployment(templates: Templates) -> Deployment:
    return read_deployment(templates.by_stack.values())


@pytest.fixture(scope="module")
def folded(synthesise: Callable[..., Templates]) -> Templates:
    return synthesise("production", dashboards="folded")


def test_the_page_says_what_the_templates_cost(
    production: Templates, staging: Templates, folded: Templates, with_web: Templates
) -> None:
    """If not: make cost ARGS=--page."""
    deployments = {
        "production": _deployment(production),
        "folded": _deployment(folded),
        "web": _deployment(with_web),
        "staging": _deployment(staging),
    }
    page = write_page(deployments, load_measurements(), load_prices())
    assert (REPOSITORY / "docs" / "cost.md").read_text(encoding="utf-8") == page


def test_the_tables_capacity_is_what_is_free(production: Templates, staging: Templates) -> None:
    for templates, units in ((production, FREE_UNITS), (staging, 0)):
        deployment = _deployment(templates)
        assert (deployment.read_units, deployment.write_units) == (units, units)


def test_no_more_metrics_are_under_alarm_than_are_free(
    production: Templates, staging: Templates
) -> None:
    for templates in (production, staging):
        assert 0 < _deployment(templates).alarm_metrics <= FREE_ALARM_METRICS


def test_folded_dashboards_are_free(folded: Templates) -> None:
    pages = _deployment(folded).dashboards
    assert len(pages) == FREE_DASHBOARDS
    assert all(page.may_be_free for page in pages)


def test_there_is_a_dashboard_for_each_function_unless_they_are_folded(
    production: Templates,
) -> None:
    """`auth`, `predict`, `recommend`, `describe`, the others together, and an overview."""
    pages = _deployment(production).dashboards
    assert len(pages) == 6
    assert all(page.may_be_free for page in pages)


def test_no_more_custom_metrics_are_written_than_are_free() -> None:
    """One for each name in each function: the name of the service is a dimension."""
    written = {
        (file.relative_to(REPOSITORY / "functions").parts[0], node.attr)
        for file in (REPOSITORY / "functions").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Metric"
    }
    shared = (REPOSITORY / "shared_layer" / "python" / "common").rglob("*.py")
    assert not any("Metric." in file.read_text(encoding="utf-8") for file in shared)
    assert {name for _, name in written} == {metric.name for metric in Metric}
    assert len(written) <= FREE_CUSTOM_METRICS
