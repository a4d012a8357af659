"""The adapter of any endpoint that speaks OpenAI's chat completions.

Hugging Face's router, a dedicated endpoint, vLLM, TGI and llama.cpp all do. Nothing of a request
is logged here, and no exception leaves with its text: either may hold the token or the prompt.
"""

from __future__ import annotations

import base64
import json
import logging
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from common.bounded import run_within
from describe.outcomes import Outcome, Reply, outcome_of_status
from describe.retry_after import parse_retry_after
from describe.text import tidy

if TYPE_CHECKING:
    import httpx

# Many times the longest answer asked for.
MAX_ANSWER_BYTES = 256 * 1024
# OpenAI's name for it, which Hugging Face's router uses too, and what others write.
_ABOUT_THE_MODEL = ("model_not_supported", "model_not_found", "not supported", "does not exist")


class ChatEndpoint:
    """Asks models to describe a photo."""

    def __init__(self, base_url: str, *, max_tokens: int, connect_timeout_seconds: float) -> None:
        """Talk to `base_url`, the address that `/chat/completions` is appended to."""
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._max_tokens = max_tokens
        self._connect_timeout_seconds = connect_timeout_seconds

    def ask(self, model: str, prompt: str, photo: bytes, *, token: str, seconds: float) -> Reply:
        """Ask `model` about a JPEG; whatever happens, the reply says it within `seconds`."""
        body = self._write(model, prompt, photo)
        try:
            return run_within(seconds, lambda: self._exchange(body, token, seconds))
        except TimeoutError:
            return Reply(Outcome.TIMED_OUT)

    def open(self) -> None:
        """Load the HTTP library and the certificates: for the init phase."""
        _ = self._client

    @cached_property
    def _client(self) -> httpx.Client:
        # Imported here: it takes 45 ms, and whoever has no token never needs it.
        import httpx  # noqa: PLC0415

        # They log addresses and headers, at levels that a deployment may switch on.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        return httpx.Client(
            # Neither a proxy nor a .netrc of the environment is to see the token.
            trust_env=False,
            follow_redirects=False,
            # A function is frozen between requests and would come back to dead connections.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    def _write(self, model: str, prompt: str, photo: bytes) -> bytes:
        picture = "data:image/jpeg;base64," + base64.b64encode(photo).decode("ascii")
        document = {
            "model": model,
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": prompt},
                        {"type": "image_url", "image_url": {"url": picture}},
                    ],
                }
            ],
            "max_tokens": self._max_tokens,
            "stream": False,
        }
        return json.dumps(document).encode("utf-8")

    def _exchange(self, body: bytes, token: str, seconds: float) -> Reply:
        import httpx  # noqa: PLC0415 - as above

        headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            "accept": "application/json",
            # A small compressed answer could unfold into a large one.
            "accept-encoding": "identity",
        }
        timeout = httpx.Timeout(seconds, connect=min(self._connect_timeout_seconds, seconds))
        try:
            with self._client.stream(
                "POST", self._url, content=body, headers=headers, timeout=timeout
            ) as response:
                received = bytearray()
                for part in response.iter_raw():
                    received += part
                    if len(received) > MAX_ANSWER_BYTES:
                        return Reply(Outcome.BROKEN_ANSWER)
        except (httpx.ConnectTimeout, httpx.ConnectError, httpx.PoolTimeout):
            return Reply(Outcome.UNREACHABLE)
        except httpx.TimeoutException:
            return Reply(Outcome.TIMED_OUT)
        except httpx.HTTPError:
            return Reply(Outcome.CONNECTION_LOST)
        if response.status_code == HTTPStatus.OK:
            return _read_answer(bytes(received))
        return Reply(
            outcome_of_status(
                response.status_code, names_model=_is_about_the_model(bytes(received))
            ),
            retry_after_seconds=parse_retry_after(response.headers.get("retry-after")),
        )


def _read_answer(body: bytes) -> Reply:
    """Read a chat completion; the text may come in parts."""
    try:
        choice = json.loads(body)["choices"][0]
        content: Any = choice["message"]["content"]
        if isinstance(content, list):
            content = "".join(part["text"] for part in content if part.get("type") == "text")
        if content is not None and not isinstance(content, str):
            return Reply(Outcome.BROKEN_ANSWER)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Reply(Outcome.BROKEN_ANSWER)
    text = tidy(content or "", cut_off=choice.get("finish_reason") == "length")
    return Reply(Outcome.ANSWERED, text) if text else Reply(Outcome.EMPTY_ANSWER)


def _is_about_the_model(body: bytes) -> bool:
    said = body.decode("utf-8", "replace").lower()
    return any(words in said for words in _ABOUT_THE_MODEL)
