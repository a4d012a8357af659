"""What belongs here: what holds for the catalogue of landmarks, and that each rule can fail.

Facts alone are compared with: `required_names.csv` lists names (and countries) that must be found,
`classifier_classes.txt` the names of the classifier's classes.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from catalogue_build.landmark import Landmark, parse_landmark
from catalogue_build.region_files import read_with_sources

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def landmarks() -> list[Landmark]:
    parsed = [(source, entry, *parse_landmark(entry)) for source, entry in read_with_sources()]
    refused = [(source, entry.get("id"), why) for source, entry, _, why in parsed if why]
    assert not refused
    return [landmark for _, _, landmark, _ in parsed if landmark is not None]


@pytest.fixture(scope="session")
def named(landmarks: list[Landmark]) -> Callable[..., Landmark]:
    """Return a copy of a landmark of the catalogue with some fields replaced."""
    by_id = {landmark.id: landmark for landmark in landmarks}

    def change(landmark_id: str, **fields: object) -> Landmark:
        return Landmark.model_validate(by_id[landmark_id].model_dump() | fields)

    return change


@pytest.fixture(scope="session")
def required_names() -> dict[str, str]:
    """Return the country or countries that each required name is listed under."""
    with (HERE / "required_names.csv").open(encoding="utf-8", newline="") as table:
        return {row["name"]: row["country"] for row in csv.DictReader(table)}


@pytest.fixture(scope="session")
def class_names() -> list[str]:
    return (HERE / "classifier_classes.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def wanted_spellings(required_names: dict[str, str], class_names: list[str]) -> set[str]:
    spelt = {unicodedata.normalize("NFKC", name) for name in (*required_names, *class_names)}
    return {" ".join(name.split()) for name in spelt}
