"""Which answer a path of the page gets: what CloudFront would say, without any socket."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from stacks.web_serving import (
    CONFIGURATION,
    ENTRY,
    NOT_FOUND_PAGE,
    STRICT_TRANSPORT,
    Tiles,
    configuration,
    keep,
    narrow,
    security_headers,
)

# CloudFront compresses nothing smaller, and of these kinds what the page has.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
SMALLEST_COMPRESSED_BYTES = 1_000
_COMPRESSED = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_OTHERS = {".ico": "image/x-icon", ".jpg": "image/jpeg", ".png": "image/png"}
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: HTTPStatus
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A built page, and what it is told of this machine."""

    dist: Path
    api_url: str
    tiles: Tiles | None = None

    def answer(self, target: str, *, gzipped: bool) -> Answer:
        """Return the answer to a GET of `target`, compressed if the browser takes that."""
        path = unquote(target.partition("?")[0]).removeprefix("/") or ENTRY
        content = self._read(path)
        if content is None:
            body, kind = NOT_FOUND_PAGE.encode(), _COMPRESSED[".html"]
            return self._write(HTTPStatus.NOT_FOUND, path=ENTRY, kind=kind, body=body)
        ending = PurePosixPath(path).suffix
        kind = _COMPRESSED.get(ending) or _OTHERS.get(ending, _UNKNOWN)
        compressible = ending in _COMPRESSED and len(content) >= SMALLEST_COMPRESSED_BYTES
        if not (compressible and gzipped):
            return self._write(HTTPStatus.OK, path=path, kind=kind, body=content)
        answer = self._write(HTTPStatus.OK, path=path, kind=kind, body=_compress(content))
        return Answer(answer.status, {**answer.headers, "content-encoding": "gzip"}, answer.body)

    def _read(self, path: str) -> bytes | None:
        """Return what lies at a path, None for what is not a file of the page."""
        if path == CONFIGURATION:
            return json.dumps(configuration(self.api_url, self.tiles)).encode()
        # Looked up among what is there, so that no path leads out of the folder.
        files = {
            file.relative_to(self.dist).as_posix(): file
            for file in self.dist.rglob("*")
            if file.is_file()
        }
        if path not in files:
            return None
        content = files[path].read_bytes()
        return narrow(content.decode(), self._connect()).encode() if path == ENTRY else content

    def _connect(self) -> list[str]:
        # Photos that are too large for a request go to the local cloud's S3, at the same port.
        url = urlsplit(self.api_url)
        return [f"{url.scheme}://{url.netloc}"]

    def _write(self, status: HTTPStatus, *, path: str, kind: str, body: bytes) -> Answer:
        headers = security_headers(self._connect(), self.tiles)
        del headers[STRICT_TRANSPORT]
        return Answer(
            status,
            {
                **headers,
                "content-type": kind,
                "content-length": str(len(body)),
                "cache-control": keep(path),
                "vary": "accept-encoding",
            },
            body,
        )


@lru_cache(maxsize=64)
def _compress(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
