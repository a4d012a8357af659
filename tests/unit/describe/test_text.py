"""What models write is made fit to be shown; what they ask for is understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from describe.retry_after import parse_retry_after
from describe.text import MAX_DESCRIPTION_CHARACTERS, is_control, tidy

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  A castle.\n\nIt is old.\t", "A castle. It is old."),
        ("A\x00 castle\x1b[31m.\u202e", "A castle[31m."),
        ("<think>Is it a castle? Yes.</think>\nA castle.", "A castle."),
        ("<think>Is it a castle? I ran out", ""),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("half a character \ud800 here", "half a character here"),
        ("   ", ""),
    ],
)
def test_a_text_is_one_line_of_visible_characters(said: str, shown: str) -> None:
    assert tidy(said, cut_off=False) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("A castle. It stands on a", "A castle."),
        ('It says "Open." And the', 'It says "Open."'),
        ("A castle on a", "A castle on a…"),
        ("城があります。丘の上に", "城があります。"),
        ("At 3.5 metres", "At 3.5 metres…"),
    ],
)
def test_a_text_that_was_cut_off_ends_with_a_whole_sentence(said: str, shown: str) -> None:
    assert tidy(said, cut_off=True) == shown


@given(said=st.text(max_size=3 * MAX_DESCRIPTION_CHARACTERS), cut_off=st.booleans())
def test_no_text_is_too_long_or_holds_control_characters(said: str, *, cut_off: bool) -> None:
    shown = tidy(said, cut_off=cut_off)
    assert len(shown) <= MAX_DESCRIPTION_CHARACTERS
    assert not any(is_control(char) for char in shown)
    shown.encode("utf-8")


def test_a_text_that_never_ends_is_cut_at_a_sentence() -> None:
    shown = tidy("It is a very old castle. " * 1_000, cut_off=False)
    assert shown.endswith("castle.")
    assert MAX_DESCRIPTION_CHARACTERS - 30 < len(shown) <= MAX_DESCRIPTION_CHARACTERS


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("0", 0.0),
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("9" * 400, None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Tue, 24 Nov 2026 12:00:05 -0000", 5.0),
    ],
)
def test_a_wish_to_wait_is_read_in_both_its_forms(
    header: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_is_a_crash_or_a_negative_wait(header: str) -> None:
    seconds = parse_retry_after(header)
    assert seconds is None or seconds >= 0
