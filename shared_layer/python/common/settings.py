"""Typed settings, read from the environment once, when a function starts.

A function declares a frozen dataclass whose fields are named like its environment variables,
in lower case; a `tuple[str, ...]` is a list between commas. `read_settings` fills it, and refuses
to start with the name of every variable that is missing or wrong. Dataclasses rather than a
validation library, since the authorizer stands in front of every request: with pydantic its
imports took 168 ms, of a budget of 150.
"""

from __future__ import annotations

import os
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Environment = Literal["local", "staging", "production"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]

ACCESS_TOKEN_TTL_RANGE_SECONDS = (15 * 60, 60 * 60)
REFRESH_TOKEN_TTL_RANGE_SECONDS = (60 * 60, 90 * 24 * 60 * 60)
# 4 is bcrypt's own minimum (tests); 15 takes over two seconds on one full CPU.
BCRYPT_COST_RANGE = (4, 15)
# Attempts without a pause. Pauses begin with the last of them, so there are two at least.
FREE_ATTEMPTS_RANGE = (2, 1_000_000)


class SettingsError(Exception):
    """The environment does not describe a function that can work. Names every bad variable."""


def checked(accept: Callable[[str], str | None], **options: Any) -> Any:  # noqa: ANN401 - as below
    """Declare a text setting; `accept` returns what is wrong with a text, or None."""
    return field(metadata={"accept": accept}, **options)


def bounded(limits: tuple[int, int], **options: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Declare a whole-number setting that must lie within `limits` (both included)."""
    return field(metadata={"limits": limits}, **options)


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """What every function is told."""

    environment: Environment
    powertools_service_name: str
    powertools_metrics_namespace: str
    service_version: str
    log_level: LogLevel = "INFO"


@dataclass(frozen=True, kw_only=True)
class TableSettings(FunctionSettings):
    """For functions that use the table."""

    table_name: str


@dataclass(frozen=True, kw_only=True)
class TokenSettings(FunctionSettings):
    """For functions that issue or check access tokens."""

    jwt_keys_parameter: str
    jwt_issuer: str
    jwt_audience: str


S = TypeVar("S", bound=FunctionSettings)


def read_settings(settings_type: type[S], environ: Mapping[str, str] | None = None) -> S:
    """Fill `settings_type` from environment variables named like its fields in upper case.

    Raises:
        SettingsError: naming every variable that is missing or has a value of the wrong kind.

    """
    source = os.environ if environ is None else environ
    types = get_type_hints(settings_type)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for declared in fields(settings_type):
        variable = declared.name.upper()
        text = source.get(variable, "").strip()
        if not text:
            if declared.default is MISSING and declared.default_factory is MISSING:
                problems.append(f"{variable} is missing")
            continue
        try:
            values[declared.name] = _parse(text, types[declared.name], declared)
        except ValueError as error:
            problems.append(f"{variable} {error}")
    if problems:
        message = "The environment of this function is incomplete: " + "; ".join(problems) + "."
        raise SettingsError(message)
    return settings_type(**values)


def _parse(text: str, wanted: object, declared: Field[Any]) -> object:
    if get_origin(wanted) is Literal:
        choices = get_args(wanted)
        if text not in choices:
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message)
        return text
    if get_origin(wanted) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if wanted is int:
        return _parse_whole_number(text, declared.metadata.get("limits"))
    accept = declared.metadata.get("accept")
    complaint = accept(text) if accept else None
    if complaint:
        raise ValueError(complaint)
    return Path(text) if wanted is Path else text


def _parse_whole_number(text: str, limits: tuple[int, int] | None) -> int:
    try:
        number = int(text)
    except ValueError:
        message = "must be a whole number"
        raise ValueError(message) from None
    if limits and not limits[0] <= number <= limits[1]:
        message = f"must be from {limits[0]} to {limits[1]}"
        raise ValueError(message)
    return number
