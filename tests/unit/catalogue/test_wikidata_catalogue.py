from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from catalogue_build.landmark import CATEGORIES, Landmark
from catalogue_build.wikidata import _categories_by_class, categorise, convert, main, popularity

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("item", "itemLabel", "coord", "countryLabel", "classLabel", "sitelinks")
TOWER = ("http://www.wikidata.org/entity/Q243", "Eiffel Tower", "Point(2.2945 48.8584)", "France")


def row(*cells: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells, strict=True))


def only(rows: list[dict[str, str]]) -> Landmark:
    landmarks, _ = convert(rows)
    assert len(landmarks) == 1
    return landmarks[0]


def test_a_row_becomes_a_landmark() -> None:
    tower = only([row(*TOWER, "lattice tower", "170")])
    assert tower.model_dump() == {
        "id": "eiffel-tower",
        "name": "Eiffel Tower",
        "aliases": [],
        "country": "FR",
        "city": "France",
        "latitude": 48.8584,
        "longitude": 2.2945,
        "categories": ["tower"],
        "unesco": False,
        "popularity": 97,
        "description": "Lattice tower in France.",
    }


@pytest.mark.parametrize(
    "place",
    [
        {"lat": "48.8584", "lon": "2.2945", "country": "FR", "city": "Paris"},
        {"coord": "48.8584, 2.2945", "countryLabel": "france", "cityLabel": "Paris"},
        {"coord": "POINT (2.2945 48.8584)", "countryCode": "fr", "city": "Paris"},
    ],
)
def test_other_ways_of_writing_a_place_are_read(place: dict[str, str]) -> None:
    tower = only([{"label": "Eiffel Tower", "class": "tower", "sitelinks": "170", **place}])
    assert (tower.latitude, tower.longitude, tower.country) == (48.8584, 2.2945, "FR")
    assert tower.description == "Tower in Paris, France."


def test_rows_of_one_item_give_one_landmark_with_both_categories() -> None:
    tower = only([row(*TOWER, "tower", "170"), row(*TOWER, "monument", "170")])
    assert tower.categories == ["tower", "monument"]


def test_items_that_are_one_place_are_joined_under_the_better_known_name() -> None:
    louvre = only(
        [
            row("Q2", "Louvre Museum", "Point(2.338 48.861)", "France", "palace", "90"),
            row("Q1", "Louvre", "Point(2.3376 48.8606)", "France", "art museum", "150"),
        ]
    )
    assert (louvre.name, louvre.aliases) == ("Louvre", ["Louvre Museum"])
    assert louvre.categories == ["art-gallery", "palace"]


def test_namesakes_far_apart_stay_apart_with_names_of_their_own() -> None:
    church = ("St. Mary's Church", "church building")
    landmarks, report = convert(
        [
            row("Q1", church[0], "Point(13.4 52.52)", "Germany", church[1], "20"),
            row("Q2", church[0], "Point(18.65 54.35)", "Poland", church[1], "40"),
            row("Q3", church[0], "Point(10.0 53.5)", "Germany", church[1], "10"),
        ]
    )
    assert len({place.id for place in landmarks}) == len({place.name for place in landmarks}) == 3
    assert landmarks[0].name == church[0]
    assert landmarks[0].country == "PL"
    assert report.merged == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"itemLabel": "Q243"}, "no label"),
        ({"coord": ""}, "no coordinates"),
        ({"coord": "Point(2.2945)"}, "no coordinates"),
        ({"coord": "<http://www.wikidata.org/entity/Q405> Point(1 2)"}, "not on Earth"),
        ({"coord": "Point(2.2945 98.8)"}, "coordinates out of range"),
        ({"coord": "Point(nan nan)"}, "coordinates out of range"),
        ({"coord": "Point(48.8584 2.2945)"}, "coordinates outside the country"),
        ({"countryLabel": "Atlantis"}, "unknown country"),
        ({"classLabel": ""}, "no class"),
        ({"classLabel": "asteroid"}, "class without a category"),
        ({"sitelinks": "many"}, "sitelinks is no whole number"),
        ({"itemLabel": "x" * 200}, "name not in the form of the catalogue"),
    ],
)
def test_a_bad_row_is_left_out_and_counted_by_its_reason(
    change: dict[str, str], reason: str
) -> None:
    good = row("Q1", "Louvre", "Point(2.3376 48.8606)", "France", "art museum", "150")
    landmarks, report = convert([row(*TOWER, "tower", "170") | change, good])
    assert [place.id for place in landmarks] == ["louvre"]
    assert report.refused == {reason: 1}
    assert report.rows == 2


@pytest.mark.parametrize("form", ["csv", "array", "sparql"])
def test_every_form_of_result_gives_the_same_file(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(*TOWER, "tower", "170"), row(*TOWER[:3], "Atlantis", "tower", "170")]
    result, out = tmp_path / ("result.csv" if form == "csv" else "result.json"), tmp_path / "out"
    if form == "csv":
        with result.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    elif form == "array":
        result.write_text(json.dumps(rows), encoding="utf-8")
    else:
        bound = [{name: {"type": "literal", "value": cell[name]} for name in cell} for cell in rows]
        result.write_text(json.dumps({"results": {"bindings": bound}}), encoding="utf-8")
    assert main([str(result), "--out", str(out)]) == 0
    told = capsys.readouterr().err
    assert "2 rows: 1 landmarks" in told
    assert "1 refused: unknown country" in told
    (tower,) = json.loads(out.read_text(encoding="utf-8"))
    assert Landmark.model_validate(tower).id == "eiffel-tower"


@pytest.mark.parametrize("text", ['{"head": {}}', "[[1]]", "no json"])
def test_a_file_in_no_known_form_is_refused(tmp_path: Path, text: str) -> None:
    result = tmp_path / "result.json"
    result.write_text(text, encoding="utf-8")
    assert main([str(result), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_popularity_grows_with_sitelinks_within_its_bounds() -> None:
    grown = [popularity(links) for links in (0, 1, 10, 50, 200, 5000)]
    assert grown == sorted(grown)
    assert (grown[0], grown[-1]) == (1, 100)


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("church museum", "museum"),
        ("Catholic cathedral", "cathedral"),
        ("archaeological site of Africa", "archaeological-site"),
        ("Old Town", "old-town"),
        ("asteroid", None),
    ],
)
def test_classes_are_mapped_by_what_they_say(label: str, category: str | None) -> None:
    assert categorise(label) == category


def test_every_mapped_category_exists() -> None:
    assert set(_categories_by_class().values()) <= CATEGORIES
