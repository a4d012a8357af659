"""What is tried with each input, and what may come of it: an answer, or an error for the caller.

Anything else is a finding: another exception, a result that is no plain picture, an error whose
answer could not be sent. Hangs and memory are watched from outside (`campaign.py`).
"""

from __future__ import annotations

import base64
import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from common.answers import failure_answer
from common.errors import DomainError, problem_of
from common.images import IMAGE_ERRORS, MAX_IMAGE_PIXELS, decode_upright
from common.request import Request
from describe.intake import read_question
from describe.photo import LONGEST_SIDE_PX, Photo
from predict.intake import read_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from predict.intake import Source

# As the classifier asks for (260 px, with room to crop).
_ENOUGH_PX = 300
_SECONDS = 1.0
_SERVER_ERROR = 500
# Of one core, for one input of at most 64 KB: the slowest that is allowed takes one or two.
CPU_SECONDS = 10.0


class Finding(Exception):  # noqa: N818 - what libFuzzer is told of
    """Something that must not come of any input."""


class NoUploads:
    """Stands in for what users have uploaded."""

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        """Return a photo, whatever is asked for."""
        del user_id, upload_key, seconds
        return b"photo"


def within_cpu_time(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Return the target, with a finding where an input takes more than `CPU_SECONDS`."""

    def timed(data: bytes) -> None:
        started = time.process_time()
        target(data)
        taken = time.process_time() - started
        if taken > CPU_SECONDS:
            message = f"it took {taken:.0f} s of a processor"
            raise Finding(message)

    return timed


def read_image(data: bytes) -> None:
    """Decode a photo, and shrink it for a remote model.

    Raises:
        Finding: what comes out is no upright RGB picture without metadata.

    """
    try:
        picture = decode_upright(data, enough_px=_ENOUGH_PX)
    except IMAGE_ERRORS as error:
        _require_answer(error)
        return
    width, height = picture.size
    if picture.mode != "RGB" or not 0 < width * height <= MAX_IMAGE_PIXELS:
        message = f"a picture of mode {picture.mode} and {width} x {height}"
        raise Finding(message)
    if picture.info or picture.getexif():
        message = f"metadata came out: {list(picture.info)}"
        raise Finding(message)
    if max(decode_upright(Photo(data).shrunk, _ENOUGH_PX).size) > LONGEST_SIDE_PX:
        message = "it did not get small"
        raise Finding(message)


def read_request(data: bytes) -> None:
    """Read a request with a photo in it, as `predict` and as `describe` do.

    `data` begins with a line `flags|content-type|top_k`; the rest is the body. Of the flags, `b`
    sends the body in base64, as a gateway sends what is no text, and `x` only says so.
    """
    head, _, body = data.partition(b"\n")
    flags, _, rest = head.partition(b"|")
    content_type, _, top_k = rest.decode("latin-1").rpartition("|")
    text = base64.b64encode(body).decode() if b"b" in flags else body.decode("utf-8", "replace")
    event: dict[str, Any] = {
        "rawPath": "/predict",
        "headers": {"Content-Type": content_type},
        "queryStringParameters": {"top_k": top_k} if top_k else None,
        "requestContext": {
            "http": {"method": "POST", "sourceIp": "192.0.2.1"},
            "authorizer": {"lambda": {"user_id": "U1"}},
            "requestId": "R1",
        },
        "body": text,
        "isBase64Encoded": b"b" in flags or b"x" in flags,
    }
    _try(partial(_name, event))
    _try(partial(_describe, event))


def _name(event: Mapping[str, Any]) -> None:
    photos = read_photos(Request.from_event(event), NoUploads())
    for source in photos.sources:
        _try(partial(_read_source, source))


def _describe(event: Mapping[str, Any]) -> None:
    question = read_question(Request.from_event(event))
    if [question.photo, question.upload_key, question.prediction_id].count(None) != 2:  # noqa: PLR2004 - of three
        message = f"it asks about several things, or nothing: {question}"
        raise Finding(message)


def _read_source(source: Source) -> None:
    if not source(_SECONDS):
        message = "a photo without bytes"
        raise Finding(message)


def _try(read: Callable[[], None]) -> None:
    try:
        read()
    except DomainError as error:
        _require_answer(error)


def _require_answer(error: DomainError) -> None:
    """See to it that the caller can be told, and that it is said to be their fault."""
    if problem_of(type(error)).status >= _SERVER_ERROR:
        message = f"{type(error).__name__} is answered as if it were our fault"
        raise Finding(message) from error
    json.loads(failure_answer(error, "R1")["body"].encode("utf-8"))


TARGETS: dict[str, Callable[[bytes], None]] = {"images": read_image, "requests": read_request}
