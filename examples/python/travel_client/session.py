"""Requests with a session behind them: tokens that renew themselves, errors that say what to do."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from travel_client.models import FieldError, SignedInResponse

PROBLEM_TYPE = "application/problem+json"
# A token that ends while its request is under way would be refused.
MARGIN_SECONDS = 30.0
# A function may take 29 s.
TIMEOUT_SECONDS = 35.0


@dataclass(frozen=True)
class Tokens:
    """What keeps a user signed in; store both, replace both. `expires_at` is Unix time."""

    access: str
    refresh: str
    expires_at: float

    @classmethod
    def of(cls, answer: SignedInResponse) -> Tokens:
        """Read the answer to signing in."""
        expires_at = time.time() + answer["expires_in"]
        return cls(answer["access_token"], answer["refresh_token"], expires_at)


class ApiError(Exception):
    """The API said no. `code` is stable; None where the gateway in front of it answered."""

    def __init__(self, response: httpx.Response) -> None:
        """Read the answer."""
        self.status = response.status_code
        retry_after = response.headers.get("retry-after", "")
        self.retry_after_seconds = int(retry_after) if retry_after.isdigit() else None
        body: dict[str, Any] = response.json() if "json" in _media_type(response) else {}
        self.code: str | None = body.get("code")
        self.request_id: str | None = body.get("request_id")
        self.errors: list[FieldError] = body.get("errors", [])
        self.detail: str = body.get("detail") or body.get("message") or response.reason_phrase
        super().__init__(f"{self.status} {self.code or ''}: {self.detail}")


@dataclass
class Session:
    """Sends requests, and a signed-in user's with a token that is good."""

    http: httpx.Client
    tokens: Tokens | None = None
    on_tokens: Callable[[Tokens | None], None] | None = None
    _renewing: threading.Lock = field(default_factory=threading.Lock)

    def send(
        self,
        method: str,
        path: str,
        *,
        signed_in: bool = True,
        headers: Mapping[str, str] | None = None,
        **request: Any,  # noqa: ANN401 - as httpx has it
    ) -> httpx.Response:
        """Send a request; once more with new tokens, if the gateway refused the old ones.

        Raises:
            ApiError: whatever else the API answers that is not 2xx.
            httpx.TransportError: it does not answer.

        """
        used = self._good_tokens() if signed_in else None
        response = self._send_with(used, method, path, headers, request)
        if used is not None and _is_refused_by_gateway(response):
            response = self._send_with(self._renew(used), method, path, headers, request)
        if not response.is_success:
            raise ApiError(response)
        return response

    def keep(self, tokens: Tokens | None) -> None:
        """Use these tokens from now on."""
        self.tokens = tokens
        if self.on_tokens is not None:
            self.on_tokens(tokens)

    def _good_tokens(self) -> Tokens | None:
        tokens = self.tokens
        if tokens is not None and tokens.expires_at - MARGIN_SECONDS < time.time():
            return self._renew(tokens)
        return tokens

    def _renew(self, spent: Tokens) -> Tokens:
        """Exchange tokens, unless another thread has done so in the meantime."""
        with self._renewing:
            if self.tokens is not None and self.tokens is not spent:
                return self.tokens
            body = {"refresh_token": spent.refresh}
            response = self._send_with(None, "POST", "/auth/refresh", None, {"json": body})
            if response.status_code == httpx.codes.UNAUTHORIZED:
                self.keep(None)
            if not response.is_success:
                raise ApiError(response)
            tokens = Tokens.of(response.json())
            self.keep(tokens)
            return tokens

    def _send_with(
        self,
        tokens: Tokens | None,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        request: dict[str, Any],
    ) -> httpx.Response:
        signed = {"authorization": f"Bearer {tokens.access}"} if tokens is not None else {}
        return self.http.request(method, path, headers={**signed, **(headers or {})}, **request)


def _is_refused_by_gateway(response: httpx.Response) -> bool:
    """Tell an access token that is not good any more from what a function refuses."""
    refused = response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
    return refused and _media_type(response) != PROBLEM_TYPE


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0]
