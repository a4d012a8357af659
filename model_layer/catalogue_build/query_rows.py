"""One row of a Wikidata query result, read from the forms in which the service gives it."""

from __future__ import annotations

import csv
import json
import math
import re
from typing import TYPE_CHECKING, NamedTuple

from catalogue_build.countries import country_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What people call the columns in their queries, most telling first.
_COLUMNS = {
    "item": ("item", "place", "landmark", "qid"),
    "label": ("itemLabel", "placeLabel", "landmarkLabel", "label", "name"),
    "point": ("coord", "coords", "coordinate", "coordinates", "location", "point"),
    "latitude": ("lat", "latitude"),
    "longitude": ("lon", "lng", "long", "longitude"),
    "country": ("countryCode", "iso", "countryLabel", "country"),
    "class": ("classLabel", "typeLabel", "instanceLabel", "class", "type", "instance"),
    "sitelinks": ("sitelinks", "sitelinkCount", "links"),
    "city": ("cityLabel", "adminLabel", "city", "admin"),
}
_POINT = re.compile(r"^Point\s*\(\s*(\S+)\s+(\S+)\s*\)$", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|/)(Q\d+)$")


class BadRowError(ValueError):
    """A row that makes no landmark; the message is the reason, the same for all rows of a kind."""


class Row(NamedTuple):
    """A row with everything that a landmark needs; `item` and `city` may be empty."""

    item: str
    label: str
    country: str
    latitude: float
    longitude: float
    class_label: str
    sitelinks: int
    city: str


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, of a JSON array of objects, or of a SPARQL JSON result.

    Raises:
        ValueError: the file is in none of these forms.

    """
    if path.suffix.lower() != ".json":
        with path.open(encoding="utf-8-sig", newline="") as table:
            for row in csv.DictReader(table):
                yield {key: value or "" for key, value in row.items() if isinstance(key, str)}
        return
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(found, dict):
        found = found.get("results", {}).get("bindings")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        message = f"{path.name} is neither an array of objects nor a SPARQL result"
        raise ValueError(message)
    for row in found:
        yield {key: _plain(value) for key, value in row.items()}


def parse_row(cells: dict[str, str]) -> Row:
    """Return the row with its cells read.

    Raises:
        BadRowError: something needed is missing or makes no sense.

    """
    matched = _ITEM.search(_cell(cells, "item"))
    item = matched[1] if matched else ""
    label = " ".join(_cell(cells, "label").split())
    if not label or _ITEM.search(label):
        message = "no label"
        raise BadRowError(message)
    latitude, longitude = _coordinates(cells)
    code = country_code(_cell(cells, "country"))
    if code is None:
        message = "unknown country"
        raise BadRowError(message)
    class_label = _cell(cells, "class")
    if not class_label:
        message = "no class"
        raise BadRowError(message)
    sitelinks = _cell(cells, "sitelinks")
    if not sitelinks.isdecimal():
        message = "sitelinks is no whole number"
        raise BadRowError(message)
    city = _cell(cells, "city")
    return Row(item, label, code, latitude, longitude, class_label, int(sitelinks), city)


def _cell(cells: dict[str, str], what: str) -> str:
    return next((cells[name].strip() for name in _COLUMNS[what] if cells.get(name)), "")


def _coordinates(cells: dict[str, str]) -> tuple[float, float]:
    point = _cell(cells, "point")
    # Wikidata writes the globe before the point where it is not the Earth.
    if point.startswith("<"):
        message = "not on Earth"
        raise BadRowError(message)
    if matched := _POINT.match(point):
        texts = [matched[2], matched[1]]
    elif point:
        texts = re.split(r"\s*[,;]\s*|\s+", point, maxsplit=1)  # "lat, lon"
    else:
        texts = [_cell(cells, "latitude"), _cell(cells, "longitude")]
    try:
        latitude, longitude = map(float, texts)
    except ValueError as error:
        message = "no coordinates"
        raise BadRowError(message) from error
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):  # noqa: PLR2004 - degrees
        message = "coordinates out of range"
        raise BadRowError(message)
    return latitude, longitude


def _plain(value: object) -> str:
    if isinstance(value, dict):  # {"type": "literal", "value": …}
        value = value.get("value")
    return "" if value is None else str(value)
