"""How names of places are compared."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a base and an accent.
_PLAIN = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "a",  # noqa: RUF001 - meant
    "’": "'", "‘": "'", "ʻ": "'", "ʼ": "'", "`": "'", "‐": "-", "–": "-", "—": "-",  # noqa: RUF001 - meant
})  # fmt: skip
# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are letters of their own.
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
# Words that say nothing about which place is meant.
_FILLERS = frozenset(
    """
    a al and at by d da de del della der des di do du el en et in l la las le les lo los of on s st
    the und van von y
    """.split()  # noqa: SIM905 - a list of words
)


def fold_name(name: str) -> str:
    """Return `name` without case, accents and irregular spaces, for comparing names."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold().translate(_PLAIN)
    return unicodedata.normalize("NFKC", " ".join(plain.split()))


def name_tokens(name: str) -> frozenset[str]:
    """Return the words of `name` that tell one place from another, folded."""
    return frozenset(_WORD.findall(fold_name(name))) - _FILLERS


def slug(name: str) -> str:
    """Return `name` in lower-case ASCII with hyphens, as catalogue ids are."""
    plain = unicodedata.normalize("NFKD", fold_name(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
