"""How long anything about people is kept is what `docs/data.md` says, in templates and code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from account.once import RECORD_TTL_SECONDS
from auth.password_reset import TOKEN_TTL_SECONDS
from common.limits import DAY_SECONDS, HOUR_SECONDS, passwords_per_email
from common.predictions import CACHE_TTL_SECONDS
from describe.settings import DescribeSettings
from stacks.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.infrastructure.conftest import Templates

GROUP, BUCKET, TABLE, STAGE = (
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::DynamoDB::Table",
    "AWS::ApiGatewayV2::Stage",
)


def documented() -> dict[str, str]:
    """Read the table of the document: what is kept, and for how long."""
    text = (REPOSITORY / "docs" / "data.md").read_text(encoding="utf-8")
    section = text.partition("## Who is told, and how long it stays\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[-1] for row in rows}


def days(row: str) -> set[int]:
    return {int(number) for number in re.findall(r"(\d+) days?", documented()[row])}


@pytest.mark.parametrize(("environment", "kept_days"), [("staging", 14), ("production", 30)])
def test_every_log_group_ends_after_the_days_that_are_documented(
    synthesise: Callable[..., Templates], environment: str, kept_days: int
) -> None:
    groups = synthesise(environment).resources(GROUP).values()
    assert len(groups) >= 8
    assert {group["Properties"]["RetentionInDays"] for group in groups} == {kept_days}
    for row in ("what functions log", "access log"):
        assert kept_days in days(row)


def test_the_access_log_has_the_fields_that_are_documented(templates: Templates) -> None:
    stages = templates.resources(STAGE).values()
    ((fields,),) = ({stage["Properties"]["AccessLogSettings"]["Format"] for stage in stages},)
    text = (REPOSITORY / "docs" / "data.md").read_text(encoding="utf-8")
    for name, value in json.loads(fields).items():
        assert f"`{name}`" in text
        # Neither bodies nor queries nor headers: positions and tokens are in those.
        assert not re.search(r"query|header|body|requestOverride|\$context\.protocol", value)


def test_uploads_end_after_the_day_that_is_documented(templates: Templates) -> None:
    (rule,) = templates.one(BUCKET)["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert {rule["ExpirationInDays"]} == days("uploaded photo")
    assert "Prefix" not in rule
    assert "VersioningConfiguration" not in templates.one(BUCKET)["Properties"]


def test_what_expires_in_the_table_does_so_after_the_time_that_is_documented(
    templates: Templates,
) -> None:
    ttl = templates.one(TABLE)["Properties"]["TimeToLiveSpecification"]
    assert ttl == {"AttributeName": "expires_at", "Enabled": True}
    refresh = {
        function["Properties"]["Environment"]["Variables"]["REFRESH_TOKEN_TTL_SECONDS"]
        for function in templates.functions().values()
        if "REFRESH_TOKEN_TTL_SECONDS"
        in function["Properties"].get("Environment", {}).get("Variables", {})
    }
    assert {int(seconds) // DAY_SECONDS for seconds in refresh} == days("session")
    assert {CACHE_TTL_SECONDS // DAY_SECONDS} == days("remembered answer")
    (remembered,) = (
        field.default
        for field in DescribeSettings.__dataclass_fields__.values()
        if field.name == "cache_ttl_days"
    )
    assert {remembered} == days("remembered description")
    assert {RECORD_TTL_SECONDS // DAY_SECONDS} == days("request done once")
    assert TOKEN_TTL_SECONDS == HOUR_SECONDS
    assert passwords_per_email(5).window_seconds == DAY_SECONDS
    assert "a day" in documented()["attempts"]
    assert "an hour" in documented()["attempts"]


def test_backups_that_outlive_a_deletion_are_off_unless_asked_for(
    production: Templates, synthesise: Callable[..., Templates]
) -> None:
    def recovery(templates: Templates) -> bool:
        stated = templates.one(TABLE)["Properties"].get("PointInTimeRecoverySpecification", {})
        return bool(stated.get("PointInTimeRecoveryEnabled"))

    assert not recovery(production)
    assert recovery(synthesise("production", point_in_time_recovery="true"))
    assert 35 in days("backup of the table")
