"""A sample of the faults of `tests/unit/faults`, on a real table behind a real connection.

The whole product runs there, on a table in memory. Here is seen what only a real service can show:
that what it did although its answer was lost is done once when botocore sends it again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ConnectionClosedError

from account.deletion import Deletions
from account.itineraries import Itineraries, Plan
from account.once import Records, do_once
from common.errors import DomainError
from common.limits import Attempts, passwords_per_email
from common.predictions import Predictions
from common.table import DynamoTable
from common.users import Users
from describe.budget import Budget, Limits
from local.operations.check_table import read_items
from local.operations.invariants import take_census
from tests.contracts.account_contract import ROME, SEEN, Killed
from tests.fakes.clocks import ManualClock
from tests.unit.auth.parts import PASSWORD, Auth, build_auth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.awsrequest import AWSPreparedRequest

MOST_REQUESTS = 40
ANOTHER = "a longer journey"


@dataclass
class Line:
    """The connection of one client: what befalls the request number `at`, and how many there were.

    `lost`: the service does it and the answer is lost. `reset`: it never gets there. `killed`: the
    service does it and the function dies.
    """

    client: Any
    fault: str = ""
    at: int = -1
    sent: int = 0
    hits: int = 0
    _inside: bool = field(default=False)

    def befall(self, request: AWSPreparedRequest, **_: object) -> None:
        number, self.sent = self.sent, self.sent + 1
        if number != self.at or not self.fault:
            return
        self.hits += 1
        if self.fault != "reset":
            self.client._endpoint.http_session.send(request)
        if self.fault == "killed":
            raise Killed
        raise ConnectionClosedError(endpoint_url=request.url)

    def begin(self, fault: str = "", at: int = -1) -> None:
        self.fault, self.at, self.sent, self.hits = fault, at, 0, 0


@dataclass
class Traveller:
    """Somebody with an account and a life, on the table under test."""

    table: DynamoTable
    auth: Auth
    user_id: str = ""
    token: str = ""
    itinerary_id: str = ""
    prediction_id: str = ""

    def settle(self) -> None:
        signed_in = self.auth.sign_up()
        self.user_id, self.token = signed_in.user_id, signed_in.refresh_token
        Predictions(self.table).add_all(self.user_id, [SEEN] * 2)
        self.itinerary_id = Itineraries(self.table).add(self.user_id, ROME).itinerary_id
        self.prediction_id = Predictions(self.table).add(self.user_id, SEEN)


def _leave(one: Traveller) -> None:
    deletions = Deletions(
        one.table, Users(one.table), Attempts(one.table), passwords_per_email(1_000)
    )
    deletions.delete(one.user_id, PASSWORD)


def _change_trip(one: Traveller) -> None:
    itineraries = Itineraries(one.table)
    known = itineraries.get(one.user_id, one.itinerary_id)
    if known.version == 1:
        itineraries.replace(one.user_id, known, Plan("Roma"))


def _delete_trip(one: Traveller) -> None:
    itineraries = Itineraries(one.table)
    itineraries.delete(one.user_id, itineraries.get(one.user_id, one.itinerary_id))


def _make_trip_once(one: Traveller) -> None:
    records = Records(one.table, one.user_id)

    def make() -> dict[str, str]:
        def done(itinerary_id: str) -> list[Any]:
            return list(records.completion({"itinerary_id": itinerary_id}))

        made = Itineraries(one.table).add(one.user_id, Plan("Lyon"), done)
        return {"itinerary_id": made.itinerary_id}

    do_once(records, "a key", {"name": "Lyon"}, make)


def _feedback(one: Traveller) -> None:
    Predictions(one.table).give_feedback(
        one.user_id, one.prediction_id, correct=True, landmark=None, comment=None
    )


def _share(one: Traveller) -> None:
    Budget(one.table, Limits(9, 9, 100), ManualClock()).reserve(one.user_id, 60.0)


OPERATIONS: dict[str, Callable[[Traveller], object]] = {
    "sign up": lambda one: one.auth.sign_up("new@example.com", "new"),
    "sign in": lambda one: one.auth.sign_in(),
    "refresh": lambda one: one.auth.sessions.refresh(one.token),
    "sign out everywhere": lambda one: one.auth.sessions.end_all(one.token),
    "change the password": lambda one: one.auth.accounts.change_password(
        one.user_id, PASSWORD, ANOTHER
    ),
    "rename": lambda one: Users(one.table).rename(one.user_id, "lovelace"),
    "leave": _leave,
    "keep a prediction": lambda one: Predictions(one.table).add(one.user_id, SEEN),
    "delete a prediction": lambda one: Predictions(one.table).delete(
        one.user_id, one.prediction_id
    ),
    "give feedback": _feedback,
    "change a trip": _change_trip,
    "delete a trip": _delete_trip,
    "make a trip once": _make_trip_once,
    "take a share": _share,
}


@pytest.fixture
def line(make_client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    # botocore's own pauses between attempts, and nobody else's.
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
    client = make_client("dynamodb")
    made = Line(client)
    client.meta.events.register_last("before-send", made.befall)
    yield made
    client.meta.events.unregister("before-send", made.befall)


@pytest.mark.parametrize("fault", ["reset", "lost", "killed"])
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_whatever_befalls_a_request_it_is_done_once_and_the_table_is_whole(
    own_table: DynamoTable, line: Line, operation: Callable[[Traveller], object], fault: str
) -> None:
    table = DynamoTable(own_table._name, lambda: line.client, lambda _seconds: None)
    for at in range(MOST_REQUESTS):
        line.begin()
        clear(line.client, table)
        traveller = Traveller(table, build_auth(table))
        traveller.settle()
        line.begin(fault, at)
        if fault == "killed":
            with suppress(Killed):
                operation(traveller)
            hit = line.hits
            line.begin()
            # What was done before it died is not done again.
            with suppress(DomainError):
                operation(traveller)
        else:
            # botocore sends it again, and nobody notices.
            operation(traveller)
            hit = line.hits
        line.begin()
        violations = list(take_census(read_items(line.client, table._name)).violations())
        assert violations == []
        if not hit:
            assert at > 0
            break
    else:
        pytest.fail("it never ends")


def clear(client: Any, table: DynamoTable) -> None:  # noqa: ANN401 - a client
    """Empty the table."""
    table.discard(*[key for key, _ in read_items(client, table._name)])
