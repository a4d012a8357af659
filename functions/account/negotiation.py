"""Which form of a thing a client wants, by its `Accept` header (RFC 9110, 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nothing sensible is longer.
_MAX_CHARACTERS = 1_000


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """Return the media type that the client likes best; of equals, the first that is offered.

    Raises:
        NotAcceptable: it likes none of them.

    """
    wanted = _read(accept or "*/*")
    best = max(offered, key=lambda media_type: _quality(media_type, wanted))
    if _quality(best, wanted) <= 0:
        message = f"This can be sent as {', '.join(offered)}: name one in the Accept header."
        raise NotAcceptable(message)
    return best


def _read(accept: str) -> dict[str, float]:
    """Return the quality of every range that the header names; other parameters do not count."""
    ranges: dict[str, float] = {}
    for element in accept[:_MAX_CHARACTERS].lower().split(","):
        media_range, *parameters = (part.strip() for part in element.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = _number(value.strip())
        if media_range:
            ranges[media_range] = quality
    return ranges


def _number(text: str) -> float:
    """Read a quality; one that is none counts as nothing, rather than as a wish."""
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def _quality(media_type: str, wanted: dict[str, float]) -> float:
    """Return how much a media type is wanted: the most specific range that fits decides."""
    family = media_type.partition("/")[0]
    for media_range in (media_type, f"{family}/*", "*/*"):
        if media_range in wanted:
            return wanted[media_range]
    return 0.0
