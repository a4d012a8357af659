"""What is asked of a description: its length, its words, and that no two are built alike."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    _Parts = Callable[[str], Iterable[str]]

SHORTEST, LONGEST = 180, 420  # characters
FEWEST_SENTENCES, MOST_SENTENCES = 2, 3
SHINGLE_WORDS = 8
# How many descriptions may share one, measured on 2,800 that were written one by one.
MOST_OF_AN_OPENING = 3
MOST_OF_A_SKELETON = 2
MOST_OF_A_FRAME = 3
# Shorter ones recur by chance.
SKELETON_WORDS = 7
FRAME_WORDS = 5

_BANNED = re.compile(
    r"\b(awe-inspiring|boast\w*|breathtaking\w*|bucket[- ]list|bustling|charming|hidden gems?"
    r"|iconic|jaw-dropping|magical|mesmeri[sz]ing|must-(?:see|visit)|nestl(?:es?|ed|ing)"
    r"|once-in-a-lifetime|picturesque|quaint|renowned|rich history|rich tapestry|spectacular"
    r"|stunning\w*|(?<!New )(?<!Old )testaments?|unforgettable|unparalleled|vibrant|world-class)\b",
    re.IGNORECASE,
)
# A full stop after an initial or a title ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\bSt\.)(?<!\bMt\.)(?<!\bDr\.)(?<!\bc\.)(?<=[.!?…])[\"'”’)]?\s+"  # noqa: RUF001 - quotation marks
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d,.]*")  # noqa: RUF001 - an apostrophe
_FUNCTION_WORDS = frozenset(
    """
    a above across after all along also among an and another are around as at be been before being
    behind below beneath beside between both but by can did do does down each eight even every few
    five for four from had has have here how if in into is it its many may might more most much near
    nine no nor not of off on one only onto or other out over past people several should since six
    so still such ten than that the their them then there these they this those three through to
    two under until up visitors was were what when where which while who whom whose will with
    within without would you your
    """.split()  # noqa: SIM905 - a list of words
)


def faults_of_description(text: str) -> Iterator[str]:
    """Yield what is wrong with one description, taken for itself."""
    if not SHORTEST <= len(text) <= LONGEST:
        yield f"description of {len(text)} characters, not {SHORTEST} to {LONGEST}"
    count = len(split_sentences(text))
    if not FEWEST_SENTENCES <= count <= MOST_SENTENCES:
        yield f"description of {count} sentences, not {FEWEST_SENTENCES} to {MOST_SENTENCES}"
    if text.strip() != text or "  " in text or not text.endswith((".", "!", "?", "”", ")")):
        yield "description with loose spaces or without its end"
    for word in _BANNED.findall(text):
        yield f"description with the marketing word {word!r}"


def recurring(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield `(position, reason)` for every description that repeats or is built like others.

    Four things are looked for: a run of `SHINGLE_WORDS` words, the first four words of a sentence
    (names and numbers apart), its skeleton (every word but function words blanked out) and its
    frame (its function words alone).
    """
    yield from _shared(texts, _shingles, 1, "the same words")
    yield from _shared(texts, _openings, MOST_OF_AN_OPENING, "the opening of a sentence")
    yield from _shared(texts, _skeletons, MOST_OF_A_SKELETON, "the skeleton of a sentence")
    yield from _shared(texts, _frames, MOST_OF_A_FRAME, "the function words of a sentence")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a description."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def _shared(texts: Sequence[str], parts: _Parts, most: int, what: str) -> Iterator[tuple[int, str]]:
    found: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        for part in set(parts(text)):
            found[part].append(position)
    reported: set[int] = set()
    for part, positions in found.items():
        if len(positions) > most:
            for position in positions:
                if position not in reported:
                    reported.add(position)
                    yield position, f"description shares {what} with {len(positions) - 1}: {part}"


def _shingles(text: str) -> Iterator[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    for start in range(len(words) - SHINGLE_WORDS + 1):
        yield " ".join(words[start : start + SHINGLE_WORDS])


def _openings(text: str) -> Iterator[str]:
    for sentence in split_sentences(text):
        yield " ".join(
            "#" if _is_name_or_number(word, place) else word.casefold()
            for place, word in enumerate(_WORD.findall(sentence)[:4])
        )


def _is_name_or_number(word: str, place: int) -> bool:
    if word.casefold() in _FUNCTION_WORDS:
        return False
    return word[0].isdigit() or (place > 0 and word[0].isupper())


def _skeletons(text: str) -> Iterator[str]:
    for sentence in split_sentences(text):
        words = [
            word.casefold() if word.casefold() in _FUNCTION_WORDS else "_"
            for word in _WORD.findall(sentence)
        ]
        if len(words) >= SKELETON_WORDS:
            yield " ".join(words)


def _frames(text: str) -> Iterator[str]:
    for sentence in split_sentences(text):
        words = [word.casefold() for word in _WORD.findall(sentence)]
        frame = [word for word in words if word in _FUNCTION_WORDS]
        if len(frame) >= FRAME_WORDS:
            yield " ".join(frame)
