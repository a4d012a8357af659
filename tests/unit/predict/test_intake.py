"""A photo may come as JSON, as a form or as the body itself."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import (
    DomainError,
    ImageEncodingInvalid,
    ImageMissing,
    InvalidFields,
    MalformedRequest,
    UnsupportedMediaType,
)
from common.intake import decode_base64
from common.request import Request
from predict.intake import read_photo
from predict.models import DEFAULT_TOP_K, MAX_TOP_K

DATA = bytes(range(256)) * 3
BOUNDARY = "frontier"


def request(
    body: bytes, content_type: str, query: dict[str, str] | None = None, *, binary: bool = True
) -> Request:
    return Request(
        method="POST",
        path="/predict",
        headers={"content-type": content_type},
        query=query or {},
        authorizer={},
        request_id="r",
        source_ip="",
        raw_body=base64.b64encode(body).decode() if binary else body.decode(),
        raw_body_is_base64=binary,
    )


def as_json(**fields: Any) -> Request:  # noqa: ANN401 - any JSON
    return request(json.dumps(fields).encode(), "application/json", binary=False)


def form(*parts: tuple[str, str | None, bytes]) -> bytes:
    lines = []
    for name, filename, value in parts:
        named = f'; filename="{filename}"' if filename else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        lines.append(head.encode() + value + b"\r\n")
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def as_form(*parts: tuple[str, str | None, bytes]) -> Request:
    return request(form(*parts), f"multipart/form-data; boundary={BOUNDARY}")


def test_base64_in_json_is_read() -> None:
    photo = read_photo(as_json(image=base64.b64encode(DATA).decode(), top_k=3))
    assert (photo.data, photo.top_k) == (DATA, 3)


def test_top_k_has_a_default() -> None:
    photo = read_photo(as_json(image=base64.b64encode(DATA).decode()))
    assert photo.top_k == DEFAULT_TOP_K


@pytest.mark.parametrize(
    "head",
    [
        "data:image/jpeg;base64,",
        "data:image/png;charset=utf-8;base64,",
        "DATA:IMAGE/JPEG;BASE64,",
        "data:;base64,",
    ],
)
def test_a_data_uri_is_read(head: str) -> None:
    assert decode_base64(head + base64.b64encode(DATA).decode()) == DATA


def test_line_breaks_in_base64_are_allowed() -> None:
    assert decode_base64(base64.encodebytes(DATA).decode()) == DATA


@pytest.mark.parametrize("text", ["%%%", "abc", "data:image/png,abc", "data:", "é" * 4])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(ImageEncodingInvalid):
        decode_base64(text)


@pytest.mark.parametrize("kind", ["image/jpeg", "image/whatever", "application/octet-stream"])
def test_the_body_itself_can_be_the_photo(kind: str) -> None:
    photo = read_photo(request(DATA, kind, {"top_k": "2"}))
    assert (photo.data, photo.top_k) == (DATA, 2)


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_form_can_hold_the_photo(field: str) -> None:
    photo = read_photo(as_form((field, "a.jpg", DATA), ("top_k", None, b"4")))
    assert (photo.data, photo.top_k) == (DATA, 4)


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (as_json(), InvalidFields),
        (as_json(image=7), InvalidFields),
        (as_json(image=""), ImageMissing),
        (as_json(image="aGk=", top_k=0), InvalidFields),
        (as_json(image="aGk=", top_k=MAX_TOP_K + 1), InvalidFields),
        (as_json(image="aGk=", top_k="3"), InvalidFields),
        (request(b"", "image/png"), ImageMissing),
        (request(DATA, "image/png", {"top_k": "many"}), InvalidFields),
        (request(DATA, "text/csv"), UnsupportedMediaType),
        (request(DATA, "multipart/form-data"), MalformedRequest),
        (request(b"no form", f"multipart/form-data; boundary={BOUNDARY}"), MalformedRequest),
        (as_form(("other", "a.jpg", DATA)), ImageMissing),
        (as_form(("file", "a.jpg", b"")), ImageMissing),
        (as_form(("file", "a.jpg", DATA), ("file", "b.jpg", DATA)), InvalidFields),
        (as_form(("file", "a.jpg", DATA), ("top_k", None, b"-1")), InvalidFields),
    ],
)
def test_unusable_requests_are_refused(broken: Request, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read_photo(broken)


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_form_makes_it_crash(body: bytes, boundary: str) -> None:
    for kind in (f"multipart/form-data; boundary={boundary}", "multipart/form-data; boundary=x"):
        try:
            photo = read_photo(request(body, kind))
        except DomainError:
            continue
        assert photo.data


@given(st.binary(min_size=1, max_size=2000))
def test_every_photo_survives_every_way_of_sending_it(data: bytes) -> None:
    encoded = base64.b64encode(data).decode()
    ways = [as_json(image=encoded), request(data, "image/png"), as_form(("file", "p", data))]
    if f"--{BOUNDARY}".encode() not in data:
        assert {read_photo(way).data for way in ways} == {data}
