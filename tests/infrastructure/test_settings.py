"""Settings: what may be asked for, and how a bad wish is refused."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from typing import get_args

import pytest

from recommend.settings import RecommendSettings
from stacks.settings import REPOSITORY, RankingPart, SettingsError, read_settings
from stacks.web_serving import Tiles
from tests.infrastructure.conftest import context


@pytest.mark.parametrize("environment", ["local", "staging", "production"])
def test_cdk_json_describes_every_environment(environment: str) -> None:
    settings = read_settings(context(environment))
    assert settings.environment == environment
    assert settings.jwt_keys_parameter == f"/cv-location-classifier/{environment}/jwt-keys"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("environment", "prod"),
        ("allowed_origins", "example.com"),
        ("allowed_origins", "https://example.com/"),
        ("allowed_origins", ["*", "https://example.com"]),
        ("throttle_requests_per_second", "0"),
        ("throttle_burst", "many"),
        ("authorizer_cache_seconds", "301"),
        ("table_billing", "free"),
        ("table_read_capacity", "0"),
        ("table_write_capacity", "-1"),
        ("labels_read_capacity", "0"),
        ("labels_write_capacity", "0"),
        ("point_in_time_recovery", "perhaps"),
        ("deletion_protection", "perhaps"),
        ("access_token_ttl_seconds", "60"),
        ("access_token_ttl_seconds", "3601"),
        ("refresh_token_ttl_seconds", "1"),
        ("refresh_reuse_grace_seconds", "61"),
        ("bcrypt_cost", "4"),
        ("passwords_per_email", "1"),
        ("sign_in_failures_per_network", "1"),
        ("sign_ups_per_network", "1"),
        ("resets_per_network", "1"),
        ("mail_sender", "Travel <no-reply@travel.example>"),
        ("mail_sender", "travel.example"),
        ("password_reset_url", "travel.example/reset"),
        ("password_reset_url", "https://travel.example/reset#token="),
        ("log_level", "LOUD"),
        ("log_retention_days", "8"),
        ("web", "perhaps"),
        ("map_tiles_url", "http://tiles.example/{z}/{x}/{y}.png"),
        ("map_tiles_url", "https://{a}.tiles.example/{z}/{x}/{y}.png"),
        ("map_tiles_url", "https://tiles.example/{z}/{x}.png"),
        ("map_tiles_attribution", "Somebody"),
        ("service_version", "no spaces"),
        ("base_image", ""),
        ("text_encoder", "word2vec"),
        ("ranking_percent", "distance_weight=30"),
        ("ranking_percent", '{"distance": 30}'),
        ("ranking_percent", '{"distance_weight": 101}'),
    ],
)
def test_a_bad_setting_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=rf"\b{name}: "):
        read_settings(context("staging") | {name: value})


def test_all_bad_settings_are_named_at_once() -> None:
    bad = context("staging", bcrypt_cost="4", log_level="LOUD")
    with pytest.raises(SettingsError, match=r"(?s)bcrypt_cost: .*log_level: "):
        read_settings(bad)


def test_a_missing_environment_is_named() -> None:
    values = context("staging")
    del values["environment"]
    with pytest.raises(SettingsError, match=r"environment: Field required"):
        read_settings(values)


def test_an_unknown_setting_is_refused_rather_than_ignored() -> None:
    with pytest.raises(SettingsError, match="Unknown setting: alowed_origins"):
        read_settings(context("staging", alowed_origins="*"))


def test_an_unknown_setting_in_an_environment_is_refused() -> None:
    values = context("staging", environments={"staging": {"bcript_cost": 12}})
    with pytest.raises(SettingsError, match=r"bcript_cost: Extra inputs are not permitted"):
        read_settings(values)


def test_the_command_line_overrules_the_environment() -> None:
    settings = read_settings(
        context(
            "production",
            allowed_origins="https://a.example, https://b.example:8443",
            log_retention_days="90",
        )
    )
    assert settings.allowed_origins == ("https://a.example", "https://b.example:8443")
    assert settings.log_retention_days == 90


def test_every_weight_of_the_ranking_can_be_set() -> None:
    names = {field.name for field in fields(RecommendSettings)}
    weights = {name.removesuffix("_percent") for name in names if name.endswith("_percent")}
    settings = read_settings(
        context("staging", ranking_percent=json.dumps(dict.fromkeys(weights, 30)))
    )
    assert set(settings.ranking_percent) == weights == set(get_args(RankingPart))


def test_tiles_come_with_the_names_of_their_makers() -> None:
    url = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    with pytest.raises(SettingsError, match=r"map_tiles_attribution: goes with map_tiles_url"):
        read_settings(context("staging", map_tiles_url=url))
    settings = read_settings(
        context("staging", map_tiles_url=url, map_tiles_attribution="Tiles of Somebody")
    )
    assert settings.tiles == Tiles(url, "Tiles of Somebody")
    assert read_settings(context("staging")).tiles is None


def test_the_page_is_hosted_where_it_is_asked_for_and_never_on_the_local_cloud() -> None:
    assert not read_settings(context("production")).hosts_web
    assert read_settings(context("production", web="true")).hosts_web
    assert not read_settings(context("local", web="true")).hosts_web


def test_no_web_origin_is_allowed_on_aws_unless_asked_for() -> None:
    assert read_settings(context("staging")).allowed_origins == ()
    assert read_settings(context("production")).allowed_origins == ()


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert read_settings(context("staging")).service_version == project["version"]
