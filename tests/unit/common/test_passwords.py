"""Passwords are judged by length alone, never cut, and checked in the same time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.passwords import (
    MAX_BYTES,
    hash_password,
    normalise_new_password,
    unmatchable_hash,
    verify_password,
)

COST = 4


@pytest.mark.parametrize(
    "chosen", ["12345678", "a lovely journey", "ключ-ключ", "x" * 72, "é" * 36]
)
def test_a_password_of_8_characters_to_72_bytes_is_accepted(chosen: str) -> None:
    assert normalise_new_password(chosen) == chosen


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ("", "at least 8 characters"),
        ("1234567", "at least 8 characters"),
        ("x" * 73, "at most 72 bytes in UTF-8 .* this one has 73"),
        ("é" * 37, "this one has 74"),
        ("😀" * 19, "this one has 76"),
        ("x" * 1_000_000, "at most 72 bytes in UTF-8"),
        (" " * 10, "more than spaces"),
    ],
)
def test_other_passwords_are_refused_with_the_reason(chosen: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        normalise_new_password(chosen)


def test_the_same_password_from_another_keyboard_is_the_same_password() -> None:
    stored = hash_password(normalise_new_password("cafe\u0301 au lait"), COST)
    assert verify_password("caf\u00e9 au lait", stored)
    assert verify_password("cafe\u0301 au lait", stored)


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=18), st.text())
def test_only_the_right_password_is_accepted(chosen: str, other: str) -> None:
    try:
        password = normalise_new_password(chosen)
    except ValueError:
        return
    stored = hash_password(password, COST)
    assert verify_password(chosen, stored)
    try:
        assert verify_password(other, stored) == (other in {chosen, password})
    except UnicodeEncodeError:
        assert any("\ud800" <= char <= "\udfff" for char in other)


def test_a_longer_password_with_the_right_beginning_is_wrong() -> None:
    stored = hash_password("x" * MAX_BYTES, COST)
    assert verify_password("x" * MAX_BYTES, stored)
    assert not verify_password("x" * (MAX_BYTES + 1), stored)


@pytest.mark.parametrize("tried", ["", "password", "x" * 200])
def test_no_password_fits_the_hash_for_unknown_addresses(tried: str) -> None:
    assert not verify_password(tried, unmatchable_hash(COST))


def test_the_hash_for_unknown_addresses_costs_as_much_as_a_real_one() -> None:
    real = hash_password("a lovely journey", COST)
    assert unmatchable_hash(COST)[:7] == real[:7]
    assert len(unmatchable_hash(COST)) == len(real)
