"""The token for remote models: stored as typed, checked as the functions do, never shown."""

from __future__ import annotations

import io

import pytest

from local.operations import vision_token
from local.terminal import CannotContinueError
from tests.fakes.parameters import FakeParameter

TOKEN = "hf_aBcD1234eFgH"


@pytest.mark.parametrize("typed", [TOKEN, f"{TOKEN}\n", f"  {TOKEN} "])
def test_a_token_is_stored_without_what_is_around_it(typed: str) -> None:
    parameter = FakeParameter()
    vision_token.store(parameter, typed)
    assert parameter.versions[-1][0] == TOKEN


@pytest.mark.parametrize("typed", ["", "\n", "two words", "changeme", "your-token", "xxx"])
def test_what_describe_would_not_use_is_refused_and_not_shown(typed: str) -> None:
    parameter = FakeParameter(TOKEN)
    with pytest.raises(CannotContinueError) as refused:
        vision_token.store(parameter, typed)
    assert len(parameter.versions) == 1
    assert not typed.strip() or typed.strip() not in str(refused.value)


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ([], "There is no token"),
        ([TOKEN], "a token of 15 characters, since 2026-09-01 12:00 UTC"),
        (["todo"], "is no token"),
    ],
)
def test_it_is_described_without_being_shown(versions: list[str], said: str) -> None:
    shown = vision_token.describe(FakeParameter(*versions))
    assert said in shown
    assert TOKEN not in shown


def test_it_comes_from_a_pipe_or_is_typed_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\nmore\n"))
    assert vision_token._ask().strip() == TOKEN
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _question: "typed")
    assert vision_token._ask() == "typed"


def test_it_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["vision_token", "set", TOKEN, "--environment", "staging"])
    with pytest.raises(SystemExit):
        vision_token.main()
