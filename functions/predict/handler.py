"""Routes of `predict`."""

from __future__ import annotations

from typing import Any

from common.clients import client, prepare_on_lambda
from common.errors import (
    AccountNotFound,
    ImageEncodingInvalid,
    Unavailable,
)
from common.http import HttpApi, Request
from common.images import IMAGE_ERRORS, supported_media_types
from common.intake import MULTIPART
from common.observability import load_tracer
from common.predictions import PredictionCache, Predictions
from common.request import JSON_TYPE
from common.settings import read_settings
from common.table import DynamoTable
from predict.bundle import read_bundle
from predict.identify import Identifier
from predict.intake import read_photo
from predict.internal import EVENT_KEY, classify_for_function
from predict.models import PredictRequest, PredictResponse
from predict.network import load_network
from predict.settings import PredictSettings

settings = read_settings(PredictSettings)
bundle = read_bundle(settings.model_root / "models" / "classifier")
table = DynamoTable(settings.table_name)
identifier = Identifier(
    bundle,
    load_network(bundle, settings.compiled_model_path, settings.torch_threads),
    Predictions(table),
    PredictionCache(table),
)
api = HttpApi()


@api.route(
    "POST",
    "/predict",
    reads=PredictRequest,
    accepts=(JSON_TYPE, MULTIPART, *supported_media_types()),
    response=PredictResponse,
    errors=(
        AccountNotFound,
        ImageEncodingInvalid,
        *IMAGE_ERRORS,
        Unavailable,
    ),
)
def predict(request: Request) -> PredictResponse:
    """Name the landmark in a photo.

    Send JSON with the photo in base64, a form with the photo as `file`, or the photo itself as
    the body; `top_k` goes in the JSON, the form or the query.
    """
    user_id = request.user_id
    photo = read_photo(request)
    return identifier.identify(user_id, photo.data, photo.top_k)


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - as HttpApi's
    """Answer a request of the HTTP API, or of another function of ours."""
    if EVENT_KEY in event:
        return classify_for_function(identifier, event)
    return api.handle(event, context)


prepare_on_lambda(load_tracer, lambda: client("dynamodb"))
