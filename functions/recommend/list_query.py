"""The query of a list of landmarks: its filters, and where its page begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import FieldError, InvalidFields
from recommend.names import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from common.cursors import Cursors

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_Q_CHARACTERS = 200
_COUNTRY_LETTERS = 2


@dataclass(frozen=True)
class Filters:
    """What a list holds; `near` in degrees, latitude first."""

    q: str | None = None
    country: str | None = None
    category: str | None = None
    near: tuple[float, float] | None = None

    @property
    def scope(self) -> tuple[str | None, ...]:
        """What tells one list's cursors from another's."""
        return "landmarks", self.q, self.country, self.category, self.near and str(self.near)


@dataclass(frozen=True)
class ListQuery:
    """The filters, and the page: `limit` landmarks from the place `start` on, counted from 0."""

    filters: Filters
    limit: int
    start: int

    def next_cursor(self, total: int, cursors: Cursors) -> str | None:
        """Return what asks for the next page of a list of `total`; None after the last."""
        end = self.start + self.limit
        return cursors.seal(str(end), *self.filters.scope) if end < total else None


def read_list_query(
    query: Mapping[str, str], categories: Collection[str], cursors: Cursors
) -> ListQuery:
    """Read the parameters of a request.

    Raises:
        InvalidFields: naming every parameter that cannot be used.

    """
    given = {name: text.strip() for name, text in query.items()}
    errors: list[FieldError] = []
    filters = Filters(
        q=_read_q(given.get("q", ""), errors),
        country=_read_country(given.get("country", ""), errors),
        category=_read_category(given.get("category", ""), categories, errors),
        near=_read_point(given.get("near", ""), errors),
    )
    limit = _read_limit(given.get("limit", ""), errors)
    start = 0
    if given.get("cursor"):
        try:
            start = int(cursors.open(given["cursor"], *filters.scope))
        except InvalidFields as refused:
            errors.extend(refused.errors)
    if errors:
        raise InvalidFields(errors)
    return ListQuery(filters, limit, start)


def _read_q(text: str, errors: list[FieldError]) -> str | None:
    if len(text) > MAX_Q_CHARACTERS:
        errors.append(FieldError("q", f"Send at most {MAX_Q_CHARACTERS} characters."))
    elif text and not fold(text):
        errors.append(FieldError("q", "Send letters or digits to look for."))
    return text or None


def _read_country(text: str, errors: list[FieldError]) -> str | None:
    if text and not (len(text) == _COUNTRY_LETTERS and text.isascii() and text.isalpha()):
        errors.append(FieldError("country", "Send an ISO 3166-1 code of two letters, as in FR."))
    return text.upper() or None


def _read_category(text: str, categories: Collection[str], errors: list[FieldError]) -> str | None:
    category = text.lower()
    if category and category not in categories:
        known = ", ".join(sorted(categories))
        errors.append(FieldError("category", f"There is no such category. There are: {known}."))
    return category or None


def _read_point(text: str, errors: list[FieldError]) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        errors.append(FieldError("near", "Send latitude,longitude in degrees, as in 48.86,2.29."))
        return None
    # False for NaN too.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        errors.append(FieldError("near", "Latitude is from -90 to 90, longitude from -180 to 180."))
        return None
    return latitude, longitude


def _read_limit(text: str, errors: list[FieldError]) -> int:
    if not text:
        return DEFAULT_LIMIT
    if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_LIMIT)):
        limit = int(text)
        if 1 <= limit <= MAX_LIMIT:
            return limit
    errors.append(FieldError("limit", f"Send a whole number from 1 to {MAX_LIMIT}."))
    return DEFAULT_LIMIT
