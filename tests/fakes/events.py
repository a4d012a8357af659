"""The events in `tests/events`, with a different body, token or caller."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parents[1] / "events"


def load_event(name: str) -> dict[str, Any]:
    """Read an event as API Gateway sent it."""
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event


def with_body(event: dict[str, Any], body: object) -> dict[str, Any]:
    """Give an event another body: text as it is, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {**event, "body": text, "isBase64Encoded": False}


def with_header(event: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    """Give an event another header."""
    return {**event, "headers": {**event["headers"], name: text}}


def for_route(
    event: dict[str, Any], method: str, path: str, query: dict[str, str] | None = None
) -> dict[str, Any]:
    """Send an event to another address."""
    context = event["requestContext"]
    http = {**context["http"], "method": method, "path": path}
    moved = {**event, "rawPath": path, "requestContext": {**context, "http": http}}
    return {**moved, "queryStringParameters": query} if query else moved


def signed_in_as(event: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Let the authorizer have vouched for `user_id`."""
    vouched = {"lambda": {"user_id": user_id, "username": "ada", "token_id": "T1"}}
    return {**event, "requestContext": {**event["requestContext"], "authorizer": vouched}}


def read_json(answer: dict[str, Any]) -> dict[str, Any]:
    """Parse the body of a function's answer."""
    document: dict[str, Any] = json.loads(answer["body"])
    return document
