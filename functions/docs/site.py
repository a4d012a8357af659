"""The files behind `/docs` and `/openapi.json`: compressed when they are built, read when wanted.

`make up` and `make layers` put them into `site/` (`local/docs_site.py`).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from common.answers import Reply
from common.request import JSON_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.request import Request

SITE = Path(__file__).with_name("site")
PAGE = "index.html"
DESCRIPTION = "openapi.json"
HTML = "text/html; charset=utf-8"
CSS = "text/css; charset=utf-8"
JAVASCRIPT = "text/javascript; charset=utf-8"

# What the page loads, by its name below /docs.
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "swagger-ui.css": CSS,
        "swagger-ui-bundle.js": JAVASCRIPT,
        "start.js": JAVASCRIPT,
    }
)
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({PAGE: HTML, DESCRIPTION: JSON_TYPE, **PARTS})

# The page runs its own scripts and calls its own API; Swagger UI draws its icons from data: URIs.
_PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}
# Asked for again each time, and answered 304 until a deployment changes it.
_REVALIDATED = "public, no-cache"
_KEPT_A_DAY = "public, max-age=86400"


@dataclass(frozen=True)
class _File:
    compressed: bytes
    digest: str


def serve(name: str, request: Request) -> Reply:
    """Answer with one of `MEDIA_TYPES`, compressed for clients that take it.

    Or, to a client whose copy is current, without it.
    """
    file = _read(SITE / f"{name}.gz")
    compressed = _takes_gzip(request.headers.get("accept-encoding", ""))
    headers = {
        "cache-control": _KEPT_A_DAY if name in PARTS else _REVALIDATED,
        # A tag belongs to exact bytes (RFC 9110, 8.8.3).
        "etag": f'"{file.digest}-gzip"' if compressed else f'"{file.digest}"',
        "vary": "accept-encoding",
        **(_PAGE_HEADERS if name == PAGE else {}),
    }
    if file.digest in request.headers.get("if-none-match", ""):
        return Reply(status=304, content_type=None, headers=headers)
    if compressed:
        headers["content-encoding"] = "gzip"
    body = file.compressed if compressed else gzip.decompress(file.compressed)
    return Reply(body, content_type=MEDIA_TYPES[name], headers=headers)


@cache
def _read(path: Path) -> _File:
    compressed = path.read_bytes()
    return _File(compressed, hashlib.sha256(compressed).hexdigest()[:32])


def _takes_gzip(accept_encoding: str) -> bool:
    for element in accept_encoding.lower().split(","):
        coding, _, quality = element.partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
