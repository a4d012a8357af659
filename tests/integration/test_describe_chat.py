"""The client of chat completions against a server that speaks the protocol, in every mood.

Limits are short and what happens is asserted, not how long it takes: a hang would be noticed by
the generous bound alone.
"""

from __future__ import annotations

import io
import json
import logging
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from describe.chat import MAX_ANSWER_BYTES, ChatEndpoint
from describe.outcomes import Outcome, Reply
from describe.photo import Photo
from tests.stand_ins.chat_server import (
    TOKEN,
    ChatServer,
    Drip,
    Drop,
    Hang,
    Raw,
    Say,
    Status,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROMPT = "Wie heißt diese Brücke? 🌉"
PLENTY_SECONDS, SHORT_SECONDS = 20.0, 0.3


def photo() -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (120, 90), (30, 90, 200)).save(encoded, "PNG")
    return Photo(encoded.getvalue()).shrunk


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def ask(
    server: ChatServer,
    *,
    seconds: float = PLENTY_SECONDS,
    token: str = TOKEN,
    base_url: str | None = None,
) -> Reply:
    endpoint = ChatEndpoint(
        base_url or server.base_url, max_tokens=300, connect_timeout_seconds=2.0
    )
    return endpoint.ask("llava", PROMPT, photo(), token=token, seconds=seconds)


def test_a_question_arrives_as_the_protocol_wants_it(server: ChatServer) -> None:
    assert ask(server) == Reply(Outcome.ANSWERED, "A stone bridge over a wide river.")
    assert server.refusals == []
    (call,) = server.calls
    assert (call.model, call.prompt, call.photo) == ("llava", PROMPT, photo())
    assert (call.body["max_tokens"], call.body["stream"]) == (300, False)


def test_an_address_may_end_with_a_slash(server: ChatServer) -> None:
    assert ask(server, base_url=server.base_url + "/").outcome == Outcome.ANSWERED


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Say("A castle.", parts=True), "A castle."),
        (Say("A castle. It has a", finish_reason="length"), "A castle."),
        (Say("A  castle.\n"), "A castle."),
        (Say("A castle.", after_seconds=0.2), "A castle."),
    ],
)
def test_answers_come_in_several_forms(server: ChatServer, step: Step, text: str) -> None:
    server.script(step)
    wanted = text.replace(" ", "") if isinstance(step, Say) and step.parts else text
    assert ask(server) == Reply(Outcome.ANSWERED, wanted)


UNSUPPORTED = "The requested model 'llava' is not supported by any provider you have enabled."


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Status(401, message="Invalid username or password."), Outcome.TOKEN_REFUSED),
        (Status(402, message="You have exceeded your monthly credits."), Outcome.CREDIT_SPENT),
        (Status(403), Outcome.ACCESS_DENIED),
        (Status(404, code="model_not_found"), Outcome.MODEL_NOT_FOUND),
        (Status(400, "model_not_supported", UNSUPPORTED), Outcome.MODEL_UNSUPPORTED),
        (Status(400, message="max_tokens is too large"), Outcome.REQUEST_REFUSED),
        (Status(413), Outcome.PHOTO_TOO_LARGE),
        (Status(422), Outcome.REQUEST_REFUSED),
        (Status(429), Outcome.RATE_LIMITED),
        (Status(500), Outcome.SERVER_ERROR),
        (Status(502), Outcome.SERVER_ERROR),
        (Status(503), Outcome.SERVER_ERROR),
        (Status(504), Outcome.SERVER_ERROR),
        (Status(307), Outcome.UNEXPECTED_STATUS),
        (Raw(b""), Outcome.BROKEN_ANSWER),
        (Raw(b"<html>Busy</html>"), Outcome.BROKEN_ANSWER),
        (Raw(b'{"choices": [{"message": {"content": "cut'), Outcome.BROKEN_ANSWER),
        (Raw(b'{"choices": []}'), Outcome.BROKEN_ANSWER),
        (Raw(b'{"error": {"message": "overloaded"}}'), Outcome.BROKEN_ANSWER),
        (Raw(b'{"choices": [{"message": {"content": 7}}]}'), Outcome.BROKEN_ANSWER),
        (Raw(b'{"choices": [{"message": {"content": [7]}}]}'), Outcome.BROKEN_ANSWER),
        (Raw(b'["choices"]'), Outcome.BROKEN_ANSWER),
        (Raw(b"\xff\xfe\x00"), Outcome.BROKEN_ANSWER),
        (Raw(b"[" * 100_000), Outcome.BROKEN_ANSWER),
        (Raw(b" " * (MAX_ANSWER_BYTES + 1)), Outcome.BROKEN_ANSWER),
        (Raw(b"\x1f\x8b junk", {"Content-Encoding": "gzip"}), Outcome.BROKEN_ANSWER),
        (Say(""), Outcome.EMPTY_ANSWER),
        (Say(" \n "), Outcome.EMPTY_ANSWER),
        (Say(None), Outcome.EMPTY_ANSWER),
        (Say("<think>Hm. A bridge?"), Outcome.EMPTY_ANSWER),
        (Drop(after_head=False), Outcome.CONNECTION_LOST),
        (Drop(after_head=True), Outcome.CONNECTION_LOST),
    ],
)
def test_every_failure_has_its_name(server: ChatServer, step: Step, outcome: Outcome) -> None:
    server.script(step)
    assert ask(server) == Reply(outcome)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "step", [Hang(), Drip(in_head=True), Drip(in_head=False), Say(after_seconds=30)]
)
def test_a_server_that_takes_its_time_is_given_up(server: ChatServer, step: Step) -> None:
    server.script(step)
    assert ask(server, seconds=SHORT_SECONDS) == Reply(Outcome.TIMED_OUT)
    assert len(server.calls) == 1


def test_a_server_that_is_not_there_is_unreachable(server: ChatServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        assert ask(server, base_url=nowhere) == Reply(Outcome.UNREACHABLE)


def test_a_server_that_accepts_and_never_speaks_tls_is_given_up(server: ChatServer) -> None:
    server.script(Hang())
    with_tls = server.base_url.replace("http://", "https://")
    outcome = ask(server, base_url=with_tls, seconds=SHORT_SECONDS).outcome
    assert outcome in {Outcome.UNREACHABLE, Outcome.TIMED_OUT}
    assert server.calls == []


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("later", None)])
def test_the_wish_to_wait_is_passed_on(
    server: ChatServer, header: str, seconds: float | None
) -> None:
    server.script(Status(429, retry_after=header))
    assert ask(server) == Reply(Outcome.RATE_LIMITED, retry_after_seconds=seconds)


def test_a_token_follows_no_redirection(server: ChatServer) -> None:
    with ChatServer() as other:
        server.script(Status(307, location=f"{other.base_url}/chat/completions"))
        assert ask(server).outcome == Outcome.UNEXPECTED_STATUS
        assert other.calls == []


def test_a_wrong_token_is_refused_by_the_stand_in_too(server: ChatServer) -> None:
    assert ask(server, token="hf_other").outcome == Outcome.REQUEST_REFUSED
    assert server.refusals == ["the token is wrong"]


def test_neither_a_proxy_nor_a_netrc_of_the_environment_sees_the_token(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    assert ask(server).outcome == Outcome.ANSWERED
    assert server.refusals == []


def test_many_may_ask_at_once(server: ChatServer) -> None:
    server.script(Say("A castle.", after_seconds=0.1))
    endpoint = ChatEndpoint(server.base_url, max_tokens=300, connect_timeout_seconds=5.0)
    replies: list[Reply] = []

    def ask_in_thread() -> None:
        picture = photo()
        replies.append(endpoint.ask("m", "p", picture, token=TOKEN, seconds=PLENTY_SECONDS))

    threads = [threading.Thread(target=ask_in_thread) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.outcome for reply in replies] == [Outcome.ANSWERED] * 30
    assert len(server.calls) == 30


@pytest.mark.parametrize("step", [Say(), Status(401), Raw(b"{"), Drop(after_head=False), Hang()])
def test_nothing_of_a_call_is_logged_at_any_level(
    server: ChatServer, caplog: pytest.LogCaptureFixture, step: Step
) -> None:
    server.script(step)
    with caplog.at_level(logging.DEBUG):
        ask(server, seconds=1.0)
    said = json.dumps([record.getMessage() for record in caplog.records])
    assert TOKEN not in said
    assert "Brücke" not in caplog.text
    assert "127.0.0.1" not in said
