"""Which coordinates lie in which country, roughly: boxes, not borders."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from catalogue_build.names import fold_name

_TABLE = Path(__file__).with_name("country_boxes.csv")
# Piers, reefs and rounded corners: about 5 km.
MARGIN_DEGREES = 0.05
# Names that Wikidata gives to countries beside those of the table.
_OTHER_NAMES = {
    "bahamas": "BS", "burma": "MM", "cabo verde": "CV", "congo": "CG", "cote d'ivoire": "CI",
    "czech republic": "CZ", "east timor": "TL", "england": "GB",
    "federated states of micronesia": "FM",
    "holland": "NL", "kingdom of denmark": "DK", "kingdom of the netherlands": "NL",
    "macedonia": "MK", "people's republic of china": "CN", "republic of ireland": "IE",
    "russian federation": "RU", "scotland": "GB", "state of palestine": "PS", "swaziland": "SZ",
    "the bahamas": "BS", "the gambia": "GM", "turkiye": "TR", "united states": "US",
    "united states of america": "US", "usa": "US", "uk": "GB", "wales": "GB",
}  # fmt: skip


class Box(NamedTuple):
    """A country or a part of it, in degrees; `west` > `east` where it crosses the date line."""

    name: str
    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether the point lies inside, or `MARGIN_DEGREES` outside at most."""
        west, east = self.west - MARGIN_DEGREES, self.east + MARGIN_DEGREES
        inside = west <= longitude <= east
        if self.west > self.east:
            inside = longitude >= west or longitude <= east
        return (
            inside
            and self.south <= latitude + MARGIN_DEGREES
            and (latitude - MARGIN_DEGREES <= self.north)
        )


@cache
def country_boxes() -> dict[str, tuple[Box, ...]]:
    """Return the boxes of every ISO 3166-1 code; a code has several where its parts lie apart."""
    boxes: dict[str, tuple[Box, ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            edges = (float(row[edge]) for edge in ("south", "west", "north", "east"))
            code = row["code"]
            boxes[code] = (*boxes.get(code, ()), Box(row["name"], *edges))
    return boxes


def lies_in(country: str, latitude: float, longitude: float) -> bool:
    """Return whether the point can lie in the country with this ISO 3166-1 code."""
    return any(box.holds(latitude, longitude) for box in country_boxes().get(country, ()))


def country_name(code: str) -> str:
    """Return the English name of a country of the table.

    Raises:
        KeyError: the table has no such code.

    """
    name = country_boxes()[code][0].name
    return "United States" if code == "US" else name


def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 code for a code or an English name; None for an unknown one."""
    plain = text.strip()
    if plain.upper() in country_boxes():
        return plain.upper()
    return _codes_by_name().get(fold_name(plain))


@cache
def _codes_by_name() -> dict[str, str]:
    named = {fold_name(box.name): code for code, boxes in country_boxes().items() for box in boxes}
    return {**named, **_OTHER_NAMES}
