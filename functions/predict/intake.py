"""From a request to the bytes of one photo, whichever way it was sent."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import create_form_parser

from common.errors import (
    FieldError,
    ImageEncodingInvalid,
    ImageMissing,
    InvalidFields,
    MalformedRequest,
)
from common.images import MAX_IMAGE_BYTES
from predict.models import DEFAULT_TOP_K, MAX_TOP_K, PredictRequest

if TYPE_CHECKING:
    from python_multipart.multipart import Field, File

    from common.request import Request

MULTIPART = "multipart/form-data"
RAW_TYPES = ("application/octet-stream",)
FILE_FIELDS = ("file", "image")

# RFC 2397, as far as an image in base64 needs it.
_DATA_URI = re.compile(r"data:(?:[\w.+-]+/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,", re.IGNORECASE)
# A photo is never written to disk, where another invocation might find it.
_IN_MEMORY = {"MAX_MEMORY_FILE_SIZE": MAX_IMAGE_BYTES, "MAX_BODY_SIZE": float("inf")}
_BLANKS = re.compile(r"\s+")


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
    kind = request.content_type
    if kind.startswith("image/") or kind in RAW_TYPES:
        return PhotoToName(_present(request.body), parse_top_k(request.query.get("top_k")))
    if kind == MULTIPART:
        return _from_form(request)
    body = request.json(PredictRequest)
    return PhotoToName(_present(decode_base64(body.image)), body.top_k)


def decode_base64(text: str) -> bytes:
    """Decode standard base64 or a data URI; line breaks are allowed.

    Raises:
        ImageEncodingInvalid: saying which of the two it fails to be.

    """
    if text[:5].lower() == "data:":
        uri = _DATA_URI.match(text)
        if uri is None:
            message = "The data URI must be of the form data:image/jpeg;base64,<base64>."
            raise ImageEncodingInvalid(message)
        text = text[uri.end() :]
    try:
        return base64.b64decode(_BLANKS.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise ImageEncodingInvalid from None


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


def _from_form(request: Request) -> PhotoToName:
    """Read `file` (or `image`) and `top_k` of a multipart form (RFC 7578)."""
    photos: list[bytes] = []
    top_k = request.query.get("top_k")

    def keep_field(field: Field) -> None:
        nonlocal top_k
        name = (field.field_name or b"").decode("utf-8", "replace")
        if name == "top_k":
            top_k = (field.value or b"").decode("utf-8", "replace")
        elif name in FILE_FIELDS and field.value:
            photos.append(field.value)

    def keep_file(file: File) -> None:
        if (file.field_name or b"").decode("utf-8", "replace") in FILE_FIELDS:
            file.file_object.seek(0)
            photos.append(file.file_object.read())

    headers = {"Content-Type": request.headers["content-type"].encode("latin-1", "replace")}
    try:
        parser = create_form_parser(headers, keep_field, keep_file, config=_IN_MEMORY)
        parser.write(request.body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        message = "The form is damaged or has no boundary. Send multipart/form-data with a `file`."
        raise MalformedRequest(message) from error
    if not photos:
        message = "The form has no photo. Send it as the field `file`."
        raise ImageMissing(message)
    if len(photos) > 1:
        raise InvalidFields([FieldError("file", "Send one photo at a time.")])
    return PhotoToName(_present(photos[0]), parse_top_k(top_k))


def _present(data: bytes) -> bytes:
    if not data:
        raise ImageMissing
    return data
