"""The authorizer lets in whoever holds a genuine token, nobody else, and never fails open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizer import handler
from common.signing_keys import KeysUnavailable
from common.tokens import AccessTokens
from stacks.constructs.dashboards.queries import OF_FUNCTION
from tests.fakes.events import load_event, with_header
from tests.fakes.log_queries import unanswered
from tests.fakes.signing_keys import FixedSigningKeys

if TYPE_CHECKING:
    import io

REFUSED = {"isAuthorized": False, "context": {}}
EVENT = load_event("authorizer")


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> AccessTokens:
    tokens = AccessTokens(
        FixedSigningKeys(), handler.settings.jwt_issuer, handler.settings.jwt_audience
    )
    monkeypatch.setattr(handler, "tokens", tokens)
    return tokens


def ask(authorization: str) -> dict[str, Any]:
    return handler.handle(with_header(EVENT, "authorization", authorization), None)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_genuine_token_is_let_in_and_its_user_passed_on(
    tokens: AccessTokens, scheme: str
) -> None:
    answer = ask(f"{scheme} {tokens.issue('U1', 'ada', ttl_seconds=900)}")
    assert answer["isAuthorized"] is True
    assert answer["context"].keys() == {"user_id", "username", "token_id"}
    assert answer["context"]["user_id"] == "U1"
    assert answer["context"]["username"] == "ada"
    assert all(isinstance(value, str) for value in answer["context"].values())


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "x.y.z", "Bearer x.y.z", "Bearer a b"]
)
def test_anything_else_is_refused(authorization: str) -> None:
    assert ask(authorization) == REFUSED


def test_two_tokens_in_one_header_are_refused(tokens: AccessTokens) -> None:
    token = tokens.issue("U1", "ada", ttl_seconds=900)
    assert ask(f"Bearer {token},Bearer {token}") == REFUSED


def test_a_token_without_its_scheme_is_refused(tokens: AccessTokens) -> None:
    assert ask(tokens.issue("U1", "ada", ttl_seconds=900)) == REFUSED


def test_an_expired_token_is_refused(tokens: AccessTokens) -> None:
    assert ask(f"Bearer {tokens.issue('U1', 'ada', ttl_seconds=0)}") == REFUSED


def test_a_token_of_another_deployment_is_refused(tokens: AccessTokens) -> None:
    elsewhere = AccessTokens(FixedSigningKeys(), tokens.issuer, tokens.audience)
    assert ask(f"Bearer {elsewhere.issue('U1', 'ada', ttl_seconds=900)}") == REFUSED


@pytest.mark.usefixtures("tokens")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_header_makes_it_fail(authorization: str) -> None:
    assert ask(authorization) == REFUSED


@pytest.mark.parametrize(
    "event", [{}, {"headers": None}, {"headers": {"authorization": 5}}, {"requestContext": None}]
)
def test_an_event_of_another_shape_is_refused(event: dict[str, Any]) -> None:
    assert handler.handle(event, None) == REFUSED


@pytest.mark.parametrize("fault", [KeysUnavailable(), RuntimeError(), MemoryError()])
def test_without_keys_nobody_is_let_in(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    token = tokens.issue("U1", "ada", ttl_seconds=900)

    def fail(_kid: str) -> None:
        raise fault

    monkeypatch.setattr(tokens.keys, "find", fail)
    assert ask(f"Bearer {token}") == REFUSED


@pytest.mark.parametrize(
    ("fault", "counted"), [(KeysUnavailable(), "TokensUnchecked"), (None, "TokensRefused")]
)
def test_what_cannot_be_checked_is_counted_apart_from_what_is_refused(
    tokens: AccessTokens,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Exception | None,
    counted: str,
) -> None:
    def find(_kid: str) -> None:
        if fault:
            raise fault

    token = tokens.issue("U1", "ada", ttl_seconds=900)
    monkeypatch.setattr(tokens.keys, "find", find)
    assert ask(f"Bearer {token}") == REFUSED
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert {"TokensUnchecked", "TokensRefused"} & json.loads(line).keys() == {counted}


def test_a_refusal_stands_even_when_its_metric_is_lost(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(handler, "flush_metrics", fail)
    assert ask("Bearer x.y.z") == REFUSED
    assert ask(f"Bearer {tokens.issue('U1', 'ada', ttl_seconds=900)}")["isAuthorized"]


def test_the_log_says_why_and_never_what(tokens: AccessTokens, logged: io.StringIO) -> None:
    token = tokens.issue("U1", "ada", ttl_seconds=0)
    ask(f"Bearer {token}")
    assert "ExpiredSignatureError" in logged.getvalue()
    assert EVENT["requestContext"]["requestId"] in logged.getvalue()
    assert not [part for part in token.split(".") if part in logged.getvalue()]


def test_what_its_dashboard_asks_for_is_logged(tokens: AccessTokens, logged: io.StringIO) -> None:
    ask(f"Bearer {tokens.issue('U1', 'ada', ttl_seconds=-1)}")
    (tokens_refused,) = OF_FUNCTION["authorizer"]
    assert tokens_refused.title not in unanswered("authorizer", logged.getvalue())
