"""`make web-pictures`: take the pictures of docs/web.md anew, of the page that `make up` serves.

The browser's PNG files get a palette of 256 colours, which makes a third of them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

from local.commands import run
from local.terminal import CannotContinueError, say, step
from local.up import API_FILE, LOCAL
from local.web.browser import BROWSERS, find_browser
from local.web.build import ROOT, WEB
from local.web.serving import LocalPage

PICTURES = ROOT / "docs" / "web"
_COLOURS = 256


def take_pictures(page_url: str, api_url: str, browser: str, folder: Path) -> list[Path]:
    """Drive the browser through the page, and return the pictures it leaves in `folder`.

    Raises `CannotContinueError` when it does not get through.
    """
    told = {"WEB_URL": page_url, "API_URL": api_url, "CHROMIUM": browser, "PICTURES": str(folder)}
    log = LOCAL / "pictures.log"
    with step("Pictures of the page", log):
        run(
            ["npm", "run", "screenshots"],
            log=log,
            directory=WEB,
            environment={**os.environ, **told, "NO_PROXY": "*", "NO_COLOR": "1"},
        )
    return sorted(folder.glob("*.png"))


def shrink(picture: Path, to: Path) -> None:
    """Write a picture with as few colours as nobody misses."""
    with Image.open(picture) as opened:
        opened.convert("RGB").quantize(_COLOURS).save(to, optimize=True)


def _addresses(page_url: str | None, api_url: str | None) -> tuple[str, str]:
    """Return where the page and its API are: as told, else what `make up` serves.

    Raises `CannotContinueError` where nothing is served.
    """
    if page_url and api_url:
        return page_url, api_url
    page_url = LocalPage(LOCAL).find()
    if page_url is None or not API_FILE.is_file():
        message = "The page is not served: make up"
        raise CannotContinueError(message)
    return page_url, json.loads(API_FILE.read_text())["url"]


def _browser() -> str:
    found = find_browser()
    if found is None:
        message = f"There is none of {', '.join(BROWSERS)}: apt-get install chromium"
        raise CannotContinueError(message)
    return found


def main() -> None:
    """Take the pictures, if there is something to take them of and with."""
    parser = argparse.ArgumentParser(prog="make web-pictures", description=__doc__)
    parser.add_argument("--page", help="where the page is, if not where make up serves it")
    parser.add_argument("--api", help="where its API is")
    options = parser.parse_args()
    try:
        page_url, api_url = _addresses(options.page, options.api)
        PICTURES.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            for picture in take_pictures(page_url, api_url, _browser(), Path(folder)):
                shrink(picture, PICTURES / picture.name)
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
