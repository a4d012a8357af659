"""One request as a handler sees it, whatever event brought it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from common.errors import (
    FieldError,
    InvalidFields,
    MalformedRequest,
    NotAuthenticated,
    UnsupportedMediaType,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

JSON_TYPE = "application/json"
# What curl and urllib put on a body when told nothing: read as JSON like no type at all.
UNDECLARED_TYPES = frozenset({"", "application/x-www-form-urlencoded", "text/plain"})
# The deepest body of this API has three levels.
MAX_JSON_DEPTH = 20

M = TypeVar("M", bound="BaseModel")


@dataclass(frozen=True)
class Request:
    """A request: header names are in lower case, `path` has no stage and no query."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    authorizer: Mapping[str, Any]
    request_id: str
    source_ip: str
    raw_body: str
    raw_body_is_base64: bool

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Request:
        """Read an HTTP API event (payload format 2.0).

        Raises:
            KeyError: the event does not come from an HTTP API.

        """
        context = event["requestContext"]
        http = context["http"]
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        return cls(
            method=http["method"].upper(),
            path=event["rawPath"],
            headers=headers,
            query=event.get("queryStringParameters") or {},
            authorizer=(context.get("authorizer") or {}).get("lambda") or {},
            request_id=context.get("requestId") or "unknown",
            source_ip=http.get("sourceIp") or "",
            raw_body=event.get("body") or "",
            raw_body_is_base64=bool(event.get("isBase64Encoded")),
        )

    @property
    def user_id(self) -> str:
        """The signed-in user, as the authorizer vouched.

        Raises:
            NotAuthenticated: the route was called without the authorizer.

        """
        user_id = self.authorizer.get("user_id")
        if not isinstance(user_id, str) or not user_id:
            raise NotAuthenticated
        return user_id

    @property
    def content_type(self) -> str:
        """The body's media type in lower case without parameters, "" when not stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def body(self) -> bytes:
        """The body's bytes.

        Raises:
            MalformedRequest: marked as base64, and it is not.

        """
        if not self.raw_body_is_base64:
            return self.raw_body.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(self.raw_body, validate=True)
        except ValueError:  # also of characters that base64 does not have
            message = "The request body is not valid base64."
            raise MalformedRequest(message) from None

    def json(self, model: type[M]) -> M:
        """Read the body as a JSON object that fits `model`.

        Raises:
            UnsupportedMediaType: the body says that it is something else.
            MalformedRequest: it is not a JSON object in UTF-8.
            InvalidFields: fields are missing or invalid.

        """
        stated = self.content_type
        if stated not in UNDECLARED_TYPES and stated != JSON_TYPE and not stated.endswith("+json"):
            message = "Send JSON with 'Content-Type: application/json'."
            raise UnsupportedMediaType(message)
        return _fit(parse_json_object(self.body), model)

    def parameters(self, model: type[M]) -> M:
        """Read the query as far as `model` knows it. An empty parameter counts as not sent.

        Raises:
            InvalidFields: parameters are missing or invalid.

        """
        return _fit({name: text for name, text in self.query.items() if text.strip()}, model)


def _fit(document: dict[str, Any], model: type[M]) -> M:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise InvalidFields([_field_error(detail) for detail in details]) from None


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object strictly: names occur once, numbers are finite, text is Unicode.

    Raises:
        MalformedRequest: saying what is wrong and, for a syntax error, where.

    """
    if not body.strip():
        message = "The request has no body. Send a JSON object."
        raise MalformedRequest(message)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        message = "The request body is not UTF-8."
        raise MalformedRequest(message) from None
    try:
        document = json.loads(text, object_pairs_hook=_unique_names, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        message = f"The body is not JSON: {error.msg} at line {error.lineno} column {error.colno}."
        raise MalformedRequest(message) from None
    except ValueError:
        # Python refuses to read whole numbers of more than 4300 digits.
        message = "The body is not JSON: a number is too long."
        raise MalformedRequest(message) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(document, dict):
        message = "The body must be a JSON object, {...}."
        raise MalformedRequest(message)
    _refuse_depth(document)
    if "\\u" in text:
        _refuse_half_characters(document)
    return document


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        message = "The body is not usable JSON: an object has the same name twice."
        raise MalformedRequest(message)
    return members


def _refuse(constant: str) -> None:
    message = f"The body is not JSON: {constant} is no JSON number."
    raise MalformedRequest(message)


def _too_deep() -> MalformedRequest:
    return MalformedRequest(f"The body is nested deeper than {MAX_JSON_DEPTH} levels.")


def _refuse_depth(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(MAX_JSON_DEPTH):
        level = [inner for outer in level for inner in _containers_in(outer)]
        if not level:
            return
    raise _too_deep()


def _containers_in(outer: dict[str, Any] | list[Any]) -> list[Any]:
    members = outer.values() if isinstance(outer, dict) else outer
    return [member for member in members if isinstance(member, dict | list)]


def _refuse_half_characters(document: dict[str, Any]) -> None:
    r"""Refuse half of a surrogate pair (`"\ud800"`): no UTF-8 exists for it further on."""
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        message = "The body is not usable JSON: a \\u escape is half of a character."
        raise MalformedRequest(message) from None


def _field_error(detail: ErrorDetails) -> FieldError:
    path = ".".join(str(part) for part in detail["loc"]) or "body"
    if detail["type"] == "missing":
        return FieldError(path, "This field is required.")
    if detail["type"] == "value_error":
        return FieldError(path, str(detail["ctx"]["error"]))
    message = detail["msg"]
    return FieldError(path, message if message.endswith(".") else f"{message}.")
