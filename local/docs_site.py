"""Build what `GET /docs` and `GET /openapi.json` serve, into the function's folder.

Swagger UI comes from its npm package (Apache-2.0, pinned in package.json), the description from
`docs/openapi.json`, the page from `functions/docs/page`. All of it compressed, so that the function
has nothing to do but read: 1.9 MB become half a megabyte.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

from local.stamps import content_stamp, is_current, write_stamp
from local.terminal import skip, step

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "functions" / "docs" / "site"

_PAGE = ROOT / "functions" / "docs" / "page"
_DESCRIPTION = ROOT / "docs" / "openapi.json"
_SWAGGER_UI = ROOT / "node_modules" / "swagger-ui-dist"
_FROM_SWAGGER_UI = ("swagger-ui.css", "swagger-ui-bundle.js")
# What the licence asks to be passed on.
_NOTICES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")
_STAMP = ROOT / "build" / "docs-site.stamp"


def build_docs_site() -> None:
    """Build the site, unless it was built from these very files."""
    sources = [_SWAGGER_UI / name for name in (*_FROM_SWAGGER_UI, *_NOTICES)]
    stamp = content_stamp([*sources, _PAGE, _DESCRIPTION, Path(__file__)])
    if SITE.is_dir() and is_current(_STAMP, stamp):
        skip("Pages of /docs")
        return
    with step("Pages of /docs"):
        shutil.rmtree(SITE, ignore_errors=True)
        SITE.mkdir()
        for source in _PAGE.iterdir():
            _compress(source.name, source.read_bytes())
        for name in _FROM_SWAGGER_UI:
            _compress(name, (_SWAGGER_UI / name).read_bytes())
        description = json.loads(_DESCRIPTION.read_text())
        _compress(
            _DESCRIPTION.name,
            json.dumps(description, separators=(",", ":"), ensure_ascii=False).encode(),
        )
        for name in _NOTICES:
            shutil.copyfile(_SWAGGER_UI / name, SITE / name)
        write_stamp(_STAMP, stamp)


def _compress(name: str, content: bytes) -> None:
    # Without a time, so that the same content gives the same package.
    (SITE / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
