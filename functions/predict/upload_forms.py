"""Forms by which a browser or an app sends a photo to the bucket itself.

S3 holds the sender to what is signed here: this key, an image's type, no more than so many bytes.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from common import keys
from common.errors import AccountNotFound, TooManyUploads
from common.table import ConditionFailed
from common.updates import AtMost, Equals, Exists, Update
from common.uploads import new_upload_key, s3
from predict.models import UploadFormResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.table import Table

# What is sent most; the sender may change it to another image's type.
CONTENT_TYPE = "image/jpeg"
# Attributes of the profile. A day's count needs no item of its own, and goes with the account.
DAY, COUNT = "upload_forms_on", "upload_forms"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a form is good for, and how many a user gets in a day (UTC)."""

    max_bytes: int
    expires_in_seconds: int
    a_day: int


class UploadForms:
    """Signs forms."""

    def __init__(
        self,
        bucket: str,
        terms: Terms,
        table: Table,
        *,
        s3: Callable[[], Any] = s3,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Sign forms for `bucket`; count them in `table`."""
        self._bucket, self._terms, self._table = bucket, terms, table
        self._s3, self._now = s3, now

    def offer(self, user_id: str) -> UploadFormResponse:
        """Return a form for one photo of this user. Nothing is sent to S3 for it.

        Raises:
            AccountNotFound: the user is gone.
            TooManyUploads: they have had a day's forms.
            Unavailable: the table is throttling or out of reach.

        """
        self._count(user_id)
        upload_key, terms = new_upload_key(user_id), self._terms
        form = self._s3().generate_presigned_post(
            self._bucket,
            upload_key,
            Fields={"Content-Type": CONTENT_TYPE},
            Conditions=[
                ["starts-with", "$Content-Type", "image/"],
                ["content-length-range", 1, terms.max_bytes],
            ],
            ExpiresIn=terms.expires_in_seconds,
        )
        return UploadFormResponse(
            upload_key=upload_key,
            url=form["url"],
            fields=form["fields"],
            expires_in=terms.expires_in_seconds,
            max_bytes=terms.max_bytes,
        )

    def _count(self, user_id: str) -> None:
        """Count a form. The table decides; but a day's first ones, asked for at once, are one."""
        now = self._now()
        today, profile = now.date().isoformat(), keys.profile(user_id)
        again = Update(
            profile,
            add={COUNT: 1},
            only_if=(Exists(), Equals(DAY, today), AtMost(COUNT, self._terms.a_day - 1)),
        )
        try:
            self._table.update(again)
        except ConditionFailed as refusal:
            if refusal.item is None:
                raise AccountNotFound from None
            if refusal.item.get(DAY) == today:
                raise _come_back_tomorrow(now) from None
        else:
            return
        first = Update(profile, assign={DAY: today, COUNT: 1}, only_if=(Exists(),))
        try:
            self._table.update(first)
        except ConditionFailed:
            raise AccountNotFound from None


def _come_back_tomorrow(now: datetime) -> TooManyUploads:
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return TooManyUploads(retry_after_seconds=int((tomorrow - now).total_seconds()) + 1)
