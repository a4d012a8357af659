"""Make a catalogue from a Wikidata query result.

`python -m catalogue_build.wikidata RESULT --out CATALOGUE`

The result has a row for each place and class: item, label, coordinates (WKT or lat and lon),
country (name or ISO code), class and number of sitelinks; city is optional.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from catalogue_build.build import write_catalogue
from catalogue_build.countries import country_name, lies_in
from catalogue_build.landmark import Landmark, parse_landmark
from catalogue_build.names import fold_name, slug
from catalogue_build.near_identical import near_identical
from catalogue_build.query_rows import BadRowError, Row, parse_row, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLASSES = Path(__file__).with_name("wikidata_classes.csv")
# The most linked landmarks have about 200 language editions; beyond, all are world icons.
SITELINKS_OF_AN_ICON = 200
MOST_CATEGORIES = 4
SHOW_PROGRESS_AFTER_SECONDS = 2
LONGEST_SLUG = 80  # characters; what tells namesakes apart comes behind it


class Report(NamedTuple):
    """What became of the rows: how many were read, joined to others, and refused for what."""

    rows: int
    merged: int
    refused: Counter[str]
    unknown_classes: Counter[str]


def convert(rows: Iterable[dict[str, str]]) -> tuple[list[Landmark], Report]:
    """Return a landmark for every place among the rows, most linked first, and the report."""
    places: dict[Any, dict[str, Any]] = {}
    refused: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    read = taken = 0
    for cells in _show_progress(rows, "reading"):
        read += 1
        try:
            row = parse_row(cells)
            category = categorise(row.class_label)
            if category is None:
                unknown[row.class_label] += 1
                _refuse("class without a category")
            if not lies_in(row.country, row.latitude, row.longitude):
                _refuse("coordinates outside the country")
        except BadRowError as error:
            refused[str(error)] += 1
            continue
        taken += 1
        _add(places, row, str(category))
    ordered = sorted(
        places.values(), key=lambda place: (-place["sitelinks"], place["label"], place["item"])
    )
    landmarks: list[Landmark] = []
    for place in _show_progress(_tell_apart(ordered), "checking"):
        landmark, reasons = parse_landmark(place)
        if landmark is None:
            refused[reasons[0].split(":")[0] + " not in the form of the catalogue"] += 1
            taken -= 1
        else:
            landmarks.append(landmark)
    kept = _merge(landmarks)
    return kept, Report(read, taken - len(kept), refused, unknown)


def popularity(sitelinks: int) -> int:
    """Return 1 to 100, growing with the logarithm: from 5 to 10 links matters as 50 to 100 does."""
    share = math.log1p(sitelinks) / math.log1p(SITELINKS_OF_AN_ICON)
    return max(1, min(100, round(100 * share)))


def categorise(class_label: str) -> str | None:
    """Return the category of a class by its longest known ending or words; None for an unknown."""
    table = _categories_by_class()
    words = fold_name(class_label).replace("-", " ").split()
    for size in range(len(words), 0, -1):
        # English puts the thing last: a "church museum" is a museum.
        for start in range(len(words) - size, -1, -1):
            if category := table.get(" ".join(words[start : start + size])):
                return category
    return None


@cache
def _categories_by_class() -> dict[str, str]:
    with _CLASSES.open(encoding="utf-8", newline="") as table:
        named = {
            fold_name(row["words"]).replace("-", " "): row["category"]
            for row in csv.DictReader(table)
        }
    return {category.replace("-", " "): category for category in named.values()} | named


def _refuse(reason: str) -> None:
    raise BadRowError(reason)


def _add(places: dict[Any, dict[str, Any]], row: Row, category: str) -> None:
    key = row.item or (fold_name(row.label), round(row.latitude, 3), round(row.longitude, 3))
    place = places.setdefault(
        key,
        row._asdict() | {"categories": [], "class_label": row.class_label},
    )
    place["sitelinks"] = max(place["sitelinks"], row.sitelinks)
    if category not in place["categories"] and len(place["categories"]) < MOST_CATEGORIES:
        place["categories"].append(category)


def _tell_apart(places: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield an entry for each place, namesakes told apart unless they are one place."""
    ids: set[str] = set()
    for place in places:
        landmark_id = base = slug(place["label"])[:LONGEST_SLUG] or place["item"].lower() or "place"
        if landmark_id in ids and place["item"]:
            landmark_id = base = f"{base}-{place['item'].lower()}"
        number = 2
        while landmark_id in ids:
            landmark_id, number = f"{base}-{number}", number + 1
        ids.add(landmark_id)
        yield {
            "id": landmark_id,
            "name": place["label"],
            "aliases": [],
            "country": place["country"],
            "city": place["city"] or country_name(place["country"]),
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "categories": place["categories"],
            "unesco": False,
            "popularity": popularity(place["sitelinks"]),
            "description": _describe(place),
        }


def _describe(place: dict[str, Any]) -> str:
    country = country_name(place["country"])
    where = f"{place['city']}, {country}" if place["city"] not in {"", country} else country
    kind = place["class_label"]
    return f"{kind[:1].upper()}{kind[1:]} in {where}."


def _merge(landmarks: list[Landmark]) -> list[Landmark]:
    """Return the landmarks with near-identical ones joined to the most popular, named uniquely."""
    joined: dict[int, int] = {}
    for one, other, _ in sorted(near_identical(landmarks)):
        if one not in joined and other not in joined:
            joined[other] = one
    aliases: dict[int, list[str]] = {}
    categories: dict[int, list[str]] = {}
    for other, one in sorted(joined.items()):
        aliases.setdefault(one, []).append(landmarks[other].name)
        categories.setdefault(one, []).extend(landmarks[other].categories)
    names: set[str] = set()
    kept = []
    for position, landmark in enumerate(landmarks):
        if position in joined:
            continue
        name = _unused_name(landmark, names)
        own = {fold_name(name)}
        extra = []
        for alias in aliases.get(position, ()):
            if fold_name(alias) not in own | names:
                own.add(fold_name(alias))
                extra.append(alias)
        names |= own
        both = dict.fromkeys([*landmark.categories, *categories.get(position, ())])
        change = {"name": name, "aliases": extra, "categories": list(both)[:MOST_CATEGORIES]}
        kept.append(landmark.model_copy(update=change))
    return kept


def _unused_name(landmark: Landmark, names: set[str]) -> str:
    country = country_name(landmark.country)
    choices = (
        landmark.name,
        f"{landmark.name}, {landmark.city}",
        f"{landmark.name}, {country}",
        f"{landmark.name} ({landmark.id})",
    )
    return next((name for name in choices if fold_name(name) not in names), choices[-1])


def _show_progress(items: Iterable[Any], what: str) -> Iterable[Any]:
    yield from tqdm(
        items, desc=what, unit=" rows", delay=SHOW_PROGRESS_AFTER_SECONDS, mininterval=1
    )


def main(arguments: list[str] | None = None) -> int:
    """Convert a file; return 1 when it cannot be read or holds no landmark."""
    parser = argparse.ArgumentParser(prog="catalogue_build.wikidata", description=__doc__)
    parser.add_argument("result", type=Path, help="CSV or JSON as the query service gives it")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        landmarks, report = convert(read_rows(options.result))
    except (OSError, ValueError, csv.Error) as error:
        print(f"{options.result}: {error}", file=sys.stderr)  # noqa: T201 - its output
        return 1
    lines = [f"{report.rows} rows: {len(landmarks)} landmarks, {report.merged} rows merged"]
    lines += [f"  {count} refused: {reason}" for reason, count in report.refused.most_common()]
    lines += [
        f"  {count} of class {name}" for name, count in report.unknown_classes.most_common(20)
    ]
    print(*lines, sep="\n", file=sys.stderr)  # noqa: T201
    if not landmarks:
        return 1
    write_catalogue(landmarks, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
