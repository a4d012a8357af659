"""`make set-token`, `check-token`, `delete-token`: what describes photos with a remote model.

The token is typed without an echo, or comes through a pipe. It is never an argument, which would
stay in the shell's history and be seen in the list of processes, and never shown.
"""

from __future__ import annotations

import argparse
import getpass
import sys

from describe.api_token import REFRESH_SECONDS, ApiToken
from local.operations.parameter import SecureParameter
from local.operations.target import ENVIRONMENTS, Target, ending_with, find_target
from local.terminal import CannotContinueError, say

_DESCRIPTION = "Token for the vision-language model's endpoint; see docs/secrets.md"
_MINUTES = f"{REFRESH_SECONDS / 60:.0f} minutes"


def token_of(target: Target) -> SecureParameter:
    """Return the parameter with the token of a deployment."""
    name = target.settings.vision_token_parameter
    return SecureParameter(target.client("ssm"), name, _DESCRIPTION)


def store(parameter: SecureParameter, text: str) -> None:
    """Store a token, unless `describe` would not use it.

    Raises:
        CannotContinueError: it is empty, a placeholder, or cannot stand in a header.

    """
    token = text.strip()
    if not is_usable(token):
        message = "This is no token: it is empty, a placeholder, or has characters no header takes."
        raise CannotContinueError(message)
    parameter.write(token)


def is_usable(text: str) -> bool:
    """Tell whether `describe` would send `text` to an endpoint."""
    return ApiToken(lambda: text).get() is not None


def describe(parameter: SecureParameter) -> str:
    """Say whether there is a token and since when, without showing any of it."""
    stored = parameter.read()
    if stored is None:
        return "  There is no token: photos are described by our own words."
    since = f"{stored.since:%Y-%m-%d %H:%M} UTC"
    if not is_usable(stored.text):
        return f"  What is stored since {since} is no token: photos are described by our own words."
    return f"  There is a token of {len(stored.text)} characters, since {since}."


def _ask() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Token (not shown): ")
    return sys.stdin.readline()


def _run(options: argparse.Namespace) -> None:
    target = find_target(options.environment)
    parameter = token_of(target)
    say(f"Token for remote models of {target}")
    if options.what == "set":
        store(parameter, _ask())
        say(f"  ✓ Stored. Running functions use it within {_MINUTES}.")
    elif options.what == "delete":
        say("  ✓ Deleted." if parameter.delete() else "  ✓ There was none.")
        say(f"  Running functions forget it within {_MINUTES}; revoke it where it comes from, too.")
    say(describe(parameter))


def main() -> None:
    """Store, check or delete the token."""
    parser = argparse.ArgumentParser(prog="vision_token", description=__doc__)
    parser.add_argument("what", choices=["set", "check", "delete"])
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    with ending_with(1):
        _run(parser.parse_args())


if __name__ == "__main__":
    main()
