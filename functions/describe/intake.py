"""From a request to what is to be described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import FieldError, InvalidFields
from common.intake import MULTIPART, decode_base64, is_photo, read_form, require_bytes
from describe.models import DescribeRequest, normalise_prompt
from describe.photo import Photo

if TYPE_CHECKING:
    from common.request import Request


@dataclass(frozen=True, slots=True)
class Question:
    """A photo, an upload or a prediction, and the user's own prompt, if they have one."""

    photo: Photo | None = None
    upload_key: str | None = None
    prediction_id: str | None = None
    # Kept out of repr: what someone asks does not belong in a log.
    prompt: str | None = None

    def __repr__(self) -> str:
        """Show what kind of question it is, nothing of what was sent."""
        kind = "a prediction" if self.prediction_id else "a photo"
        return f"Question({kind}{', with a prompt' if self.prompt else ''})"


def read_question(request: Request) -> Question:
    """Read a question sent as JSON, as a form, or as a photo alone.

    A prompt is never read from the query: addresses end up in logs.

    Raises:
        UnsupportedMediaType, MalformedRequest, InvalidFields: the request cannot be used.
        ImageMissing, ImageEncodingInvalid: the photo in it cannot be.

    """
    if is_photo(request.content_type):
        return Question(Photo(require_bytes(request.body)))
    if request.content_type == MULTIPART:
        form = read_form(request, ["prompt"])
        return Question(Photo(form.photo), prompt=_check_prompt(form.fields.get("prompt")))
    body = request.json(DescribeRequest)
    photo = None if body.image is None else Photo(require_bytes(decode_base64(body.image)))
    return Question(photo, body.upload_key, body.prediction_id, body.prompt)


def _check_prompt(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return normalise_prompt(text)
    except ValueError as error:
        raise InvalidFields([FieldError("prompt", str(error))]) from None
