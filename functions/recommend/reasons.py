"""Why a place is recommended, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommend.catalogue import Catalogue
    from recommend.wording import Wording

MAX_WORDS = 4
WELL_KNOWN_FROM = 80
_METRES_BELOW_KM = 1.0
_WHOLE_KM_FROM = 10.0


class Reasons:
    """Tells what a place has of what was asked for."""

    def __init__(
        self, catalogue: Catalogue, words: str, wording: Wording | None, *, pictured: bool
    ) -> None:
        """Explain places found for `words`, which may be empty, or for a photo."""
        self._catalogue, self._words, self._wording = catalogue, words, wording
        self._pictured = pictured

    def tell(
        self, position: int, distance_km: float | None, stop: str | None, *, implied: bool
    ) -> str:
        """Return why the landmark at `position` is there; `implied`: likened to the itinerary."""
        place = self._catalogue.landmarks[position]
        parts = []
        if distance_km is not None:
            parts.append(f"{_spoken(distance_km)} from {stop or 'your position'}")
        if self._wording is not None:
            shared = self._wording.shared_words(self._words, position)[:MAX_WORDS]
            parts.append(
                f"matches what you describe ({', '.join(shared)})"
                if shared
                else "close in meaning to what you describe"
            )
        elif self._pictured:
            parts.append("like what your photo shows")
        elif implied:
            parts.append("of a kind with your itinerary" if distance_km is None else "")
        if place.unesco:
            parts.append("a World Heritage site")
        if place.popularity >= WELL_KNOWN_FROM:
            parts.append("among the best-known places")
        told = "; ".join(part for part in parts if part)
        if not told:
            kinds = ", ".join(place.categories).replace("-", " ")
            told = f"one of the places in {place.city} ({kinds})"
        return told[0].upper() + told[1:] + "."


def _spoken(distance_km: float) -> str:
    if distance_km < _METRES_BELOW_KM:
        return f"{distance_km * 1000:.0f} m"
    return f"{distance_km:.0f} km" if distance_km >= _WHOLE_KM_FROM else f"{distance_km:.1f} km"
