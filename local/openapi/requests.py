"""What an operation takes: parameters of the path, the query and the headers, and the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from common.intake import MULTIPART
from common.request import JSON_TYPE
from common.ulids import ALPHABET, LENGTH
from local.openapi.schemas import read_parameters

if TYPE_CHECKING:
    from common.http import Route
    from local.openapi.examples import Examples
    from local.openapi.schemas import Schema, Schemas

_ULID = f"^[{re.escape(ALPHABET)}]{{{LENGTH}}}$"
_PATH_PARAMETERS: dict[str, tuple[str, Schema, str]] = {
    "prediction_id": (
        "Of an answer of `POST /predict` or `GET /predictions`.",
        {"type": "string", "pattern": _ULID},
        "01M85BSBS5EV87SRS3HY2JBXXW",
    ),
    "itinerary_id": (
        "Of an answer of `POST /itinerary` or `GET /itinerary`.",
        {"type": "string", "pattern": _ULID},
        "01M85C0ZQ2T1H8N5W7K4V9R3XD",
    ),
    "landmark_id": (
        "Of any answer that names a landmark.",
        {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "colosseum",
    ),
    "file": (
        "One of the files that the page loads.",
        {"type": "string", "pattern": "^[a-z0-9-]+(\\.[a-z0-9]+)+$"},
        "swagger-ui.css",
    ),
}
_HEADERS: dict[str, dict[str, Any]] = {
    "idempotency-key": {
        "name": "Idempotency-Key",
        "description": "Any text that is new for each request; the same request with the same "
        "key is done once, however often it is sent within a day.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "example": "5f0c3f7e-1f0b-4d0e-9c57-0a7a3d1a2b3c",
    },
    "if-match": {
        "name": "If-Match",
        "required": True,
        "description": "The `ETag` of the version that is being changed.",
        "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}(-[a-z]+)?"$'},
        "example": '"1"',
    },
    "if-none-match": {
        "name": "If-None-Match",
        "description": "The `ETag` of a copy that the client has; 304 tells that it is current.",
        "schema": {"type": "string"},
        "example": '"5d41402abc4b2a76"',
    },
}
# Where a body can hold the photo. In a form it is the file.
_PHOTO_SOURCES = frozenset({"image", "images", "upload_key", "prediction_id"})
_FILE = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}


def describe_parameters(route: Route) -> list[dict[str, Any]]:
    """Return the parameters of an operation."""
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH_PARAMETERS[name][0],
            "schema": _PATH_PARAMETERS[name][1],
            "example": _PATH_PARAMETERS[name][2],
        }
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    headers = [{"in": "header", **_HEADERS[name]} for name in route.request_headers]
    return [*in_path, *_describe_query(route), *headers]


def _describe_query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    model = read_parameters(route.query)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in model.get("required", ()),
            # Counts as not sent.
            **({} if name in model.get("required", ()) else {"allowEmptyValue": True}),
            **_split_description(_not_null(schema)),
        }
        for name, schema in model["properties"].items()
    ]


def _not_null(schema: Schema) -> Schema:
    """Leave null out: a parameter, or a field of a form, is sent or it is not."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return schema
    rest = {keyword: value for keyword, value in schema.items() if keyword != "anyOf"}
    merged = {**options[0], **rest}
    return {keyword: value for keyword, value in merged.items() if value is not None}


def _split_description(schema: Schema) -> dict[str, Any]:
    described = {"description": schema["description"]} if "description" in schema else {}
    inner = {keyword: value for keyword, value in schema.items() if keyword != "description"}
    return {**described, "schema": inner}


def describe_body(route: Route, schemas: Schemas, examples: Examples) -> dict[str, Any] | None:
    """Return the body of an operation in every media type that it may have."""
    if route.body is None:
        return None
    content: dict[str, Any] = {}
    for media_type in route.accepts:
        if media_type == JSON_TYPE:
            shown = examples.of(route.body.__name__)
            content[media_type] = {"schema": schemas.reference(route.body), "examples": shown}
        elif media_type == MULTIPART:
            content[media_type] = {"schema": _describe_form(schemas.of(route.body))}
        else:
            content[media_type] = {"schema": _FILE}
    return {"required": True, "content": content}


def _describe_form(model: Schema) -> Schema:
    fields = {
        name: _not_null(schema)
        for name, schema in model["properties"].items()
        if name not in _PHOTO_SOURCES
    }
    return {
        "type": "object",
        "properties": {"file": {**_FILE, "description": "The photo."}, **fields},
        "required": ["file"],
    }
