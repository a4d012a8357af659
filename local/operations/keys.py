"""`make show-keys`, `make rotate-keys`: the keys that sign access tokens, which are never shown."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from local.operations.parameter import SecureParameter, Stored
from local.operations.restart import forget_gateways_answers, restart_key_readers
from local.operations.rotation import KeyRing, KeysUnusableError, Stage, new_ring, read_ring
from local.operations.target import ENVIRONMENTS, Target, ending_with, find_target
from local.terminal import CannotContinueError, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

_DESCRIPTION = "Signing keys of access tokens; see docs/secrets.md for rotation"
_NEXT = {
    Stage.SETTLED: "announce a new key",
    Stage.ANNOUNCED: "let the new key sign",
    Stage.RETIRING: "drop the old key",
}
_DONE = {
    Stage.ANNOUNCED: "A new key is announced: the functions learn it, and sign by the old one.",
    Stage.RETIRING: "The new key signs. Tokens of the old one are accepted until they end.",
    Stage.SETTLED: "The old key is dropped. The rotation is finished.",
}


def keys_of(target: Target) -> SecureParameter:
    """Return the parameter with the signing keys of a deployment."""
    return SecureParameter(target.client("ssm"), target.settings.jwt_keys_parameter, _DESCRIPTION)


def describe(parameter: SecureParameter) -> str:
    """Say which keys there are and what can be done next, without any key.

    Raises:
        CannotContinueError: there are none, or none that the functions could use.

    """
    stored, ring = _read(parameter)
    roles = {ring.current: "signs, accepted", ring.next: "accepted, will sign"}
    lines = [f"  {kid}  {roles.get(kid, 'accepted until it is dropped')}" for kid in ring.keys]
    return "\n".join(
        [
            *lines,
            f"  version {stored.version}, since {stored.since:%Y-%m-%d %H:%M} UTC",
            f"  {ring.stage.value}",
            f"  next: make rotate-keys, to {_NEXT[ring.stage]}{_when(ring, stored.age)}",
        ]
    )


def advance(parameter: SecureParameter) -> timedelta:
    """Do the next step if it is time, and return how long there is to wait before it; else zero.

    Raises:
        CannotContinueError: there are no keys, or somebody else is changing them.

    """
    with parameter.alone():
        stored, ring = _read(parameter)
        left = ring.wait(stored.age)
        if not left:
            after = ring.advance()
            parameter.replace(stored, after.write())
            say(f"  ✓ {_DONE[after.stage]}")
        return left


def replace_now(target: Target, parameter: SecureParameter) -> None:
    """Sign by a new key and accept nothing else: for keys that strangers may have, or broken ones.

    Everybody's access token is refused; refresh tokens are not signed, and give new ones.
    """
    with parameter.alone():
        parameter.replace(parameter.read(), new_ring().write())
        say("  ✓ A new key signs, and nothing else is accepted.")
    restart_key_readers(target)
    say("  ✓ The functions have started anew with it.")
    if forget_gateways_answers(target):
        say("  ✓ The gateway has forgotten which tokens it let in.")
    else:
        minutes = target.settings.authorizer_cache_seconds // 60
        say(f"  ! The gateway could not be told: it may let old tokens in for {minutes} minutes.")


def rotate_to_the_end(
    parameter: SecureParameter, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Do what is left of a rotation, or a whole one, waiting where there is to wait."""
    begun = False
    while not begun or _read(parameter)[1].stage is not Stage.SETTLED:
        left = advance(parameter)
        begun = True
        if left:
            say(f"  … {_minutes(left)} until the next step is safe; ctrl-c harms nothing")
            sleep(left.total_seconds())


def _read(parameter: SecureParameter) -> tuple[Stored, KeyRing]:
    stored = parameter.read()
    if stored is None:
        message = f"There is no {parameter.name}: the first deployment makes the keys"
        raise CannotContinueError(message)
    try:
        return stored, read_ring(stored.text)
    except KeysUnusableError as error:
        message = f"{parameter.name}: {error}.\nA new key helps: make rotate-keys ARGS=--now"
        raise CannotContinueError(message) from None


def _when(ring: KeyRing, age: timedelta) -> str:
    left = ring.wait(age)
    return f", in {_minutes(left)}" if left else ""


def _minutes(left: timedelta) -> str:
    return f"{-(-left.total_seconds() // 60):.0f} min"


def _confirm(target: Target) -> None:
    if not sys.stdin.isatty():
        message = "--now refuses every access token there is. Without a terminal, add --yes."
        raise CannotContinueError(message)
    say("Every access token is refused from now on; clients sign in anew by their refresh tokens.")
    if input(f"Type {target.settings.environment} to go on: ") != target.settings.environment:
        message = "Nothing was changed."
        raise CannotContinueError(message)


def _run(options: argparse.Namespace) -> None:
    target = find_target(options.environment)
    parameter = keys_of(target)
    say(f"Signing keys of {target}")
    if options.what == "show":
        say(describe(parameter))
    elif options.unlock:
        say("  ✓ Unlocked" if parameter.unlock() else "  ✓ It was not locked")
    elif options.now:
        if not options.yes:
            _confirm(target)
        replace_now(target, parameter)
    elif options.wait:
        rotate_to_the_end(parameter)
    else:
        if advance(parameter):
            say("  … it is too soon for the next step")
        say(describe(parameter))


def main() -> None:
    """Show the keys, or take the next step of a rotation."""
    parser = argparse.ArgumentParser(prog="keys", description=__doc__)
    parser.add_argument("what", choices=["show", "rotate"])
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--wait", action="store_true", help="do every step, and wait in between")
    ways.add_argument("--now", action="store_true", help="accept nothing but a new key, at once")
    ways.add_argument("--unlock", action="store_true", help="remove the lock of a run that died")
    parser.add_argument("--yes", action="store_true", help="do not ask before --now")
    with ending_with(1):
        _run(parser.parse_args())


if __name__ == "__main__":
    main()
