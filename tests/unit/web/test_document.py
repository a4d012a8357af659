"""docs/web.md: what it shows for other hosts is what this project sends."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stacks.web_serving import KEEP_FOR_GOOD, Tiles, configuration, security_headers

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "web.md").read_text()
API = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
UPLOADS = "https://uploads-bucket.s3.eu-central-1.amazonaws.com"


def _shown(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, flags=re.DOTALL)


def _netlify() -> dict[str, Any]:
    (shown,) = _shown("toml")
    return tomllib.loads(shown)


def _vercel() -> dict[str, Any]:
    (shown,) = [json.loads(one) for one in _shown("json") if "outputDirectory" in one]
    assert isinstance(shown, dict)
    return shown


def _headers_of_netlify() -> dict[str, dict[str, str]]:
    return {one["for"]: one["values"] for one in _netlify()["headers"]}


def _headers_of_vercel() -> dict[str, dict[str, str]]:
    return {
        one["source"].replace("(.*)", "*"): {each["key"]: each["value"] for each in one["headers"]}
        for one in _vercel()["headers"]
    }


@pytest.mark.parametrize("headers", [_headers_of_netlify(), _headers_of_vercel()])
def test_other_hosts_send_the_same_headers(headers: dict[str, dict[str, str]]) -> None:
    sent = {name.lower(): value for name, value in headers["/*"].items()}
    assert sent == security_headers([API, UPLOADS], None)
    assert headers["/assets/*"] == {"Cache-Control": KEEP_FOR_GOOD}
    assert set(headers) == {"/*", "/assets/*"}


@pytest.mark.parametrize("command", [_netlify()["build"]["command"], _vercel()["buildCommand"]])
def test_other_hosts_tell_the_page_where_the_api_is(tmp_path: Path, command: str) -> None:
    (tmp_path / "dist").mkdir()
    *_, write = command.split(" && ")
    subprocess.run(  # noqa: S603 - what the document says
        ["/bin/sh", "-c", write],
        cwd=tmp_path,
        env={"API_URL": API},
        check=True,
    )
    written = json.loads((tmp_path / "dist" / "config.json").read_text())
    assert written == configuration(API, None)


def test_the_configuration_that_it_shows_is_the_one_that_is_written() -> None:
    (shown,) = [json.loads(one) for one in _shown("json") if '"attribution": "Map' in one]
    tiles = shown["tiles"]
    assert shown == configuration(shown["api_url"], Tiles(**tiles))


def test_every_command_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text()
    words = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    typed = set(re.findall(r"\bmake ([a-z-]+)", DOCUMENT))
    assert {"up", "web", "down", "deploy", "destroy"} <= typed <= words
    scripts = json.loads((ROOT / "web" / "package.json").read_text())["scripts"]
    assert set(re.findall(r"\bnpm run ([a-z]+)", DOCUMENT)) <= set(scripts)


@pytest.mark.parametrize("path", re.findall(r"^(?:web|local|stacks)/\S+", DOCUMENT, re.MULTILINE))
def test_what_it_says_is_where_is_there(path: str) -> None:
    assert (ROOT / path).exists()
