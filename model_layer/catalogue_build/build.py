"""Join the region files into the one catalogue that is served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from catalogue_build.check import check_identity, check_prose
from catalogue_build.landmark import Landmark, parse_landmark
from catalogue_build.region_files import read_with_sources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class CatalogueError(ValueError):
    """The catalogue is not fit to be served; `faults` names file, id and reason of each."""

    def __init__(self, faults: list[str]) -> None:
        """Take one line a fault."""
        super().__init__("\n".join(faults))
        self.faults = faults


def load_landmarks(folder: Path) -> list[Landmark]:
    """Return every landmark of the region files, checked, in the order of the files.

    Raises:
        CatalogueError: an entry breaks a rule.
        ValueError: a file is not a JSON array of objects.

    """
    faults: list[str] = []
    landmarks: list[Landmark] = []
    sources: list[str] = []
    for source, entry in read_with_sources(folder):
        landmark, reasons = parse_landmark(entry)
        faults += [f"{source}: {entry.get('id', 'entry without id')}: {why}" for why in reasons]
        if landmark is not None:
            landmarks.append(landmark)
            sources.append(source)
    for check in (check_identity, check_prose):
        faults += [
            f"{sources[fault.position]}: {landmarks[fault.position].id}: {fault.reason}"
            for fault in check(landmarks)
        ]
    if faults:
        raise CatalogueError(faults)
    return landmarks


def write_catalogue(landmarks: Iterable[Landmark], out: Path) -> None:
    """Write a JSON array, one landmark a line, ordered by id: the same bytes for the same input."""
    lines = [
        json.dumps(landmark.model_dump(), ensure_ascii=False, separators=(",", ":"))
        for landmark in sorted(landmarks, key=lambda landmark: landmark.id)
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    part.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    part.replace(out)
