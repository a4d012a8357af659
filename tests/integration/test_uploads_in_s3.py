"""Uploads from the form to the bytes, in the bucket of the local cloud and over broken storage.

The local cloud checks forms as S3 does: signature, expiry, and every condition of the policy.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from common import aws_session, clients, keys
from common.errors import ImageTooLarge, Unavailable, UploadNotFound
from common.ulids import new_ulid
from common.uploads import Uploads, new_upload_key, s3
from predict.upload_forms import Terms, UploadForms
from tests.fakes.tables import InMemoryTable
from tests.stand_ins.storage_server import Drip, Refuse, Send, Silence, StorageServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from predict.models import UploadFormResponse

MAX_BYTES = 50_000
PLENTY_SECONDS = 60.0
USER = new_ulid()


@pytest.fixture
def clients_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, str]], None]]:
    """Let our own clients be made anew, for another environment."""

    def use(environment: dict[str, str]) -> None:
        for name, value in environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        # It keeps the credentials of whoever used it first.
        aws_session.session.cache_clear()
        clients.client.cache_clear()

    yield use
    aws_session.session.cache_clear()
    clients.client.cache_clear()


@pytest.fixture
def bucket(
    cloud: dict[str, str], make_client: Callable[[str], Any], clients_of: Callable[..., None]
) -> str:
    clients_of(cloud)
    name = f"integration-{new_ulid().lower()}"
    make_client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def uploads(bucket: str) -> Uploads:
    return Uploads(bucket, MAX_BYTES)


def offer(bucket: str, expires_in_seconds: int = 600) -> UploadFormResponse:
    table = InMemoryTable()
    table.items[keys.profile(USER)] = {}
    terms = Terms(max_bytes=MAX_BYTES, expires_in_seconds=expires_in_seconds, a_day=10)
    return UploadForms(bucket, terms, table).offer(USER)


def post(form: UploadFormResponse, data: bytes, **changed: str) -> httpx.Response:
    return httpx.post(
        form.url,
        data={**form.fields, **changed},
        files={"file": ("photo.jpg", data)},
        trust_env=False,
        timeout=60.0,
    )


def test_what_a_form_sends_is_read_by_its_key(bucket: str, uploads: Uploads) -> None:
    form = offer(bucket)
    answer = post(form, b"x" * MAX_BYTES)
    assert answer.status_code == 204, answer.text
    assert uploads.read(USER, form.upload_key, PLENTY_SECONDS) == b"x" * MAX_BYTES


def test_any_type_of_image_may_be_stated(bucket: str, uploads: Uploads) -> None:
    form = offer(bucket)
    assert post(form, b"x", **{"Content-Type": "image/png"}).status_code == 204
    assert uploads.read(USER, form.upload_key, PLENTY_SECONDS) == b"x"


@pytest.mark.parametrize(
    ("data", "changed", "code"),
    [
        (b"x" * (MAX_BYTES + 1), {}, "EntityTooLarge"),
        (b"", {}, "EntityTooSmall"),
        (b"x", {"Content-Type": "text/html"}, "AccessDenied"),
        (b"x", {"Content-Type": "application/zip"}, "AccessDenied"),
        (b"x", {"key": f"uploads/{new_ulid()}/{new_ulid()}"}, "AccessDenied"),
        (b"x", {"x-amz-meta-more": "1"}, "AccessDenied"),
        (b"x", {"acl": "public-read"}, "AccessDenied"),
    ],
)
def test_what_a_form_does_not_allow_is_refused(
    bucket: str, uploads: Uploads, data: bytes, changed: dict[str, str], code: str
) -> None:
    form = offer(bucket)
    answer = post(form, data, **changed)
    assert 400 <= answer.status_code < 500
    assert f"<Code>{code}</Code>" in answer.text
    with pytest.raises(UploadNotFound):
        uploads.read(USER, form.upload_key, PLENTY_SECONDS)


def test_a_form_is_good_for_a_while_only(bucket: str) -> None:
    form = offer(bucket, expires_in_seconds=1)
    time.sleep(1.5)
    assert post(form, b"x").status_code == 403


def test_what_is_not_there_is_not_found(uploads: Uploads) -> None:
    with pytest.raises(UploadNotFound):
        uploads.read(USER, new_upload_key(USER), PLENTY_SECONDS)


def test_what_is_too_large_for_us_is_refused_by_its_size(bucket: str, uploads: Uploads) -> None:
    key = new_upload_key(USER)
    s3().put_object(Bucket=bucket, Key=key, Body=bytes(MAX_BYTES + 1_000))
    with pytest.raises(ImageTooLarge, match="51000 bytes"):
        uploads.read(USER, key, PLENTY_SECONDS)


@pytest.mark.parametrize(
    "way",
    [
        Refuse(500, "InternalError"),
        Refuse(503, "SlowDown"),
        Send(0),
        Send(5_000),
        Send(5_000, then_wait=True),
        Silence(),
        Drip(),
    ],
    ids=str,
)
def test_broken_storage_is_unavailable_in_time(
    way: Callable[[Any], None],
    cloud: dict[str, str],
    clients_of: Callable[..., None],
) -> None:
    with StorageServer(way) as server:
        clients_of({**cloud, "AWS_ENDPOINT_URL": server.url})
        with pytest.raises(Unavailable):
            Uploads("bucket", 10**6).read(USER, new_upload_key(USER), 3.0)
        assert server.calls >= 1


def test_storage_out_of_reach_is_unavailable(
    cloud: dict[str, str], clients_of: Callable[..., None]
) -> None:
    with StorageServer(Silence()) as server:
        url = server.url
    clients_of({**cloud, "AWS_ENDPOINT_URL": url})
    with pytest.raises(Unavailable):
        Uploads("bucket", MAX_BYTES).read(USER, new_upload_key(USER), PLENTY_SECONDS)
