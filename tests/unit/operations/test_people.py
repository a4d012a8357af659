"""What is done for people by somebody with rights to the table."""

from __future__ import annotations

import pytest

from common import keys
from common.errors import Unavailable
from common.table import Put
from common.ulids import new_ulid
from common.users import Users
from local.operations import people
from local.terminal import CannotContinueError
from tests.contracts.account_contract import live, new_user
from tests.fakes.tables import InMemoryTable

PASSWORDS = 5


class BusyTable(InMemoryTable):
    """Has no capacity left for the first few batches of deletions."""

    refusals = 3

    def discard(self, *names: keys.Key) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable
        super().discard(*names)


@pytest.mark.parametrize("table", [InMemoryTable(), BusyTable()])
def test_everything_of_a_user_goes_without_their_password_and_nothing_of_others(
    table: InMemoryTable,
) -> None:
    leaving, staying = new_user(table), new_user(table)
    for profile in (leaving, staying):
        live(table, profile.user_id)
    kept = {key: item for key, item in table.items.items() if staying.user_id in repr((key, item))}
    assert people.delete_user(table, leaving.email, PASSWORDS)
    assert not [key for key, item in table.items.items() if leaving.user_id in repr((key, item))]
    assert Users(table).find_credentials(leaving.email) is None
    assert kept.items() <= table.items.items()
    assert not people.delete_user(table, leaving.email, PASSWORDS)


def test_every_interrupted_deletion_is_finished() -> None:
    table = InMemoryTable()
    gone = [new_ulid() for _ in range(12)]
    for user_id in gone:
        table.write(
            Put(keys.session(user_id, new_ulid()), {}),
            Put(keys.deletion(user_id), {"begun_at": "2026"}),
        )
    assert people.finish_deletions(table, PASSWORDS) == len(gone)
    assert table.items == {}
    assert people.finish_deletions(table, PASSWORDS) == 0


def test_what_has_to_be_typed_again_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: " staging ")
    assert people._ask("Type it: ", "staging") == "staging"
    with pytest.raises(CannotContinueError, match="Nothing was changed"):
        people._ask("Type it: ", "production")


def test_an_address_is_read_as_at_sign_up() -> None:
    assert people._normalise("Ada@Example.COM") == "ada@example.com"
    with pytest.raises(CannotContinueError):
        people._normalise("nobody")
