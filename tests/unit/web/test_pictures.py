"""Where pictures of the page come from, and how small they are kept."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from local.web import pictures

if TYPE_CHECKING:
    from pathlib import Path

PAGE, API = "http://127.0.0.1:4567", "http://127.0.0.1:4566/api"


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return of what pictures were taken, in place of driving a browser."""
    taken: list[tuple[str, str]] = []

    def take(page_url: str, api_url: str, browser: str, folder: Path) -> list[Path]:
        assert browser == "/usr/bin/browser"
        taken.append((page_url, api_url))
        Image.new("RGB", (4, 4)).save(folder / "phone.png")
        return [folder / "phone.png"]

    class NoPage:
        def __init__(self, directory: Path) -> None:
            self.directory = directory

        def find(self) -> str | None:
            return PAGE if (tmp_path / "api.json").is_file() else None

    monkeypatch.setattr(pictures, "take_pictures", take)
    monkeypatch.setattr(pictures, "find_browser", lambda: "/usr/bin/browser")
    monkeypatch.setattr(pictures, "LocalPage", NoPage)
    monkeypatch.setattr(pictures, "API_FILE", tmp_path / "api.json")
    monkeypatch.setattr(pictures, "PICTURES", tmp_path / "web")
    monkeypatch.setattr(sys, "argv", ["pictures"])
    return taken


def test_pictures_are_of_what_make_up_serves(taken: list[tuple[str, str]], tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps({"url": API}))
    pictures.main()
    assert taken == [(PAGE, API)]
    assert (tmp_path / "web" / "phone.png").is_file()


def test_pictures_are_of_what_is_named(
    taken: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["pictures", "--page", "http://page", "--api", "http://api"])
    pictures.main()
    assert taken == [("http://page", "http://api")]


def test_where_nothing_is_served_it_says_what_to_do(
    taken: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        pictures.main()
    assert "make up" in capsys.readouterr().out
    assert taken == []


def test_where_there_is_no_browser_it_says_which_would_do(
    taken: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "api.json").write_text(json.dumps({"url": API}))
    monkeypatch.setattr(pictures, "find_browser", lambda: None)
    with pytest.raises(SystemExit):
        pictures.main()
    assert "apt-get install chromium" in capsys.readouterr().out
    assert taken == []


def test_a_picture_gets_smaller_and_stays_as_large(tmp_path: Path) -> None:
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    Image.frombytes("RGB", (120, 80), os.urandom(120 * 80 * 3)).save(large)
    pictures.shrink(large, small)
    with Image.open(small) as opened:
        assert opened.size == (120, 80)
        assert opened.mode == "P"
    assert small.stat().st_size < large.stat().st_size / 2
