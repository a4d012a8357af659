"""Keys are read rarely, rotate without a restart, and survive a short outage of their source."""

from __future__ import annotations

import base64
import json
import secrets

import pytest

from common.signing_keys import (
    MAX_AGE_SECONDS,
    MIN_REFRESH_INTERVAL_SECONDS,
    REFRESH_SECONDS,
    CachedSigningKeys,
    KeysUnavailable,
    SigningKey,
)
from tests.fakes.clocks import StoppedClock

SECRETS = {kid: secrets.token_bytes(32) for kid in ("old", "new")}


def parameter(current: str, *kids: str) -> str:
    keys = {kid: base64.b64encode(SECRETS[kid]).decode("ascii") for kid in kids}
    return json.dumps({"current": current, "keys": keys})


class Parameter:
    """The parameter in SSM, with a clock, an off switch and a count of its readers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.broken = False
        self.reads = 0
        self.now_seconds = 1000.0

    def read(self) -> str:
        self.reads += 1
        if self.broken:
            raise ConnectionError
        return self.text

    def cached(self) -> CachedSigningKeys:
        return CachedSigningKeys(self.read, clock=lambda: self.now_seconds)


@pytest.fixture
def source() -> Parameter:
    return Parameter(parameter("old", "old"))


def test_the_current_key_is_signed_with(source: Parameter) -> None:
    assert source.cached().current() == SigningKey("old", SECRETS["old"])


def test_nothing_is_read_before_it_is_needed(source: Parameter) -> None:
    source.cached()
    assert source.reads == 0


def test_a_thousand_requests_read_the_parameter_once(source: Parameter) -> None:
    keys = source.cached()
    for _ in range(1000):
        assert keys.find("old") is not None
        keys.current()
    assert source.reads == 1


def test_both_keys_of_a_rotation_are_found(source: Parameter) -> None:
    source.text = parameter("new", "old", "new")
    keys = source.cached()
    assert keys.find("old") == SigningKey("old", SECRETS["old"])
    assert keys.find("new") == SigningKey("new", SECRETS["new"])
    assert keys.current().kid == "new"


def test_a_new_key_is_found_at_once_when_a_token_names_it(source: Parameter) -> None:
    keys = source.cached()
    keys.current()
    source.text = parameter("new", "old", "new")
    source.now_seconds += MIN_REFRESH_INTERVAL_SECONDS
    assert keys.find("new") is not None


def test_a_key_that_may_be_new_is_not_called_unknown_while_the_keys_cannot_be_read(
    source: Parameter,
) -> None:
    keys = source.cached()
    keys.current()
    source.broken = True
    for _ in range(2):
        source.now_seconds += MIN_REFRESH_INTERVAL_SECONDS
        with pytest.raises(KeysUnavailable):
            keys.find("new")
    with pytest.raises(KeysUnavailable):
        keys.find("new")
    source.broken = False
    source.text = parameter("new", "old", "new")
    source.now_seconds += MIN_REFRESH_INTERVAL_SECONDS
    assert keys.find("new") is not None
    assert keys.find("made-up") is None


def test_made_up_keys_do_not_make_us_read_again_and_again(source: Parameter) -> None:
    keys = source.cached()
    for number in range(1000):
        assert keys.find(f"made-up-{number}") is None
        source.now_seconds += MIN_REFRESH_INTERVAL_SECONDS / 100
    assert source.reads <= 12


def test_a_removed_key_is_forgotten_at_the_next_refresh(source: Parameter) -> None:
    source.text = parameter("new", "old", "new")
    keys = source.cached()
    keys.current()
    source.text = parameter("new", "new")
    source.now_seconds += REFRESH_SECONDS
    assert keys.find("old") is None


def test_known_keys_outlive_an_outage_but_not_for_ever(source: Parameter) -> None:
    keys = source.cached()
    keys.current()
    source.broken = True
    source.now_seconds += MAX_AGE_SECONDS - 1
    assert keys.find("old") is not None
    source.now_seconds += 1
    with pytest.raises(KeysUnavailable):
        keys.find("old")


def test_during_an_outage_the_source_is_left_alone_between_attempts(source: Parameter) -> None:
    keys = source.cached()
    keys.current()
    source.broken = True
    source.now_seconds += REFRESH_SECONDS
    for _ in range(100):
        keys.current()
    assert source.reads == 2


def test_after_an_outage_the_keys_are_fresh_again(source: Parameter) -> None:
    source.broken = True
    keys = source.cached()
    with pytest.raises(KeysUnavailable):
        keys.current()
    source.broken = False
    assert keys.current().kid == "old"


def test_reading_ahead_never_fails_the_start(source: Parameter) -> None:
    source.broken = True
    source.cached().read_ahead()
    source.broken = False
    keys = source.cached()
    keys.read_ahead()
    keys.current()
    assert source.reads == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"current": "old", "keys": {}}',
        '{"current": "old", "keys": []}',
        '{"current": "old", "keys": {"old": 5}}',
        '{"current": "old", "keys": {"old": "not base64!"}}',
        json.dumps({"current": "old", "keys": {"old": base64.b64encode(b"x" * 31).decode()}}),
        parameter("new", "old"),
    ],
)
def test_an_unusable_parameter_is_no_key(source: Parameter, text: str) -> None:
    source.text = text
    with pytest.raises(KeysUnavailable):
        source.cached().current()


def test_keys_grow_old_while_lambda_keeps_the_function_frozen(
    source: Parameter, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = StoppedClock(monkeypatch)
    keys = CachedSigningKeys(source.read)
    keys.current()
    source.text = parameter("new", "old", "new")
    times.freeze(seconds=MIN_REFRESH_INTERVAL_SECONDS + 1)
    assert keys.find("new") is not None
    source.text = parameter("new", "new")
    times.freeze(seconds=REFRESH_SECONDS + 1)
    assert keys.find("old") is None


def test_a_key_never_shows_itself(source: Parameter) -> None:
    shown = repr(source.cached().current())
    assert "old" in shown
    assert repr(SECRETS["old"])[2:-1] not in shown
