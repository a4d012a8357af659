"""`make up` serves the page, and gives the API even where it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local import up
from local.terminal import CannotContinueError
from local.web.build import DIST
from local.web.serving import LocalPage

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:4566/_aws/execute-api/1a2b"


@pytest.fixture
def api_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "api.json"
    monkeypatch.setattr(up, "API_FILE", file)
    monkeypatch.setattr(up, "LOCAL", tmp_path)
    return file


def _with_local_settings(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    context = {"environments": {"local": {"allowed_origins": ["*"], **settings}}}
    (folder / "cdk.json").write_text(json.dumps({"context": context}))
    monkeypatch.setattr(up, "ROOT", folder)


def test_the_page_is_told_where_the_api_is_and_served_on_the_port(
    api_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[object, ...]] = []
    monkeypatch.setattr(up, "build_web", lambda: None)
    monkeypatch.setattr(LocalPage, "serve", lambda _page, *how: served.append(how))
    _with_local_settings(tmp_path, monkeypatch)
    up.serve_page(URL, 4567)
    assert served == [(DIST, api_file, 4567)]
    assert json.loads(api_file.read_text()) == {"url": URL, "tiles": None}


def test_tiles_of_the_local_environment_are_the_local_pages(
    api_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "build_web", lambda: None)
    monkeypatch.setattr(LocalPage, "serve", lambda *_how: None)
    url = "https://tiles.example/{z}/{x}/{y}.png"
    _with_local_settings(tmp_path, monkeypatch, map_tiles_url=url, map_tiles_attribution="Somebody")
    up.serve_page(URL, 4567)
    assert json.loads(api_file.read_text())["tiles"] == {"url": url, "attribution": "Somebody"}


def test_a_page_that_cannot_be_built_does_not_take_the_api_away(
    api_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        message = "The page needs Node.js 20.19"
        raise CannotContinueError(message)

    monkeypatch.setattr(up, "build_web", fail)
    up.serve_page(URL, 4567)
    told = capsys.readouterr().out
    assert "The page needs Node.js 20.19" in told
    assert "The API works without the page" in told
    assert json.loads(api_file.read_text())["url"] == URL
