"""Routes of `describe`."""

from __future__ import annotations

from typing import Any

from common.clients import client, prepare_on_lambda
from common.errors import (
    AccountNotFound,
    ImageEncodingInvalid,
    PredictionNotFound,
    Unavailable,
    UploadNotFound,
)
from common.http import HttpApi, Request
from common.images import IMAGE_ERRORS, MAX_IMAGE_BYTES, supported_media_types
from common.intake import MULTIPART
from common.observability import load_tracer
from common.predictions import Predictions
from common.request import JSON_TYPE
from common.settings import read_settings
from common.table import DynamoTable
from common.uploads import Uploads
from describe.api_token import token_in_ssm
from describe.budget import Budget, Limits
from describe.cache import DescriptionCache
from describe.catalogue import Catalogue
from describe.chat import ChatEndpoint
from describe.classifier import PredictFunction
from describe.clock import SystemClock
from describe.describer import Describer
from describe.intake import read_question
from describe.models import DescribeRequest, DescribeResponse
from describe.remote import RemoteDescriptions
from describe.settings import DescribeSettings

# The table is asked several times for one answer, which has to be there in time: each gives up
# after 2 * (1 + 1) s and a pause of less than one.
TABLE_READ_TIMEOUT_SECONDS = 1.0
TABLE_ATTEMPTS = 2

settings = read_settings(DescribeSettings)
clock = SystemClock()


def dynamodb() -> Any:  # noqa: ANN401 - as boto3
    """Return the client of the table."""
    return client(
        "dynamodb", read_timeout_seconds=TABLE_READ_TIMEOUT_SECONDS, attempts=TABLE_ATTEMPTS
    )


def aws_lambda() -> Any:  # noqa: ANN401 - as boto3
    """Return the client that calls `predict`: once, since an answer waits for it."""
    return client("lambda", read_timeout_seconds=settings.answer_within_ms / 1000, attempts=1)


table = DynamoTable(settings.table_name, dynamodb)
token = token_in_ssm(settings.vision_token_parameter)
endpoint = ChatEndpoint(
    settings.vision_base_url,
    max_tokens=settings.max_tokens,
    connect_timeout_seconds=settings.connect_timeout_ms / 1000,
)
budget = Budget(table, Limits.of(settings), clock)
describer = Describer(
    remote=RemoteDescriptions(
        endpoint=endpoint,
        models=settings.vision_models,
        token=token,
        budget=budget,
        cache=DescriptionCache(table, settings.cache_ttl_days * 86_400, clock),
        clock=clock,
        shortest_call_seconds=settings.shortest_call_ms / 1000,
    ),
    budget=budget,
    classifier=PredictFunction(settings.predict_function_name, aws_lambda),
    history=Predictions(table),
    uploads=Uploads(settings.uploads_bucket, MAX_IMAGE_BYTES),
    places=Catalogue(settings.model_root / "data" / "landmarks_unified.json"),
    clock=clock,
    default_prompt=settings.vision_prompt,
    answer_within_seconds=settings.answer_within_ms / 1000,
    local_answer_seconds=settings.local_answer_ms / 1000,
)
api = HttpApi()


@api.route(
    "POST",
    "/describe",
    reads=DescribeRequest,
    accepts=(JSON_TYPE, MULTIPART, *supported_media_types()),
    response=DescribeResponse,
    errors=(
        AccountNotFound,
        PredictionNotFound,
        UploadNotFound,
        ImageEncodingInvalid,
        *IMAGE_ERRORS,
        Unavailable,
    ),
)
def describe(request: Request) -> DescribeResponse:
    """Describe a photo in words.

    Send JSON with the photo in base64 (`image`), the `upload_key` of one that was uploaded or a
    `prediction_id`; or a form with the photo as `file`; or the photo itself as the body. `prompt`
    goes in the JSON or the form. A remote model answers where one is configured and the month's
    calls are not used up; else the answer is local: what our classifier sees, in a sentence or
    two, with the `reason`.
    """
    return describer.describe(request.user_id, read_question(request))


def prepare_endpoint() -> None:
    """Load what calling a model needs, where there is a token to call it with."""
    if token.get():
        endpoint.open()


handle = api.handle
# Without the client of S3, which most photos do without.
prepare_on_lambda(load_tracer, dynamodb, aws_lambda, prepare_endpoint)
