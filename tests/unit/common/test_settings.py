"""A function refuses to start in an environment that it cannot work in, and says which variable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from auth.settings import AuthSettings
from common.settings import (
    FunctionSettings,
    SettingsError,
    TableSettings,
    checked,
    read_settings,
)


def test_settings_are_read_from_the_environment(environment: dict[str, str]) -> None:
    settings = read_settings(AuthSettings, environment)
    assert settings.table_name == "unit-tests"
    assert settings.access_token_ttl_seconds == 1800
    assert settings.environment == "local"


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        read_settings(TableSettings, {"ENVIRONMENT": "local"})
    for variable in ("TABLE_NAME", "POWERTOOLS_SERVICE_NAME", "SERVICE_VERSION"):
        assert f"{variable} is missing" in str(refusal.value)
    assert "LOG_LEVEL" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "text", "complaint"),
    [
        ("ENVIRONMENT", "prod", "must be one of local, staging, production"),
        ("LOG_LEVEL", "LOUD", "must be one of DEBUG"),
        ("TABLE_NAME", "   ", "is missing"),
        ("BCRYPT_COST", "twelve", "must be a whole number"),
        ("BCRYPT_COST", "31", "must be from 4 to 15"),
        ("ACCESS_TOKEN_TTL_SECONDS", "60", "must be from 900 to 3600"),
        ("ACCESS_TOKEN_TTL_SECONDS", "1800.5", "must be a whole number"),
    ],
)
def test_a_wrong_variable_is_refused_with_its_name_and_what_would_be_right(
    environment: dict[str, str], variable: str, text: str, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=f"{variable} {complaint}"):
        read_settings(AuthSettings, {**environment, variable: text})


def test_a_path_setting_becomes_a_path(environment: dict[str, str]) -> None:
    @dataclass(frozen=True, kw_only=True)
    class WithPath(FunctionSettings):
        model_root: Path = Path("/opt")

    assert read_settings(WithPath, environment).model_root == Path("/opt")
    there = {**environment, "MODEL_ROOT": "/srv/models"}
    assert read_settings(WithPath, there).model_root == Path("/srv/models")


def test_a_list_is_read_from_between_commas(environment: dict[str, str]) -> None:
    @dataclass(frozen=True, kw_only=True)
    class WithList(FunctionSettings):
        models: tuple[str, ...] = ("a",)

    assert read_settings(WithList, environment).models == ("a",)
    there = {**environment, "MODELS": " b/c , d,"}
    assert read_settings(WithList, there).models == ("b/c", "d")


def test_a_text_setting_can_have_a_rule_of_its_own(environment: dict[str, str]) -> None:
    @dataclass(frozen=True, kw_only=True)
    class WithRule(FunctionSettings):
        colour: str = checked(lambda text: None if text == "red" else "must be red")

    assert read_settings(WithRule, {**environment, "COLOUR": "red"}).colour == "red"
    with pytest.raises(SettingsError, match="COLOUR must be red"):
        read_settings(WithRule, {**environment, "COLOUR": "blue"})
