"""Names of landmarks and places as they stand in an English sentence."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

# What tells namesakes apart in the catalogue, and is said anyway: "(Vienna)", ", Rome".
_QUALIFIER = re.compile(r"\s*\([^()]*\)\Z|, [^,]+\Z")


def landmark_phrase(name: str) -> str:
    """Return a landmark's name with its article, where English wants one.

    Most names tell by their last word (the Eiffel Tower, Cologne Cathedral), and those of the form
    "X of Y" have one always (the Statue of Liberty); `names.json` lists both and the exceptions.
    """
    plain, rules = _without_qualifier(name), _rules()
    if plain.lower().startswith("the "):
        return "the " + plain[4:]
    if plain in rules["without_article"]:
        return plain
    last_word = re.split(r"[\s-]", plain)[-1].lower()
    wants_one = (
        " of " in plain
        or last_word in rules["last_words_with_article"]
        or plain in rules["with_article"]
    )
    return f"the {plain}" if wants_one else plain


def is_plural(name: str) -> bool:
    """Tell whether a name is of several things: the Pyramids of Giza, but Niagara Falls."""
    thing = _without_qualifier(name).partition(" of ")[0]
    return thing.rpartition(" ")[2].lower() in _rules()["plurals"]


def place_phrase(name: str, city: str | None, country: str | None) -> str:
    """Return " in Rome, Italy" for a landmark called `name`; `country` is an ISO 3166-1 code.

    What the name says already is not said again; "" where nothing is known.
    """
    land = _countries().get(country or "", "")
    called, town = _without_qualifier(name).casefold(), (city or "").casefold()
    bare_land = land.removeprefix("the ")
    if not city or town in called or called in town or city == bare_land:
        return f" in {land}" if land and bare_land.casefold() not in called else ""
    return f" in {city}, {bare_land}" if land else f" in {city}"


def _without_qualifier(name: str) -> str:
    return _QUALIFIER.sub("", name) or name


@cache
def _rules() -> dict[str, frozenset[str]]:
    lists: dict[str, list[str]] = json.loads(_read("names.json"))
    return {rule: frozenset(words) for rule, words in lists.items()}


@cache
def _countries() -> dict[str, str]:
    """Return the countries' English names, with their article, by ISO 3166-1 code."""
    names: dict[str, str] = json.loads(_read("countries.json"))
    return names


def _read(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")
