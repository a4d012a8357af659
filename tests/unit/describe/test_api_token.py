"""The token is read seldom, shown never, and may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from describe.api_token import ApiToken
from tests.fakes.clocks import ManualClock, StoppedClock

if TYPE_CHECKING:
    import io

TOKEN = "hf_aBcD1234"


class Parameter:
    """A parameter that can be changed and taken away."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.out_of_reach = False
        self.reads = 0

    def read(self) -> str | None:
        self.reads += 1
        if self.out_of_reach:
            raise ConnectionError(TOKEN)
        return self.text


def made(text: str | None = TOKEN) -> tuple[Parameter, ManualClock, ApiToken]:
    parameter, clock = Parameter(text), ManualClock()
    return parameter, clock, ApiToken(parameter.read, clock.monotonic)


@pytest.mark.parametrize("text", [TOKEN, f" {TOKEN}\n", "abc", "a/b+c=="])
def test_a_token_is_used(text: str) -> None:
    assert made(text)[2].get() == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "  ", "none", "NULL", "todo", "xxxx", "----", "unset"),
        *("placeholder", "change-me", "replace-with-your-token", "your_token_here", "not-set"),
        *("two words", "line\r\nX-Evil: 1", "für", "a" * 5_000),
    ],
)
def test_nothing_a_placeholder_or_what_fits_no_header_is_no_token(text: str | None) -> None:
    assert made(text)[2].get() is None


def test_it_is_read_once_in_five_minutes() -> None:
    parameter, clock, token = made()
    for _ in range(3):
        assert token.get() == TOKEN
    assert parameter.reads == 1
    parameter.text = "hf_new"
    clock.sleep(301)
    assert token.get() == "hf_new"


def test_it_grows_old_while_lambda_keeps_the_function_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parameter, times = Parameter(TOKEN), StoppedClock(monkeypatch)
    token = ApiToken(parameter.read)
    token.get()
    parameter.text = "hf_new"
    times.freeze(seconds=301)
    assert token.get() == "hf_new"


def test_a_token_that_comes_later_is_found() -> None:
    parameter, clock, token = made(None)
    assert token.get() is None
    parameter.text = TOKEN
    clock.sleep(301)
    assert token.get() == TOKEN


def test_a_token_goes_on_for_an_hour_while_it_cannot_be_read() -> None:
    parameter, clock, token = made()
    assert token.get() == TOKEN
    parameter.out_of_reach = True
    clock.sleep(3_000)
    assert token.get() == TOKEN
    clock.sleep(700)
    assert token.get() is None
    assert parameter.reads == 3


def test_while_it_cannot_be_read_it_is_not_asked_for_at_every_request() -> None:
    parameter, clock, token = made()
    parameter.out_of_reach = True
    for _ in range(5):
        assert token.get() is None
        clock.sleep(5)
    assert parameter.reads == 1


def test_a_refused_token_is_read_again_but_not_at_once() -> None:
    parameter, clock, token = made()
    token.get()
    token.refused()
    token.get()
    assert parameter.reads == 1
    clock.sleep(31)
    token.refused()
    parameter.text = "hf_new"
    assert token.get() == "hf_new"


def test_it_is_shown_nowhere(logged: io.StringIO) -> None:
    parameter, _, token = made()
    token.get()
    assert TOKEN not in repr(token)
    parameter.out_of_reach = True
    other = ApiToken(parameter.read)
    assert other.get() is None
    assert "ConnectionError" in logged.getvalue()
    assert TOKEN not in logged.getvalue()
