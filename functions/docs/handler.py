"""Routes of `docs`."""

from __future__ import annotations

from datetime import UTC, datetime

from common.clients import prepare_on_lambda
from common.errors import RouteNotFound
from common.http import HttpApi, Reply, Request
from common.request import JSON_TYPE
from common.settings import read_settings
from docs import site
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


@api.route(
    "GET",
    "/openapi.json",
    request_headers=("if-none-match",),
    produces=(JSON_TYPE,),
    response_headers=("etag",),
    public=True,
)
def show_description(request: Request) -> Reply:
    """Get this description of the API, in OpenAPI 3.1."""
    return site.serve(site.DESCRIPTION, request)


@api.route(
    "GET",
    "/docs",
    request_headers=("if-none-match",),
    produces=(site.HTML,),
    response_headers=("etag", "content-security-policy"),
    public=True,
)
def show_page(request: Request) -> Reply:
    """Read about the API and try it out, in a browser."""
    return site.serve(site.PAGE, request)


@api.route(
    "GET",
    "/docs/{file}",
    request_headers=("if-none-match",),
    produces=(site.CSS, site.JAVASCRIPT),
    response_headers=("etag",),
    public=True,
)
def show_part(request: Request, file: str) -> Reply:
    """Get one of the files that the page loads."""
    if file not in site.PARTS:
        raise RouteNotFound
    return site.serve(file, request)


handle = api.handle
prepare_on_lambda()
