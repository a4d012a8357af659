"""Reading uploads: one's own only, and every way in which S3 can fail has its answer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from common.errors import ImageMissing, ImageTooLarge, Unavailable, UploadNotFound
from common.ulids import new_ulid
from common.uploads import Uploads, is_upload_of, new_upload_key

if TYPE_CHECKING:
    from collections.abc import Callable

USER = new_ulid()
MAX_BYTES = 100
PLENTY_SECONDS = 60.0


class Body:
    """A stream that does as told, and knows whether it was read and closed."""

    def __init__(self, data: bytes | Exception | Callable[[], bytes]) -> None:
        self._data = data
        self.was_read, self.was_closed = False, False

    def read(self) -> bytes:
        self.was_read = True
        if isinstance(self._data, Exception):
            raise self._data
        return self._data if isinstance(self._data, bytes) else self._data()

    def close(self) -> None:
        self.was_closed = True


class FakeS3:
    """A client with one object."""

    def __init__(self, outcome: Exception | Body, size_bytes: int = 0) -> None:
        self._outcome, self._size_bytes = outcome, size_bytes
        self.asked: list[dict[str, Any]] = []

    def get_object(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3
        self.asked.append(asked)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        sent = min(self._size_bytes, MAX_BYTES + 1)
        return {
            "Body": self._outcome,
            "ContentLength": sent,
            "ContentRange": f"bytes 0-{sent - 1}/{self._size_bytes}",
        }


def uploads(s3: FakeS3) -> Uploads:
    return Uploads("bucket", MAX_BYTES, lambda: s3)


def refused(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "GetObject")


def test_an_upload_is_read_and_the_stream_closed() -> None:
    body = Body(b"x" * MAX_BYTES)
    s3, key = FakeS3(body, MAX_BYTES), new_upload_key(USER)
    assert uploads(s3).read(USER, key, PLENTY_SECONDS) == b"x" * MAX_BYTES
    assert s3.asked == [{"Bucket": "bucket", "Key": key, "Range": f"bytes=0-{MAX_BYTES}"}]
    assert body.was_closed


def test_what_is_too_large_is_not_read() -> None:
    body = Body(b"x" * (MAX_BYTES + 1))
    with pytest.raises(ImageTooLarge, match=r"7000 bytes; at most 100"):
        uploads(FakeS3(body, 7_000)).read(USER, new_upload_key(USER), PLENTY_SECONDS)
    assert not body.was_read
    assert body.was_closed


@pytest.mark.parametrize(
    "key",
    [
        new_upload_key(new_ulid()),
        f"uploads/{USER}/",
        f"uploads/{USER}",
        f"uploads/{USER}/../{new_ulid()}/{new_ulid()}",
        f"uploads/{USER}/{new_ulid()}/",
        f"uploads/{USER}/{new_ulid()}x",
        f"uploads//{new_ulid()}",
        f"/uploads/{USER}/{new_ulid()}",
        f"UPLOADS/{USER}/{new_ulid()}",
        f"uploads/{USER}/{new_ulid().lower()}",
        "uploads",
        "..",
        "",
    ],
)
def test_what_is_not_ones_own_is_not_there_and_s3_is_not_asked(key: str) -> None:
    s3 = FakeS3(Body(b"secret"), 6)
    assert not is_upload_of(USER, key)
    with pytest.raises(UploadNotFound) as refusal:
        uploads(s3).read(USER, key, PLENTY_SECONDS)
    assert not s3.asked
    assert refusal.value.detail == UploadNotFound.detail


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused("NoSuchKey", 404), UploadNotFound),
        # What a role without the right to list a bucket is told of what does not exist.
        (refused("AccessDenied", 403), UploadNotFound),
        (refused("InvalidRange", 416), ImageMissing),
        (refused("InternalError", 500), Unavailable),
        (refused("SlowDown", 503), Unavailable),
        (refused("TooManyRequests", 429), Unavailable),
        (ConnectTimeoutError(endpoint_url="https://s3"), Unavailable),
        (ReadTimeoutError(endpoint_url="https://s3"), Unavailable),
        (EndpointConnectionError(endpoint_url="https://s3"), Unavailable),
        (refused("NoSuchBucket", 404), ClientError),
        (NoCredentialsError(), NoCredentialsError),
    ],
    ids=str,
)
def test_a_refusal_has_its_answer(fault: Exception, error: type[Exception]) -> None:
    with pytest.raises(error):
        uploads(FakeS3(fault)).read(USER, new_upload_key(USER), PLENTY_SECONDS)


@pytest.mark.parametrize(
    "fault",
    [
        ReadTimeoutError(endpoint_url="https://s3"),
        ResponseStreamingError(error="reset"),
        IncompleteReadError(actual_bytes=3, expected_bytes=9),
    ],
    ids=str,
)
def test_a_stream_that_breaks_off_is_worth_another_try(fault: Exception) -> None:
    body = Body(fault)
    with pytest.raises(Unavailable) as refusal:
        uploads(FakeS3(body, 9)).read(USER, new_upload_key(USER), PLENTY_SECONDS)
    assert refusal.value.retry_after_seconds > 0
    assert body.was_closed


def test_nobody_waits_longer_than_they_said() -> None:
    released = threading.Event()

    def drip() -> bytes:
        released.wait(30)
        return b""

    with pytest.raises(Unavailable):
        uploads(FakeS3(Body(drip), 9)).read(USER, new_upload_key(USER), 0.05)
    assert not released.is_set()
    released.set()


def test_an_upload_without_bytes_is_no_image() -> None:
    with pytest.raises(ImageMissing):
        uploads(FakeS3(Body(b""), 0)).read(USER, new_upload_key(USER), PLENTY_SECONDS)
