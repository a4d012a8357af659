"""Which answer a path of the page gets, as CloudFront would give it."""

from __future__ import annotations

import gzip
import json
import re
from http import HTTPStatus
from pathlib import Path

import pytest

from local.web.site import Site
from stacks.web_serving import (
    ASK_EACH_TIME,
    KEEP_FOR_GOOD,
    STRICT_TRANSPORT,
    Tiles,
    narrow,
    security_headers,
)

API = "http://127.0.0.1:4566/_aws/execute-api/1a2b"
SCRIPT = "export const answer = 42;\n" * 100
ENTRY = '<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8" />\n  </head>\n</html>\n'
TILES = Tiles("https://{s}.tiles.example:8443/{z}/{x}/{y}.png", "Somebody")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(ENTRY)
    (dist / "config.json").write_text('{"api_url": "https://another.example"}')
    (dist / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (dist / "assets" / "photo.png").write_bytes(b"\x89PNG" * 1_000)
    (tmp_path / "secret.txt").write_text("not of the page")
    return Site(dist, API)


def test_the_start_is_the_entry_with_its_own_policy(site: Site) -> None:
    for target in ("/", "/index.html", "/?utm=1"):
        answer = site.answer(target, gzipped=False)
        assert answer.status == HTTPStatus.OK
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        text = answer.body.decode()
        assert "connect-src 'self' http://127.0.0.1:4566\"" in text
        assert re.sub(r"\n +<meta http-equiv[^>]+>", "", text) == ENTRY


def test_the_configuration_is_of_this_machine(site: Site) -> None:
    answer = site.answer("/config.json", gzipped=False)
    assert json.loads(answer.body) == {"api_url": API, "tiles": None}
    assert answer.headers["cache-control"] == ASK_EACH_TIME
    with_tiles = Site(site.dist, API, TILES).answer("/config.json", gzipped=False)
    assert json.loads(with_tiles.body)["tiles"] == {"url": TILES.url, "attribution": "Somebody"}


def test_what_is_named_by_its_content_is_kept_for_good(site: Site) -> None:
    kept = site.answer("/assets/index-1a2b.js", gzipped=False)
    assert kept.headers["cache-control"] == KEEP_FOR_GOOD
    assert kept.body == SCRIPT.encode()
    assert site.answer("/", gzipped=False).headers["cache-control"] == ASK_EACH_TIME


@pytest.mark.parametrize(
    "target",
    [
        "/missing.js",
        "/assets",
        "/assets/",
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "/%00",
        "//[",
        "",
        "http://127.0.0.1/secret.txt",
    ],
)
def test_what_is_no_file_of_the_page_is_not_found(site: Site, target: str) -> None:
    if target == "":
        target = str(site.dist.parent / "secret.txt")
    answer = site.answer(target, gzipped=True)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"not of the page" not in answer.body
    assert answer.headers["cache-control"] == ASK_EACH_TIME
    assert answer.headers["content-type"].startswith("text/html")


def test_text_is_compressed_where_it_pays_and_the_browser_takes_it(site: Site) -> None:
    plain = site.answer("/assets/index-1a2b.js", gzipped=False)
    packed = site.answer("/assets/index-1a2b.js", gzipped=True)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["content-length"]) == len(packed.body) < len(plain.body)
    for small_or_packed_already in ("/", "/assets/photo.png"):
        answer = site.answer(small_or_packed_already, gzipped=True)
        assert "content-encoding" not in answer.headers


def test_every_answer_has_the_headers_of_the_hosted_page(site: Site) -> None:
    sent = security_headers(["http://127.0.0.1:4566"], None)
    # Browsers heed it over TLS alone.
    del sent[STRICT_TRANSPORT]
    for target in ("/", "/config.json", "/assets/index-1a2b.js", "/missing"):
        headers = site.answer(target, gzipped=True).headers
        assert sent.items() <= headers.items()
        assert STRICT_TRANSPORT not in headers
        assert headers["vary"] == "accept-encoding"


def test_tiles_may_be_shown_where_there_are_some(site: Site) -> None:
    header = "content-security-policy"
    without = site.answer("/", gzipped=False).headers[header]
    tiled = Site(site.dist, API, TILES).answer("/", gzipped=False).headers[header]
    assert "tiles" not in without
    assert "img-src 'self' data: blob: https://*.tiles.example:8443;" in tiled


def test_an_entry_without_a_place_for_its_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="has not one <head>"):
        narrow('<html><head lang="en"></html>', ["https://api.example"])


def test_the_policy_leaves_what_the_page_asks_browsers_for() -> None:
    """A page that asks for the camera or a position must be let, and others must not be."""
    sources = Path(__file__).resolve().parents[3].joinpath("web", "src").rglob("*.ts*")
    code = "".join(file.read_text() for file in sources if ".test." not in file.name)
    allowed = dict(
        part.split("=", 1) for part in security_headers([], None)["permissions-policy"].split(", ")
    )
    assert (allowed["geolocation"] == "(self)") == ("navigator.geolocation" in code)
    assert (allowed["camera"] == "(self)") == ("getUserMedia" in code)
    assert allowed["microphone"] == "()"
