"""Routes of `predict`."""

from __future__ import annotations

from typing import Any

from common.clients import client, prepare_on_lambda
from common.errors import (
    AccountNotFound,
    ImageEncodingInvalid,
    TooManyUploads,
    Unavailable,
    UploadNotFound,
)
from common.http import HttpApi, Request
from common.images import IMAGE_ERRORS, supported_media_types
from common.intake import MULTIPART
from common.observability import load_tracer
from common.predictions import PredictionCache, Predictions
from common.request import JSON_TYPE
from common.settings import read_settings
from common.table import DynamoTable
from common.uploads import Uploads
from predict.batch import answer_batch
from predict.bundle import read_bundle
from predict.classify import Classifier
from predict.embedders import load_embedder
from predict.identify import Identifier
from predict.intake import read_photos
from predict.internal import EVENT_KEY, classify_for_function
from predict.models import (
    BatchResponse,
    PredictAnswer,
    PredictQuery,
    PredictRequest,
    PredictResponse,
    UploadFormResponse,
)
from predict.network import load_network
from predict.settings import PredictSettings
from predict.upload_forms import Terms, UploadForms

# The table is asked several times for one answer, which has to be there in time: each gives up
# after 2 * (1 + 1) s and a pause of less than one.
TABLE_READ_TIMEOUT_SECONDS = 1.0
TABLE_ATTEMPTS = 2

settings = read_settings(PredictSettings)
bundle = read_bundle(settings.model_root / "models" / "classifier")


def dynamodb() -> Any:  # noqa: ANN401 - as boto3
    """Return the client of the table."""
    return client(
        "dynamodb", read_timeout_seconds=TABLE_READ_TIMEOUT_SECONDS, attempts=TABLE_ATTEMPTS
    )


table = DynamoTable(settings.table_name, dynamodb)
uploads = Uploads(settings.uploads_bucket, settings.max_upload_bytes)
upload_forms = UploadForms(
    settings.uploads_bucket,
    Terms(
        max_bytes=settings.max_upload_bytes,
        expires_in_seconds=settings.upload_form_ttl_seconds,
        a_day=settings.upload_forms_a_day,
    ),
    table,
)
classifier = Classifier(
    bundle,
    load_network(bundle, settings.compiled_models, settings.torch_threads),
    load_embedder(
        settings.model_root, settings.text_encoder, bundle, threads=settings.torch_threads
    ),
)
identifier = Identifier(
    classifier,
    Predictions(table),
    PredictionCache(table),
    answer_within_seconds=settings.answer_within_ms / 1000,
)
api = HttpApi()


@api.route(
    "POST",
    "/predict",
    reads=PredictRequest,
    accepts=(JSON_TYPE, MULTIPART, *supported_media_types()),
    reads_query=PredictQuery,
    response=PredictAnswer,
    errors=(
        AccountNotFound,
        UploadNotFound,
        ImageEncodingInvalid,
        *IMAGE_ERRORS,
        Unavailable,
    ),
)
def predict(request: Request) -> PredictResponse | BatchResponse:
    """Name the landmark in a photo, or in each of several.

    Send JSON with a photo in base64 (`image`), up to 8 of them (`images`), or the `upload_key` of
    a photo that was sent by a form of `POST /uploads`; or a form with the photo as `file`; or the
    photo itself as the body. `top_k` goes in the JSON, the form or the query. Of several photos,
    one that cannot be used has a problem in its place among the `results`.
    """
    user_id = request.user_id
    photos = read_photos(request, uploads)
    if photos.batch:
        return answer_batch(identifier.identify_all(user_id, photos.sources, photos.top_k))
    return identifier.identify(user_id, photos.sources[0], photos.top_k)


@api.route(
    "POST",
    "/uploads",
    response=UploadFormResponse,
    errors=(AccountNotFound, TooManyUploads, Unavailable),
)
def offer_upload(request: Request) -> UploadFormResponse:
    """Get a form for sending a photo that is too large for a request.

    Requests have at most 6 MB. Post the photo with the form, then send its `upload_key` to
    `POST /predict`; it can be read for a day.
    """
    return upload_forms.offer(request.user_id)


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - as HttpApi's
    """Answer a request of the HTTP API, or of another function of ours."""
    if EVENT_KEY in event:
        return classify_for_function(identifier, event)
    return api.handle(event, context)


# Without the client of S3, which most photos do without.
prepare_on_lambda(load_tracer, dynamodb)
