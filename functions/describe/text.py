"""What a model wrote, made fit to be shown."""

from __future__ import annotations

import re
import unicodedata

MAX_DESCRIPTION_CHARACTERS = 2_000

# Models that think aloud put it in front of their answer.
_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
# They turn the text around them, also outside the description (Unicode TR 36, 3.2).
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Scripts that write no spaces need none after a full stop.
_SENTENCE_END = re.compile(r"""[.!?…]['"”’)\]]*(?=\s|\Z)|[。！？]""")  # noqa: RUF001 - other scripts'


def is_control(char: str) -> bool:
    """Tell whether a character is a control code, or half of one (a lone surrogate)."""
    return unicodedata.category(char) in {"Cc", "Cs"}


def tidy(text: str, *, cut_off: bool) -> str:
    """Return a text of at most `MAX_DESCRIPTION_CHARACTERS`, without control characters.

    A text that was `cut_off` (by the model's limit, or by ours) ends with its last whole sentence,
    or with an ellipsis where it has none.
    """
    visible = "".join(
        char
        for char in _THINKING.sub("", text)
        if char.isspace() or not (is_control(char) or char in _DIRECTIONS)
    )
    shown = " ".join(visible.split())
    if len(shown) > MAX_DESCRIPTION_CHARACTERS:
        # Room for the ellipsis.
        shown, cut_off = shown[: MAX_DESCRIPTION_CHARACTERS - 1].rstrip(), True
    if not shown or not cut_off:
        return shown
    ends = [found.end() for found in _SENTENCE_END.finditer(shown)]
    return shown[: ends[-1]] if ends else shown + "…"
