"""A description in a sentence or two, out of what the classifier saw and the catalogue knows.

Pure functions. They say how sure they are and leave out what they are not sure of.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from describe.names import is_plural, landmark_phrase, place_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from describe.catalogue import Place

# First guesses, from reading what came out for 143 photos of places that are no classes. A scene
# tag's probability is spread over a thousand labels: a third of it is much.
CERTAIN_FROM = 0.5
LIKELY_FROM = 0.2
FAINT_FROM = 0.08
# Of the strongest impression, for a second one to be worth a word.
SECOND_FROM = 0.5
# Landmarks of one category that share this much of the probability speak for the category, even
# if the photo is of none of them; but less loudly than a scene tag.
CATEGORY_FROM = 0.7
CATEGORY_WEIGHT = 0.3


class Places(Protocol):
    """What knows landmarks (`describe.catalogue.Catalogue`)."""

    def find(self, landmark_id: str) -> Place | None:
        """Return a landmark, if it is known."""
        ...


@dataclass(frozen=True, slots=True)
class Impression:
    """Something that the photo may show. `setting` is how it surrounds another thing."""

    phrase: str
    weight: float
    setting: str | None = None


def describe_prediction(prediction: Mapping[str, Any], places: Places) -> str:
    """Describe a photo by what `predict` answered for it, or stored."""
    if prediction["recognised"] and prediction["predictions"]:
        return _describe_landmark(prediction, places)
    return describe_scene(
        gather_impressions(prediction["scene"], prediction["predictions"], places)
    )


def _describe_landmark(prediction: Mapping[str, Any], places: Places) -> str:
    best = prediction["predictions"][0]
    place = places.find(best["landmark_id"])
    name = place.name if place else best["landmark"]
    where = place_phrase(
        name,
        place.city if place else best.get("city"),
        place.country if place else best.get("country"),
    )
    sure, plural = prediction["confidence_level"] == "high", is_plural(name)
    if sure:
        opening = "These are" if plural else "This is"
    else:
        opening = "These look like" if plural else "This looks like"
    sentence = f"{opening} {landmark_phrase(name)}{where}."
    return f"{sentence} {place.description}" if place else sentence


def describe_scene(impressions: Sequence[Impression]) -> str:
    """Describe a place without a name, from the strongest impression down."""
    opening = "I do not know this place"
    subject = _choose_subject(impressions)
    if subject is None:
        return f"{opening}, and cannot make out what the photo shows."
    rest = [other for other in impressions if other is not subject]
    words = subject.phrase
    second = next((other for other in rest if other.setting is None), None)
    if second and second.weight >= SECOND_FROM * subject.weight and subject.weight < CERTAIN_FROM:
        words += f", perhaps with {second.phrase}" if subject.setting else f" or {second.phrase}"
    setting = next((other.setting for other in rest if other.setting), None)
    if setting:
        words += f", {setting}"
    if subject.weight >= CERTAIN_FROM:
        verb = "The photo shows"
    else:
        verb = "It looks like" if subject.weight >= LIKELY_FROM else "It might be"
    return f"{opening}. {verb} {words}."


def gather_impressions(
    scene: Sequence[Mapping[str, Any]], predictions: Sequence[Mapping[str, Any]], places: Places
) -> list[Impression]:
    """Weigh scene tags and the likely landmarks' categories; strongest first, no faint ones."""
    known = _scenes()
    found: dict[str, Impression] = {}

    def add(phrase: str, weight: float, setting: str | None = None) -> None:
        before = found[phrase].weight if phrase in found else 0.0
        found[phrase] = Impression(phrase, before + weight, setting)

    for tag in scene:
        label, confidence = tag["label"], tag["confidence"]
        if label in known["structures"]:
            add(known["structures"][label], confidence)
        elif label in known["landscapes"]:
            phrase, setting = known["landscapes"][label]
            add(phrase, confidence, setting)
        elif confidence >= CERTAIN_FROM and label not in known["never"]:
            add(_with_article(label), confidence)
    for phrase, share in _likely_kinds(predictions, places):
        # The scene may have said it more exactly: "a suspension bridge" for "a bridge".
        exact = [said for said in found if said.endswith(phrase.removeprefix("a"))]
        strongest = max(exact, key=lambda said: found[said].weight, default=phrase)
        add(strongest, CATEGORY_WEIGHT * share)
    strong = [impression for impression in found.values() if impression.weight >= FAINT_FROM]
    return sorted(strong, key=lambda impression: -impression.weight)


def _choose_subject(impressions: Sequence[Impression]) -> Impression | None:
    """Prefer what stands in a landscape to the landscape, where it is about as likely."""
    if not impressions:
        return None
    strongest = impressions[0]
    standing = next((one for one in impressions if one.setting is None), None)
    if standing and strongest.setting and standing.weight > 0.75 * strongest.weight:
        return standing
    return strongest


def _likely_kinds(
    predictions: Sequence[Mapping[str, Any]], places: Places
) -> Iterator[tuple[str, float]]:
    """Yield what the likely landmarks have in common, with their share of the probability.

    Only categories that ImageNet has no label for, or too narrow ones (bridges). Kinds that are
    hard to tell apart (towers and skyscrapers) count together, under the likelier one's name.
    """
    shares: dict[str, dict[str, float]] = {}
    for guess in predictions:
        place = places.find(guess["landmark_id"])
        for category in place.categories if place else ():
            if category in _scenes()["categories"]:
                group, phrase = _scenes()["categories"][category]
                phrases = shares.setdefault(group, {})
                phrases[phrase] = phrases.get(phrase, 0.0) + guess["confidence"]
    for phrases in shares.values():
        share = sum(phrases.values())
        if share >= CATEGORY_FROM:
            yield max(phrases, key=lambda phrase: phrases[phrase]), share


def _with_article(label: str) -> str:
    if label in _scenes()["without_article"]:
        return str(label)
    # A vowel is what is heard: a unicycle, a European, an umbrella, an hourglass.
    consonant = label.lower().startswith(("uni", "eu"))
    vowel = label[0].lower() in "aeiou" or label.startswith("hour")
    return f"{'an' if vowel and not consonant else 'a'} {label}"


@cache
def _scenes() -> dict[str, Any]:
    """Read how ImageNet's labels are said, and which of the catalogue's categories it lacks."""
    path = Path(__file__).with_name("scenes.json")
    scenes: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return scenes
