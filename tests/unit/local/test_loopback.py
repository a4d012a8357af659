"""What listens on this machine is asked directly."""

from __future__ import annotations

import importlib
import urllib.request

import pytest

from local import loopback


def test_a_proxy_that_the_shell_names_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    asked: list[str] = []

    def answer(self: object, request: urllib.request.Request) -> None:  # noqa: ARG001 - as urllib has it
        asked.append(request.host)
        raise ConnectionRefusedError

    monkeypatch.setattr(urllib.request.HTTPHandler, "http_open", answer)
    with pytest.raises(ConnectionRefusedError):
        importlib.reload(loopback).open_here("http://127.0.0.1:1/health", 1)
    assert asked == ["127.0.0.1:1"]
