"""What the routes of this function write."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, JsonValue, ValidationError

from common.models import ResponseModel
from common.settings import SettingsError


class HealthResponse(ResponseModel):
    """`timestamp` is ISO 8601 in UTC."""

    status: Literal["healthy"] = "healthy"
    timestamp: str


class ClassifierInfo(ResponseModel):
    """The classifier that names landmarks, and the figures of its evaluation."""

    model_config = ConfigDict(protected_namespaces=())

    model_version: str
    arch: str
    image_size: int
    classes: int
    metrics: dict[str, JsonValue]


class TextEncoderInfo(ResponseModel):
    """What turns descriptions into vectors, and how well those find landmarks."""

    name: str
    dimension: int
    metrics: dict[str, JsonValue]


class ModelsInfo(ResponseModel):
    """The models in service; null where none is deployed."""

    classifier: ClassifierInfo | None
    text_encoder: TextEncoderInfo | None


class InfoResponse(ResponseModel):
    """`landmarks` is the size of the catalogue; the classifier names `classes` of them."""

    name: str
    version: str
    environment: str
    models: ModelsInfo
    landmarks: int


class ModelInfo(ModelsInfo):
    """What the setting `MODEL_INFO` tells; "{}" where nothing is deployed."""

    model_config = ConfigDict(extra="forbid")

    classifier: ClassifierInfo | None = None
    text_encoder: TextEncoderInfo | None = None
    landmarks: int = 0


def read_model_info(text: str) -> ModelInfo:
    """Read the setting `MODEL_INFO`.

    Raises:
        SettingsError: it is not of the agreed form.

    """
    try:
        return ModelInfo.model_validate_json(text)
    except ValidationError as error:
        message = f"MODEL_INFO is not of the agreed form: {error}"
        raise SettingsError(message) from None
