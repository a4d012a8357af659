"""Which landmark a name means, however it is typed, and what a misspelt one may have meant."""

# ruff: noqa: RUF001 - letters and apostrophes that look alike are what this is about

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recommend.catalogue import Landmark

# Letters that Unicode does not take apart into a base and an accent.
_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss"}
)
# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are letters of their own.
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’‘ʻʼ`´]")
_WORDS = re.compile(r"\w+")
# The articles of the languages that the catalogue's names are in.
ARTICLES = frozenset(
    _WORDS.findall("the a an le la les el los las lo il i gli der die das den de het o os as al")
)
# Elided articles (l'Arc, d'Orsay) after the apostrophe is gone would stick to the word.
_ELIDED = re.compile(r"\b([ld])['’](?=\w)", re.IGNORECASE)

MAX_SUGGESTIONS = 3
# Below this share of common letters a suggestion only puzzles.
MIN_LIKENESS = 0.6
# How many names are compared letter by letter, of those that share most triples of letters.
_COMPARED = 40


def fold(text: str) -> str:
    """Return `text` without case, accents and punctuation."""
    # Most names are plain. Going without what they do not need makes a cold start 40 ms shorter.
    if text.isascii():
        plain = text.lower()
    else:
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_PLAIN)
    if _APOSTROPHES.search(plain):
        plain = _APOSTROPHES.sub("", _ELIDED.sub(r"\1 ", plain))
    return " ".join(_WORDS.findall(plain))


def name_key(name: str) -> str:
    """Return what names that mean the same have in common: folded, without articles."""
    words = fold(name).split()
    telling = [word for word in words if word not in ARTICLES and word != "l"]
    return " ".join(telling or words)


class Names:
    """Finds landmarks by id, name or alias."""

    def __init__(self, landmarks: Sequence[Landmark]) -> None:
        """Index the names of `landmarks`; of two that share one, the better known has it."""
        self._landmarks = landmarks
        self._by_key: dict[str, int] = {}
        self._by_id = {place.landmark_id: at for at, place in enumerate(landmarks)}
        for position, place in enumerate(landmarks):
            for name in (place.name, *place.aliases):
                key = name_key(name)
                holder = self._by_key.get(key)
                if holder is None or self._yields(holder, position, key):
                    self._by_key[key] = position

    def _yields(self, holder: int, claimant: int, key: str) -> bool:
        """Say whether `holder` gives `key` up: a name goes before an alias, then popularity."""

        def claim(position: int) -> tuple[bool, int]:
            place = self._landmarks[position]
            return name_key(place.name) == key, place.popularity

        return claim(claimant) > claim(holder)

    def find(self, name: str) -> int | None:
        """Return the position of the landmark that `name` means, if it is known."""
        position = self._by_id.get(name.strip())
        if position is None:
            position = self._by_key.get(name_key(name))
        return position

    def suggest(self, name: str) -> list[str]:
        """Return up to three names of landmarks that `name` may have meant, likeliest first."""
        wanted = name_key(name)
        if not wanted:
            return []
        numbers, shared = self._shared_triples(wanted)
        likely = numbers[np.argsort(-shared, kind="stable")[:_COMPARED]]
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(wanted)
        best: dict[int, float] = {}
        for number in likely:
            key, position = self._keys[number]
            matcher.set_seq1(key)
            likeness = matcher.ratio()
            if likeness >= MIN_LIKENESS:
                best[position] = max(best.get(position, 0.0), likeness)
        ranked = sorted(best, key=lambda at: (-round(best[at], 2), -self._landmarks[at].popularity))
        return [self._landmarks[position].name for position in ranked[:MAX_SUGGESTIONS]]

    def _shared_triples(self, wanted: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of names that share triples of letters, and a Dice-like share."""
        counts = np.zeros(len(self._keys), dtype=np.float32)
        triples = set(_triples(wanted))
        for triple in triples:
            counts[self._by_triple.get(triple, [])] += 1
        shares = counts / (self._sizes + len(triples))
        numbers = np.flatnonzero(counts)
        return numbers, shares[numbers]

    @cached_property
    def _keys(self) -> list[tuple[str, int]]:
        return list(self._by_key.items())

    @cached_property
    def _sizes(self) -> np.ndarray:
        return np.array([len(set(_triples(key))) for key, _ in self._keys], dtype=np.float32)

    @cached_property
    def _by_triple(self) -> dict[str, np.ndarray]:
        """Made at the first misspelt name: most requests have none."""
        numbers: dict[str, list[int]] = {}
        for number, (key, _) in enumerate(self._keys):
            for triple in set(_triples(key)):
                numbers.setdefault(triple, []).append(number)
        return {triple: np.array(found) for triple, found in numbers.items()}


def _triples(key: str) -> Iterator[str]:
    padded = f"  {key} "
    return (padded[start : start + 3] for start in range(len(padded) - 2))
