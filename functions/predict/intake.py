"""From a request to photos and how many landmarks to name for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from common.errors import FieldError, InvalidFields
from common.intake import MULTIPART, decode_base64, is_photo, read_form, require_bytes
from predict.models import DEFAULT_TOP_K, MAX_TOP_K, PredictRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.request import Request

    # Gives the bytes of one photo, within so many seconds, or raises why not.
    Source = Callable[[float], bytes]


class Uploads(Protocol):
    """What users have uploaded (`common.uploads.Uploads`)."""

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        """Return an upload of this user."""
        ...


@dataclass(frozen=True, slots=True)
class PhotosToName:
    """Photos, not yet read, and how many landmarks to name for each; a batch may fail in parts."""

    sources: tuple[Source, ...]
    top_k: int
    batch: bool = False


def read_photos(request: Request, uploads: Uploads) -> PhotosToName:
    """Read what a request sent as JSON, as a form, or as the body itself.

    Raises:
        UnsupportedMediaType, MalformedRequest, InvalidFields: the request cannot be used.
        ImageMissing: a photo was to be in it, and is not.

    """
    in_query = parse_top_k(request.query.get("top_k") or None)
    if is_photo(request.content_type):
        photo = require_bytes(request.body)
        return PhotosToName((lambda _seconds: photo,), in_query)
    if request.content_type == MULTIPART:
        form = read_form(request, ["top_k"])
        top_k = parse_top_k(form.fields["top_k"]) if "top_k" in form.fields else in_query
        return PhotosToName((lambda _seconds: form.photo,), top_k)
    body = request.json(PredictRequest)
    top_k = body.top_k if "top_k" in body.model_fields_set else in_query
    if body.upload_key is not None:
        upload = partial(uploads.read, request.user_id, body.upload_key)
        return PhotosToName((upload,), top_k)
    if body.images is not None:
        sources = tuple(partial(_decode, image) for image in body.images)
        return PhotosToName(sources, top_k, batch=True)
    return PhotosToName((partial(_decode, body.image or ""),), top_k)


def _decode(image: str, _seconds: float) -> bytes:
    return require_bytes(decode_base64(image))


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
