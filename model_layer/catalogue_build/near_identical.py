"""Which two entries are one place, told by where they lie and what they are called."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from catalogue_build.distance import pairs_within
from catalogue_build.names import name_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue_build.landmark import Landmark

TOUCHING_KM = 0.1
NEARBY_KM = 5.0
# Of the shorter name's telling words: St Mark's Basilica and its Campanile share half.
MOST_SHARED_WORDS = 0.6
# Places that others lie in and are called after: Bodrum and Bodrum Castle are two.
_HOLDS_OTHERS = frozenset(
    "city old-town village island archipelago lake river valley mountain national-park bay".split()  # noqa: SIM905 - a list of words
)
_KINDS = frozenset(
    """
    abbey amphitheatre aqueduct archaeological arch art avenue basilica bay bazaar beach bridge
    castle cathedral cave caves cemetery centre chapel church citadel city cliffs dam desert falls
    forest fort fortress fountain gallery garden gardens gate gorge great hall hill historic house
    island islands lake library lighthouse market mausoleum memorial monastery monument mosque
    mount mountain museum national old opera pagoda palace park plaza pyramid quarter reserve river
    royal ruins shrine site square stadium station statue street synagogue temple theatre tomb
    tower town university valley village volcano wall walls waterfall zoo
    """.split()  # noqa: SIM905 - a list of words
)


def near_identical(landmarks: Sequence[Landmark]) -> Iterator[tuple[int, int, float]]:
    """Yield `(position, later position, km)` for every two entries that look like one place.

    Only names with the same telling words can be one place beyond `TOUCHING_KM`, so that each
    group of those is looked through by itself: a city of thousands costs no thousands squared.
    """
    for one, other, apart_km in pairs_within(landmarks, TOUCHING_KM):
        if are_one_place(landmarks[one], landmarks[other], apart_km):
            yield one, other, apart_km
    namesakes: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, landmark in enumerate(landmarks):
        words = name_tokens(landmark.name)
        namesakes[_stem(words) or words].append(position)
    for positions in namesakes.values():
        group = [landmarks[position] for position in positions]
        for one, other, apart_km in pairs_within(group, NEARBY_KM):
            if apart_km > TOUCHING_KM and are_one_place(group[one], group[other], apart_km):
                yield positions[one], positions[other], apart_km


def are_one_place(one: Landmark, other: Landmark, apart_km: float) -> bool:
    """Return whether two entries this far apart look like the same place."""
    words, other_words = name_tokens(one.name), name_tokens(other.name)
    if not words or not other_words:
        return apart_km <= TOUCHING_KM
    if apart_km <= TOUCHING_KM:
        shared = len(words & other_words) / min(len(words), len(other_words))
        return shared >= MOST_SHARED_WORDS
    return apart_km <= NEARBY_KM and _mean_the_same(one, other)


def _mean_the_same(one: Landmark, other: Landmark) -> bool:
    words, other_words = name_tokens(one.name), name_tokens(other.name)
    if words == other_words:
        return True
    if not words - _KINDS or words - _KINDS != other_words - _KINDS:
        return False
    bare = one if words <= _stem(words) else other if other_words <= _stem(other_words) else None
    return bare is not None and not _HOLDS_OTHERS & set(bare.categories)


def _stem(words: frozenset[str]) -> frozenset[str]:
    return words - _KINDS
