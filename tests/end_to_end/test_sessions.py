"""The life of a session, seen by a client: refreshed, ended, and begun again with a new password.

Mails are read where the local cloud keeps what it would have sent.
"""

from __future__ import annotations

import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_logs import CloudWatchLogsClient

    from local.cloud import LocalCloud
    from tests.end_to_end.conftest import Traveller

AT_ONCE = 8
FREE_GUESSES = 5
NEW_PASSWORD = "a longer journey"


def _refresh(api: httpx.Client, token: str) -> httpx.Response:
    return api.post("/auth/refresh", json={"refresh_token": token})


def _sign_in(api: httpx.Client, traveller: Traveller, password: str) -> httpx.Response:
    return api.post("/auth/login", json={"email": traveller.email, "password": password})


def _profile(api: httpx.Client, tokens: dict[str, Any]) -> httpx.Response:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    return api.get("/user/profile", headers=headers)


def _read_mail(cloud: LocalCloud, recipient: str) -> list[str]:
    answer = httpx.get(f"{cloud.url}/_ministack/ses/messages", trust_env=False)
    return [
        mail["BodyText"]
        for mails in answer.json()["messages"].values()
        for mail in mails
        if mail["To"] == [recipient]
    ]


@pytest.fixture
def forgetful(api: httpx.Client, new_traveller: Callable[[], Traveller]) -> Traveller:
    """Return someone who has asked for a new password."""
    someone = new_traveller()
    answer = api.post("/auth/password-reset/request", json={"email": someone.email})
    assert answer.status_code == 202, answer.text
    return someone


@pytest.fixture
def token(local_cloud: LocalCloud, forgetful: Traveller) -> str:
    """Return the token from the forgetful one's only mail."""
    (text,) = _read_mail(local_cloud, forgetful.email)
    (token,) = re.findall(r"[0-9A-Z]{26}\.[\w-]{43}", text)
    return str(token)


def test_a_session_goes_on_until_it_is_ended(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    tokens = new_traveller().signed_in
    for _ in range(3):
        answer = _refresh(api, tokens["refresh_token"])
        assert answer.status_code == 200, answer.text
        assert answer.json().keys() == tokens.keys()
        assert answer.json()["refresh_token"] != tokens["refresh_token"]
        tokens = answer.json()
        assert _profile(api, tokens).json()["user_id"] == tokens["user_id"]
    for _ in range(2):
        ended = api.post("/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        assert (ended.status_code, ended.content) == (204, b"")
    refused = _refresh(api, tokens["refresh_token"])
    assert (refused.status_code, refused.json()["code"]) == (401, "refresh_token_invalid")


def test_refreshes_at_once_lead_to_one_successor(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    spent = new_traveller().signed_in["refresh_token"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: _refresh(api, spent), range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {200}
    (successor,) = {answer.json()["refresh_token"] for answer in answers}
    assert _refresh(api, successor).status_code == 200


def test_a_token_spent_twice_over_ends_its_session_and_no_other(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    someone = new_traveller()
    other = _sign_in(api, someone, someone.password).json()
    stolen = someone.signed_in["refresh_token"]
    second = _refresh(api, stolen).json()["refresh_token"]
    third = _refresh(api, second).json()["refresh_token"]
    assert _refresh(api, stolen).status_code == 401
    assert _refresh(api, third).status_code == 401
    assert _refresh(api, other["refresh_token"]).status_code == 200


def test_signing_out_everywhere_reaches_every_device(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    someone = new_traveller()
    phone = _sign_in(api, someone, someone.password).json()
    body = {"refresh_token": phone["refresh_token"], "everywhere": True}
    assert api.post("/auth/logout", json=body).status_code == 204
    for device in (phone, someone.signed_in):
        assert _refresh(api, device["refresh_token"]).status_code == 401
    # An access token is not asked back: it ends by itself.
    assert _profile(api, phone).status_code == 200
    again = _sign_in(api, someone, someone.password).json()
    assert _refresh(api, again["refresh_token"]).status_code == 200


def test_a_changed_password_signs_out_everyone_else(
    api: httpx.Client, new_traveller: Callable[[], Traveller]
) -> None:
    someone = new_traveller()
    thief = _sign_in(api, someone, someone.password).json()
    body = {"current_password": someone.password, "new_password": NEW_PASSWORD}
    assert api.post("/auth/password", json=body).status_code == 401
    wrong = api.post(
        "/auth/password", json={**body, "current_password": "wrong"}, headers=someone.headers
    )
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    changed = api.post("/auth/password", json=body, headers=someone.headers)
    assert changed.status_code == 200, changed.text
    assert _refresh(api, thief["refresh_token"]).status_code == 401
    assert _refresh(api, changed.json()["refresh_token"]).status_code == 200
    assert _sign_in(api, someone, someone.password).status_code == 401
    assert _sign_in(api, someone, NEW_PASSWORD).status_code == 200


def test_a_forgotten_password_is_replaced_once(
    api: httpx.Client, forgetful: Traveller, token: str
) -> None:
    body = {"token": token, "password": NEW_PASSWORD}
    confirmed = api.post("/auth/password-reset/confirm", json=body)
    assert (confirmed.status_code, confirmed.content) == (204, b"")
    again = api.post("/auth/password-reset/confirm", json=body)
    assert (again.status_code, again.json()["code"]) == (400, "reset_token_invalid")
    assert _refresh(api, forgetful.signed_in["refresh_token"]).status_code == 401
    assert _sign_in(api, forgetful, forgetful.password).status_code == 401
    assert _sign_in(api, forgetful, NEW_PASSWORD).status_code == 200


def test_nobody_learns_from_a_reset_who_has_an_account(
    api: httpx.Client, local_cloud: LocalCloud, forgetful: Traveller
) -> None:
    stranger = f"{secrets.token_hex(6)}@example.com"
    known = api.post("/auth/password-reset/request", json={"email": forgetful.email})
    unknown = api.post("/auth/password-reset/request", json={"email": stranger})
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json()
    assert len(_read_mail(local_cloud, forgetful.email)) == 2
    assert _read_mail(local_cloud, stranger) == []


@pytest.mark.parametrize("known", [True, False])
def test_guessing_passwords_is_slowed_down(
    api: httpx.Client, new_traveller: Callable[[], Traveller], *, known: bool
) -> None:
    someone = new_traveller()
    email = someone.email if known else f"{secrets.token_hex(6)}@example.com"

    def guess(password: str) -> httpx.Response:
        return api.post("/auth/login", json={"email": email, "password": password})

    # The first pauses may pass while a busy machine answers; they double.
    answers = [guess("wrong")]
    while answers[-1].status_code == 401 and len(answers) < 15:
        answers.append(guess("wrong"))
    assert len(answers) > FREE_GUESSES
    refused = answers[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    time.sleep(int(refused.headers["retry-after"]))
    assert guess(someone.password).status_code == (200 if known else 401)


def test_neither_tokens_nor_addresses_are_logged(
    api: httpx.Client, logs: CloudWatchLogsClient, forgetful: Traveller, token: str
) -> None:
    refreshed = _refresh(api, forgetful.signed_in["refresh_token"]).json()
    api.post("/auth/password-reset/confirm", json={"token": token, "password": NEW_PASSWORD})
    group = "/aws/lambda/cv-location-classifier-local-auth"
    events = logs.filter_log_events(logGroupName=group)["events"]
    written = "\n".join(event["message"] for event in events)
    assert "/auth/password-reset/confirm" in written
    for secret in (forgetful.email, token, refreshed["refresh_token"], refreshed["access_token"]):
        assert secret not in written
