"""What an operation answers: its function's own answers, and the gateway's in front of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from common.answers import PROBLEM_TYPE, UNEXPECTED_DETAIL, describe_problem
from common.errors import (
    UNEXPECTED,
    DomainError,
    FieldError,
    InvalidFields,
    RetryLater,
    problem_of,
)
from common.request import JSON_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from common.http import Route
    from local.openapi.examples import Examples
    from local.openapi.schemas import Schema, Schemas

REQUEST_ID = "4c70f720-e5b6-4f4f-b48f-aa8c423447c9"
PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable: clients may branch on it.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The same for every occurrence."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What to do about it, for a person."},
        "code": {"type": "string", "pattern": "^[a-z_]+$"},
        "request_id": {"type": "string", "description": "Quote it in a report."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
    },
}
FIELD_ERROR: Schema = {
    "type": "object",
    "description": FieldError.__doc__,
    "required": ["field", "message"],
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
}
GATEWAY_MESSAGE: Schema = {
    "type": "object",
    "description": "An answer of the gateway, which the request did not get past.",
    "required": ["message"],
    "properties": {"message": {"type": ["string", "null"]}},
}
# What the gateway itself writes (no problem documents, no x-request-id), and when.
_GATEWAY = {
    401: ("Unauthorized", "no access token was sent"),
    403: ("Forbidden", "the access token is not valid, or not any more"),
    404: ("Not Found", "no operation has such a path"),
    413: ("Request Entity Too Large", "the body has more than the gateway or the function takes"),
    429: ("Too Many Requests", "all users together send more than the service is set up for"),
    500: ("Internal Server Error", "the function broke down, or was not there"),
    503: ("Service Unavailable", "the function did not answer in time, or none was free"),
}
_HEADERS: dict[str, dict[str, Any]] = {
    "x-request-id": {
        "description": "Names the request in the service's logs.",
        "schema": {"type": "string", "minLength": 1},
    },
    "etag": {
        "description": "Names this version.",
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
    },
    "location": {
        "description": "The path of what was made, below the API's address.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "content-security-policy": {
        "description": "What the page may load: nothing from other hosts.",
        "schema": {"type": "string"},
    },
    "content-disposition": {
        "description": "A name for the file; not with JSON.",
        "schema": {"type": "string"},
    },
    "retry-after": {
        "description": "Seconds to wait before the same request is sent again.",
        "schema": {"type": "integer", "minimum": 0},
    },
}
# These are not with every answer that may have them.
_SOMETIMES = frozenset({"content-disposition"})
_FORMS: dict[str, Schema] = {
    "application/geo+json": {
        "type": "object",
        "description": "A feature collection (RFC 7946): a point for each stop.",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": {"type": "object"}},
        },
    },
    JSON_TYPE: {"type": "object"},
}
_TEXT: Schema = {"type": "string"}
# As RFC 9110 has them; Python changed its own in 3.13.
_PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


def describe_responses(
    route: Route, schemas: Schemas, examples: Examples
) -> dict[str, dict[str, Any]]:
    """Return the answers of an operation by status, written out."""
    responses = {str(route.status): _describe_success(route, schemas, examples)}
    if "if-none-match" in route.request_headers:
        responses["304"] = {
            "description": "The client's copy is current.",
            "headers": describe_headers("etag", "x-request-id", required=True),
        }
    problems: dict[int, list[tuple[str, type[DomainError] | None]]] = {}
    for error in route.errors:
        problem = problem_of(error)
        problems.setdefault(int(problem.status), []).append((problem.code, error))
    problems.setdefault(500, []).append((UNEXPECTED.code, None))
    for status in sorted({*problems, *_gateway_statuses(route)}):
        own = problems.get(status, [])
        responses[str(status)] = _describe_failure(
            status, own, through_gateway=status in _gateway_statuses(route)
        )
    return responses


def _gateway_statuses(route: Route) -> set[int]:
    return {
        *(429, 500, 503),
        *(() if route.public else (401, 403)),
        *((404,) if "{" in route.path else ()),
        *((413,) if route.body else ()),
    }


def _describe_success(route: Route, schemas: Schemas, examples: Examples) -> dict[str, Any]:
    names = (*route.response_headers, "x-request-id")
    described: dict[str, Any] = {
        "description": _phrase(route.status),
        "headers": describe_headers(*names, required=True),
    }
    content: dict[str, Any] = {}
    for media_type in route.produces:
        if media_type == JSON_TYPE and route.response is not None:
            content[media_type] = {
                "schema": schemas.reference(route.response),
                "examples": examples.of(route.response.__name__),
            }
        else:
            content[media_type] = {"schema": _FORMS.get(media_type, _TEXT)}
    return described | ({"content": content} if content else {})


def _describe_failure(
    status: int, own: list[tuple[str, type[DomainError] | None]], *, through_gateway: bool
) -> dict[str, Any]:
    errors = [error for _, error in own]
    headers: dict[str, Any] = {}
    content: dict[str, Any] = {}
    reasons: list[str] = []
    if own:
        content[PROBLEM_TYPE] = {
            "schema": _problem_schema(own),
            "examples": {code: {"value": _example(error)} for code, error in own},
        }
        reasons.append(", ".join(f"`{code}`" for code, _ in own))
        headers |= describe_headers("x-request-id", required=not through_gateway)
        waits = [error is not None and issubclass(error, RetryLater) for error in errors]
        if any(waits):
            headers |= describe_headers("retry-after", required=all(waits) and not through_gateway)
    if through_gateway:
        message, reason = _GATEWAY[status]
        content[JSON_TYPE] = {
            "schema": {"$ref": "#/components/schemas/GatewayMessage"},
            "examples": {"gateway": {"value": {"message": message}}},
        }
        reasons.append(f"from the gateway, as JSON: {reason}")
    described: dict[str, Any] = {"description": f"{_phrase(status)}: {'; or '.join(reasons)}."}
    return described | ({"headers": headers} if headers else {}) | {"content": content}


def _problem_schema(own: Iterable[tuple[str, type[DomainError] | None]]) -> Schema:
    own = list(own)
    narrowed: Schema = {"properties": {"code": {"enum": [code for code, _ in own]}}}
    if all(error is not None and issubclass(error, InvalidFields) for _, error in own):
        narrowed["required"] = ["errors"]
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}


def _example(error: type[DomainError] | None) -> dict[str, Any]:
    if error is None:
        return {**describe_problem(UNEXPECTED, UNEXPECTED_DETAIL), "request_id": REQUEST_ID}
    shown = {**describe_problem(problem_of(error), error.detail), "request_id": REQUEST_ID}
    if issubclass(error, InvalidFields):
        shown["errors"] = [{"field": "name", "message": "This field is required."}]
    return shown


def _phrase(status: int) -> str:
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def describe_headers(*names: str, required: bool) -> dict[str, Any]:
    """Return headers of an answer."""
    return {
        name: {"required": required and name not in _SOMETIMES, **_HEADERS[name]} for name in names
    }
