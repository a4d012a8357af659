"""What only somebody with rights to the table can do for people, or to all of them.

`make delete-user` removes somebody who cannot do it themselves (its address is asked for, and so in
no history), `make finish-deletions` what was interrupted, `make sign-everyone-out` every session.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from account.deletion import Deletions
from common import keys
from common.errors import AccountNotFound, Unavailable
from common.identity import normalise_email
from common.limits import RESETS_PER_EMAIL, Attempts, passwords_per_email
from common.table import DynamoTable, Put, Table
from common.users import Users
from local.operations.target import ENVIRONMENTS, ending_with, find_target
from local.terminal import CannotContinueError, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.keys import Key

_SESSIONS = "begins_with(SK, :session)"
# Some hundred items go in each of them.
_ATTEMPTS = 1_000


def delete_user(table: Table, email: str, passwords: int) -> bool:
    """Remove everything of whoever has an address, and return whether somebody had it.

    As the API does it, only that nobody is asked for the password: that the wish is theirs has to
    be known otherwise. `passwords` is the setting `passwords_per_email`.
    """
    users, attempts = Users(table), Attempts(table)
    credentials = users.find_credentials(email)
    profile = users.find_profile(credentials.user_id) if credentials else None
    if credentials is None or profile is None:
        return False
    users.remove(
        profile,
        credentials,
        Put(keys.deletion(profile.user_id), {"begun_at": datetime.now(UTC).isoformat()}),
        attempts.forgetting(passwords_per_email(passwords), email),
        attempts.forgetting(RESETS_PER_EMAIL, email),
    )
    finish_deletions(table, passwords)
    return True


def finish_deletions(table: Table, passwords: int) -> int:
    """Remove what interrupted deletions left, and return how many were finished."""
    deletions = Deletions(table, Users(table), Attempts(table), passwords_per_email(passwords))
    finished = 0
    while begun := table.query(keys.deletion("").pk, limit=100, consistent=True).rows:
        for row in begun:
            _finish(deletions, row.key.sk)
            finished += 1
    return finished


def _finish(deletions: Deletions, user_id: str) -> None:
    for _ in range(_ATTEMPTS):
        try:
            # Begun long ago: the password is not asked for again.
            deletions.delete(user_id, "")
        except Unavailable:
            continue
        except AccountNotFound:
            # Another run was faster.
            return
        else:
            return
    message = "The table is too busy: try again later, nothing is lost"
    raise CannotContinueError(message)


def sign_everyone_out(dynamodb: Any, table: Table, table_name: str) -> int:  # noqa: ANN401 - a client
    """Remove every session, and return how many there were. Access tokens live on till they end."""
    removed = 0
    for sessions in _sessions(dynamodb, table_name):
        table.discard(*sessions)
        removed += len(sessions)
    return removed


def _sessions(dynamodb: Any, table_name: str) -> Iterator[list[Key]]:  # noqa: ANN401 - a client
    prefix = keys.session("", "").sk
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table_name,
        ConsistentRead=True,
        ProjectionExpression="PK, SK",
        FilterExpression=_SESSIONS,
        ExpressionAttributeValues={":session": {"S": prefix}},
    )
    for page in pages:
        yield [keys.Key(item["PK"]["S"], item["SK"]["S"]) for item in page["Items"]]


def _ask(question: str, expected: str | None = None) -> str:
    answer = input(question).strip()
    if not answer or (expected is not None and answer != expected):
        message = "Nothing was changed."
        raise CannotContinueError(message)
    return answer


def _normalise(email: str) -> str:
    try:
        return normalise_email(email)
    except ValueError as error:
        raise CannotContinueError(str(error)) from None


def _run(options: argparse.Namespace) -> None:
    target = find_target(options.environment)
    environment, passwords = target.settings.environment, target.settings.passwords_per_email
    name, dynamodb = target.table_name(), target.client("dynamodb")
    table = DynamoTable(name, lambda: dynamodb)
    say(f"Table {name} of {target}")
    if options.what == "delete-user":
        email = _ask("E-mail address of the account: ")
        _ask("Everything of it goes for ever. Type the address again: ", email)
        found = delete_user(table, _normalise(email), passwords)
        say("  ✓ Deleted." if found else "  ! Nobody has that address.")
    elif options.what == "finish-deletions":
        say(f"  ✓ {finish_deletions(table, passwords)} finished.")
    else:
        _ask(f"Everybody has to sign in again. Type {environment} to go on: ", environment)
        say(f"  ✓ {sign_everyone_out(dynamodb, table, name)} sessions ended.")
        say("  Access tokens are good until they end, or at once: make rotate-keys ARGS=--now")


def main() -> None:
    """Delete somebody, finish deletions, or sign everybody out."""
    parser = argparse.ArgumentParser(prog="people", description=__doc__)
    parser.add_argument("what", choices=["delete-user", "finish-deletions", "sign-everyone-out"])
    parser.add_argument("--environment", choices=ENVIRONMENTS, required=True)
    with ending_with(1):
        try:
            _run(parser.parse_args())
        except Unavailable:
            message = "The table is busy or out of reach: try again, nothing is lost"
            raise CannotContinueError(message) from None


if __name__ == "__main__":
    main()
