"""What the routes of this function read and write."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, model_validator

from common.models import QueryModel, RequestModel, ResponseModel
from common.prediction_models import RankedLandmark, SceneTag

MAX_TOP_K = 20
DEFAULT_TOP_K = 5
MAX_IMAGES = 8
# Longer than any key of ours.
MAX_KEY_CHARACTERS = 200


class PredictRequest(RequestModel):
    """One photo, several, or one that was uploaded.

    Photos are in standard base64, or `data:image/...;base64,` URIs. `top_k` is for each.
    """

    image: str | None = None
    images: Annotated[list[str], Field(min_length=1, max_length=MAX_IMAGES)] | None = None
    upload_key: Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARACTERS)] | None = None
    top_k: int = Field(default=DEFAULT_TOP_K, ge=1, le=MAX_TOP_K)

    @model_validator(mode="after")
    def _shows_one_thing(self) -> PredictRequest:
        if [self.image, self.images, self.upload_key].count(None) != 2:  # noqa: PLR2004 - of three
            message = "Send one of image, images and upload_key."
            raise ValueError(message)
        return self


class PredictQuery(QueryModel):
    """How many landmarks to name, where the body does not say."""

    top_k: int = Field(default=DEFAULT_TOP_K, ge=1, le=MAX_TOP_K)


class PredictResponse(ResponseModel):
    """`landmark` is null where `recognised` is false: the photo shows no landmark we know."""

    model_config = ConfigDict(protected_namespaces=())

    prediction_id: str
    landmark: str | None
    recognised: bool
    confidence_level: Literal["high", "medium", "low"]
    predictions: list[RankedLandmark]
    scene: list[SceneTag]
    model_version: str
    cached: bool
    latency_ms: float


class FailedImage(ResponseModel):
    """What was wrong with one image of several: the members of a problem (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class BatchResponse(ResponseModel):
    """An answer for each of `images`, in their order."""

    results: list[PredictResponse | FailedImage]


class PredictAnswer(RootModel[PredictResponse | BatchResponse]):
    """One answer for one photo; `results` for `images`."""


class UploadFormResponse(ResponseModel):
    """A form that takes one photo to the bucket.

    Post it to `url` as `multipart/form-data` within `expires_in` seconds: all `fields`, then the
    photo of up to `max_bytes` as `file`, the last field. `Content-Type` may be any `image/` type.
    Then send `upload_key` instead of an image; it is good for a day.
    """

    upload_key: str
    url: str
    fields: dict[str, str]
    expires_in: int
    max_bytes: int
