"""Photos that users have sent to the bucket, past the 6 MB that a request may have.

The key says whose it is: `uploads/<user id>/<ulid>`. What is not the caller's own is answered like
what is not there. Uploads are never deleted here, since people go on to have them described: the
bucket's lifecycle ends them after a day.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from common.bounded import run_within
from common.clients import client
from common.errors import ImageMissing, ImageTooLarge, Unavailable, UploadNotFound
from common.observability import logger, trace
from common.ulids import is_ulid, new_ulid

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "uploads"
# S3 sends its first byte within some tens of milliseconds, and from inside a region 25 MB in less
# than a second.
READ_TIMEOUT_SECONDS = 2.0
ATTEMPTS = 2
RETRY_AFTER_SECONDS = 3
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. A role that may not list the
# bucket, as none of ours may, is refused what does not exist.
MISSING_CODES = frozenset({"NoSuchKey", "404", "AccessDenied"})
EMPTY_CODE = "InvalidRange"
FIRST_SERVER_ERROR, TOO_MANY_REQUESTS = 500, 429


def new_upload_key(user_id: str) -> str:
    """Name the next upload of a user."""
    return f"{PREFIX}/{user_id}/{new_ulid()}"


def is_upload_of(user_id: str, upload_key: str) -> bool:
    """Tell whether this key is one that was made for this user."""
    folder, _, name = upload_key.rpartition("/")
    return folder == f"{PREFIX}/{user_id}" and is_ulid(name)


def s3() -> Any:  # noqa: ANN401 - as boto3
    """Return the client of the bucket."""
    return client("s3", read_timeout_seconds=READ_TIMEOUT_SECONDS, attempts=ATTEMPTS)


class Uploads:
    """The uploads in the bucket."""

    def __init__(self, bucket: str, max_bytes: int, s3: Callable[[], Any] = s3) -> None:
        """Read uploads of up to `max_bytes`; `s3` gives the client when first needed."""
        self._bucket, self._max_bytes = bucket, max_bytes
        self._s3 = s3

    def read(self, user_id: str, upload_key: str, seconds: float) -> bytes:
        """Return an upload of this user.

        Raises:
            UploadNotFound: the user has none with this key.
            ImageMissing: it has no bytes.
            ImageTooLarge: it has more than `max_bytes`; nothing of it has been read.
            Unavailable: S3 is busy or out of reach, or does not send it all within `seconds`.

        """
        if not is_upload_of(user_id, upload_key):
            raise UploadNotFound
        try:
            with trace("read upload"):
                return run_within(seconds, lambda: self._read(upload_key))
        except TimeoutError as error:
            raise _unreachable(type(error).__name__) from error

    def _read(self, upload_key: str) -> bytes:
        s3 = self._s3()
        from botocore import exceptions  # noqa: PLC0415 - loaded with the client, see clients.py

        try:
            # One byte more than may be, so that whatever the object is, no more is sent.
            answer = s3.get_object(
                Bucket=self._bucket, Key=upload_key, Range=f"bytes=0-{self._max_bytes}"
            )
            with closing(answer["Body"]) as body:
                self._check_size(answer)
                data: bytes = body.read()
        except exceptions.ClientError as error:
            raise _explain(error) from None
        except (
            exceptions.ConnectionError,
            exceptions.HTTPClientError,
            exceptions.IncompleteReadError,
        ) as error:
            raise _unreachable(type(error).__name__) from error
        if not data:
            raise ImageMissing
        return data

    def _check_size(self, answer: dict[str, Any]) -> None:
        whole = answer.get("ContentRange", "").rpartition("/")[2]
        size_bytes = int(whole) if whole else answer["ContentLength"]
        if size_bytes > self._max_bytes:
            message = f"The upload has {size_bytes} bytes; at most {self._max_bytes} are read."
            raise ImageTooLarge(message)


def _explain(error: Any) -> Exception:  # noqa: ANN401 - a ClientError, see clients.py
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in MISSING_CODES:
        logger.info("upload not found", extra={"reason": code})
        return UploadNotFound()
    if code == EMPTY_CODE:
        return ImageMissing()
    if status >= FIRST_SERVER_ERROR or status == TOO_MANY_REQUESTS:
        return _unreachable(code)
    defect: Exception = error
    return defect


def _unreachable(reason: str) -> Unavailable:
    logger.warning("upload not read", extra={"reason": reason})
    message = "The upload cannot be read at the moment. Try again in a few seconds."
    return Unavailable(message, retry_after_seconds=RETRY_AFTER_SECONDS)
