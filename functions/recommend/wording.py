"""How many of a query's telling words a landmark's entry has: BM25 over the whole catalogue.

An encoder of meaning blurs what makes a place unlike others: a number, a year, a people, a
material. Rare words that occur in both texts say it exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommend.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# Robertson and Zaragoza, The Probabilistic Relevance Framework (2009). Below the customary 1.2 and
# 0.75: that a word is there counts more than how often, and entries are of like length. Queries of
# a sentence are found as well either way, but a single word ("waterfall") finds the well known
# rather than the briefly described.
SATURATION = 0.5
LENGTH_WEIGHT = 0.3
# A word in more of the entries than this says nothing, and would cost the most time.
MAX_SHARE_OF_ENTRIES = 0.2
# In a small catalogue every word may tell.
MIN_COMMON_ENTRIES = 50

WORD = re.compile(r"[^\W_]+")
# Words that say nothing of a place; then those of which captions of any photo are full, and which
# some entry has by chance.
STOP_WORDS = frozenset(
    WORD.findall(
        """
        a about above across after again all along also although am among an and any are around as
        at away back be because been before behind being below beneath beside between both but by
        can could did do does down each even ever every few for from get give go goes had has have
        he her here high him his how i if in inside into is it its itself just kind let like
        little long lot lots made make many me more most much my near never no not of off on once
        one only onto or other our out outside over own place quite rather really s said same saw
        see seem seen she should since so some something still such t than that the their them
        then there these they thing things this those through till to too top toward towards under
        until up upon us used very was we well went were what when where which while who whole
        whose why will with within without would yet you your

        appears architectural architecture atmosphere background captures closer creating depicts
        displays enjoying features foreground image images large located numerous overall people
        person photo photograph photos picture pictures positioned scattered scene several showcases
        shows small throughout tourist tourists various visible visitor visitors
        """
    )
)


def words_of(text: str) -> list[str]:
    """Return the telling words of `text`, folded and without common endings."""
    return [
        stem(word)
        for word in WORD.findall(fold(text))
        if word not in STOP_WORDS and (len(word) > 1 or not word.isascii())
    ]


def stem(word: str) -> str:
    """Cut the endings of English inflection, roughly: what is left only has to be the same."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():  # noqa: PLR2004
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004
        return word[:-3] + "y"
    for ending in ("sses", "shes", "ches", "xes"):
        if word.endswith(ending):
            return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(vowel in rest for vowel in "aeiouy"):  # noqa: PLR2004
            if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":  # noqa: PLR2004
                return rest[:-1]
            return rest.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word  # noqa: PLR2004


@dataclass(frozen=True)
class Wording:
    """An inverted index. Entries of the word number `w` are at `starts[w]:starts[w + 1]`.

    `entries` `(p,)` int32 are positions in the catalogue, `weights` `(p,)` float32 what the word
    adds to the score of each, in shares of the most it can add; `rarity` `(v,)` float32.
    """

    numbers: Mapping[str, int]
    starts: NDArray[np.int64]
    entries: NDArray[np.int32]
    weights: NDArray[np.float32]
    rarity: NDArray[np.float32]
    size: int

    def score(self, text: str) -> NDArray[np.float32]:
        """Return how much of the query's telling words each entry has, from 0 to 1, `(n,)`."""
        scores = np.zeros(self.size, dtype=np.float32)
        found = sorted({self.numbers[word] for word in words_of(text) if word in self.numbers})
        if not found:
            return scores
        total = float(sum(self.rarity[number] for number in found))
        for number in found:
            span = slice(self.starts[number], self.starts[number + 1])
            # No entry occurs twice under one word, so that plain indexing adds them all.
            scores[self.entries[span]] += self.weights[span] * (self.rarity[number] / total)
        return scores

    def shared_words(self, text: str, position: int) -> list[str]:
        """Return the words of `text`, as typed, that the entry at `position` has; rarest first."""
        shared: dict[str, float] = {}
        for typed in WORD.findall(text):
            for word in words_of(typed):
                number = self.numbers.get(word)
                if number is None:
                    continue
                span = self.entries[self.starts[number] : self.starts[number + 1]]
                at = int(np.searchsorted(span, position))
                if at < len(span) and span[at] == position:
                    shared.setdefault(typed.casefold(), -float(self.rarity[number]))
        return sorted(shared, key=lambda typed: shared[typed])


def index_words(texts: Sequence[Mapping[str, int]]) -> Wording:
    """Index entries, each given as its words with how often they count."""
    lengths = np.array([sum(words.values()) for words in texts], dtype=np.float32)
    usual = float(lengths.mean()) if len(lengths) else 1.0
    postings: dict[str, list[tuple[int, int]]] = {}
    for position, words in enumerate(texts):
        for word, times in words.items():
            postings.setdefault(word, []).append((position, times))
    most = max(MAX_SHARE_OF_ENTRIES * len(texts), MIN_COMMON_ENTRIES)
    kept = sorted(word for word, found in postings.items() if len(found) <= most)
    counts = np.array([len(postings[word]) for word in kept], dtype=np.int64)
    rarity = np.log1p((len(texts) - counts + 0.5) / (counts + 0.5)).astype(np.float32)
    entries = np.array([at for word in kept for at, _ in postings[word]], dtype=np.int32)
    counted = np.array([count for word in kept for _, count in postings[word]], dtype=np.float32)
    damped = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths[entries] / usual)
    return Wording(
        numbers={word: number for number, word in enumerate(kept)},
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        entries=entries,
        weights=(counted / (counted + damped)).astype(np.float32),
        rarity=rarity,
        size=len(texts),
    )


def count_words(fields: Sequence[tuple[str, int]]) -> Counter[str]:
    """Count the words of an entry's fields, each field so many times."""
    counted: Counter[str] = Counter()
    for text, times in fields:
        for word in words_of(text):
            counted[word] += times
    return counted


def write_wording(path: Path, wording: Wording) -> None:
    """Write an index as one `.npz`, uncompressed: it is read at every cold start."""
    np.savez(
        path,
        words=np.frombuffer("\n".join(wording.numbers).encode(), dtype=np.uint8),
        starts=wording.starts,
        entries=wording.entries,
        weights=wording.weights.astype(np.float16),
        rarity=wording.rarity,
        size=np.array(wording.size),
    )


def read_wording(path: Path) -> Wording:
    """Read an index.

    Raises:
        OSError, ValueError, KeyError: it is missing or damaged.

    """
    with np.load(path, allow_pickle=False) as arrays:
        words = arrays["words"].tobytes().decode().split("\n")
        return Wording(
            numbers={word: number for number, word in enumerate(words)},
            starts=arrays["starts"],
            entries=arrays["entries"],
            weights=arrays["weights"].astype(np.float32),
            rarity=arrays["rarity"],
            size=int(arrays["size"]),
        )
