"""Who gets past the authorizer."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import jwt
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from mypy_boto3_ssm import SSMClient

    from tests.end_to_end.conftest import Traveller

Claims = dict[str, Any]


@pytest.fixture(scope="module")
def signing_key(traveller: Traveller, ssm: SSMClient) -> tuple[str, bytes]:
    """Return the id and the bytes of the key that the deployment made for itself."""
    kid = jwt.get_unverified_header(traveller.signed_in["access_token"])["kid"]
    name = "/cv-location-classifier/local/jwt-keys"
    answer = ssm.get_parameter(Name=name, WithDecryption=True)
    keys = json.loads(answer["Parameter"]["Value"])
    return kid, b64decode(keys["keys"][kid])


@pytest.fixture(scope="module")
def claims(traveller: Traveller) -> Claims:
    """Return what a genuine access token says."""
    token = traveller.signed_in["access_token"]
    read: Claims = jwt.decode(token, options={"verify_signature": False})
    return read


@pytest.fixture(scope="module")
def forge(signing_key: tuple[str, bytes], claims: Claims) -> Callable[..., str]:
    """Return a function that signs genuine claims with changes, with the deployment's own key."""
    kid, key = signing_key

    def sign(**changes: object) -> str:
        # Another id each time: the gateway remembers the answer for a token.
        changed = {**claims, "jti": f"{time.time_ns()}", **changes}
        return jwt.encode(changed, key, algorithm="HS256", headers={"kid": kid})

    return sign


def _status(api: httpx.Client, authorization: str) -> int:
    return api.get("/user/profile", headers={"authorization": authorization}).status_code


def test_a_genuine_token_opens_the_own_profile(api: httpx.Client, traveller: Traveller) -> None:
    answer = api.get("/user/profile", headers=traveller.headers)
    assert answer.status_code == 200
    profile = answer.json()
    assert profile["user_id"] == traveller.signed_in["user_id"]
    assert profile["email"] == traveller.email
    assert profile["username"] == traveller.username
    assert answer.headers["x-request-id"]


def test_a_forged_token_with_nothing_changed_would_pass(
    api: httpx.Client, forge: Callable[..., str]
) -> None:
    """Without this the refusals below would prove nothing."""
    assert _status(api, f"Bearer {forge()}") == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/user/profile"), ("POST", "/predict"), ("POST", "/recommend")]
)
def test_a_missing_token_is_401(api: httpx.Client, method: str, path: str) -> None:
    assert api.request(method, path).status_code == 401


@pytest.mark.parametrize(
    "authorization", ["Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer", "nonsense"]
)
def test_an_invalid_token_is_403(api: httpx.Client, authorization: str) -> None:
    assert _status(api, authorization) == 403


def test_an_expired_token_is_403(api: httpx.Client, forge: Callable[..., str]) -> None:
    now = int(time.time())
    assert _status(api, f"Bearer {forge(iat=now - 1_860, exp=now - 60)}") == 403


@pytest.mark.parametrize("purpose", ["refresh", "password_reset", "", None])
def test_a_token_for_another_purpose_is_403(
    api: httpx.Client, forge: Callable[..., str], purpose: str | None
) -> None:
    assert _status(api, f"Bearer {forge(purpose=purpose)}") == 403


def test_a_refresh_token_is_403(api: httpx.Client, traveller: Traveller) -> None:
    assert _status(api, f"Bearer {traveller.signed_in['refresh_token']}") == 403


def test_a_token_of_another_environment_is_403(
    api: httpx.Client, forge: Callable[..., str]
) -> None:
    assert _status(api, f"Bearer {forge(iss='cv-location-classifier-production')}") == 403
    assert _status(api, f"Bearer {forge(aud='another-api')}") == 403


def test_a_token_signed_with_another_key_is_403(
    api: httpx.Client, claims: Claims, signing_key: tuple[str, bytes]
) -> None:
    token = jwt.encode(claims, b"?" * 32, algorithm="HS256", headers={"kid": signing_key[0]})
    assert _status(api, f"Bearer {token}") == 403


def test_an_unsigned_token_is_403(
    api: httpx.Client, claims: Claims, signing_key: tuple[str, bytes]
) -> None:
    token = jwt.encode(claims, None, algorithm="none", headers={"kid": signing_key[0]})
    assert _status(api, f"Bearer {token}") == 403


def test_an_altered_token_is_403(api: httpx.Client, traveller: Traveller) -> None:
    head, _, signature = traveller.signed_in["access_token"].split(".")
    body = jwt.utils.base64url_encode(b'{"sub": "someone else"}').decode()
    assert _status(api, f"Bearer {head}.{body}.{signature}") == 403
