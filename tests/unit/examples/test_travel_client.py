"""The example client: as complete as the description, and signed in for as long as it can be."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from local.openapi.__main__ import DOCUMENT
from travel_client import ApiError, Tokens, TravelApi

URL = "https://api.test/below/a/prefix"
PROBLEM = {"code": "wrong_password", "detail": "The current password is wrong.", "request_id": "R"}
# For browsers, not for programs.
PAGES = {"show_description", "show_page", "show_part"}


class Server:
    """Answers like the API: access token `access-N` is good while N refreshes have been made."""

    def __init__(self, *, session_ended: bool = False) -> None:
        self.refreshes = 0
        self.paths: list[str] = []
        self.session_ended = session_ended

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/below/a/prefix")
        self.paths.append(path)
        if path == "/auth/refresh":
            return self._refresh(json.loads(request.content)["refresh_token"])
        if request.headers.get("authorization") != f"Bearer access-{self.refreshes}":
            return httpx.Response(403, json={"message": "Forbidden"})
        if path == "/auth/password":
            return problem(403)
        return httpx.Response(200, json={"username": "ada"})

    def _refresh(self, token: str) -> httpx.Response:
        time.sleep(0.01)
        if self.session_ended:
            return problem(401)
        assert token == f"refresh-{self.refreshes}"
        self.refreshes += 1
        return httpx.Response(
            200,
            json={
                "access_token": f"access-{self.refreshes}",
                "refresh_token": f"refresh-{self.refreshes}",
                "expires_in": 1800,
            },
        )


def problem(status: int) -> httpx.Response:
    headers = {"content-type": "application/problem+json", "retry-after": "7"}
    return httpx.Response(status, content=json.dumps(PROBLEM), headers=headers)


def connect(server: Server, tokens: Tokens | None, kept: list[Tokens | None]) -> TravelApi:
    http = httpx.Client(transport=httpx.MockTransport(server))
    return TravelApi(URL, tokens=tokens, on_tokens=kept.append, http=http)


def tokens(access: str = "access-0", *, good_for_seconds: float = 600) -> Tokens:
    return Tokens(access, "refresh-0", time.time() + good_for_seconds)


def test_every_operation_of_the_description_has_a_method() -> None:
    paths = json.loads(DOCUMENT.read_text())["paths"].values()
    ids = [operation["operationId"] for path in paths for operation in path.values()]
    names = {re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name) for name in ids}
    assert {name for name in names if not hasattr(TravelApi, name)} == PAGES


def test_a_good_token_is_used_as_it_is() -> None:
    server = Server()
    assert connect(server, tokens(), []).show_profile()["username"] == "ada"
    assert server.paths == ["/user/profile"]


def test_a_token_that_is_about_to_end_is_exchanged_first() -> None:
    server, kept = Server(), list[Tokens | None]()
    connect(server, tokens(good_for_seconds=5), kept).show_profile()
    assert server.paths == ["/auth/refresh", "/user/profile"]
    (new,) = kept
    assert new is not None
    assert (new.access, new.refresh) == ("access-1", "refresh-1")


def test_a_token_that_the_gateway_refuses_is_exchanged_and_the_request_repeated() -> None:
    server = Server()
    api = connect(server, tokens("revoked"), [])
    assert api.show_profile()["username"] == "ada"
    assert server.paths == ["/user/profile", "/auth/refresh", "/user/profile"]


def test_what_a_function_refuses_is_told_and_nothing_is_exchanged() -> None:
    server = Server()
    api = connect(server, tokens(), [])
    with pytest.raises(ApiError, match="The current password is wrong") as refused:
        api.change_password({"current_password": "x", "new_password": "y"})
    assert (refused.value.status, refused.value.code) == (403, "wrong_password")
    assert (refused.value.request_id, refused.value.retry_after_seconds) == ("R", 7)
    assert server.paths == ["/auth/password"]


def test_a_session_that_has_ended_signs_out() -> None:
    kept: list[Tokens | None] = []
    api = connect(Server(session_ended=True), tokens("revoked"), kept)
    with pytest.raises(ApiError):
        api.show_profile()
    assert kept == [None]
    assert api.tokens is None


def test_threads_exchange_a_token_once_between_them() -> None:
    server = Server()
    api = connect(server, tokens("revoked"), [])
    with ThreadPoolExecutor(8) as pool:
        profiles = list(pool.map(lambda _: api.show_profile(), range(8)))
    assert [profile["username"] for profile in profiles] == ["ada"] * 8
    assert server.refreshes == 1


def test_nobody_can_sign_out_who_is_not_signed_in() -> None:
    with pytest.raises(ValueError, match="Nobody is signed in"):
        connect(Server(), None, []).sign_out()
