"""The commands for signing keys: a step when it is time, and never a key on the screen."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from local.operations import keys
from local.operations.rotation import ANNOUNCED_FOR, RETIRED_FOR, Stage, new_ring, read_ring
from local.terminal import CannotContinueError
from stacks.settings import read_settings
from tests.fakes.parameters import FakeParameter


@pytest.fixture
def parameter() -> FakeParameter:
    return FakeParameter(new_ring().write())


def stage(parameter: FakeParameter) -> Stage:
    return read_ring(parameter.versions[-1][0]).stage


def test_a_rotation_takes_three_commands_each_in_its_time(parameter: FakeParameter) -> None:
    assert not keys.advance(parameter)
    assert stage(parameter) is Stage.ANNOUNCED
    parameter.pass_time(ANNOUNCED_FOR.total_seconds())
    assert not keys.advance(parameter)
    assert stage(parameter) is Stage.RETIRING
    parameter.pass_time(RETIRED_FOR.total_seconds())
    assert not keys.advance(parameter)
    assert stage(parameter) is Stage.SETTLED
    assert len(parameter.versions) == 4
    assert not parameter.locked


def test_a_step_that_comes_too_soon_changes_nothing(parameter: FakeParameter) -> None:
    keys.advance(parameter)
    for seconds, last in ((ANNOUNCED_FOR.total_seconds(), 3), (RETIRED_FOR.total_seconds(), 4)):
        parameter.pass_time(seconds - 1)
        assert keys.advance(parameter).total_seconds() == 1
        assert len(parameter.versions) == last - 1
        parameter.pass_time(1)
        assert not keys.advance(parameter)
        assert len(parameter.versions) == last


def test_one_command_can_wait_for_all_of_it(parameter: FakeParameter) -> None:
    before = read_ring(parameter.versions[-1][0])
    keys.rotate_to_the_end(parameter, parameter.pass_time)
    assert stage(parameter) is Stage.SETTLED
    assert before.current not in read_ring(parameter.versions[-1][0]).keys
    assert len(parameter.versions) == 4


def test_a_rotation_that_was_left_is_ended_and_no_other_begun(parameter: FakeParameter) -> None:
    keys.advance(parameter)
    parameter.pass_time(ANNOUNCED_FOR.total_seconds())
    keys.advance(parameter)
    current = read_ring(parameter.versions[-1][0]).current
    keys.rotate_to_the_end(parameter, parameter.pass_time)
    assert list(read_ring(parameter.versions[-1][0]).keys) == [current]


def test_every_stage_says_what_there_is_and_what_comes_next(parameter: FakeParameter) -> None:
    for said, lasts in (
        ("to announce a new key", timedelta(0)),
        ("to let the new key sign, in 10 min", ANNOUNCED_FOR),
        ("to drop the old key, in 125 min", RETIRED_FOR),
    ):
        shown = keys.describe(parameter)
        ring = read_ring(parameter.versions[-1][0])
        assert said in shown
        assert all(kid in shown for kid in ring.keys)
        assert not [secret for secret in ring.keys.values() if secret in shown]
        parameter.pass_time(lasts.total_seconds())
        assert not keys.advance(parameter)


def test_without_keys_the_first_deployment_is_asked_for() -> None:
    with pytest.raises(CannotContinueError, match="the first deployment makes the keys"):
        keys.advance(FakeParameter())


def test_broken_keys_are_named_without_being_shown() -> None:
    secret = json.dumps({"current": "a", "keys": {"a": "c2VjcmV0"}})
    with pytest.raises(CannotContinueError, match="ARGS=--now") as refused:
        keys.describe(FakeParameter(secret))
    assert "c2VjcmV0" not in str(refused.value)


class FakeTarget:
    """A deployment that is only asked for its settings."""

    settings: Any = read_settings({"environment": "staging", "environments": {}})


@pytest.mark.parametrize("text", [new_ring().write(), "broken", None])
@pytest.mark.parametrize("told", [True, False])
def test_now_leaves_one_new_key_whatever_was_there(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    done: list[str] = []
    monkeypatch.setattr(keys, "restart_key_readers", lambda _target: done.append("restarted"))
    monkeypatch.setattr(keys, "forget_gateways_answers", lambda _target: told)
    parameter = FakeParameter(*([text] if text else []))
    keys.replace_now(FakeTarget(), parameter)  # type: ignore[arg-type]
    ring = read_ring(parameter.versions[-1][0])
    assert list(ring.keys) == [ring.current]
    assert parameter.versions[-1][0] != text
    assert done == ["restarted"]
    shown = capsys.readouterr().out
    assert ("for 5 minutes" in shown) is not told
    assert ring.keys[ring.current] not in shown


def test_now_asks_first_where_it_can_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: "production")
    with pytest.raises(CannotContinueError, match="Nothing was changed"):
        keys._confirm(FakeTarget())  # type: ignore[arg-type]
    monkeypatch.setattr("builtins.input", lambda _question: "staging")
    keys._confirm(FakeTarget())  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CannotContinueError, match="--yes"):
        keys._confirm(FakeTarget())  # type: ignore[arg-type]


def test_a_version_that_somebody_wrote_meanwhile_is_not_lost_without_a_word(
    parameter: FakeParameter,
) -> None:
    before = parameter.read()
    parameter.write(new_ring().write())
    with pytest.raises(CannotContinueError, match="Their version\n2 is no longer the newest"):
        parameter.replace(before, new_ring().write())
