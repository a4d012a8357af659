"""Cursors open for the list they were sealed for, and for nothing else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.cursors import Cursors
from common.errors import InvalidFields

CURSORS = Cursors("table-1A2B3C")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SCOPES = st.lists(TEXT | st.none(), max_size=4)


@given(TEXT, SCOPES)
def test_a_cursor_gives_back_what_was_sealed(position: str, scope: list[str | None]) -> None:
    cursor = CURSORS.seal(position, *scope)
    assert CURSORS.open(cursor, *scope) == position
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?")


@given(TEXT, SCOPES, SCOPES)
def test_a_cursor_does_not_open_for_another_list(
    position: str, scope: list[str | None], other: list[str | None]
) -> None:
    assume(scope != other)
    with pytest.raises(InvalidFields):
        CURSORS.open(CURSORS.seal(position, *scope), *other)


@given(TEXT, st.data())
def test_a_changed_cursor_does_not_open(position: str, data: st.DataObject) -> None:
    cursor = CURSORS.seal(position, "U1")
    at = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHabcdefgh0123456789-_"))
    changed = cursor[:at] + letter + cursor[at + 1 :]
    assume(changed != cursor)
    with pytest.raises(InvalidFields):
        CURSORS.open(changed, "U1")


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_no_other_text_opens(text: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        CURSORS.open(text, "U1")
    assert [error.field for error in refusal.value.errors] == ["cursor"]


@pytest.mark.parametrize("cursor", ["", "A" * 10_000, "ä", base64.b64encode(b"x" * 20).decode()])
def test_odd_cursors_are_refused_like_any_other(cursor: str) -> None:
    with pytest.raises(InvalidFields):
        CURSORS.open(cursor, "U1")


def test_another_deployment_has_other_cursors() -> None:
    with pytest.raises(InvalidFields):
        Cursors("table-4D5E6F").open(CURSORS.seal("PREDICTION#1", "U1"), "U1")
