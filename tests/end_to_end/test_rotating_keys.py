"""Keys are rotated while travellers are signed in: nobody notices, until somebody should.

Afterwards the keys are as they were, and the functions have started anew with them: the tokens of
other tests are good.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from common.signing_keys import MIN_REFRESH_INTERVAL_SECONDS, CachedSigningKeys
from common.tokens import AccessTokens
from local.operations import keys
from local.operations.restart import restart_key_readers
from local.operations.rotation import Stage, read_ring
from local.operations.target import Target
from stacks.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from local.cloud import LocalCloud
    from local.operations.parameter import SecureParameter
    from tests.end_to_end.conftest import Traveller

FORBIDDEN = 403
SETTINGS = read_settings({"environment": "local"})


@pytest.fixture
def target(
    api: httpx.Client,  # noqa: ARG001 - what is deployed
    local_cloud: LocalCloud,
) -> Target:
    return Target(SETTINGS, local_cloud.session(), local_cloud.url)


@pytest.fixture
def parameter(target: Target) -> Iterator[SecureParameter]:
    parameter = keys.keys_of(target)
    before = parameter.read()
    assert before is not None
    yield parameter
    parameter.write(before.text)
    restart_key_readers(target)


def _take_step(parameter: SecureParameter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advance as if the time for it had passed."""
    monkeypatch.setattr("local.operations.rotation.LASTS", dict.fromkeys(Stage, timedelta(0)))
    assert not keys.advance(parameter)


def _profile(api: httpx.Client, token: str) -> int:
    return api.get("/user/profile", headers={"authorization": f"Bearer {token}"}).status_code


def _sign_in(api: httpx.Client, traveller: Traveller) -> dict[str, Any]:
    body = {"email": traveller.email, "password": traveller.password}
    answer = api.post("/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    signed_in: dict[str, Any] = answer.json()
    return signed_in


def _kid(token: str) -> str:
    kid: str = jwt.get_unverified_header(token)["kid"]
    return kid


def _signed_elsewhere(parameter: SecureParameter, traveller: Traveller) -> str:
    """Sign a token like a function that has just learnt of the newest keys."""
    stored = parameter.read()
    assert stored is not None
    tokens = AccessTokens(
        CachedSigningKeys(lambda: stored.text), SETTINGS.jwt_issuer, SETTINGS.jwt_audience
    )
    user = traveller.signed_in
    return tokens.issue(user["user_id"], user["username"], ttl_seconds=900)


def test_a_rotation_is_noticed_by_nobody(
    api: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    new_traveller: Callable[[], Traveller],
    parameter: SecureParameter,
    target: Target,
) -> None:
    traveller = new_traveller()
    old = traveller.signed_in["access_token"]
    assert _profile(api, old) == 200

    _take_step(parameter, monkeypatch)
    stored = parameter.read()
    assert stored is not None
    announced = read_ring(stored.text)
    assert _kid(_sign_in(api, traveller)["access_token"]) == _kid(old) == announced.current
    # The warm authorizer asks SSM again when it meets a key that it does not know, not too often.
    time.sleep(MIN_REFRESH_INTERVAL_SECONDS)

    _take_step(parameter, monkeypatch)
    new = _signed_elsewhere(parameter, traveller)
    assert _kid(new) == announced.next
    assert _profile(api, new) == 200
    assert _profile(api, _sign_in(api, traveller)["access_token"]) == 200
    restart_key_readers(target)
    issued = _sign_in(api, traveller)["access_token"]
    assert _kid(issued) == announced.next
    assert _profile(api, issued) == 200
    assert _profile(api, old) == 200


def test_a_token_of_the_old_key_is_good_until_the_key_is_dropped(
    api: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    new_traveller: Callable[[], Traveller],
    parameter: SecureParameter,
    target: Target,
) -> None:
    traveller = new_traveller()
    unseen = [_sign_in(api, traveller)["access_token"] for _ in range(3)]
    _take_step(parameter, monkeypatch)
    _take_step(parameter, monkeypatch)
    restart_key_readers(target)
    assert _profile(api, unseen[0]) == 200
    _take_step(parameter, monkeypatch)
    restart_key_readers(target)
    assert _profile(api, unseen[1]) == FORBIDDEN
    renewed = api.post(
        "/auth/refresh", json={"refresh_token": traveller.signed_in["refresh_token"]}
    )
    assert renewed.status_code == 200
    assert _kid(renewed.json()["access_token"]) != _kid(unseen[2])
    assert _profile(api, renewed.json()["access_token"]) == 200


def test_after_a_theft_nothing_old_is_accepted_and_everybody_goes_on_by_their_refresh_token(
    api: httpx.Client,
    new_traveller: Callable[[], Traveller],
    parameter: SecureParameter,
    target: Target,
) -> None:
    traveller = new_traveller()
    stolen = _signed_elsewhere(parameter, traveller)
    keys.replace_now(target, parameter)
    assert _profile(api, stolen) == FORBIDDEN
    renewed = api.post(
        "/auth/refresh", json={"refresh_token": traveller.signed_in["refresh_token"]}
    )
    assert renewed.status_code == 200
    assert _profile(api, renewed.json()["access_token"]) == 200
    assert _profile(api, _sign_in(api, traveller)["access_token"]) == 200
