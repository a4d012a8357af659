"""A token is accepted only when we signed it, for this purpose, and it has not expired."""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.tokens import REQUIRED_CLAIMS, AccessTokens, Identity, Refusal, TokenRefused
from tests.fakes.signing_keys import FixedSigningKeys

KEYS = FixedSigningKeys("2026-a", "2026-b")
TOKENS = AccessTokens(KEYS, "https://issuer.test", "cv-location-classifier")


def claims(**changes: object) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": TOKENS.issuer,
        "aud": TOKENS.audience,
        "sub": "U1",
        "iat": now,
        "exp": now + 1800,
        "jti": "T1",
        "purpose": "access",
        "username": "ada",
    } | changes


def sign(document: dict[str, Any], *, kid: str | None = "2026-a", algorithm: str = "HS256") -> str:
    key = KEYS.find(kid or "2026-a")
    secret = key.secret if key else secrets.token_bytes(32)
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(document, secret, algorithm=algorithm, headers=headers)


def assert_refused(token: str, reason: str | None = None) -> None:
    with pytest.raises(TokenRefused) as refusal:
        TOKENS.verify(token)
    if reason:
        assert refusal.value.reason == reason
    assert len(token) < 20 or token not in str(refusal.value)


def test_a_token_speaks_for_the_user_it_was_issued_to() -> None:
    token = TOKENS.issue("U1", "ada", ttl_seconds=1800)
    identity = TOKENS.verify(token)
    assert (identity.user_id, identity.username) == ("U1", "ada")
    assert identity.token_id


@given(st.text(min_size=1, max_size=40).filter(lambda name: name.isprintable()))
def test_any_username_survives_the_token(username: str) -> None:
    assert TOKENS.verify(TOKENS.issue("U1", username, ttl_seconds=900)).username == username


def test_a_token_says_when_it_ends_and_which_key_signed_it() -> None:
    token = TOKENS.issue("U1", "ada", ttl_seconds=900)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "2026-a"}
    stated = jwt.decode(token, options={"verify_signature": False})
    assert stated["exp"] - stated["iat"] == 900
    assert set(stated) == set(REQUIRED_CLAIMS)


def test_two_tokens_are_never_the_same() -> None:
    assert TOKENS.issue("U1", "ada", ttl_seconds=900) != TOKENS.issue("U1", "ada", ttl_seconds=900)


def test_the_handmade_token_of_these_tests_is_accepted() -> None:
    assert TOKENS.verify(sign(claims())) == Identity("U1", "ada", "T1")


def test_both_keys_of_a_rotation_are_accepted() -> None:
    assert TOKENS.verify(sign(claims(), kid="2026-b")).user_id == "U1"


@given(st.data())
def test_a_token_with_any_letter_changed_is_refused(data: st.DataObject) -> None:
    token = TOKENS.issue("U1", "ada", ttl_seconds=900)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_.=~ "))
    changed = token[:at] + letter + token[at + 1 :]
    try:
        identity = TOKENS.verify(changed)
    except TokenRefused:
        return
    # The last letter of a base64 text may have unused bits: the same bytes, the same token.
    assert identity == TOKENS.verify(token)
    assert _decoded(changed) == _decoded(token)


def _decoded(token: str) -> list[bytes]:
    return [base64.urlsafe_b64decode(part + "==") for part in token.split(".")]


@given(st.text(max_size=100) | st.from_regex(r"[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,20}"))
def test_any_other_text_is_refused(text: str) -> None:
    assert_refused(text)


def test_an_expired_token_is_refused() -> None:
    now = int(time.time())
    assert_refused(sign(claims(iat=now - 1800, exp=now)), "ExpiredSignatureError")


def test_a_token_from_a_slightly_fast_clock_is_accepted_and_from_tomorrow_refused() -> None:
    now = int(time.time())
    assert TOKENS.verify(sign(claims(iat=now + 3, exp=now + 900))).user_id == "U1"
    assert_refused(sign(claims(iat=now + 60, exp=now + 900)), Refusal.FROM_THE_FUTURE)


def test_a_token_that_lives_longer_than_any_of_ours_is_refused() -> None:
    assert_refused(sign(claims(exp=int(time.time()) + 3700)), Refusal.LIVES_TOO_LONG)


@pytest.mark.parametrize("claim", REQUIRED_CLAIMS)
def test_a_token_without_one_of_its_claims_is_refused(claim: str) -> None:
    incomplete = claims()
    del incomplete[claim]
    assert_refused(sign(incomplete), "MissingRequiredClaimError")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("purpose", "refresh"),
        ("purpose", "password_reset"),
        ("purpose", ["access"]),
        ("purpose", None),
        ("iss", "https://someone.else"),
        ("aud", "another-service"),
        ("aud", ["cv-location-classifier", "another-service"]),
        ("sub", ""),
        ("sub", 7),
        ("jti", ""),
        ("username", ""),
        ("username", {"name": "ada"}),
        ("exp", "tomorrow"),
        ("exp", True),
        ("exp", 1e10),
        ("iat", "now"),
        ("iat", 0.5),
        ("nbf", 2**40),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(claim: str, value: object) -> None:
    # PyJWT would not sign a subject or an identifier that is not text.
    token = jwt.api_jws.encode(
        json.dumps(claims(**{claim: value})).encode(),
        KEYS.current().secret,
        algorithm="HS256",
        headers={"kid": "2026-a"},
    )
    assert_refused(token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_even_with_the_right_key(algorithm: str) -> None:
    assert_refused(sign(claims(), algorithm=algorithm), "InvalidAlgorithmError")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "RS256", "hs256"])
def test_a_token_that_names_another_algorithm_is_refused(algorithm: str) -> None:
    _, body, signature = sign(claims()).split(".")
    header = json.dumps({"alg": algorithm, "typ": "JWT", "kid": "2026-a"}).encode()
    forged = base64.urlsafe_b64encode(header).decode().rstrip("=")
    assert_refused(f"{forged}.{body}.{signature}")
    assert_refused(f"{forged}.{body}.")


def test_a_token_signed_with_an_unknown_key_is_refused() -> None:
    assert_refused(sign(claims(), kid="2025-z"), Refusal.UNKNOWN_KEY)
    assert_refused(sign(claims(), kid=None), Refusal.UNKNOWN_KEY)


def test_a_token_signed_with_another_key_under_a_known_name_is_refused() -> None:
    forged = jwt.encode(
        claims(), secrets.token_bytes(32), algorithm="HS256", headers={"kid": "2026-a"}
    )
    assert_refused(forged, "InvalidSignatureError")
    swapped = jwt.encode(
        claims(), KEYS.known["2026-b"].secret, algorithm="HS256", headers={"kid": "2026-a"}
    )
    assert_refused(swapped, "InvalidSignatureError")


def test_an_enormous_token_is_not_even_parsed() -> None:
    assert_refused(sign(claims(username="a" * 5000)), Refusal.TOO_LONG)
