"""Identifiers sort by time and do not repeat."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.ulids import ALPHABET, LENGTH, first_ulid, is_ulid, last_ulid, new_ulid

TIMES = st.integers(min_value=0, max_value=2**48 - 1)


@given(TIMES)
def test_an_identifier_has_the_standard_form(time_ms: int) -> None:
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", new_ulid(time_ms))
    assert len(new_ulid(time_ms)) == LENGTH


@given(TIMES, TIMES)
def test_identifiers_of_different_milliseconds_sort_by_time(first: int, second: int) -> None:
    if first != second:
        assert (new_ulid(first) < new_ulid(second)) == (first < second)


@given(TIMES)
def test_the_time_can_be_read_back(time_ms: int) -> None:
    decoded = 0
    for letter in new_ulid(time_ms)[:10]:
        decoded = decoded * 32 + ALPHABET.index(letter)
    assert decoded == time_ms


def test_identifiers_of_one_moment_differ() -> None:
    now_ms = time.time_ns() // 1_000_000
    assert len({new_ulid(now_ms) for _ in range(10_000)}) == 10_000


@given(TIMES, TIMES)
def test_a_millisecond_has_a_first_and_a_last_identifier(moment: int, other: int) -> None:
    made = new_ulid(moment)
    assert first_ulid(moment) <= made <= last_ulid(moment)
    if other > moment:
        assert made < first_ulid(other)
    if other < moment:
        assert last_ulid(other) < made


@pytest.mark.parametrize("text", ["", "U1", "0" * 25, "0" * 27, "i" + "0" * 25, "0" * 25 + "é"])
def test_other_texts_are_no_identifiers(text: str) -> None:
    assert is_ulid(new_ulid())
    assert not is_ulid(text)
