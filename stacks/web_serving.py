"""How the page of `web/` is served: what browsers may do with it, and how long they keep it.

One definition for CloudFront (`web_stack.py`) and for the local server (`local/web`), so that what
the tests in a browser run under is what travellers get. docs/web.md has it for other hosts, and a
test holds it to this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENTRY = "index.html"
CONFIGURATION = "config.json"
NOT_FOUND = "404.html"
NOT_FOUND_PAGE = """\
<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Not found</title>
  <p>There is nothing here. <a href="/">To the start</a></p>
</html>
"""

# Vite names these by a hash of what is in them: another content has another name.
HASHED_FOLDER = "assets"
KEEP_FOR_GOOD = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

# On a plain connection browsers ignore it, so that the local server leaves it out.
STRICT_TRANSPORT = "strict-transport-security"
STRICT_TRANSPORT_SECONDS = 365 * 86_400

_TILE_HOST = re.compile(r"https://(\{s\}\.)?([a-z0-9.-]+(?::\d+)?)/")
_HEAD = "<head>"


@dataclass(frozen=True)
class Tiles:
    """A server of map tiles: its address with {z}, {x} and {y}, and whom the map has to name."""

    url: str
    attribution: str


def configuration(api_url: str, tiles: Tiles | None) -> dict[str, Any]:
    """Return what the page reads first, `config.json` beside it."""
    shown = {"url": tiles.url, "attribution": tiles.attribution} if tiles else None
    return {"api_url": api_url, "tiles": shown}


def keep(path: str) -> str:
    """Return the `cache-control` of a file, by its path below the page's folder."""
    return KEEP_FOR_GOOD if path.startswith(f"{HASHED_FOLDER}/") else ASK_EACH_TIME


def content_policy(connect: Sequence[str], tiles: Tiles | None) -> str:
    """Return the `content-security-policy` of a page that may send requests to `connect`, too."""
    directives: Mapping[str, Sequence[str]] = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # A photo that was chosen is a blob; Leaflet puts a data: address where a tile was.
        "img-src": ["'self'", "data:", "blob:", *_tile_sources(tiles)],
        "connect-src": ["'self'", *connect],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def security_headers(connect: Sequence[str], tiles: Tiles | None) -> dict[str, str]:
    """Return the headers that every answer has, found or not."""
    return {
        "content-security-policy": content_policy(connect, tiles),
        STRICT_TRANSPORT: f"max-age={STRICT_TRANSPORT_SECONDS}",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(self), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


def narrow(entry: str, connect: Sequence[str]) -> str:
    """Return the page's first file with a policy of its own: requests to `connect`, and no others.

    Browsers hold a page to its header and to what it says itself. On AWS the header is written
    before the API has its address (docs/decisions/0016-the-page-comes-before-the-api.md).

    Raises `ValueError` where the file has no plain `<head>`.
    """
    if entry.count(_HEAD) != 1:
        message = f"{ENTRY} has not one {_HEAD}, where its policy goes"
        raise ValueError(message)
    sources = " ".join(["'self'", *connect])
    policy = f'<meta http-equiv="Content-Security-Policy" content="connect-src {sources}" />'
    return entry.replace(_HEAD, f"{_HEAD}\n    {policy}")


def _tile_sources(tiles: Tiles | None) -> list[str]:
    if tiles is None:
        return []
    host = _TILE_HOST.match(tiles.url)
    if host is None:
        message = f"{tiles.url!r} is no address of tiles"
        raise ValueError(message)
    # {s} stands for a, b, c …: browsers were to share their requests among several names.
    return [f"https://{'*.' if host[1] else ''}{host[2]}"]
