"""From a request to one photo and how many landmarks to name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import FieldError, InvalidFields
from common.intake import MULTIPART, decode_base64, is_photo, read_form, require_bytes
from predict.models import DEFAULT_TOP_K, MAX_TOP_K, PredictRequest

if TYPE_CHECKING:
    from common.request import Request


@dataclass(frozen=True, slots=True)
class PhotoToName:
    """One photo, not yet decoded, and how many landmarks to name."""

    data: bytes
    top_k: int


def read_photo(request: Request) -> PhotoToName:
    """Read a photo sent as JSON, as a form, or as the body itself.

    Raises:
        UnsupportedMediaType, MalformedRequest, InvalidFields: the request cannot be used.
        ImageMissing, ImageEncodingInvalid: the photo in it cannot be.

    """
    in_query = request.query.get("top_k")
    if is_photo(request.content_type):
        return PhotoToName(require_bytes(request.body), parse_top_k(in_query))
    if request.content_type == MULTIPART:
        form = read_form(request, ["top_k"])
        return PhotoToName(form.photo, parse_top_k(form.fields.get("top_k", in_query)))
    body = request.json(PredictRequest)
    return PhotoToName(require_bytes(decode_base64(body.image)), body.top_k)


def parse_top_k(text: str | None) -> int:
    """Read `top_k` of a query or a form.

    Raises:
        InvalidFields: it is no whole number from 1 to `MAX_TOP_K`.

    """
    if text is None:
        return DEFAULT_TOP_K
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_TOP_K:
        error = FieldError("top_k", f"Send a whole number from 1 to {MAX_TOP_K}.")
        raise InvalidFields([error])
    return int(text)
