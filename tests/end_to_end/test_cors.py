"""What a page in a browser is let do and read: the answers of the deployed API and bucket to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Traveller

PAGE = {"origin": "http://127.0.0.1:4567"}
ALLOWED = "access-control-allow-origin"


def _words(header: str) -> set[str]:
    return {word.strip().lower() for word in header.split(",")}


@pytest.mark.parametrize("origin", ["http://127.0.0.1:4567", "http://localhost:4567"])
def test_a_browser_that_asks_first_is_let_send_what_the_page_sends(
    api: httpx.Client, origin: str
) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,content-type,if-match",
    }
    answer = api.options("/itinerary/1", headers=asked)
    assert answer.is_success
    assert answer.headers[ALLOWED] in {"*", origin}
    assert _words(answer.headers["access-control-allow-headers"]) >= {
        *("authorization", "content-type", "if-match", "idempotency-key"),
    }
    assert _words(answer.headers["access-control-allow-methods"]) >= {
        *("get", "post", "patch", "delete"),
    }


def test_the_page_may_read_what_it_needs_of_an_answer(
    api: httpx.Client, traveller: Traveller
) -> None:
    answer = api.post("/itinerary", json={"name": "Rome"}, headers={**PAGE, **traveller.headers})
    assert answer.status_code == 201, answer.text
    assert answer.headers[ALLOWED] == "*"
    readable = _words(answer.headers["access-control-expose-headers"])
    assert {"etag", "location", "retry-after", "x-request-id"} <= readable
    assert {"etag", "location", "x-request-id"} <= set(answer.headers)


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"authorization": "Bearer ended"}, 403)]
)
def test_the_page_may_read_that_a_token_is_missing_or_has_ended(
    api: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """Otherwise a browser takes it for a lost connection, and nobody gets a new token."""
    answer = api.get("/user/profile", headers={**PAGE, **headers})
    assert (answer.status_code, answer.headers.get(ALLOWED)) == (status, "*")


def test_the_page_may_read_what_a_function_refuses(api: httpx.Client) -> None:
    answer = api.post("/auth/login", json={}, headers=PAGE)
    assert (answer.status_code, answer.headers[ALLOWED]) == (422, "*")


def test_the_page_may_send_a_large_photo_to_the_bucket(
    api: httpx.Client, traveller: Traveller
) -> None:
    form = api.post("/uploads", json={}, headers=traveller.headers).json()
    # A progress bar is enough for a browser to ask first.
    asked = httpx.options(
        form["url"], headers={**PAGE, "access-control-request-method": "POST"}, trust_env=False
    )
    assert asked.is_success, asked.text
    assert asked.headers[ALLOWED] == "*"
    sent = httpx.post(
        form["url"],
        data=form["fields"],
        files={"file": b"\xff\xd8\xff" + bytes(100)},
        headers=PAGE,
        trust_env=False,
    )
    assert sent.is_success, sent.text
    assert sent.headers[ALLOWED] == "*"
