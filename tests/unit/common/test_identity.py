"""One person, one name: however an address or a username is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.identity import normalise_email, normalise_username, username_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@example.com", "ada@example.com"),
        ("  Ada.Lovelace@Example.COM\n", "ada.lovelace@example.com"),
        ("ada+rome@example.com", "ada+rome@example.com"),
        ("ada@BÜCHER.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("o'hara@mail.example.co.uk", "o'hara@mail.example.co.uk"),
        ("ci@app.test", "ci@app.test"),
    ],
)
def test_an_address_has_one_stored_form(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@test",
        "ada@@example.com",
        "a da@example.com",
        "ada@exa mple.com",
        "ada@-example.com",
        "ada@example..com",
        "ada@[127.0.0.1]",
        "Ada <ada@example.com>",
        "ada@example.com\r\nBcc: eve@example.com",
        "ädä@example.com",
        "ada\0@example.com",
        "a" * 65 + "@example.com",
        "ada@" + "a" * 250 + ".com",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        normalise_email(typed)


@given(st.emails())
def test_normalising_an_address_twice_changes_nothing(typed: str) -> None:
    try:
        stored = normalise_email(typed)
    except ValueError:
        return
    assert normalise_email(stored) == stored
    assert normalise_email(typed.upper()) == stored


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_a_clear_refusal(typed: str) -> None:
    try:
        stored = normalise_email(typed)
    except ValueError:
        return
    assert stored.count("@") == 1
    assert stored == stored.strip().lower()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ada", "ada"),
        ("  Ada_L ", "Ada_L"),
        ("jean-luc.2", "jean-luc.2"),
        ("ﬁona", "fiona"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\uff37\uff49\uff44\uff45", "Wide"),
        ("अनिता", "अनिता"),
        ("旅人旅人", "旅人旅人"),
    ],
)
def test_a_username_is_shown_in_one_form(typed: str, shown: str) -> None:
    assert normalise_username(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 33,
        "\ufdfa" * 1_000_000,
        "ada lovelace",
        "ada@home",
        "-ada",
        "ada.",
        "_ada",
        "ada\u200bb",
        "ada\u202eb",
        "ada😀",
        "ada#1",
        "\u0301ada",
        "a\nb",
        "…a",
    ],
)
def test_what_is_no_username_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        normalise_username(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Jos\u00e9", "JOSE\u0301")],
)
def test_usernames_that_differ_only_in_case_are_one(one: str, other: str) -> None:
    assert username_key(normalise_username(one)) == username_key(normalise_username(other))


@given(st.text(min_size=3, max_size=32))
def test_a_username_is_stable_under_normalising_and_so_is_its_key(typed: str) -> None:
    try:
        shown = normalise_username(typed)
    except ValueError:
        return
    assert normalise_username(shown) == shown
    key = username_key(shown)
    assert username_key(key) == key
    assert username_key(shown.lower()) == key
