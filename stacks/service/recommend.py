"""`recommend`: places worth going to, and the catalogue of landmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.constructs.layers import require_text_encoder, text_search_layer
from stacks.constructs.public_http_api import PublicHttpApi, Route
from stacks.constructs.service_function import ONE_BLAS_THREAD

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

    from stacks.service.foundation import Foundation

_ROUTES = (
    Route("POST", "/recommend"),
    Route("GET", "/landmarks", public=True),
    Route("GET", "/landmarks/{landmark_id}", public=True),
)


def add_recommend(on: Foundation, http_api: PublicHttpApi) -> None:
    """Create the function and its routes."""
    settings = on.settings
    require_text_encoder(settings.text_encoder)
    function = on.create(
        "Recommend",
        name="recommend",
        description="Places worth going to, and the catalogue of landmarks",
        package=on.zip("recommend", _create_layers(on)),
        environment={
            **on.table_name,
            "MODEL_ROOT": settings.platform.model_root,
            "TEXT_ENCODER": settings.text_encoder,
            "ENCODER_THREADS": "1",
            **ONE_BLAS_THREAD,
            **{
                f"{part.upper()}_PERCENT": str(percent)
                for part, percent in settings.ranking_percent.items()
            },
        },
    )
    on.grant_items(function, (["GetItem"], ["USER#*"]))
    http_api.add_routes(function, _ROUTES)


def _create_layers(on: Foundation) -> list[lambda_.ILayerVersion]:
    if not on.settings.platform.function_layers:
        return []
    packages = on.packages_layer(
        "RecommendPackages",
        folder="recommend-aws",
        description="NumPy, ONNX Runtime and the tokenizer of `recommend`",
    )
    return [packages, text_search_layer(on.scope, "TextSearch", settings=on.settings)]
