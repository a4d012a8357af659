from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from catalogue_build.countries import country_code, country_name
from catalogue_build.region_files import read_catalogue
from classifier.classes import describe_classes

if TYPE_CHECKING:
    from catalogue_build.landmark import Landmark

# A country of each inhabited continent's, and how many landmarks the continent has at least.
CONTINENTS = {
    "Africa": ("EG MA TN ET KE TZ ZA NA ZW MG SN ML GH DZ NG UG BW ZM", 150),
    "Asia": ("CN JP IN TH VN ID TR IR JO KR MY PH NP LK SA UZ KH SG", 500),
    "Europe": ("FR IT ES GB DE GR PT AT CZ PL CH NL BE SE NO DK HR HU", 600),
    "North America": ("US CA MX GT CU CR PA JM DO BS HN", 150),
    "Oceania": ("AU NZ FJ PF PG NC VU WS TO", 60),
    "South America": ("BR AR PE CL BO EC CO VE UY PY GY SR", 100),
}


def missing(names: set[str], landmarks: list[Landmark]) -> set[str]:
    known = {spelling(name) for place in landmarks for name in (place.name, *place.aliases)}
    return {name for name in names if spelling(name) not in known}


def spelling(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def test_there_are_at_least_two_thousand(landmarks: list[Landmark]) -> None:
    assert len(landmarks) >= 2000


@pytest.mark.parametrize("continent", CONTINENTS)
def test_every_inhabited_continent_is_covered(landmarks: list[Landmark], continent: str) -> None:
    codes, least = CONTINENTS[continent]
    countries = set(codes.split())
    assert countries <= {landmark.country for landmark in landmarks}
    assert sum(landmark.country in countries for landmark in landmarks) >= least


def test_every_required_name_is_found(
    landmarks: list[Landmark], required_names: dict[str, str]
) -> None:
    assert len(required_names) == 938
    assert missing(set(required_names), landmarks) == set()


def test_a_required_name_that_is_not_there_is_missed(landmarks: list[Landmark]) -> None:
    assert missing({"Eiffel Tower", "Tower of Nowhere"}, landmarks) == {"Tower of Nowhere"}
    kept = [landmark for landmark in landmarks if landmark.id != "eiffel-tower"]
    assert missing({"Eiffel Tower"}, kept) == {"Eiffel Tower"}


def test_required_names_lie_in_a_country_they_are_listed_under(
    landmarks: list[Landmark], required_names: dict[str, str]
) -> None:
    by_name = {
        spelling(name): landmark
        for landmark in landmarks
        for name in (landmark.name, *landmark.aliases)
    }
    elsewhere = {
        name: by_name[spelling(name)].country
        for name, listed in required_names.items()
        if not within(by_name[spelling(name)].country, listed)
    }
    assert elsewhere == {"Dead Sea": "JO"}  # shared; the entry lies on the eastern shore


def within(country: str, listed: str) -> bool:
    """Return whether the code is of one of the listed countries, or of a territory of it."""
    territories = {
        "AU": {"CX", "NF"}, "CN": {"HK", "MO"}, "FR": {"GF", "NC"},
        "GB": {"FK", "GI", "GS", "JE"}, "NO": {"SJ"}, "NL": {"BQ"},
    }  # fmt: skip
    other_names = {
        "Guiana": "GF", "Macedonia": "MK", "Republic of Korea": "KR", "Saba": "BQ",
        "Republic of Maldives": "MV", "Syrian Arab Republic": "SY",
    }  # fmt: skip
    for name in listed.split(","):
        code = country_code(name) or other_names.get(name)
        if code == country or country in territories.get(code or "", ()):
            return True
    return False


def test_every_class_of_the_classifier_is_described(
    landmarks: list[Landmark], class_names: list[str]
) -> None:
    assert len(class_names) == 108
    assert missing(set(class_names), landmarks) == set()
    described = describe_classes(class_names, read_catalogue())
    assert len({place["id"] for place in described}) == len(class_names)


def test_a_class_that_the_catalogue_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="Tower of Nowhere"):
        describe_classes(["Eiffel Tower", "Tower of Nowhere"], read_catalogue())


def test_countries_have_names() -> None:
    assert country_name("US") == "United States"
    assert country_name("FR") == "France"
