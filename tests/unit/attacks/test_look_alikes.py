"""Names that could be taken for somebody else's: refused, or one and the same."""

# ruff: noqa: RUF001 - look-alikes are what this is about

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.identity import normalise_email, normalise_username, username_key
from tests.unit.attacks.parts import read

if TYPE_CHECKING:
    from tests.unit.attacks.parts import Service

PASSWORD = "a lovely journey"


@pytest.mark.parametrize(
    "look_alike",
    [
        "ACE",
        "асе",  # Cyrillic, all of it
        "АСЕ",  # in capitals, of which the C and the E are other letters
        "ɑce",  # a Latin letter of phonetics
        "\uff21\uff23\uff25",  # full width
        "\U0001d400\U0001d402\U0001d404",  # mathematical
    ],
)
def test_a_name_that_looks_like_anothers_is_taken(service: Service, look_alike: str) -> None:
    first = {"email": "ace@example.com", "username": "ace", "password": PASSWORD}
    assert service.call("POST", "/auth/signup", first)["statusCode"] in {201, 409}
    second = {"email": "eve@example.com", "username": look_alike, "password": PASSWORD}
    answer = service.call("POST", "/auth/signup", second)
    assert (answer["statusCode"], read(answer)["code"]) == (409, "username_taken")


@pytest.mark.parametrize(
    "name",
    [
        "аce",  # one Cyrillic letter among Latin ones
        "аlice",
        "αlice",
        "mοscow",
        "ru\u0455",
        "Ꭺda",
        "ada\u0660",  # a digit of another script
        "अनитa",
    ],
)
def test_alphabets_are_not_mixed(name: str) -> None:
    with pytest.raises(ValueError, match="one alphabet"):
        normalise_username(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Ольга", "Ωμέγα", "Անահիտ", "अनिता", "旅人旅人", "東京タワー", "홍길동", "tokyo東京"),
        *("Zoë-Ångström", "İpek", "mañana", "ada_1815", "Ольга2", "๑๒๓", "عمر٣"),
    ],
)
def test_names_of_every_language_are_fine(name: str) -> None:
    assert username_key(normalise_username(name))


@pytest.mark.parametrize(
    ("one", "other"), [("конь", "конв"), ("Ольга", "Олъга"), ("ада", "ида"), ("adal", "ada1")]
)
def test_names_that_can_be_told_apart_are_two(one: str, other: str) -> None:
    keys = {username_key(normalise_username(name)) for name in (one, other)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "invisible",
    [
        *("\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180f", "\u3164", "\ufe00", "\ufe0f"),
        *("\uffa0", "\U000e0100", "\U000e01ef", "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060"),
        *("\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u061c", "\ufeff"),
        *("\ufff9", "\U000e0041", "\x00", "\x7f", "\x1b"),
    ],
)
def test_what_cannot_be_seen_is_in_no_name_and_no_address(invisible: str) -> None:
    for typed in (f"a{invisible}da", f"ada{invisible}a", f"旅{invisible}人旅"):
        with pytest.raises(ValueError, match=r"\.$"):
            normalise_username(typed)
    with pytest.raises(ValueError, match=r"\.$"):
        normalise_email(f"a{invisible}da@example.com")


@given(st.text(min_size=3, max_size=20))
def test_every_character_of_a_name_can_be_seen(typed: str) -> None:
    try:
        name = normalise_username(typed)
    except ValueError:
        return
    assert not [one for one in name if unicodedata.category(one) in {"Cf", "Cc", "Cn", "Co", "Zs"}]


@pytest.mark.parametrize(
    "typed",
    [
        "ADA@EXAMPLE.COM",
        "Ada@example.com",
        " ada@example.com ",
        "ada@EXAMPLE.com",
        "ada@\uff45xample.com",  # full width
        "ada@example\u3002com",  # an ideographic full stop
    ],
)
def test_one_mailbox_has_one_account(service: Service, typed: str) -> None:
    first = {"email": "ada@example.com", "username": "ada-l", "password": PASSWORD}
    assert service.call("POST", "/auth/signup", first)["statusCode"] in {201, 409}
    again = {"email": typed, "username": "ada-second", "password": PASSWORD}
    answer = service.call("POST", "/auth/signup", again)
    assert (answer["statusCode"], read(answer)["code"]) == (409, "email_taken")
    signed_in = service.call("POST", "/auth/login", {"email": typed, "password": PASSWORD})
    assert signed_in["statusCode"] == 200


@pytest.mark.parametrize(
    "typed",
    [
        "аda@example.com",  # Cyrillic
        "ada\u0301@example.com",
        "ａda@example.com",
        "ada@example.com\u200b@evil.test",
        "ada@exa\u200bmple.com",
        "ada@ex\u00adample.com",  # a soft hyphen
        '"ada"@example.com',
        "ada(home)@example.com",
        "ada@example.com,eve@example.com",
        "ada@example.com\nbcc:eve@example.com",
    ],
)
def test_what_reads_like_anothers_address_is_none(service: Service, typed: str) -> None:
    body = {"email": typed, "username": "ada-third", "password": PASSWORD}
    for path in ("/auth/signup", "/auth/login", "/auth/password-reset/request"):
        answer = service.call("POST", path, body)
        assert answer["statusCode"] == 422
        assert [error["field"] for error in read(answer)["errors"]] == ["email"]


def test_a_host_that_looks_like_another_is_another_mailbox() -> None:
    """Who owns the look-alike host gets its mail; nobody else sees addresses here."""
    assert normalise_email("ada@ex\u0430mple.com") != normalise_email("ada@example.com")
