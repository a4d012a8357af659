"""The server of the page: a process of its own that goes on, is found again, and is stopped."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from local.process import KeptProcess
from local.terminal import CannotContinueError
from local.web.server import HOST, serving
from local.web.serving import LocalPage
from local.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

API = "http://127.0.0.1:4566/_aws/execute-api/1a2b"
SCRIPT = "export const answer = 42;\n" * 100


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<html><head></head><title>The page</title></html>")
    (dist / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (tmp_path / "secret.txt").write_text("not of the page")
    return dist


@pytest.fixture
def api_file(tmp_path: Path) -> Path:
    file = tmp_path / "api.json"
    file.write_text(json.dumps({"url": API, "tiles": None}))
    return file


@pytest.fixture
def page(tmp_path: Path) -> Iterator[LocalPage]:
    page = LocalPage(tmp_path / "state")
    yield page
    page.stop()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield client


def test_the_page_is_served_with_its_headers_and_nothing_else_is(
    page: LocalPage, dist: Path, api_file: Path, client: httpx.Client
) -> None:
    url = page.serve(dist, api_file, port=0)
    start = client.get(url)
    assert start.status_code == 200
    assert "The page" in start.text
    assert "connect-src 'self' http://127.0.0.1:4566" in start.headers["content-security-policy"]
    assert start.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"{url}/config.json").json() == {"api_url": API, "tiles": None}
    script = client.get(f"{url}/assets/index-1a2b.js")
    assert (script.text, script.headers["content-encoding"]) == (SCRIPT, "gzip")
    assert "immutable" in script.headers["cache-control"]
    assert client.head(f"{url}/assets/index-1a2b.js").headers["content-length"] == str(
        len(gzip.compress(SCRIPT.encode()))
    )
    assert client.get(f"{url}/missing").status_code == 404
    assert client.post(url, content=b"x").status_code == 501


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt"]
)
def test_no_path_leads_out_of_the_page(dist: Path, path: str) -> None:
    """Sent as it is: clients tidy such a path up before they send it."""
    with serving(Site(dist, API)) as url:
        connection = http.client.HTTPConnection(str(urlsplit(url).netloc), timeout=30)
        connection.putrequest("GET", path)
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 404
        assert b"not of the page" not in answer.read()
        connection.close()


def test_it_goes_on_is_found_again_and_stopped(
    page: LocalPage, dist: Path, api_file: Path, tmp_path: Path, client: httpx.Client
) -> None:
    assert page.find() is None
    url = page.serve(dist, api_file, port=0)
    found = LocalPage(tmp_path / "state")
    assert found.find() == url
    # Nothing changed: the same process, whatever port it has got.
    assert found.serve(dist, api_file, port=0) == url
    assert found.stop() is True
    assert found.find() is None
    assert found.stop() is False
    with pytest.raises(httpx.ConnectError):
        client.get(url)


def test_a_new_deployment_needs_no_restart(
    page: LocalPage, dist: Path, api_file: Path, client: httpx.Client
) -> None:
    url = page.serve(dist, api_file, port=0)
    tiles = {"url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "Somebody"}
    api_file.write_text(json.dumps({"url": "http://127.0.0.1:4566/new", "tiles": tiles}))
    (dist / "index.html").write_text("<html><head></head><title>Another</title></html>")
    assert client.get(f"{url}/config.json").json() == {
        "api_url": "http://127.0.0.1:4566/new",
        "tiles": tiles,
    }
    assert "Another" in client.get(url).text
    api_file.unlink()
    assert client.get(url).status_code == 503


def test_a_taken_port_is_left_to_whoever_has_it_and_the_next_is_used(
    page: LocalPage, dist: Path, api_file: Path
) -> None:
    with socket.create_server((HOST, 0)) as other:
        taken = other.getsockname()[1]
        url = page.serve(dist, api_file, port=taken)
        assert int(url.rpartition(":")[2]) > taken
        assert page.serve(dist, api_file, port=taken) == url


def test_another_port_or_another_page_is_served_anew(
    page: LocalPage, dist: Path, api_file: Path, tmp_path: Path, client: httpx.Client
) -> None:
    page.serve(dist, api_file, port=0)
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("<html><head></head><title>Another</title></html>")
    assert "Another" in client.get(page.serve(other, api_file, port=0)).text


def test_a_server_that_cannot_start_shows_why(page: LocalPage, dist: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotContinueError, match="The page is not served"):
        page.serve(dist, tmp_path / "no-such-file.json", port=0)
    assert page.find() is None


def test_a_program_that_runs_is_not_started_twice(tmp_path: Path) -> None:
    first, second = (KeptProcess("The program", tmp_path, "program") for _ in range(2))
    how = {"note": {"port": 1}, "working_directory": tmp_path, "environment": {}}
    first.start(["/bin/sleep", "60"], **how)  # type: ignore[arg-type]
    try:
        with pytest.raises(CannotContinueError, match=r"The program of .* is running already"):
            second.start(["/bin/sleep", "60"], **how)  # type: ignore[arg-type]
        note = first.note()
        assert note is not None
        assert second.note() == note
    finally:
        assert second.stop() is True
    assert first.note() is None
    assert first.stop() is False
