"""Entity tags: how a client says which version of an itinerary it has (RFC 9110, 8.8.3 and 13.1.1).

A tag is the version's number; the forms other than JSON have their name behind it, since a tag
belongs to exact bytes. To say what is being changed, the tag of any form will do.
"""

from __future__ import annotations

import re

from common.errors import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')
_OURS = re.compile(r"([1-9]\d{0,8})(?:-[a-z]+)?")


def entity_tag(version: int, form: str = "") -> str:
    """Return the `ETag` of a version, in one of its forms."""
    return f'"{version}-{form}"' if form else f'"{version}"'


def require_version(if_match: str | None, current: int) -> None:
    """Refuse a change that was not made from the current version.

    `*` is refused like a missing header: it would overwrite what the client has never seen. Weak
    tags never match, as the RFC has it, and neither does what is no tag of ours.

    Raises:
        PreconditionRequired: the header does not say what is being changed.
        PreconditionFailed: it is another version.

    """
    if if_match is None or if_match.strip() in {"", "*"}:
        raise PreconditionRequired
    given = {
        int(found[1])
        for weak, tag in _TAG.findall(if_match)
        if not weak and (found := _OURS.fullmatch(tag))
    }
    if current not in given:
        raise PreconditionFailed
