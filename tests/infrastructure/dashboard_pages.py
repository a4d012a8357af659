"""The dashboards of a template, as they will be read by CloudWatch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.infrastructure.conftest import Templates

Page = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A metric of a widget."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


def bodies(templates: Templates) -> dict[str, Page]:
    """Return the dashboards by the last part of their names; references stand as `${…}`."""
    found = {}
    for resource in templates.resources("AWS::CloudWatch::Dashboard").values():
        properties = resource["Properties"]
        body = properties["DashboardBody"]
        parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
        text = "".join(part if isinstance(part, str) else _name_of(part) for part in parts)
        name = properties["DashboardName"].removeprefix("cv-location-classifier-")
        found[name.partition("-")[2]] = json.loads(text)
    return found


def _name_of(reference: dict[str, Any]) -> str:
    """Return a reference as text without quotation marks, the same for the same one."""
    return "${" + json.dumps(reference, sort_keys=True).replace('"', "") + "}"


def widgets_of(body: Page, kind: str) -> list[dict[str, Any]]:
    return [widget["properties"] for widget in body["widgets"] if widget["type"] == kind]


def metrics_of(body: Page) -> Iterator[Shown]:
    for properties in widgets_of(body, "metric"):
        for *parts, _options in properties["metrics"]:
            if parts:
                namespace, name, *rest = parts
                yield Shown(namespace, name, tuple(zip(rest[::2], rest[1::2], strict=True)))


def asked(body: Page) -> Iterator[tuple[list[str], str]]:
    """Return the log groups and the query of each log widget."""
    for properties in widgets_of(body, "log"):
        sources, _, query = properties["query"].partition(" | filter ")
        groups = [part.removeprefix("SOURCE ").strip("'") for part in sources.split(" | ")]
        yield groups, f"filter {query}"
