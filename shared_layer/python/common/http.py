"""HTTP in and out: from an event to the one route that answers it.

A handler file declares its routes and what each takes and gives:

    api = HttpApi()

    @api.route("POST", "/auth/login", body=SignInRequest, response=Session, errors=[...])
    def sign_in(request: Request, body: SignInRequest) -> Session: ...

    handle = api.handle

The declarations (`api.routes`) are the source of the API's published description
(`docs/openapi.json`, made by `make openapi`).
Bodies that cannot be read are answered 400, readable ones with unusable fields 422.

Powertools' resolver would match the paths as well. It loads asyncio and a hundred modules for other
gateways: a sixth of an import's CPU, and nearly half of a short request's.
"""

from __future__ import annotations

import inspect
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, overload

from common.answers import Reply, failure_answer, success_answer, unexpected_answer
from common.errors import (
    DomainError,
    InvalidFields,
    MalformedRequest,
    MethodNotAllowed,
    RouteNotFound,
    UnsupportedMediaType,
)
from common.observability import describe_exception, flush_metrics, logger
from common.request import JSON_TYPE, Request
from common.time_left import until_time_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from common.answers import Answer


__all__ = ["HttpApi", "Reply", "Request", "Route"]

# What any route that reads a body can answer without saying so itself.
BODY_ERRORS = (MalformedRequest, UnsupportedMediaType, InvalidFields)


@dataclass(frozen=True)
class Route:
    """What a route takes and gives, as declared."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    body: type[BaseModel] | None
    accepts: tuple[str, ...]
    query: type[BaseModel] | None
    request_headers: tuple[str, ...]
    response: type[BaseModel] | None
    produces: tuple[str, ...]
    response_headers: tuple[str, ...]
    status: int
    errors: tuple[type[DomainError], ...]
    public: bool


@dataclass(frozen=True)
class _Entry:
    """A route with what answers it, and the models that are read for that."""

    route: Route
    handler: Callable[..., BaseModel | Reply | None]
    body: type[BaseModel] | None
    query: type[BaseModel] | None


M = TypeVar("M", bound="BaseModel")
Q = TypeVar("Q", bound="BaseModel")
A = TypeVar("A", bound="BaseModel | Reply | None")
P = ParamSpec("P")


class HttpApi:
    """The routes of one function."""

    def __init__(self) -> None:
        """Start without routes."""
        self._routes: list[Route] = []
        self._exact: dict[tuple[str, str], _Entry] = {}
        self._patterned: list[tuple[str, re.Pattern[str], _Entry]] = []
        self._cold_start = True

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes in the order they were declared."""
        return tuple(self._routes)

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        body: type[M],
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[
        [Callable[Concatenate[Request, M, P], A]], Callable[Concatenate[Request, M, P], A]
    ]: ...

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        query: type[Q],
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[
        [Callable[Concatenate[Request, Q, P], A]], Callable[Concatenate[Request, Q, P], A]
    ]: ...

    @overload
    def route(
        self,
        method: str,
        path: str,
        *,
        reads: type[BaseModel] | None = None,
        accepts: Sequence[str] = (),
        reads_query: type[BaseModel] | None = None,
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[[Callable[Concatenate[Request, P], A]], Callable[Concatenate[Request, P], A]]: ...

    def route(  # noqa: PLR0913 - a table of contents, by keyword
        self,
        method: str,
        path: str,
        *,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        reads: type[BaseModel] | None = None,
        accepts: Sequence[str] = (),
        reads_query: type[BaseModel] | None = None,
        request_headers: Sequence[str] = (),
        response: type[BaseModel] | None = None,
        produces: Sequence[str] = (),
        response_headers: Sequence[str] = (),
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
    ) -> Callable[[Any], Any]:
        """Declare a route; the decorated function's docstring describes it to API users.

        Args:
            method: the HTTP method.
            path: as in "/predictions/{prediction_id}"; `{names}` become keyword arguments.
            body: a model that the JSON body is read into and that is passed after the request.
            query: the same for the parameters of the query, passed last.
            reads: a model of the JSON body, only to describe it: the function reads for itself.
            accepts: the media types of bodies, when not only JSON.
            reads_query: a model of the query, only to describe it.
            request_headers: those that mean something to this route, by their names.
            response: the model of the answer with `status`, in JSON.
            produces: the media types of that answer, when not only JSON.
            response_headers: those that this answer has and others have not.
            status: of the answer when all went well.
            errors: what else the route can answer, for its description.
            public: whether it is called without signing in.

        """

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            summary, _, description = (inspect.getdoc(handler) or "").partition("\n")
            described, asked = body or reads, query or reads_query
            readable = BODY_ERRORS if described else (InvalidFields,) if asked else ()
            found = (RouteNotFound,) if "{" in path else ()
            route = Route(
                name=handler.__name__,
                method=method,
                path=path,
                summary=summary,
                description=inspect.cleandoc(description),
                body=described,
                accepts=tuple(accepts) or ((JSON_TYPE,) if described else ()),
                query=asked,
                request_headers=tuple(request_headers),
                response=response,
                produces=tuple(produces) or ((JSON_TYPE,) if response else ()),
                response_headers=tuple(response_headers),
                status=status,
                errors=tuple(dict.fromkeys((*found, *readable, *errors))),
                public=public,
            )
            self._routes.append(route)
            entry = _Entry(route, handler, body, query)
            if found:
                self._patterned.append((method, _pattern(path), entry))
            else:
                self._exact[method, path] = entry
            return handler

        return declare

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Answer one HTTP API event (payload format 2.0). Never raises."""
        started = time.perf_counter()
        request_id = _request_id(event)
        logger.clear_state()
        logger.set_correlation_id(request_id)
        logger.append_keys(
            function_request_id=getattr(context, "aws_request_id", None),
            cold_start=self._cold_start,
        )
        self._cold_start = False
        route_key = event.get("routeKey", "")
        with until_time_limit(context):
            answer = self._answer(event, request_id)
        answer["headers"]["x-request-id"] = request_id
        logger.info(
            "answered",
            extra={
                "route": route_key,
                "status": answer["statusCode"],
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        _flush_metrics_safely()
        return answer

    def _answer(self, event: Mapping[str, Any], request_id: str) -> Answer:
        try:
            request = Request.from_event(event)
            entry, path_parameters = self._find(request.method, request.path)
            arguments: list[Request | BaseModel] = [request]
            if entry.body is not None:
                arguments.append(request.json(entry.body))
            if entry.query is not None:
                arguments.append(request.parameters(entry.query))
            result = entry.handler(*arguments, **path_parameters)
            return success_answer(result, entry.route.status)
        except DomainError as error:
            return failure_answer(error, request_id)
        except Exception as error:  # noqa: BLE001 - answered as 500, logged with its place
            return unexpected_answer(error, request_id)

    def _find(self, method: str, path: str) -> tuple[_Entry, dict[str, str]]:
        """Return what answers, and the values of the path's names.

        Raises:
            MethodNotAllowed: the path has other methods.
            RouteNotFound: it does not exist, or has a control character where a name is.

        """
        entry = self._exact.get((method, path))
        if entry is not None:
            return entry, {}
        for its_method, pattern, its_entry in self._patterned:
            found = pattern.fullmatch(path) if its_method == method else None
            if found:
                return its_entry, found.groupdict()
        allowed = [route.method for route in self._routes if _fits(route.path, path)]
        if allowed and method not in allowed:
            raise MethodNotAllowed(allowed)
        raise RouteNotFound


def _request_id(event: Mapping[str, Any]) -> str:
    context = event.get("requestContext")
    return str(context.get("requestId") or "unknown") if isinstance(context, dict) else "unknown"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/\\x00-\\x1f\\x7f-\\x9f]+)", template))


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) is not None


def _flush_metrics_safely() -> None:
    try:
        flush_metrics()
    except Exception as error:  # noqa: BLE001 - a lost metric is no reason to fail a request
        logger.error("metrics lost", extra=describe_exception(error))
