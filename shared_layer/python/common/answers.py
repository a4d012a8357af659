"""Answers: models, pages and files as they go out, and RFC 9457 problem documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.api_gateway import Response

from common.errors import (
    UNEXPECTED,
    DomainError,
    InvalidFields,
    MethodNotAllowed,
    RetryLater,
    problem_of,
)
from common.observability import describe_exception, logger
from common.request import JSON_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from common.errors import Problem

PROBLEM_TYPE = "application/problem+json"
PROBLEM_URN = "urn:problem-type:cv-location-classifier:"
UNEXPECTED_DETAIL = "Something went wrong on our side. Quote the request_id if you report it."
# Answers hold personal data or tokens: nothing between us and the caller may keep them.
STANDARD_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True)
class Reply:
    """An answer that is not simply a model: a page, a file, another status, extra headers."""

    body: str | bytes = ""
    content_type: str | None = JSON_TYPE
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def success_response(result: BaseModel | Reply | None, status: int) -> Response[Any]:
    """Answer with what a route gave: a model as JSON, a reply as it is, 204 for nothing."""
    if result is None:
        return Response(status_code=204, body="", headers=dict(STANDARD_HEADERS))
    if isinstance(result, Reply):
        typed = {"content-type": result.content_type} if result.content_type else {}
        return Response(
            status_code=result.status,
            body=result.body,
            headers={**STANDARD_HEADERS, **typed, **result.headers},
        )
    return Response(
        status_code=status,
        body=result.model_dump_json(),
        headers={**STANDARD_HEADERS, "content-type": JSON_TYPE},
    )


def failure_response(error: DomainError, request_id: str) -> Response[Any]:
    """Answer with the problem document of an expected error, and the headers that go with it."""
    problem = problem_of(type(error))
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if isinstance(error, InvalidFields):
        extra["errors"] = [
            {"field": wrong.field, "message": wrong.message} for wrong in error.errors
        ]
    if isinstance(error, RetryLater):
        headers["retry-after"] = str(error.retry_after_seconds)
    if isinstance(error, MethodNotAllowed):
        headers["allow"] = ", ".join(error.allowed)
    if problem.status == 401:  # noqa: PLR2004 - RFC 9110, 15.5.2
        headers["www-authenticate"] = "Bearer"
    return _problem_response(problem, error.detail, request_id, headers, extra)


def unexpected_response(error: Exception, request_id: str) -> Response[Any]:
    """Answer 500 without detail; the log says what went wrong, and where."""
    logger.error("unexpected exception", extra=describe_exception(error))
    return _problem_response(UNEXPECTED, UNEXPECTED_DETAIL, request_id)


def describe_problem(problem: Problem, detail: str) -> dict[str, Any]:
    """Return the members that every problem has (RFC 9457)."""
    return {
        "type": PROBLEM_URN + problem.code,
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail,
        "code": problem.code,
    }


def _problem_response(
    problem: Problem,
    detail: str,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response[Any]:
    """Write an RFC 9457 problem document, and its code in the line that ends the request."""
    ours = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    logger.append_keys(**{"failure" if ours else "refusal": problem.code})
    document = {**describe_problem(problem, detail), "request_id": request_id, **(extra or {})}
    return Response(
        status_code=int(problem.status),
        body=json.dumps(document),
        headers={**STANDARD_HEADERS, "content-type": PROBLEM_TYPE, **(headers or {})},
    )
