"""The pages about the API: whole in every coding, asked for once, and of this host alone."""

from __future__ import annotations

import base64
import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest

from docs import handler, site
from local.docs_site import ROOT
from tests.fakes.events import for_route, load_event, with_header

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = {name: f"the content of {name}, é".encode() for name in site.MEDIA_TYPES}
PATHS = {
    "/docs": site.PAGE,
    "/openapi.json": site.DESCRIPTION,
    **{f"/docs/{name}": name for name in site.PARTS},
}
PAGE_SOURCE = ROOT / "functions" / "docs" / "page"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in CONTENTS.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    monkeypatch.setattr(site, "SITE", tmp_path)


def get(path: str, **headers: str) -> dict[str, Any]:
    event = for_route(load_event("health"), "GET", path)
    for name in ("accept-encoding", "if-none-match"):
        event = with_header(event, name, headers.get(name.replace("-", "_"), ""))
    return handler.handle(event, None)


def body(answer: dict[str, Any]) -> bytes:
    assert answer["isBase64Encoded"] is True
    return base64.b64decode(answer["body"])


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_the_same_compressed_and_plain(path: str) -> None:
    small = get(path, accept_encoding="br, gzip;q=0.8")
    plain = get(path, accept_encoding="identity, gzip;q=0")
    assert small["headers"]["content-encoding"] == "gzip"
    assert "content-encoding" not in plain["headers"]
    assert gzip.decompress(body(small)) == body(plain) == CONTENTS[PATHS[path]]
    assert small["headers"]["content-type"] == site.MEDIA_TYPES[PATHS[path]]
    assert small["headers"]["vary"] == plain["headers"]["vary"] == "accept-encoding"
    assert small["headers"]["etag"] != plain["headers"]["etag"]


@pytest.mark.parametrize("path", PATHS)
def test_a_copy_that_is_current_is_not_sent_again(path: str) -> None:
    first = get(path, accept_encoding="gzip")
    again = get(path, accept_encoding="gzip", if_none_match=first["headers"]["etag"])
    assert (again["statusCode"], again["body"]) == (304, "")
    assert again["headers"]["etag"] == first["headers"]["etag"]
    other = get(path, accept_encoding="gzip", if_none_match='"another"')
    assert other["statusCode"] == 200


def test_what_changes_with_a_deployment_is_asked_for_each_time() -> None:
    assert get("/docs")["headers"]["cache-control"] == "public, no-cache"
    assert get("/openapi.json")["headers"]["cache-control"] == "public, no-cache"
    assert "max-age" in get("/docs/swagger-ui.css")["headers"]["cache-control"]


def test_the_page_may_load_nothing_from_elsewhere() -> None:
    policy = get("/docs")["headers"]["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["index.html", "openapi.json", "..", "swagger-ui.css.gz"])
def test_there_are_no_other_files(name: str) -> None:
    answer = get(f"/docs/{name}")
    assert answer["statusCode"] == 404


def test_the_page_names_only_files_that_there_are_and_no_host() -> None:
    page = (PAGE_SOURCE / "index.html").read_text()
    named = re.findall(r'(?:href|src)="([^"]+)"', page)
    own = {f"docs/{name}" for name in site.PARTS}
    assert set(named) == own | {"openapi.json", "data:,"}
    assert "://" not in page + (PAGE_SOURCE / "start.js").read_text()
    assert "<script>" not in page
