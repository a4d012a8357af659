"""From a request to the bytes of a photo in it, whichever way it was sent."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import (
    FieldError,
    ImageEncodingInvalid,
    ImageMissing,
    InvalidFields,
    MalformedRequest,
)
from common.images import MAX_IMAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
class Form:
    """A form with one photo and the text fields that were asked for and sent."""

    photo: bytes
    fields: Mapping[str, str]


def is_photo(content_type: str) -> bool:
    """Tell whether a body of this media type is the photo itself."""
    return content_type.startswith("image/") or content_type in RAW_TYPES


def require_bytes(photo: bytes) -> bytes:
    """Return the photo.

    Raises:
        ImageMissing: it has no bytes.

    """
    if not photo:
        raise ImageMissing
    return photo


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


def read_form(request: Request, fields: Collection[str]) -> Form:
    """Read `file` (or `image`) and the named text `fields` of a multipart form (RFC 7578).

    Raises:
        MalformedRequest: the form is damaged or has no boundary.
        ImageMissing: it has no photo, or an empty one.
        InvalidFields: it has more than one.

    """
    # Imported here: most photos come as JSON, and this costs 20 ms.
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415
    from python_multipart.multipart import create_form_parser  # noqa: PLC0415

    photos: list[bytes] = []
    texts: dict[str, str] = {}

    def keep_field(field: Field) -> None:
        name = (field.field_name or b"").decode("utf-8", "replace")
        if name in fields:
            texts[name] = (field.value or b"").decode("utf-8", "replace")
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
    return Form(require_bytes(photos[0]), texts)
