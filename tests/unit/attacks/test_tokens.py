"""Forged tokens, at the gateway: none opens a route, and no answer says which of them was close."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from common.tokens import MAX_TOKEN_CHARACTERS
from tests.unit.attacks.parts import FUNCTIONS, Service

if TYPE_CHECKING:
    from collections.abc import Callable

Claims = dict[str, Any]


def part(document: object) -> str:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def sign(header: Claims, claims: object, secret: bytes, algorithm: str = "sha256") -> str:
    """Sign by hand: what libraries refuse to make is what this is about."""
    signed = f"{part(header)}.{part(claims)}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), algorithm))}"


@pytest.fixture(scope="module")
def token(service: Service) -> str:
    access: str = service.sign_up("ada")["access_token"]
    return access


@pytest.fixture(scope="module")
def header(token: str) -> Claims:
    said: Claims = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    return said


@pytest.fixture(scope="module")
def claims(token: str) -> Claims:
    said: Claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return said


@pytest.fixture(scope="module")
def secret(service: Service) -> bytes:
    return service.keys.current().secret


Forge = dict[str, "Callable[[Claims, Claims, bytes], str]"]
NOW = int(time.time())
PUBLIC_KEY = (
    b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"
)
FORGED: Forge = {
    "alg none, unsigned": lambda h, c, _: f"{part({**h, 'alg': 'none'})}.{part(c)}.",
    "alg None, unsigned": lambda h, c, _: f"{part({**h, 'alg': 'None'})}.{part(c)}.",
    "alg none, signed": lambda h, c, s: sign({**h, "alg": "none"}, c, s),
    "alg empty": lambda h, c, s: sign({**h, "alg": ""}, c, s),
    "alg missing": lambda h, c, s: sign({"kid": h["kid"]}, c, s),
    "alg a list": lambda h, c, s: sign({**h, "alg": ["HS256"]}, c, s),
    "alg RS256 over our secret": lambda h, c, s: sign({**h, "alg": "RS256"}, c, s),
    "alg HS512, rightly signed": lambda h, c, s: sign({**h, "alg": "HS512"}, c, s, "sha512"),
    "signed with a public key": lambda h, c, _: sign(h, c, PUBLIC_KEY),
    "signed with nothing": lambda h, c, _: sign(h, c, b""),
    "signed with its kid": lambda h, c, _: sign(h, c, h["kid"].encode()),
    "signed with the issuer": lambda h, c, _: sign(h, c, c["iss"].encode()),
    "signed with the hash of the secret": lambda h, c, s: sign(h, c, hashlib.sha256(s).digest()),
    "signed with the secret's base64": lambda h, c, s: sign(h, c, base64.b64encode(s)),
    "a key of its own": lambda h, c, _: sign(
        {**h, "jwk": {"kty": "oct", "k": part(b"k" * 32)}}, c, b"k" * 32
    ),
    "a key at an address": lambda h, c, _: sign({**h, "jku": "https://evil.test/k"}, c, b"k" * 32),
    "a chain of certificates": lambda h, c, _: sign({**h, "x5c": ["MII"]}, c, b"k" * 32),
    "a critical extension": lambda h, c, s: sign({**h, "crit": ["exp"], "exp": 1}, c, s),
    "kid of a path": lambda h, c, _: sign({**h, "kid": "../../../../dev/null"}, c, b""),
    "kid of an empty file": lambda h, c, _: sign({**h, "kid": "/dev/null"}, c, b"\0" * 32),
    "kid of a query": lambda h, c, _: sign({**h, "kid": "x' UNION SELECT 'k"}, c, b"k"),
    "kid of another key": lambda h, c, s: sign({**h, "kid": "2026-b"}, c, s),
    "kid unknown": lambda h, c, s: sign({**h, "kid": "2020-a"}, c, s),
    "kid missing": lambda _, c, s: sign({"alg": "HS256", "typ": "JWT"}, c, s),
    "kid a number": lambda h, c, s: sign({**h, "kid": 0}, c, s),
    "kid a list": lambda h, c, s: sign({**h, "kid": [h["kid"]]}, c, s),
    "kid nothing": lambda h, c, s: sign({**h, "kid": None}, c, s),
    "expired": lambda h, c, s: sign(h, {**c, "iat": NOW - 1860, "exp": NOW - 60}, s),
    "expired long ago": lambda h, c, s: sign(h, {**c, "iat": 0, "exp": 1800}, s),
    "for ever": lambda h, c, s: sign(h, {**c, "exp": 2**53}, s),
    "never expiring": lambda h, c, s: sign(h, {k: v for k, v in c.items() if k != "exp"}, s),
    "not valid yet": lambda h, c, s: sign(h, {**c, "nbf": NOW + 3600}, s),
    "of the future": lambda h, c, s: sign(h, {**c, "iat": NOW + 600, "exp": NOW + 1800}, s),
    "of another issuer": lambda h, c, s: sign(h, {**c, "iss": c["iss"] + "/"}, s),
    "of a list of issuers": lambda h, c, s: sign(h, {**c, "iss": [c["iss"]]}, s),
    "for another audience": lambda h, c, s: sign(h, {**c, "aud": "another"}, s),
    "for several audiences": lambda h, c, s: sign(h, {**c, "aud": [c["aud"], "another"]}, s),
    "to refresh with": lambda h, c, s: sign(h, {**c, "purpose": "refresh"}, s),
    "to reset a password with": lambda h, c, s: sign(h, {**c, "purpose": "password_reset"}, s),
    "for no purpose": lambda h, c, s: sign(h, {**c, "purpose": None}, s),
    "for nobody": lambda h, c, s: sign(h, {**c, "sub": ""}, s),
    "for a list of users": lambda h, c, s: sign(h, {**c, "sub": [c["sub"]]}, s),
    "claims not an object": lambda h, _, s: sign(h, [1], s),
    "claims not JSON": lambda h, _, s: sign(h, b"{", s),
    "claims twice": lambda h, c, s: sign(h, json.dumps(c).encode() + b"{}", s),
    "claims nested deeply": lambda h, _, s: sign(h, b"[" * 1000, s),
    "header not an object": lambda _, c, s: sign([], c, s),  # type: ignore[arg-type]
    "oversized": lambda h, c, s: sign(h, {**c, "username": "a" * MAX_TOKEN_CHARACTERS}, s),
    "an encrypted one": lambda h, c, s: sign({**h, "enc": "A256GCM"}, c, s) + ".x.y",
    "packed": lambda h, c, s: sign({**h, "zip": "DEF", "alg": "dir"}, c, s),
}


def profile(service: Service, authorization: str) -> dict[str, Any]:
    return service.call("GET", "/user/profile", headers={"Authorization": authorization})


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused_like_any_other(
    service: Service, header: Claims, claims: Claims, secret: bytes, name: str
) -> None:
    forged = FORGED[name](header, claims, secret)
    refused = profile(service, f"Bearer {forged}")
    assert refused == profile(service, "Bearer nonsense")
    assert refused["statusCode"] == 403


def test_the_forger_of_these_tests_can_make_a_token_that_passes(
    service: Service, header: Claims, claims: Claims, secret: bytes
) -> None:
    """Without this the refusals above would prove nothing."""
    assert profile(service, f"Bearer {sign(header, claims, secret)}")["statusCode"] == 200


def test_every_letter_of_a_token_counts(service: Service, token: str) -> None:
    for at in range(0, len(token) - 1, 3):
        other = "A" if token[at] != "A" else "B"
        changed = token[:at] + other + token[at + 1 :]
        assert profile(service, f"Bearer {changed}")["statusCode"] == 403


@pytest.mark.parametrize(
    "write",
    [
        lambda token: token,
        lambda token: f"Basic {token}",
        lambda token: f"Bearer{token}",
        lambda token: f"Bearer {token},Bearer {token}",
        lambda token: f"Bearer {token}\r\nX-User-Id: 1",
        lambda token: f"Bearer {token}\x00",
        lambda token: f"Bearer {token}.",
        lambda token: f"Bearer .{token}",
        lambda token: f'Bearer "{token}"',
        lambda token: f"Bearer {token.upper()}",
        lambda token: f"Bearer {token}" + "a" * 100_000,
        lambda token: f"Bearer {token}" + "." * 100_000,
        lambda token: " " * 100_000 + token,
    ],
)
def test_a_header_of_another_form_is_refused(
    service: Service, token: str, write: Callable[[str], str]
) -> None:
    assert profile(service, write(token))["statusCode"] == 403


def test_tokens_for_one_thing_are_good_for_nothing_else(service: Service, token: str) -> None:
    signed_in = service.sign_up("grace")
    service.call("POST", "/auth/password-reset/request", {"email": "grace@example.com"})
    reset = service.mailbox.mails[-1].text.split("token is:\n")[1].split("\n")[0]
    for other in (signed_in["refresh_token"], reset):
        assert profile(service, f"Bearer {other}")["statusCode"] == 403
    # Access tokens are longer than any that these routes take.
    for other, refusal in ((token, 422), (reset, 401)):
        answer = service.call("POST", "/auth/refresh", {"refresh_token": other})
        assert answer["statusCode"] == refusal
    for other, refusal in ((token, 422), (signed_in["refresh_token"], 400)):
        body = {"token": other, "password": "another journey"}
        answer = service.call("POST", "/auth/password-reset/confirm", body)
        assert answer["statusCode"] == refusal


def test_every_route_that_is_not_public_asks_for_a_token(service: Service) -> None:
    """Also when the gateway should forget to: the functions take nobody's word but its."""
    tried = 0
    for name in FUNCTIONS:
        for route in service.functions[name].api.routes:
            path = route.path.replace("{prediction_id}", "x").replace("{itinerary_id}", "x")
            if route.public:
                continue
            tried += 1
            assert service.call(route.method, path, {})["statusCode"] == 401
            assert service.call(route.method, path, {}, token="a.b.c")["statusCode"] == 403
            event = service.event(route.method, path, {}, {"x-user-id": "U1"}, {}, "203.0.113.7")
            event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": "U1"}}, "lambda": {}}
            answer = service.functions[name].handle(event, None)
            assert answer["statusCode"] in {401, 422}, route.path
            assert answer["statusCode"] == 401 or route.body or route.query
    assert tried > 15


@pytest.mark.parametrize(
    "more",
    [
        {"x-user-id": "{eve}"},
        {"x-amzn-authorizer-user_id": "{eve}"},
        {"x-forwarded-user": "{eve}"},
        {"cookie": "user_id={eve}; access_token={token}"},
        {"x-http-method-override": "DELETE"},
        {"x-original-url": "/user/export"},
        {"x-rewrite-url": "/user/export"},
        {"authorization2": "Bearer {token}"},
        {"transfer-encoding": "chunked", "content-length": "0"},
        {"host": "evil.test", "x-forwarded-host": "evil.test"},
    ],
)
def test_no_other_header_says_who_asks_or_for_what(
    service: Service, token: str, more: dict[str, str]
) -> None:
    eve = service.sign_up(f"eve-{len(service.table.items)}")
    plain = service.call("GET", "/user/profile", token=token)
    headers = {
        name: text.format(eve=eve["user_id"], token=eve["access_token"])
        for name, text in more.items()
    }
    answer = service.call("GET", "/user/profile", token=token, headers=headers)
    assert (answer["statusCode"], answer["body"]) == (200, plain["body"])
    assert "evil.test" not in json.dumps(answer)


def test_nobody_gets_past_a_limit_by_naming_another_address(service: Service) -> None:
    counted = service.table.items.keys()
    for ip in ("198.51.100.77", "198.51.100.78, 203.0.113.7", "::1"):
        before = {key for key in counted if key.pk.startswith("ATTEMPTS#FAILURE")}
        service.call(
            "POST",
            "/auth/login",
            {"email": "nobody@example.com", "password": "wrong password"},
            headers={"x-forwarded-for": ip, "forwarded": f"for={ip}", "true-client-ip": ip},
            source_ip="192.0.2.200",
        )
        after = {key for key in counted if key.pk.startswith("ATTEMPTS#FAILURE")}
        assert len(after) == len(before | after)
    networks = {key.pk for key in counted if key.pk.startswith("ATTEMPTS#FAILURE")}
    expected = hashlib.sha256(b"192.0.2.200").hexdigest()
    assert [pk for pk in networks if pk.endswith(expected)]
    assert len(networks) == 1
