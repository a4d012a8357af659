"""One trial: a day of travellers, and what is found afterwards."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from local.load.day import live
from local.load.device import UnsureError
from local.load.reconcile import reconcile
from local.load.witness import Witness
from local.operations.check_table import check
from travel_client import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from common.keys import Key
    from common.table_values import Item
    from local.load.ledger import Ledger
    from local.load.traveller import Traveller
    from travel_client.models import SignInRequest

# What was given up is still being done for a moment, by functions that nobody waits for any more.
_LONGEST_FUNCTION_SECONDS = 29.0
_QUIET_SECONDS = 3.0
_SIGN_INS_AT_ONCE = 4
# Of a day, at least, on a slow machine.
ACCOUNTS_OF_TRAVELLERS = 0.9
WRITES_A_TRAVELLER = 1
# A gateway of AWS gives up after 30 s and says so. The local one does not, and on a machine with
# less to give than fifty people ask for, some wait for good.
UNANSWERED_SHARE = 0.1


@dataclass(frozen=True)
class Trial:
    """What came of it. Latencies by route: answers, median and 95 %, in milliseconds."""

    travellers: int
    seconds: float
    statuses: Mapping[int, int]
    hung_up: int
    unanswered: int
    latencies_ms: Mapping[str, tuple[int, float, float]]
    told: Counter[str]
    unsure: Counter[str]
    items: int
    findings: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        rounded = {
            route: {"answers": number, "median_ms": round(median), "p95_ms": round(high)}
            for route, (number, median, high) in self.latencies_ms.items()
        }
        return {
            "travellers": self.travellers,
            "seconds": round(self.seconds, 1),
            "requests": sum(self.statuses.values()) + self.hung_up + self.unanswered,
            "statuses": {str(status): self.statuses[status] for status in sorted(self.statuses)},
            "hung_up": self.hung_up,
            "unanswered": self.unanswered,
            "writes_told": dict(sorted(self.told.items())),
            "writes_unsure": dict(sorted(self.unsure.items())),
            "items_in_table": self.items,
            "findings": self.findings,
            "routes": rounded,
        }


def try_a_day(
    url: str,
    read: Callable[[], Iterator[tuple[Key, Item]]],
    *,
    travellers: int,
    seconds: float,
    seed: int,
) -> Trial:
    """Have travellers live a day at the API at `url`, whose table `read` reads; look at the end.

    A day takes `seconds`, and what was begun in it some more.
    """
    with httpx.Client(timeout=60, trust_env=False) as http:
        witness = Witness(url, http.get(f"{url}/openapi.json").json())
    begun = time.monotonic()
    people = live(url, witness, travellers=travellers, seconds=seconds, seed=seed)
    took = time.monotonic() - begun
    ledgers = [ledger for ledger, _ in people]
    # Seen before what follows: it is no traffic of the day.
    statuses, latencies = Counter(witness.statuses), witness.latencies_ms()
    _settle(read)
    differences = reconcile(ledgers, read())
    items, violations = check(read)
    try:
        differences += _session_differences(people)
    finally:
        for _, one in people:
            one.close()
    return Trial(
        travellers=travellers,
        seconds=took,
        statuses=statuses,
        hung_up=witness.hung_up,
        unanswered=witness.unanswered,
        latencies_ms=latencies,
        told=_sum(ledger.written for ledger in ledgers),
        unsure=_sum(ledger.unsure for ledger in ledgers),
        items=items,
        findings=[
            *witness.findings,
            *differences,
            *map(str, violations),
            *_thinness(ledgers, witness),
        ],
    )


def _thinness(ledgers: Sequence[Ledger], witness: Witness) -> Iterator[str]:
    """Say why this was no day's traffic, where it was none: nothing lost of nothing is no news."""
    told, unsure = _sum(one.written for one in ledgers), _sum(one.unsure for one in ledgers)
    people = len(ledgers)
    if told["account"] + unsure["account"] < ACCOUNTS_OF_TRAVELLERS * people:
        yield f"only {told['account']} of {people} travellers were told that they have an account"
    if told.total() < WRITES_A_TRAVELLER * people:
        yield f"only {told.total()} writes of {people} travellers were told"
    if unsure.total() > told.total():
        yield f"nobody knows what came of {unsure.total()} writes, beside {told.total()} told"
    if witness.unanswered > UNANSWERED_SHARE * witness.statuses.total():
        yield f"{witness.unanswered} requests had no answer, beside {witness.statuses.total()}"


def _settle(read: Callable[[], Iterable[object]]) -> None:
    """Wait until nothing is added or removed any more, as long as a function may live."""
    deadline, before = time.monotonic() + _LONGEST_FUNCTION_SECONDS, -1
    while time.monotonic() < deadline:
        now = sum(1 for _ in read())
        if now == before:
            return
        before = now
        time.sleep(_QUIET_SECONDS)


def _session_differences(people: Iterable[tuple[Ledger, Traveller]]) -> list[str]:
    """Say whose tokens or password do not do what they were told."""
    with ThreadPoolExecutor(_SIGN_INS_AT_ONCE) as pool:
        found = pool.map(lambda both: list(_of_one(*both)), people)
        return [finding for findings in found for finding in findings]


def _of_one(ledger: Ledger, one: Traveller) -> Iterator[str]:
    if ledger.gone:
        (password, *_) = ledger.passwords
        body: SignInRequest = {"email": ledger.email, "password": password}
        try:
            one.laptop.patiently(lambda: one.laptop.api.sign_in(body))
            yield f"{ledger.user_id}: told to be deleted, and signs in"
        except UnsureError:
            yield f"{ledger.user_id}: no answer to a sign-in when all was quiet"
        except ApiError as error:
            if error.code != "invalid_credentials":
                yield f"{ledger.user_id}: told to be deleted, and is answered {error}"
        return
    if not ledger.user_id or ledger.perhaps_gone:
        return
    try:
        if one.is_in and one.phone.session_is_sure:
            one.phone.patiently(one.phone.api.refresh)
    except UnsureError:
        yield f"{ledger.user_id}: no answer to a refresh when all was quiet"
    except ApiError as error:
        yield f"{ledger.user_id}: told to be signed in, and is refused: {error}"
    one.sign_in(one.laptop)


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counters, start=Counter())
