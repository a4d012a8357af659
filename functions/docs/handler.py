"""Routes of `docs`."""

from __future__ import annotations

from datetime import UTC, datetime

from common.clients import prepare_on_lambda
from common.http import HttpApi, Request
from common.observability import load_tracer
from common.settings import read_settings
from docs.models import HealthResponse, InfoResponse, ModelsInfo, read_model_info
from docs.settings import DocsSettings

SERVICE = "CV Location Classifier"

settings = read_settings(DocsSettings)
info = read_model_info(settings.model_info)
api = HttpApi()


@api.route("GET", "/health", response=HealthResponse, public=True)
def tell_health(_request: Request) -> HealthResponse:
    """Tell that the service answers."""
    return HealthResponse(timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"))


@api.route("GET", "/info", response=InfoResponse, public=True)
def tell_info(_request: Request) -> InfoResponse:
    """Tell which service, build and models answer."""
    return InfoResponse(
        name=SERVICE,
        version=settings.service_version,
        environment=settings.environment,
        models=ModelsInfo(classifier=info.classifier, text_encoder=info.text_encoder),
        landmarks=info.landmarks,
    )


handle = api.handle
prepare_on_lambda(load_tracer)
