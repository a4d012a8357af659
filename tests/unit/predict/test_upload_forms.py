"""Forms for uploads: what they say, and how many there are."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from common import keys
from common.errors import AccountNotFound, TooManyUploads, Unavailable
from common.uploads import is_upload_of
from predict.upload_forms import Terms, UploadForms
from tests.fakes.tables import FaultyTable, InMemoryTable

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
TERMS = Terms(max_bytes=1_000, expires_in_seconds=600, a_day=3)


class Clock:
    """A time of day that tests set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def s3() -> Any:  # noqa: ANN401 - as boto3
    return boto3.client("s3", region_name="eu-west-1", config=Config(signature_version="s3v4"))


@pytest.fixture
def table() -> InMemoryTable:
    table = InMemoryTable()
    table.items[keys.profile("U1")] = {"username": "ada"}
    return table


def forms(table: InMemoryTable | FaultyTable, now: Clock | None = None) -> UploadForms:
    return UploadForms("bucket", TERMS, table, s3=s3, now=now or Clock())


def test_a_form_is_for_one_key_of_the_user_and_for_an_image_of_limited_size(
    table: InMemoryTable,
) -> None:
    form = forms(table).offer("U1")
    assert is_upload_of("U1", form.upload_key)
    assert form.fields["key"] == form.upload_key
    assert (form.expires_in, form.max_bytes) == (600, 1_000)
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    assert ["content-length-range", 1, 1_000] in policy["conditions"]
    assert ["starts-with", "$Content-Type", "image/"] in policy["conditions"]
    assert {"bucket": "bucket"} in policy["conditions"]
    assert {"key": form.upload_key} in policy["conditions"]
    expires = datetime.fromisoformat(policy["expiration"])
    assert expires - datetime.now(UTC) < timedelta(minutes=11)


def test_no_two_forms_are_for_the_same_key(table: InMemoryTable) -> None:
    offered = [forms(table).offer("U1").upload_key for _ in range(3)]
    assert len(set(offered)) == 3


def test_after_a_days_forms_there_are_more_tomorrow(table: InMemoryTable) -> None:
    now = Clock()
    for _ in range(TERMS.a_day):
        forms(table, now).offer("U1")
    with pytest.raises(TooManyUploads) as refusal:
        forms(table, now).offer("U1")
    now.now += timedelta(seconds=refusal.value.retry_after_seconds)
    for _ in range(TERMS.a_day):
        forms(table, now).offer("U1")
    with pytest.raises(TooManyUploads):
        forms(table, now).offer("U1")


def test_counting_keeps_the_profile(table: InMemoryTable) -> None:
    forms(table).offer("U1")
    assert table.items[keys.profile("U1")]["username"] == "ada"


def test_a_deleted_account_gets_no_form_and_leaves_nothing() -> None:
    table = InMemoryTable()
    with pytest.raises(AccountNotFound):
        forms(table).offer("U1")
    assert not table.items


def test_a_throttled_table_gives_no_form(table: InMemoryTable) -> None:
    with pytest.raises(Unavailable):
        forms(FaultyTable(table, [Unavailable()])).offer("U1")
