"""`predict`: names the landmark on a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.constructs.public_http_api import PublicHttpApi, Route
from stacks.constructs.service_function import ONE_BLAS_THREAD, Package, image_package
from stacks.constructs.upload_access import grant_uploads

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation

_ROUTES = (Route("POST", "/predict"), Route("POST", "/uploads"))
_RIGHTS = (
    (["PutItem", "UpdateItem"], ["USER#*"]),
    (["GetItem", "PutItem"], ["IMAGE#*"]),
)


def add_predict(on: Foundation, http_api: PublicHttpApi) -> lambda_.Function:
    """Create the function and its routes; `describe` calls it too."""
    settings, platform = on.settings, on.settings.platform
    function = on.create(
        "Predict",
        name="predict",
        description="Names the landmark on a photo",
        package=_package(on),
        environment={
            **on.table_name,
            "MODEL_ROOT": platform.model_root,
            "COMPILED_MODELS": platform.compiled_models,
            "TORCH_THREADS": str(platform.torch_threads),
            **ONE_BLAS_THREAD,
            "TEXT_ENCODER": settings.text_encoder,
            "UPLOADS_BUCKET": on.data.uploads_bucket.bucket_name,
            "MAX_UPLOAD_BYTES": str(settings.max_upload_bytes),
            "UPLOAD_FORMS_A_DAY": str(settings.upload_forms_a_day),
        },
    )
    on.grant_items(function, *_RIGHTS)
    grant_uploads(function, on.data.uploads_bucket, actions=["GetObject", "PutObject"])
    http_api.add_routes(function, _ROUTES)
    return function


def _package(on: Foundation) -> Package:
    if on.settings.platform.predict_package == "image":
        return image_package("predict", settings=on.settings)
    return on.zip("predict")
