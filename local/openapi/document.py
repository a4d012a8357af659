"""The whole document, from the routes that the functions declare."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.openapi.examples import Examples
from local.openapi.links import LINKS
from local.openapi.requests import describe_body, describe_parameters
from local.openapi.responses import (
    FIELD_ERROR,
    GATEWAY_MESSAGE,
    PROBLEM,
    describe_responses,
)
from local.openapi.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.http import Route

ROOT = Path(__file__).resolve().parents[2]
_DESCRIPTION = """
Send a photo and learn which landmark it shows, or that it shows none the service knows; get it
described in words; be recommended places nearby or places like it; plan a trip.

**Signing in.** `POST /auth/signup` or `POST /auth/login` give an access token, which goes with
every request as `Authorization: Bearer …`, and a refresh token for `POST /auth/refresh`.

**Errors** are problem documents (RFC 9457) with a stable `code`. The gateway in front of the
functions answers some requests itself, with a `message` in plain JSON: those without a token (401)
or with a bad one (403), and those that are too large or too many.

**Lists** come in pages: send the cursor of a page, unchanged, for the next.
"""
_TAGS = {
    "Sessions": "Signing up, in and out; passwords.",
    "Account": "The signed-in user's profile and data.",
    "Photos": "Naming and describing photos.",
    "History": "Predictions that were made, and what the user says of them.",
    "Places": "Recommendations, and the catalogue of landmarks.",
    "Itineraries": "Trips with stops, for maps, navigators and calendars.",
    "Service": "What the service says about itself.",
}
_TAG_OF_PATH = {
    "auth": "Sessions",
    "user": "Account",
    "predict": "Photos",
    "uploads": "Photos",
    "describe": "Photos",
    "predictions": "History",
    "feedback": "History",
    "recommend": "Places",
    "landmarks": "Places",
    "itinerary": "Itineraries",
}


def describe_api(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `routes`.

    Raises:
        KeyError: a route takes or gives something that has no example or no words yet.
        ValueError: examples or links are of nothing that there is.

    """
    schemas = Schemas(
        [route.body for route in routes if route.body],
        [route.response for route in routes if route.response],
    )
    examples = Examples()
    shared = _SharedResponses()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _describe_operation(route, schemas, examples, shared)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    operations = {operation_id(route) for route in routes}
    if examples.unused or not set(LINKS) <= operations:
        message = f"Nothing has these: {examples.unused}, {sorted(set(LINKS) - operations)}"
        raise ValueError(message)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CV Location Classifier",
            "version": _project_version(),
            "description": _DESCRIPTION.strip(),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        # Relative to where the document is served: the API may lie below a prefix.
        "servers": [{"url": ".", "description": "Where this description lies"}],
        "security": [{"accessToken": []}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {
                **dict(sorted(schemas.components.items())),
                "Problem": PROBLEM,
                "FieldError": FIELD_ERROR,
                "GatewayMessage": GATEWAY_MESSAGE,
            },
            "responses": dict(sorted(shared.components.items())),
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def operation_id(route: Route) -> str:
    """Return the name of an operation: of its function, as most languages write names."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), route.name)


def _describe_operation(
    route: Route, schemas: Schemas, examples: Examples, shared: _SharedResponses
) -> dict[str, Any]:
    name = operation_id(route)
    responses = describe_responses(route, schemas, examples)
    if name in LINKS:
        responses[str(route.status)]["links"] = LINKS[name]
    parameters = describe_parameters(route)
    body = describe_body(route, schemas, examples)
    return {
        "operationId": name,
        "tags": [_TAG_OF_PATH.get(route.path.split("/")[1], "Service")],
        "summary": route.summary.rstrip("."),
        **({"description": route.description} if route.description else {}),
        **({"security": []} if route.public else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body} if body else {}),
        "responses": {
            status: shared.share(response) if int(status) >= 400 else response  # noqa: PLR2004
            for status, response in responses.items()
        },
    }


class _SharedResponses:
    """Errors, each written once however many operations answer with it."""

    def __init__(self) -> None:
        self.components: dict[str, dict[str, Any]] = {}

    def share(self, response: dict[str, Any]) -> dict[str, str]:
        """Return a reference to `response`, named after the codes that it has."""
        codes = [code for media in response["content"].values() for code in media["examples"]]
        if codes == ["gateway"]:
            codes = [response["description"].partition(":")[0].lower().replace(" ", "_")]
        name = "Or".join("".join(word.title() for word in code.split("_")) for code in codes)
        known = self.components.setdefault(name, response)
        if known != response:
            message = f"Two errors are called {name}"
            raise ValueError(message)
        return {"$ref": f"#/components/responses/{name}"}


def _project_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])
