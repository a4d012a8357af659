"""Who has an account: neither signing in nor a reset tells, by its answer or by its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bcrypt
import pytest

from tests.unit.attacks.parts import PASSWORD, Service, apart_from_request_id, read

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN, UNKNOWN = "ada@example.com", "nobody@example.com"


class Work:
    """Counts what costs time: calls of the table and of bcrypt, and mails with their lengths."""

    def __init__(self, service: Service, patch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[str, object]] = []
        for name in ("get", "query", "write", "update", "discard"):
            self._watch(patch, service.table, name, lambda _: "")
        self._watch(patch, service.mailbox, "send", lambda said: len(said[2]))
        self._watch(patch, bcrypt, "checkpw", lambda said: said[1][:7])
        self._watch(patch, bcrypt, "hashpw", lambda said: said[1][:7])

    def _watch(
        self,
        patch: pytest.MonkeyPatch,
        owner: object,
        name: str,
        note: Callable[[tuple[Any, ...]], object],
    ) -> None:
        real = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
            self.done.append((name, note(given)))
            return real(*given, **named)

        patch.setattr(owner, name, watched)

    def of(self, ask: Callable[[], object]) -> list[tuple[str, object]]:
        self.done.clear()
        ask()
        return list(self.done)


@pytest.fixture(scope="module", autouse=True)
def _ada(service: Service) -> None:
    service.sign_up("ada")


@pytest.fixture
def work(service: Service, monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(service, monkeypatch)


def sign_in(service: Service, email: str) -> dict[str, Any]:
    body = {"email": email, "password": "not the password"}
    return service.call("POST", "/auth/login", body)


def ask_for_reset(service: Service, email: str) -> dict[str, Any]:
    return service.call("POST", "/auth/password-reset/request", {"email": email})


@pytest.mark.parametrize("ask", [sign_in, ask_for_reset])
def test_a_known_and_an_unknown_address_are_answered_alike(
    service: Service, ask: Callable[[Service, str], dict[str, Any]]
) -> None:
    known, unknown = ask(service, KNOWN), ask(service, UNKNOWN)
    assert apart_from_request_id(known) == apart_from_request_id(unknown)
    assert len(known["body"]) - len(unknown["body"]) in {-1, 0, 1}


@pytest.mark.parametrize("ask", [sign_in, ask_for_reset])
def test_a_known_and_an_unknown_address_cost_the_same_work(
    service: Service, work: Work, ask: Callable[[Service, str], dict[str, Any]]
) -> None:
    known = work.of(lambda: ask(service, KNOWN))
    unknown = work.of(lambda: ask(service, UNKNOWN))
    assert known == unknown
    assert [name for name, _ in known if name in {"checkpw", "send"}]


def test_a_password_of_any_length_costs_one_hash_of_the_same_cost(
    service: Service, work: Work
) -> None:
    for password in ("x", "x" * 72, "x" * 73, "x" * 1024, "\u00e9" * 500):
        for email in (KNOWN, UNKNOWN):
            body = {"email": email, "password": password}
            done = work.of(lambda body=body: service.call("POST", "/auth/login", body))  # type: ignore[misc]
            assert [note for name, note in done if name == "checkpw"] == [b"$2b$04$"]


def test_signing_up_tells_who_has_an_account_and_so_is_limited(
    service: Service, work: Work
) -> None:
    """Without mail to confirm an address there is no way around it; see SECURITY.md."""
    body = {"email": KNOWN, "username": "somebody", "password": PASSWORD}
    taken = work.of(lambda: service.call("POST", "/auth/signup", body))
    free = work.of(
        lambda: service.call("POST", "/auth/signup", {**body, "email": "new@example.com"})
    )
    # Not even sooner: what is taken is found out at the end.
    assert taken == free
    limited = [name for name, _ in taken if name == "update"]
    assert limited
    answer = service.call("POST", "/auth/signup", {**body, "email": "ADA@example.com"})
    assert (answer["statusCode"], read(answer)["code"]) == (409, "email_taken")


def test_a_reset_token_for_nobody_costs_no_more_than_for_somebody(service: Service) -> None:
    """Ids of users have 80 random bits and are told to nobody else."""
    user_id = service.sign_up("grace")["user_id"]
    answers = [
        service.call(
            "POST",
            "/auth/password-reset/confirm",
            {"token": f"{someone}.{'x' * 43}", "password": PASSWORD},
        )
        for someone in (user_id, user_id[:-1] + ("A" if user_id[-1] != "A" else "B"), "x")
    ]
    told = [apart_from_request_id(answer) for answer in answers]
    assert told[0] == told[1] == told[2]
    assert told[0][0] == 400


def test_a_mail_and_its_answer_hold_nothing_of_each_other(service: Service) -> None:
    answer = ask_for_reset(service, KNOWN)
    mail = service.mailbox.mails[-1].text
    token = mail.split("token is:\n")[1].split("\n")[0]
    assert token not in answer["body"]
    assert KNOWN not in answer["body"]
