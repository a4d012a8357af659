"""How long a refused sign-in takes, for addresses with an account and without one.

In seconds of a processor, which a busy machine does not blur: more than a stranger can see. With
bcrypt at the least cost, what else is different would stand out; at the deployed cost, it is what
there is.
"""

from __future__ import annotations

import random
import time
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from auth.accounts import AccountLimits, Accounts
from auth.sessions import Sessions
from common.errors import InvalidCredentials
from common.limits import Attempts
from common.tokens import AccessTokens
from tests.fakes.signing_keys import FixedSigningKeys
from tests.fakes.tables import InMemoryTable

LEAST_BCRYPT_COST, DEPLOYED_BCRYPT_COST = 4, 12
RESAMPLINGS = 2_000
ANY_NUMBER = 1_000_000
NETWORK = "203.0.113.7"


def measure_sign_ins(pairs: int, bcrypt_cost: int, seed: int = 1) -> dict[str, Any]:
    """Time `pairs` refused sign-ins of either kind and judge whether they can be told apart."""
    accounts = _accounts(bcrypt_cost)
    accounts.sign_up("known@example.com", "known", "a lovely journey", NETWORK)
    lot = random.Random(seed)  # noqa: S311 - an order
    kinds = [known for _ in range(pairs) for known in (True, False)]
    lot.shuffle(kinds)
    for warm in (True, False):
        _time(accounts, known=warm)
    times: dict[bool, list[float]] = {True: [], False: []}
    for known in kinds:
        times[known].append(_time(accounts, known=known))
    told = judge(np.array(times[True]), np.array(times[False]), seed)
    return {"bcrypt_cost": bcrypt_cost, **told}


def judge(known_ms: Any, unknown_ms: Any, seed: int = 1) -> dict[str, Any]:  # noqa: ANN401 - arrays
    """Say whether two lots of times differ: `(n,)` and `(m,)` in milliseconds."""
    ranks = mannwhitneyu(known_ms, unknown_ms)
    lot = np.random.default_rng(seed)
    differences = [
        np.median(lot.choice(known_ms, known_ms.size))
        - np.median(lot.choice(unknown_ms, unknown_ms.size))
        for _ in range(RESAMPLINGS)
    ]
    low, high = np.percentile(differences, [2.5, 97.5])
    return {
        "sign_ins_of_either_kind": int(known_ms.size),
        "known_median_ms": round(float(np.median(known_ms)), 3),
        "unknown_median_ms": round(float(np.median(unknown_ms)), 3),
        "difference_ms_95_percent": [round(float(low), 3), round(float(high), 3)],
        "rank_test_p": round(float(ranks.pvalue), 4),
        # How often a guesser from one time would be right; 0.5 is by chance.
        "guessed_rightly": round(float(ranks.statistic / known_ms.size / unknown_ms.size), 4),
    }


def _accounts(bcrypt_cost: int) -> Accounts:
    table = InMemoryTable()
    tokens = AccessTokens(FixedSigningKeys(), "https://issuer.test", "audience")
    sessions = Sessions(
        table,
        tokens,
        access_ttl_seconds=1800,
        refresh_ttl_seconds=86_400,
        reuse_grace_seconds=30,
    )
    limits = AccountLimits.allowing(
        sign_ups_per_network=ANY_NUMBER,
        passwords_per_email=ANY_NUMBER,
        failures_per_network=ANY_NUMBER,
    )
    return Accounts(table, sessions, Attempts(table), limits, bcrypt_cost=bcrypt_cost)


def _time(accounts: Accounts, *, known: bool) -> float:
    email = "known@example.com" if known else "other@example.com"
    started = time.thread_time()
    try:
        accounts.sign_in(email, "not the password", NETWORK)
    except InvalidCredentials:
        return (time.thread_time() - started) * 1000
    message = "a wrong password was accepted"
    raise AssertionError(message)
