"""Photos may come as JSON, as a form, as the body itself, or by the key of an upload."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
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
from predict.intake import PhotosToName, read_photos
from predict.models import DEFAULT_TOP_K, MAX_IMAGES, MAX_TOP_K

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
        authorizer={"user_id": "U1"},
        request_id="r",
        source_ip="",
        raw_body=base64.b64encode(body).decode() if binary else body.decode(),
        raw_body_is_base64=binary,
    )


class Uploads:
    """Has one upload of one user."""

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        assert (user_id, upload_key, seconds) == ("U1", "uploads/U1/K", 3.0)
        return DATA


@dataclass(frozen=True)
class Read:
    """What was read of a request, with the bytes of its one photo."""

    data: bytes
    top_k: int


def photos(sent: Request) -> PhotosToName:
    return read_photos(sent, Uploads())


def read_photo(sent: Request) -> Read:
    read = photos(sent)
    assert not read.batch
    (source,) = read.sources
    return Read(source(3.0), read.top_k)


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


def test_top_k_may_be_in_the_query_whatever_the_body_is() -> None:
    plain = json.dumps({"image": base64.b64encode(DATA).decode()}).encode()
    own = json.dumps({"image": base64.b64encode(DATA).decode(), "top_k": 3}).encode()
    assert read_photo(request(plain, "application/json", {"top_k": "2"})).top_k == 2
    assert read_photo(request(own, "application/json", {"top_k": "2"})).top_k == 3
    assert read_photo(request(plain, "application/json", {"top_k": ""})).top_k == DEFAULT_TOP_K
    with pytest.raises(InvalidFields):
        read_photo(request(own, "application/json", {"top_k": "-1"}))


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


def test_an_upload_is_read_by_its_key_as_the_user() -> None:
    assert read_photo(as_json(upload_key="uploads/U1/K", top_k=3)) == Read(DATA, 3)


def test_several_photos_are_read_in_their_order() -> None:
    both = [DATA, DATA[::-1]]
    read = photos(as_json(images=[base64.b64encode(one).decode() for one in both], top_k=2))
    assert read.batch
    assert [source(1.0) for source in read.sources] == both
    assert read.top_k == 2


def test_a_batch_of_one_is_a_batch() -> None:
    assert photos(as_json(images=["aGk="])).batch


def test_a_photo_that_is_no_base64_is_found_out_when_it_is_read() -> None:
    good, bad, empty = photos(as_json(images=["aGk=", "%%%", ""])).sources
    assert good(1.0) == b"hi"
    with pytest.raises(ImageEncodingInvalid):
        bad(1.0)
    with pytest.raises(ImageMissing):
        empty(1.0)


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (as_json(), InvalidFields),
        (as_json(image=7), InvalidFields),
        (as_json(image="aGk=", images=["aGk="]), InvalidFields),
        (as_json(image="aGk=", upload_key="uploads/U1/K"), InvalidFields),
        (as_json(images=["aGk="], upload_key="uploads/U1/K"), InvalidFields),
        (as_json(images=[]), InvalidFields),
        (as_json(images=["aGk="] * (MAX_IMAGES + 1)), InvalidFields),
        (as_json(images=["aGk=", 7]), InvalidFields),
        (as_json(images="aGk="), InvalidFields),
        (as_json(upload_key=""), InvalidFields),
        (as_json(upload_key="k" * 201), InvalidFields),
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
