"""Text that users write: names in one line, notes in several.

Both are kept in Unicode's NFC form without spaces around them, and may hold nothing that XML cannot
(a GPX file is XML: https://www.w3.org/TR/xml/#charsets) or that would end a line in a calendar.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

MAX_NAME_CHARACTERS = 120
MAX_NOTE_CHARACTERS = 500
_LINE_ENDS_AND_TABS = frozenset("\n\t")
_NO_CHARACTERS = frozenset("\ufffe\uffff")


def _one_line(text: str) -> str:
    return _checked(text, MAX_NAME_CHARACTERS, also=frozenset())


def _lines(text: str) -> str:
    return _checked(text.replace("\r\n", "\n"), MAX_NOTE_CHARACTERS, also=_LINE_ENDS_AND_TABS)


def _checked(text: str, most_characters: int, *, also: frozenset[str]) -> str:
    # Cut first, so that nobody makes us normalise megabytes; the rest is still too long.
    normal = unicodedata.normalize("NFC", text.strip()[: 4 * most_characters])
    if len(normal) > most_characters:
        message = f"At most {most_characters} characters."
        raise ValueError(message)
    if not normal:
        message = "Write something, or leave the field out."
        raise ValueError(message)
    if any(_is_control(character) and character not in also for character in normal):
        message = "Control characters cannot be used here."
        raise ValueError(message)
    return normal


def _is_control(character: str) -> bool:
    # Zl and Zp end lines as well.
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _NO_CHARACTERS
    )


Name = Annotated[
    str,
    AfterValidator(_one_line),
    Field(
        description="In one line.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_NAME_CHARACTERS},
    ),
]
Note = Annotated[
    str,
    AfterValidator(_lines),
    Field(
        description="In lines.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_NOTE_CHARACTERS},
    ),
]
