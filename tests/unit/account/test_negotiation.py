"""The `Accept` header chooses the form, as RFC 9110 has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from account.negotiation import choose
from account.presentation import MEDIA_TYPES
from common.errors import NotAcceptable

JSON, GEO, GPX, ICS = MEDIA_TYPES


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", ICS),
        ("application/gpx+xml", GPX),
        ("Application/GPX+XML", GPX),
        ("text/calendar; charset=utf-8", ICS),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/geo+json, application/json", JSON),
        ("application/json;q=0.5, application/geo+json", GEO),
        ("application/json;q=0, */*;q=0.1", GEO),
        ("application/*;q=0, text/calendar;q=0.001", ICS),
        ("text/calendar ; q=0.4,application/gpx+xml;q=0.6", GPX),
        ("application/json;q=nonsense, application/gpx+xml;q=0.1", GPX),
        (",, application/gpx+xml ,,", GPX),
    ],
)
def test_the_client_gets_the_form_it_likes_best(accept: str | None, expected: str) -> None:
    assert choose(accept, MEDIA_TYPES) == expected


@pytest.mark.parametrize(
    "accept", ["image/png", "application/json;q=0", "*/*;q=0", "json", "text/html,text/plain"]
)
def test_a_client_that_likes_none_is_told_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        choose(accept, MEDIA_TYPES)
    for media_type in MEDIA_TYPES:
        assert media_type in refusal.value.detail


@given(st.text())
def test_any_header_chooses_a_form_or_none(accept: str) -> None:
    try:
        assert choose(accept, MEDIA_TYPES) in MEDIA_TYPES
    except NotAcceptable:
        return
