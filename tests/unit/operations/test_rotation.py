"""A rotation changes the key that signs and never refuses a token that is good."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from common.settings import ACCESS_TOKEN_TTL_RANGE_SECONDS
from common.signing_keys import MAX_AGE_SECONDS, CachedSigningKeys
from common.tokens import AccessTokens
from local.operations.rotation import (
    ANNOUNCED_FOR,
    RETIRED_FOR,
    KeyRing,
    KeysUnusableError,
    Stage,
    new_ring,
    read_ring,
)

KEY = base64.b64encode(b"k" * 32).decode()


class Function:
    """A warm function that remembers the keys, as `auth` and the authorizer do."""

    def __init__(self, text: str) -> None:
        self.text, self.now_seconds, self.out_of_reach = text, 0.0, False
        keys = CachedSigningKeys(self.read, lambda: self.now_seconds)
        self.tokens = AccessTokens(keys, "issuer", "audience")

    def read(self) -> str:
        if self.out_of_reach:
            raise ConnectionError
        return self.text


def stages() -> list[KeyRing]:
    rings = [new_ring()]
    for _ in range(3):
        rings.append(rings[-1].advance())
    return rings


def test_a_rotation_announces_changes_and_drops() -> None:
    settled, announced, retiring, finished = stages()
    assert [ring.stage for ring in (settled, announced, retiring, finished)] == [
        *(Stage.SETTLED, Stage.ANNOUNCED, Stage.RETIRING, Stage.SETTLED)
    ]
    assert announced.current == settled.current
    assert retiring.current == announced.next != settled.current
    assert retiring.keys == announced.keys
    assert settled.current in retiring.keys
    assert list(finished.keys) == [retiring.current]


def test_the_functions_read_every_stage() -> None:
    for ring in stages():
        keys = CachedSigningKeys(ring.write)
        assert keys.current().kid == ring.current
        assert all(keys.find(kid) for kid in ring.keys)
        assert read_ring(ring.write()) == ring


def test_a_function_that_has_not_heard_of_the_new_key_accepts_its_tokens() -> None:
    settled, announced, retiring, _ = stages()
    late, prompt = Function(settled.write()), Function(retiring.write())
    late.tokens.verify(late.tokens.issue("U1", "ada", ttl_seconds=900))
    late.text = announced.write()
    late.now_seconds += ANNOUNCED_FOR.total_seconds()
    late.tokens.verify(prompt.tokens.issue("U1", "ada", ttl_seconds=900))


def test_the_old_key_stays_until_no_token_of_it_can_live() -> None:
    """Also the last token of a function that cannot reach SSM, at its longest."""
    ttl_seconds = ACCESS_TOKEN_TTL_RANGE_SECONDS[1]
    assert timedelta(seconds=MAX_AGE_SECONDS + ttl_seconds) < RETIRED_FOR
    _, announced, retiring, _ = stages()
    cut_off = Function(announced.write())
    cut_off.tokens.issue("U1", "ada", ttl_seconds=900)
    cut_off.out_of_reach = True
    cut_off.now_seconds += MAX_AGE_SECONDS - 1
    token = cut_off.tokens.issue("U1", "ada", ttl_seconds=ttl_seconds)
    last = Function(retiring.write())
    assert last.tokens.verify(token).user_id == "U1"


@pytest.mark.parametrize(
    ("number", "lasts"), [(0, timedelta(0)), (1, ANNOUNCED_FOR), (2, RETIRED_FOR)]
)
def test_a_step_waits_for_the_one_before(number: int, lasts: timedelta) -> None:
    ring = stages()[number]
    assert ring.wait(timedelta(0)) == lasts
    assert ring.wait(lasts / 2) == lasts / 2
    assert ring.wait(lasts) == timedelta(0)
    assert ring.wait(10 * RETIRED_FOR) == timedelta(0)


def test_a_set_made_by_hand_is_taken_up() -> None:
    ring = read_ring(json.dumps({"current": "b", "keys": {"a": KEY, "b": KEY, "c": KEY}}))
    assert ring.stage is Stage.RETIRING
    assert list(ring.advance().keys) == ["b"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"current": "a", "keys": {}}', '{"current": "a", "keys": {"a": "short"}}'),
        json.dumps({"current": "a", "keys": {"a": KEY}, "next": "b"}),
        json.dumps({"current": "a", "keys": {"a": KEY}, "next": "a"}),
    ],
)
def test_what_the_functions_could_not_read_is_refused(text: str) -> None:
    with pytest.raises(KeysUnusableError) as refused:
        read_ring(text)
    assert KEY not in str(refused.value)


def test_nothing_is_written_that_the_functions_could_not_read() -> None:
    with pytest.raises(KeysUnusableError):
        KeyRing("gone", {"a": KEY}).write()


def test_no_key_is_shown() -> None:
    ring = new_ring()
    assert ring.keys[ring.current] not in repr(ring)
    assert ring.current in repr(ring)
