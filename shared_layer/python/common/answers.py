"""Answers: models, pages and files as they go out, and RFC 9457 problem documents."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

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
# What API Gateway takes for one (HTTP API, payload format 2.0).
Answer = dict[str, Any]

# Answers hold personal data or tokens: nothing between us and the caller may keep them.
STANDARD_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


@dataclass(frozen=True)
class Reply:
    """An answer that is not simply a model: a page, a file, another status, extra headers."""

    body: str | bytes = ""
    content_type: str | None = JSON_TYPE
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def success_answer(result: BaseModel | Reply | None, status: int) -> Answer:
    """Answer with what a route gave: a model as JSON, a reply as it is, 204 for nothing."""
    if result is None:
        return _answer(204, "", {})
    if isinstance(result, Reply):
        typed = {"content-type": result.content_type} if result.content_type else {}
        return _answer(result.status, result.body, {**typed, **result.headers})
    return _answer(status, result.model_dump_json(), {"content-type": JSON_TYPE})


def failure_answer(error: DomainError, request_id: str) -> Answer:
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
    return _problem_answer(problem, error.detail, request_id, headers, extra)


def unexpected_answer(error: Exception, request_id: str) -> Answer:
    """Answer 500 without detail; the log says what went wrong, and where."""
    logger.error("unexpected exception", extra=describe_exception(error))
    return _problem_answer(UNEXPECTED, UNEXPECTED_DETAIL, request_id)


def describe_problem(problem: Problem, detail: str) -> dict[str, Any]:
    """Return the members that every problem has (RFC 9457)."""
    return {
        "type": PROBLEM_URN + problem.code,
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail,
        "code": problem.code,
    }


def _problem_answer(
    problem: Problem,
    detail: str,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Answer:
    """Write an RFC 9457 problem document, and its code in the line that ends the request."""
    ours = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    logger.append_keys(**{"failure" if ours else "refusal": problem.code})
    document = {**describe_problem(problem, detail), "request_id": request_id, **(extra or {})}
    return _answer(
        int(problem.status),
        json.dumps(document),
        {"content-type": PROBLEM_TYPE, **(headers or {})},
    )


def _answer(status: int, body: str | bytes, headers: Mapping[str, str]) -> Answer:
    text = base64.b64encode(body).decode("ascii") if isinstance(body, bytes) else body
    return {
        "statusCode": status,
        "headers": {**STANDARD_HEADERS, **headers},
        "body": text,
        "isBase64Encoded": isinstance(body, bytes),
    }
