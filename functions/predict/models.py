"""What the routes of this function read and write."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from common.models import RequestModel, ResponseModel
from common.prediction_models import RankedLandmark, SceneTag

MAX_TOP_K = 20
DEFAULT_TOP_K = 5


class PredictRequest(RequestModel):
    """A photo in JSON: standard base64, or a `data:image/...;base64,` URI."""

    image: str
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
