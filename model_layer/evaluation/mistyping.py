"""Typing errors, the same at every run."""

from __future__ import annotations

import re
from random import Random
from string import ascii_lowercase

# Of the words with so many letters, this share gets one wrong letter.
SHARE = 0.4
MIN_LETTERS = 5
_WORD = re.compile(rf"[a-z]{{{MIN_LETTERS},}}")


def mistype(text: str, seed: int) -> str:
    """Return `text` with one wrong letter in two of five longer words, never the first letter."""
    random = Random(seed)  # noqa: S311 - nothing secret
    return _WORD.sub(
        lambda found: _slip(found.group(), random) if random.random() < SHARE else found.group(),
        text,
    )


def _slip(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return random.choice(
        [
            before + after,
            before + letter + letter + after,
            before + random.choice(ascii_lowercase) + after,
            before + after[0] + letter + after[1:],
        ]
    )
