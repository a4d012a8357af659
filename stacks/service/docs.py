"""`docs`: health, facts about the service, and its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stacks.constructs.public_http_api import PublicHttpApi, Route
from stacks.constructs.service_function import FUNCTIONS
from stacks.model_info import read_model_info
from stacks.settings import MODEL_LAYER, SettingsError

if TYPE_CHECKING:
    from stacks.service.foundation import Foundation

_ROUTES = (
    Route("GET", "/health", public=True),
    Route("GET", "/info", public=True),
    Route("GET", "/openapi.json", public=True),
    Route("GET", "/docs", public=True),
    Route("GET", "/docs/{file}", public=True),
)
_SITE = FUNCTIONS / "docs" / "site"


def add_docs(on: Foundation, http_api: PublicHttpApi) -> None:
    """Create the function and its routes.

    Raises:
        SettingsError: where the pages that it serves are not built, saying how to.

    """
    if not _SITE.is_dir():
        message = f"docs: {_SITE} is not built; run `make layers`"
        raise SettingsError(message)
    function = on.create(
        "Docs",
        name="docs",
        description="Health, facts about the service, and its documentation",
        package=on.zip("docs"),
        environment={"MODEL_INFO": read_model_info(MODEL_LAYER, on.settings.text_encoder)},
    )
    http_api.add_routes(function, _ROUTES)
