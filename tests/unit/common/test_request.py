"""Bodies are read strictly, and what cannot be read is refused with the reason."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from common.errors import (
    InvalidFields,
    MalformedRequest,
    NotAuthenticated,
    UnsupportedMediaType,
)
from common.models import QueryModel, RequestModel
from common.request import MAX_JSON_DEPTH, Request, parse_json_object
from tests.fakes.events import load_event, signed_in_as, with_header

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


class Place(RequestModel):
    name: str = Field(min_length=1)
    tags: list[str] = Field(default_factory=list)
    top_k: int = 5
    latitude: float | None = None


def request_with(body: str | bytes, content_type: str | None = "application/json") -> Request:
    event = load_event("login")
    headers = {} if content_type is None else {"Content-Type": content_type}
    if isinstance(body, bytes):
        encoded = base64.b64encode(body).decode("ascii")
        return Request.from_event(
            {**event, "headers": headers, "body": encoded, "isBase64Encoded": True}
        )
    return Request.from_event({**event, "headers": headers, "body": body})


@given(st.dictionaries(TEXT, JSON_VALUES, max_size=5))
def test_any_json_object_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    assert parse_json_object(json.dumps(document).encode()) == document
    assert parse_json_object(json.dumps(document, ensure_ascii=False).encode()) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_clear_refusal(body: bytes) -> None:
    try:
        document = parse_json_object(body)
    except MalformedRequest:
        return
    assert document == json.loads(body)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "has no body"),
        (b" \n", "has no body"),
        (b'{"name": "x",}', "not JSON: .* at line 1 column"),
        (b"name=x", "not JSON"),
        (b'["x"]', "must be a JSON object"),
        (b'"x"', "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"name": "a", "name": "b"}', "same name twice"),
        (b'{"a": {"name": "a", "name": "b"}}', "same name twice"),
        (b'{"name": "caf\xe9"}', "not UTF-8"),
        ('{"name": "x"}'.encode("utf-16"), "not UTF-8"),
        (b'\xef\xbb\xbf{"name": "x"}', "BOM"),
        (b'{"top_k": NaN}', "NaN is no JSON number"),
        (b'{"top_k": -Infinity}', "-Infinity is no JSON number"),
        (b'{"top_k": ' + b"1" * 5000 + b"}", "a number is too long"),
        (rb'{"name": "\ud800"}', "half of a character"),
        (rb'{"\uDFFF": 1}', "half of a character"),
        (b'{"tags": ' + b"[" * MAX_JSON_DEPTH + b"]" * MAX_JSON_DEPTH + b"}", "nested deeper"),
        (b'{"tags": ' + b"[" * 100_000, "nested deeper"),
    ],
)
def test_what_is_no_usable_json_object_is_refused_with_the_reason(
    body: bytes, complaint: str
) -> None:
    with pytest.raises(MalformedRequest, match=complaint):
        parse_json_object(body)


def test_a_whole_character_in_two_escapes_is_text_like_any_other() -> None:
    assert parse_json_object(rb'{"name": "\ud83d\ude00"}') == {"name": "😀"}


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = MAX_JSON_DEPTH - 1
    parse_json_object(b'{"tags": ' + b"[" * depth + b"]" * depth + b"}")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/vnd.place+json",
        None,
        "application/x-www-form-urlencoded",
        "text/plain;charset=UTF-8",
    ],
)
def test_json_is_read_however_a_client_declares_it(content_type: str | None) -> None:
    assert request_with('{"name": "Rome"}', content_type).json(Place).name == "Rome"


@pytest.mark.parametrize("content_type", ["image/jpeg", "multipart/form-data", "application/xml"])
def test_a_body_declared_as_something_else_is_not_read_as_json(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        request_with('{"name": "Rome"}', content_type).json(Place)


def test_every_wrong_field_is_named_with_its_place() -> None:
    body = '{"name": "", "tags": ["a", 2], "top_k": "5", "latitude": 1e999}'
    with pytest.raises(InvalidFields) as refusal:
        request_with(body).json(Place)
    assert [wrong.field for wrong in refusal.value.errors] == [
        "name",
        "tags.1",
        "top_k",
        "latitude",
    ]
    assert all(wrong.message.endswith(".") for wrong in refusal.value.errors)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InvalidFields) as refusal:
        request_with("{}").json(Place)
    (missing,) = refusal.value.errors
    assert (missing.field, missing.message) == ("name", "This field is required.")


def test_an_unknown_field_is_ignored_so_that_newer_clients_work() -> None:
    assert request_with('{"name": "Rome", "mood": "good"}').json(Place) == Place(name="Rome")


@given(st.binary())
def test_a_binary_body_arrives_as_it_was_sent(body: bytes) -> None:
    assert request_with(body, "image/jpeg").body == body


@pytest.mark.parametrize("body", ["not base64!", "no base64: \u00e9"])
def test_a_body_that_only_claims_to_be_base64_is_refused(body: str) -> None:
    event = {**load_event("login"), "body": body, "isBase64Encoded": True}
    with pytest.raises(MalformedRequest, match="not valid base64"):
        _ = Request.from_event(event).body


def test_the_media_type_is_read_without_its_parameters() -> None:
    request = request_with(b"", 'Multipart/Form-Data; boundary="x"')
    assert request.content_type == "multipart/form-data"
    assert request_with(b"", None).content_type == ""


class PageQuery(QueryModel):
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = None


def request_for(query: dict[str, str] | None) -> Request:
    return Request.from_event({**load_event("profile"), "queryStringParameters": query})


def test_parameters_are_read_from_their_text() -> None:
    read = request_for({"limit": "5", "cursor": "abc", "utm_source": "x"}).parameters(PageQuery)
    assert (read.limit, read.cursor) == (5, "abc")


@pytest.mark.parametrize("query", [None, {}, {"limit": "", "cursor": " "}])
def test_parameters_that_are_not_sent_or_empty_have_their_defaults(
    query: dict[str, str] | None,
) -> None:
    read = request_for(query).parameters(PageQuery)
    assert (read.limit, read.cursor) == (20, None)


@pytest.mark.parametrize("limit", ["0", "101", "many", "1.5", "NaN", "1" * 5000])
def test_a_parameter_out_of_range_is_named(limit: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        request_for({"limit": limit}).parameters(PageQuery)
    assert [error.field for error in refusal.value.errors] == ["limit"]
    assert limit not in refusal.value.errors[0].message.split()


def test_the_user_is_whoever_the_authorizer_vouched_for() -> None:
    assert Request.from_event(signed_in_as(load_event("profile"), "U1")).user_id == "U1"


@pytest.mark.parametrize("vouched", [None, {}, {"lambda": None}, {"lambda": {"user_id": ""}}])
def test_without_the_authorizer_there_is_no_user(vouched: object) -> None:
    event = with_header(load_event("profile"), "x-user-id", "U1")
    event["requestContext"]["authorizer"] = vouched
    with pytest.raises(NotAuthenticated):
        _ = Request.from_event(event).user_id
