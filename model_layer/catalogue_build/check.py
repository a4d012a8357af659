"""The rules that hold for the catalogue as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from catalogue_build.names import fold_name
from catalogue_build.near_identical import near_identical
from catalogue_build.prose import faults_of_description, recurring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue_build.landmark import Landmark


class Fault(NamedTuple):
    """Something wrong with the landmark at `position`."""

    position: int
    reason: str


def check_identity(landmarks: Sequence[Landmark]) -> Iterator[Fault]:
    """Yield a fault for every id, name or place that is there twice."""
    yield from _repeated_ids(landmarks)
    yield from _repeated_names(landmarks)
    for one, other, apart_km in near_identical(landmarks):
        yield Fault(other, f"is {landmarks[one].id}, {apart_km * 1000:.0f} m away")


def check_prose(landmarks: Sequence[Landmark]) -> Iterator[Fault]:
    """Yield a fault for every description that is badly formed or repeats others."""
    texts = [landmark.description for landmark in landmarks]
    for position, text in enumerate(texts):
        for reason in faults_of_description(text):
            yield Fault(position, reason)
    for position, reason in recurring(texts):
        yield Fault(position, reason)


def _repeated_ids(landmarks: Sequence[Landmark]) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, landmark in enumerate(landmarks):
        if landmark.id in seen:
            yield Fault(position, "id is there already")
        seen.add(landmark.id)


def _repeated_names(landmarks: Sequence[Landmark]) -> Iterator[Fault]:
    owners: dict[str, set[int]] = defaultdict(set)
    for position, landmark in enumerate(landmarks):
        for name in (landmark.name, *landmark.aliases):
            owner = owners[fold_name(name)]
            if owner - {position}:
                first = landmarks[min(owner)].id
                yield Fault(position, f"name or alias {name} belongs to {first} already")
            owner.add(position)
