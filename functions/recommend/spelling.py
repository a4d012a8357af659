"""Mistyped words, set right where there is little doubt.

A network of meaning takes a mistyped word for nonsense, and no entry has it. A word that neither
the encoder's vocabulary nor the catalogue knows becomes a known one that differs by one letter
left out, added, changed, or two swapped, if there is such a one (P. Norvig, How to Write a
Spelling Corrector, 2007). Nothing is indexed: the few hundred candidates are looked up.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from recommend.names import fold
from recommend.wording import STOP_WORDS, WORD, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

# Shorter ones have too many neighbours.
MIN_LETTERS = 4
# A text with more unknown words is of another language, or of names; looking all up takes time.
MAX_UNKNOWN_WORDS = 8
MAX_UNKNOWN_SHARE = 2 / 3
_RARE = 1_000_000_000


class Spelling:
    """Corrects texts by two vocabularies."""

    def __init__(self, word_rank: Callable[[str], int | None], stems: Container[str]) -> None:
        """Know the words that have a rank, lower for commoner ones, and those of `stems`."""
        self._word_rank, self._stems = word_rank, stems

    def correct(self, text: str) -> str:
        """Return `text` with its unknown words set right, those that can be."""
        words = {found.group() for found in WORD.finditer(text)}
        unknown = {word for word in words if self._is_unknown(fold(word))}
        if len(unknown) > min(MAX_UNKNOWN_WORDS, MAX_UNKNOWN_SHARE * len(words)):
            return text
        meant = {word: self._best(fold(word)) or word for word in unknown}
        return WORD.sub(lambda found: meant.get(found.group(), found.group()), text)

    def _is_unknown(self, word: str) -> bool:
        return (
            len(word) >= MIN_LETTERS
            and word.isascii()
            and word.isalpha()
            and word not in STOP_WORDS
            and stem(word) not in self._stems
            and self._word_rank(word) is None
        )

    def _best(self, word: str) -> str | None:
        """Return the likeliest neighbour: first letters are seldom wrong, common words likelier."""
        best: tuple[tuple[bool, bool, bool, int, str], str] | None = None
        for candidate in _neighbours(word):
            rank, is_here = self._word_rank(candidate), stem(candidate) in self._stems
            if len(candidate) < MIN_LETTERS or (rank is None and not is_here):
                continue
            key = (
                candidate[0] == word[0],
                is_here and rank is not None,
                is_here,
                -(_RARE if rank is None else rank),
                candidate,
            )
            if best is None or key > best[0]:
                best = key, candidate
        return None if best is None else best[1]


def _neighbours(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in ascii_lowercase)
