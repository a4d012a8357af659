"""What the routes of this function write."""

from __future__ import annotations

import json
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


class ModelsInfo(ResponseModel):
    """The models in service; null where none is deployed."""

    classifier: ClassifierInfo | None


class InfoResponse(ResponseModel):
    """`landmarks` is how many landmarks can be named."""

    name: str
    version: str
    environment: str
    models: ModelsInfo
    landmarks: int


def read_model_info(text: str) -> ClassifierInfo | None:
    """Read the setting `MODEL_INFO`, None when it says that there is no model.

    Raises:
        SettingsError: it is not of the agreed form.

    """
    try:
        document = json.loads(text)
        return ClassifierInfo.model_validate(document) if document else None
    except (json.JSONDecodeError, ValidationError) as error:
        message = f"MODEL_INFO is not of the agreed form: {error}"
        raise SettingsError(message) from None
